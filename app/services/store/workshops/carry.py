"""From stored OKRs to drafts: a workshop can begin with what teams had in an earlier cycle.

Where teams chose what goes on, their carry-over list says which; else it is all that they had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import InvalidInputError
from app.services.store import okrs, records
from app.services.store.register import same_name
from app.services.store.tables import Cycle, Okr
from app.services.store.tracking import grades
from app.services.store.workshops import drafts, rooms, talk
from app.services.store.workshops.log import Turn
from app.services.store.workshops.merge import rows_of
from app.services.store.workshops.tables import WorkshopComment, WorkshopTeam


@dataclass(frozen=True, slots=True)
class Source:
    """A cycle that drafts can begin with: how many teams have how many OKRs in it, and how many of them were `chosen`.

    None is chosen where no carry-over list was made: all of them are taken then.
    """

    cycle: str
    teams: int
    okrs: int
    chosen: int


@dataclass
class Carried:
    """What was put into drafts: the teams that got one, `new` those that weren't in the room yet, and who kept theirs.

    `kept` says why by team name; `okrs` counts. With `listed` only what the carry-over list names was taken, with a
    comment on each that says why it goes on; `left` counts the OKRs of teams that it doesn't name.
    """

    listed: bool = False
    left: int = 0
    filled: list[WorkshopTeam] = field(default_factory=list)
    new: list[WorkshopTeam] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    comments: list[WorkshopComment] = field(default_factory=list)
    okrs: int = 0


async def sources(session: AsyncSession, workspace: str) -> list[Source]:
    """The cycles that hold OKRs of teams, the latest made first."""
    found = []
    for cycle in reversed(await records.page(session, Cycle, workspace)):
        own = await _by_team(session, workspace, cycle)
        if own:
            chosen = await grades.chosen(session, workspace, cycle.id)
            listed = sum(okr.id in chosen for rows in own.values() for okr in rows)
            found.append(Source(cycle.name, len(own), _count(own), listed))
    return found


async def carry_in(turn: Turn, cycle_name: str, by: str) -> Carried:
    """Put the teams' OKRs of a cycle into their drafts; a draft that has text already stays as it is.

    Where the cycle's carry-over list names OKRs of teams, only those are taken. Raises `InvalidInputError` for a cycle
    that isn't there or has none, `ConflictError` if the room is full.
    """
    session, workspace = turn.session, turn.workspace
    cycles = await records.page(session, Cycle, workspace)
    cycle = next((row for row in cycles if same_name(row.name, cycle_name)), None)
    by_team = await _by_team(session, workspace, cycle) if cycle else {}
    if cycle is None or not by_team:
        known = ", ".join(source.cycle for source in await sources(session, workspace)) or "none so far"
        raise InvalidInputError(
            f"from_cycle: no team has OKRs in a cycle “{cycle_name}” of this workspace. Cycles with OKRs: {known}.",
            code="nothing-to-carry",
        )
    remarks = await _remarks(session, workspace, cycle)
    listed = {name: own for name, rows in by_team.items() if (own := [okr for okr in rows if okr.id in remarks])}
    taken = listed or by_team
    room = await rooms.get(session, workspace, turn.workshop)
    carried = Carried(listed=bool(listed), left=_count(by_team) - _count(taken))
    for name, rows in taken.items():
        team = await rooms.team_named(session, room, name=name)
        if team is None:
            team = await rooms.add_team(turn, name)
            carried.new.append(team)
        elif any(line["text"].strip() for line in team.lines):
            carried.kept[team.name] = "has a draft already"
            continue
        try:
            team = (await drafts.save(turn, team.id, team.version, text_of(rows), by)).team
        except InvalidInputError as error:
            carried.kept[team.name] = error.message
            continue
        carried.filled.append(team)
        carried.comments += await _explain(turn, team, [remarks.get(okr.id, "") for okr in rows], by)
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


async def _explain(turn: Turn, team: WorkshopTeam, remarks: Sequence[str], by: str) -> list[WorkshopComment]:
    """Say at every objective of a draft that was just filled why it is there."""
    lines = rows_of(team.lines)
    heads = [line for at, line in enumerate(lines) if at == 0 or not lines[at - 1].text]
    return [
        await talk.comment(turn, team, line.id, remark, by)
        for line, remark in zip(heads, remarks, strict=True)
        if remark
    ]


async def _remarks(session: AsyncSession, workspace: str, cycle: Cycle) -> dict[str, str]:
    """Why each OKR on a cycle's carry-over list goes on, how it was graded, and what was learned; by the OKR."""
    found = {}
    for one in await grades.carried_over(session, workspace, cycle.id):
        known = [score for score in one.scores if score is not None]
        graded = f", graded {sum(known) / len(known):.1f}" if known else ""
        said = [f"On the carry-over list of {cycle.name}{graded}."]
        if one.why:
            said.append(f"Why it goes on: {one.why}")
        if one.learned:
            said.append(f"Learned: {one.learned}")
        found[one.okr_id] = "\n".join(said)
    return found


async def _by_team(session: AsyncSession, workspace: str, cycle: Cycle) -> dict[str, Sequence[Okr]]:
    """The OKRs of a cycle by the name of their team; the organisation's own are nobody's draft."""
    found: dict[str, list[Okr]] = {}
    for okr, _, team, _ in await okrs.outgoing(session, workspace, cycle=cycle.id):
        if team:
            found.setdefault(team, []).append(okr)
    return dict(found)


def _count(by_team: Mapping[str, Sequence[Okr]]) -> int:
    return sum(map(len, by_team.values()))


def _line(text: str) -> str:
    return " ".join(text.split())
