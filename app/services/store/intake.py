"""Bulk import: all rows or none, in one transaction, and what is wrong with each row by its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import CoachError
from app.services.store import okrs, records
from app.services.store.ids import new_id
from app.services.store.okrs import Author, Content
from app.services.store.register import cycle_of
from app.services.store.tables import Cycle, Okr, Team
from app.services.store.tracking import ledger

MOST_ERRORS = 100
UNEXPLAINED = "import"
"""What the history gives as the reason of an import that gives none."""


class ImportRefusedError(CoachError):
    """Nothing was imported; `errors` says for each place what is wrong."""

    status = 422
    code = "import-refused"

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        first = "; ".join(f"{place}: {message}" for place, message in errors[:3])
        more = f"; and {len(errors) - 3} more" if len(errors) > 3 else ""
        super().__init__(f"Nothing was imported. {first}{more}.")
        self.errors = [{"at": place, "message": message} for place, message in errors[:MOST_ERRORS]]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One OKR of a file; `place` is where it stands there, such as "row 3".

    `okr_id` and `version` come from an export, and say which version of which OKR the row was made from; `parent` is
    the objective of its parent.
    """

    place: str
    objective: str
    key_results: tuple[str, ...]
    team: str | None = None
    cycle: str | None = None
    parent: str | None = None
    okr_id: str | None = None
    version: int | None = None


