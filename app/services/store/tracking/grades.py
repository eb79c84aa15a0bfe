"""Grades at the cycle's end, and what is carried over into the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import InvalidInputError, NotFoundError
from app.services.store import okrs, records
from app.services.store.ids import new_id
from app.services.store.tables import Cycle, Okr, Team
from app.services.store.tracking.check_ins import Label
from app.services.store.tracking.tables import CarryOver, Grade


@dataclass(frozen=True, slots=True)
class Carried:
    """An OKR that goes on in the next cycle: as it stood, with its grade's scores (by key result) and lesson."""

    okr_id: str
    team: str | None
    objective: str
    key_results: tuple[str, ...]
    why: str
    scores: tuple[float | None, ...]
    learned: str


async def grade(
    session: AsyncSession,
    workspace: str,
    okr_id: str,
    scores: Sequence[float | None],
    learned: str,
    role: Label,
    version: int | None = None,
) -> Grade:
    """Grade an OKR, 0-1 a key result (None: can't be told); the last grade counts.

    Raises `NotFoundError`, `StaleError` if it is no longer at `version`, and `InvalidInputError`.
    """
    okr = await records.find(session, Okr, workspace, okr_id)
    if version is not None and version != okr.version:
        raise records.stale(okr)
    if len(scores) != len(okr.key_results):
        raise InvalidInputError(
            f"scores: this OKR has {len(okr.key_results)} key results; send a score (or null) each."
        )
    row = Grade(
        workspace_id=workspace,
        id=new_id(),
        okr_id=okr.id,
        okr_version=okr.version,
        cycle_id=okr.cycle_id,
        scores=list(scores),
        learned=learned,
        role=role.value,
    )
    session.add(row)
    await session.flush()
    return row


async def page(
    session: AsyncSession, workspace: str, okr_id: str, *, limit: int | None = None, before: str = ""
) -> Sequence[Grade]:
    """Grades of one OKR, the latest first. Raises `NotFoundError`."""
    await records.find(session, Okr, workspace, okr_id)
    asked = select(Grade).where(Grade.workspace_id == workspace, Grade.okr_id == okr_id)
    if before:
        asked = asked.where(Grade.id < before)
    return (await session.scalars(asked.order_by(Grade.id.desc()).limit(limit))).all()


async def of_cycle(session: AsyncSession, workspace: str, cycle: str) -> dict[str, Grade]:
    """The grade that counts of each OKR of a cycle. Raises `NotFoundError`."""
    await records.find(session, Cycle, workspace, cycle)
    asked = select(Grade).where(Grade.workspace_id == workspace, Grade.cycle_id == cycle).order_by(Grade.id)
    return {row.okr_id: row for row in await session.scalars(asked)}


async def carry(session: AsyncSession, workspace: str, cycle: str, okr_id: str, why: str, role: Label) -> CarryOver:
    """Choose an OKR of a cycle for the next one.

    Raises `NotFoundError`, and `InvalidInputError` for an OKR of another cycle.
    """
    await records.find(session, Cycle, workspace, cycle)
    okr = await records.find(session, Okr, workspace, okr_id)
    if okr.cycle_id != cycle:
        raise InvalidInputError(f"okr_id: the OKR {okr_id} isn't one of this cycle.")
    chosen = CarryOver(
        workspace_id=workspace, cycle_id=cycle, okr_id=okr_id, okr_version=okr.version, why=why, role=role.value
    )
    row = await session.merge(chosen)
    await session.flush()
    return row


async def drop(session: AsyncSession, workspace: str, cycle: str, okr_id: str) -> None:
    """Don't carry an OKR over after all. Raises `NotFoundError`."""
    where = CarryOver.workspace_id == workspace, CarryOver.cycle_id == cycle, CarryOver.okr_id == okr_id
    if (await session.execute(delete(CarryOver).where(*where).returning(CarryOver.okr_id))).first() is None:
        raise NotFoundError(f"The OKR {okr_id} isn't carried over from this cycle.")


async def chosen(session: AsyncSession, workspace: str, cycle: str) -> dict[str, CarryOver]:
    """What was chosen, by OKR."""
    asked = select(CarryOver).where(CarryOver.workspace_id == workspace, CarryOver.cycle_id == cycle)
    return {row.okr_id: row for row in await session.scalars(asked)}


async def carried_over(session: AsyncSession, workspace: str, cycle: str) -> Sequence[Carried]:
    """The OKRs of a cycle that were chosen for the next, by team. Raises `NotFoundError` for a cycle that isn't there.

    Their words are those that stand now; one that was deleted or moved to another cycle since is left out.
    """
    graded = await of_cycle(session, workspace, cycle)
    wanted = await chosen(session, workspace, cycle)
    teams = {team.id: team.name for team in await records.page(session, Team, workspace)}
    found = [
        Carried(
            okr_id=okr.id,
            team=teams.get(okr.team_id or ""),
            objective=okr.objective,
            key_results=tuple(okr.key_results),
            why=wanted[okr.id].why,
            scores=tuple(graded[okr.id].scores) if okr.id in graded else (),
            learned=graded[okr.id].learned if okr.id in graded else "",
        )
        for okr in await okrs.page(session, workspace, cycle=cycle)
        if okr.id in wanted
    ]
    return sorted(found, key=lambda one: (one.team is not None, one.team or ""))
