"""From stored OKRs to drafts: a workshop can begin with what teams had in an earlier cycle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import InvalidInputError
from app.services.store import okrs, records
from app.services.store.register import same_name
from app.services.store.tables import Cycle, Okr
from app.services.store.workshops import drafts, rooms
from app.services.store.workshops.log import Turn
from app.services.store.workshops.tables import WorkshopTeam


@dataclass(frozen=True, slots=True)
class Source:
    """A cycle that drafts can begin with: how many teams have how many OKRs in it."""

    cycle: str
    teams: int
    okrs: int


@dataclass
class Carried:
    """What was put into drafts: the teams that got one, `new` those that weren't in the room yet, and who kept theirs.

    `kept` says why by team name; `okrs` counts.
    """

    filled: list[WorkshopTeam] = field(default_factory=list)
    new: list[WorkshopTeam] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    okrs: int = 0


async def sources(session: AsyncSession, workspace: str) -> list[Source]:
    """The cycles that hold OKRs of teams, the latest made first."""
    found = []
    for cycle in reversed(await records.page(session, Cycle, workspace)):
        own = await _by_team(session, workspace, cycle)
        if own:
            found.append(Source(cycle.name, len(own), sum(len(rows) for rows in own.values())))
    return found


async def carry_in(turn: Turn, cycle_name: str, by: str) -> Carried:
    """Put every team's OKRs of a cycle into its draft; one that has text already stays as it is.

    Raises `InvalidInputError` for a cycle that isn't there or has none, `ConflictError` if the room is full.
    """
    session, workspace = turn.session, turn.workspace
    cycles = await records.page(session, Cycle, workspace)
    cycle = next((row for row in cycles if same_name(row.name, cycle_name)), None)
    by_team = await _by_team(session, workspace, cycle) if cycle else {}
    if not by_team:
        known = ", ".join(source.cycle for source in await sources(session, workspace)) or "none so far"
        raise InvalidInputError(
            f"from_cycle: no team has OKRs in a cycle “{cycle_name}” of this workspace. Cycles with OKRs: {known}.",
            code="nothing-to-carry",
        )
    room = await rooms.get(session, workspace, turn.workshop)
    carried = Carried()
    for name, rows in by_team.items():
        team = await rooms.team_named(session, room, name=name)
        if team is None:
            team = await rooms.add_team(turn, name)
            carried.new.append(team)
        elif any(line["text"].strip() for line in team.lines):
            carried.kept[team.name] = "has a draft already"
            continue
        try:
            carried.filled.append((await drafts.save(turn, team.id, team.version, text_of(rows), by)).team)
        except InvalidInputError as error:
            carried.kept[team.name] = error.message
            continue
        carried.okrs += len(rows)
    return carried


def text_of(rows: Iterable[Okr]) -> str:
    """OKRs as a team would have typed them."""
    return "\n\n".join(
        "\n".join(
            [f"O: {_line(okr.objective)}", *(f"KR{at}: {_line(text)}" for at, text in enumerate(okr.key_results, 1))]
        )
        for okr in rows
    )


async def _by_team(session: AsyncSession, workspace: str, cycle: Cycle) -> dict[str, Sequence[Okr]]:
    """The OKRs of a cycle by the name of their team; the organisation's own are nobody's draft."""
    found: dict[str, list[Okr]] = {}
    for okr, _, team, _ in await okrs.outgoing(session, workspace, cycle=cycle.id):
        if team:
            found.setdefault(team, []).append(okr)
    return dict(found)


def _line(text: str) -> str:
    return " ".join(text.split())