@dataclass
class Taken:
    """What an import did: ids of OKRs, and names of teams and cycles that it made."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    cycles: list[str] = field(default_factory=list)


async def take_in(
    session: AsyncSession,
    workspace: str,
    rows: Sequence[Incoming],
    author: Author,
    *,
    team: str | None = None,
    cycle: str | None = None,
    replace: bool = False,
) -> Taken:
    """Import `rows`; `team` and `cycle` are names for rows without one. Raises `ImportRefusedError`.

    A row is an OKR that is there already if it has its id, or its cycle, team and objective. One without the version it
    was made from replaces what is there only with `replace`.
    """
    intake = _Intake(session, workspace, author, replace)
    await intake.load()
    default = await cycle_of(session, workspace, None) if not cycle else None
    for row in rows:
        await intake.place(row, row.team or team, row.cycle or cycle or (default.name if default else None))
    intake.find_parents()
    if intake.errors:
        raise ImportRefusedError(intake.errors)
    return await intake.write()


@dataclass
class _Plan:
    row: Incoming
    cycle: Cycle
    team: Team | None
    okr_id: str
    known: Okr | None
    parent_id: str | None


class _Intake:
    """Rows held against what is there."""

    def __init__(self, session: AsyncSession, workspace: str, author: Author, replace: bool) -> None:
        self._session, self._workspace = session, workspace
        self._author, self._replace = author, replace
        self.errors: list[tuple[str, str]] = []
        self._taken = Taken()
        self._plans: list[_Plan] = []
        self._places: dict[str, str] = {}

    async def load(self) -> None:
        session, workspace = self._session, self._workspace
        self._cycles = {_key(row.name): row for row in await records.page(session, Cycle, workspace)}
        self._teams = {_key(row.name): row for row in await records.page(session, Team, workspace)}
        self._committed = await ledger.committed(session, workspace)
        every = (await session.scalars(select(Okr).where(Okr.workspace_id == workspace))).all()
        self._by_id = {okr.id: okr for okr in every}
        self._by_words = {(okr.cycle_id, okr.team_id, _key(okr.objective)): okr for okr in every if not okr.deleted_at}
        self._objectives: dict[tuple[str, str], str] = {
            (okr.cycle_id, _key(okr.objective)): okr.id for okr in every if not okr.deleted_at
        }

    async def place(self, row: Incoming, team_name: str | None, cycle_name: str | None) -> None:
        if not cycle_name:
            self._complain(row, "has no cycle, and none was given for the file")
            return
        cycle = await self._cycle(cycle_name)
        team = await self._team(team_name) if team_name else None
        words = cycle.id, team.id if team else None, _key(row.objective)
        known = self._by_id.get(row.okr_id or "") or self._by_words.get(words)
        okr_id = known.id if known else new_id()
        if okr_id in self._places or str(words) in self._places:
            self._complain(row, f"is the same OKR as {self._places.get(okr_id) or self._places[str(words)]}")
            return
        self._places[okr_id] = self._places[str(words)] = row.place
        if known and known.deleted_at:
            self._complain(row, "was deleted since it was exported; leave its id out to add it again")
        self._objectives.setdefault((cycle.id, _key(row.objective)), okr_id)
        self._plans.append(_Plan(row, cycle, team, okr_id, known, known.parent_id if known else None))

    def find_parents(self) -> None:
        for plan in self._plans:
            if not plan.row.parent:
                continue
            parent = self._objectives.get((plan.cycle.id, _key(plan.row.parent)))
            if parent is None or parent == plan.okr_id:
                self._complain(plan.row, "names a parent objective that is neither in the file nor in its cycle")
            plan.parent_id = parent
        above = {okr.id: okr.parent_id for okr in self._by_id.values()}
        above |= {plan.okr_id: plan.parent_id for plan in self._plans}
        for plan in self._plans:
            if _is_circular(plan.okr_id, above):
                self._complain(plan.row, "hangs under itself, or deeper than twenty others")
            self._check_version(plan)

    def _check_version(self, plan: _Plan) -> None:
        known, row = plan.known, plan.row
        if known is None or known.deleted_at or okrs.content_of(known) == _content(plan):
            return
        if row.version is not None and row.okr_id == known.id:
            if row.version != known.version:
                self._complain(row, f"was made from version {row.version}, and the OKR is at {known.version} by now")
        elif not self._replace:
            self._complain(row, "is there already with other words; import with `replace` to overwrite it")
        if known.id in self._committed and not self._author.why and self._is_moved(plan, known):
            self._complain(row, "changes key results that its team has committed to; say why with `why`")

    def _is_moved(self, plan: _Plan, known: Okr) -> bool:
        return known.cycle_id != plan.cycle.id or any(ledger.differences(known.key_results, plan.row.key_results))

    async def write(self) -> Taken:
        session, workspace, taken = self._session, self._workspace, self._taken
        author = Author(self._author.by, self._author.why or UNEXPLAINED)
        new = [(plan.okr_id, _content(plan)) for plan in self._plans if plan.known is None]
        await okrs.insert(session, workspace, new, author)
        taken.created = [okr_id for okr_id, _ in new]
        for plan in self._plans:
            content = _content(plan)
            if plan.known is None:
                continue
            if okrs.content_of(plan.known) == content:
                taken.unchanged.append(plan.okr_id)
            else:
                await okrs.change(session, workspace, plan.okr_id, [plan.known.version], content, author)
                taken.updated.append(plan.okr_id)
        return taken

    async def _cycle(self, name: str) -> Cycle:
        cycle = self._cycles.get(_key(name))
        if cycle is None:
            row = Cycle(workspace_id=self._workspace, id=new_id(), name=_tidy(name))
            cycle = self._cycles[_key(name)] = await records.add(self._session, row)
            self._taken.cycles.append(cycle.name)
        return cycle

    async def _team(self, name: str) -> Team:
        team = self._teams.get(_key(name))
        if team is None:
            row = Team(workspace_id=self._workspace, id=new_id(), name=_tidy(name))
            team = self._teams[_key(name)] = await records.add(self._session, row)
            self._taken.teams.append(team.name)
        return team

    def _complain(self, row: Incoming, message: str) -> None:
        self.errors.append((row.place, message))


def _content(plan: _Plan) -> Content:
    row = plan.row
    return Content(row.objective, row.key_results, plan.cycle.id, plan.team.id if plan.team else None, plan.parent_id)


def _is_circular(okr_id: str, above: dict[str, str | None]) -> bool:
    at: str | None = okr_id
    for _ in range(okrs.DEEPEST + 1):
        at = above.get(at) if at else None
        if at is None:
            return False
    return True


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _key(text: str) -> str:
    return _tidy(text).casefold()
