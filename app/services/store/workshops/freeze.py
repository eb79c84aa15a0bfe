"""From a workshop's drafts to versions of the workspace's OKRs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.store import intake, okrs, records
from app.services.store.intake import Incoming, Taken
from app.services.store.okrs import Author
from app.services.store.register import same_name
from app.services.store.tables import Cycle, Okr, Team, now
from app.services.store.tracking import ledger
from app.services.store.workshops import rooms
from app.services.store.workshops.log import Turn


@dataclass(frozen=True, slots=True)
class Agreed:
    """An OKR of a team's draft; `line` is the line of its objective."""

    team_id: str
    team: str
    line: int
    objective: str
    key_results: tuple[str, ...]


async def freeze(turn: Turn, agreed: Sequence[Agreed], author: Author) -> Taken:
    """Keep the OKRs as versions in the workspace, which their teams commit to, and close the drafts.

    Frozen again after a change, an objective that was reworded is the next version of the same OKR. Raises
    `ImportRefusedError` where two objectives of a team are the same.
    """
    session, workspace = turn.session, turn.workspace
    room = await rooms.get(session, workspace, turn.workshop)
    cycle = await session.get_one(Cycle, (workspace, room.cycle_id))
    teams = {team.id: team for team in await rooms.teams(session, workspace, turn.workshop)}
    known = {
        (team.id, int(line)): okr_id
        for team in teams.values()
        for line, _, okr_id in (entry.partition(":") for entry in team.okrs)
    }
    standing = {okr.id for okr in await okrs.page(session, workspace)}
    rows = [
        Incoming(
            place=f"{one.team}, line {one.line}",
            objective=one.objective,
            key_results=one.key_results,
            team=one.team,
            cycle=cycle.name,
            okr_id=okr_id if (okr_id := known.get((one.team_id, one.line))) in standing else None,
        )
        for one in agreed
    ]
    taken = await intake.take_in(session, workspace, rows, author, replace=True)
    done = {*taken.created, *taken.updated, *taken.unchanged}
    await ledger.commit(session, [okr for okr in await okrs.page(session, workspace, cycle=cycle.id) if okr.id in done])
    stored = await records.page(session, Team, workspace)
    for team in teams.values():
        at = next((row.id for row in stored if same_name(row.name, team.name)), None)
        if at is None:
            continue
        frozen = await okrs.page(session, workspace, cycle=cycle.id, team=at)
        own = [(one, _match(frozen, one)) for one in agreed if one.team_id == team.id]
        team.okrs = [f"{one.line}:{okr_id}" for one, okr_id in own if okr_id]
    room.frozen_at = now()
    await session.flush()
    return taken


def _match(frozen: Sequence[Okr], one: Agreed) -> str | None:
    return next((okr.id for okr in frozen if same_name(okr.objective, one.objective)), None)
