"""Grades at a cycle's end, what is carried over into the next, and the ledger of targets that were changed."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workspaces.access import After, Id, Limit, Reader, Seat, WorkspaceId, Writer
from app.api.workspaces.schemas import Page, paged
from app.api.workspaces.tracking_schemas import CarriedOut, CarryIn, GradeIn, GradeOut, TargetChangeOut
from app.coach.progress import moved
from app.services.store import records
from app.services.store.tables import Cycle, Okr
from app.services.store.tracking import grades, ledger
from app.services.store.tracking.check_ins import Label
from app.services.store.tracking.tables import Grade, TargetChange

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["workspaces"], responses=ERRORS | WORKSPACE)


@router.get("/okrs/{okr_id}/grades")
async def okr_grades(
    workspace: WorkspaceId, okr_id: Id, seat: Reader, limit: Limit = 100, after: After = ""
) -> Page[GradeOut]:
    """Grades of one OKR, the latest first: that one counts."""
    async with seat.database.reading() as session:
        rows = await grades.page(session, seat.workspace, okr_id, limit=limit + 1, before=after)
    return paged(rows, limit, _grade, lambda row: row.id)


@router.post("/okrs/{okr_id}/grades", status_code=201, responses=CHANGED)
async def grade_okr(workspace: WorkspaceId, okr_id: Id, body: GradeIn, seat: Writer) -> GradeOut:
    """Grade an OKR and say what was learned; an earlier grade stays in the list."""
    async with seat.database.writing() as session:
        row = await grades.grade(
            session, seat.workspace, okr_id, body.scores, body.learned, body.role, body.okr_version
        )
    return _grade(row)


@router.get("/cycles/{cycle_id}/grades")
async def cycle_grades(workspace: WorkspaceId, cycle_id: Id, seat: Reader) -> list[GradeOut]:
    """The grade that counts of every OKR of a cycle that has one."""
    async with seat.database.reading() as session:
        found = await grades.of_cycle(session, seat.workspace, cycle_id)
    return [_grade(row) for row in found.values()]


@router.get("/cycles/{cycle_id}/carry-over")
async def carry_over(workspace: WorkspaceId, cycle_id: Id, seat: Reader) -> list[CarriedOut]:
    """The OKRs that go on in the next cycle, by team, with their grades: what the next workshop starts from."""
    async with seat.database.reading() as session:
        found = await grades.carried_over(session, seat.workspace, cycle_id)
    return [CarriedOut.model_validate(one) for one in found]


@router.put("/cycles/{cycle_id}/carry-over/{okr_id}", status_code=204)
async def carry_okr(workspace: WorkspaceId, cycle_id: Id, okr_id: Id, body: CarryIn, seat: Writer) -> None:
    """Choose an OKR for the next cycle."""
    async with seat.database.writing() as session:
        await grades.carry(session, seat.workspace, cycle_id, okr_id, body.why, body.role)


@router.delete("/cycles/{cycle_id}/carry-over/{okr_id}", status_code=204)
async def drop_okr(workspace: WorkspaceId, cycle_id: Id, okr_id: Id, seat: Writer) -> None:
    """Don't carry an OKR over after all."""
    async with seat.database.writing() as session:
        await grades.drop(session, seat.workspace, cycle_id, okr_id)


@router.get("/cycles/{cycle_id}/ledger")
async def cycle_ledger(
    workspace: WorkspaceId, cycle_id: Id, seat: Reader, limit: Limit = 100, after: After = ""
) -> Page[TargetChangeOut]:
    """What was changed in a cycle after teams had committed to it, and why; the latest first."""
    async with seat.database.reading() as session:
        await records.find(session, Cycle, seat.workspace, cycle_id)
    return await _ledger(seat, cycle_id, None, limit, after)


@router.get("/okrs/{okr_id}/ledger")
async def okr_ledger(
    workspace: WorkspaceId, okr_id: Id, seat: Reader, limit: Limit = 100, after: After = ""
) -> Page[TargetChangeOut]:
    """What was changed in one OKR after its team had committed to it, and why; the latest first."""
    async with seat.database.reading() as session:
        await records.find(session, Okr, seat.workspace, okr_id)
    return await _ledger(seat, None, okr_id, limit, after)


async def _ledger(seat: Seat, cycle: str | None, okr: str | None, limit: int, after: str) -> Page[TargetChangeOut]:
    async with seat.database.reading() as session:
        rows = await ledger.entries(session, seat.workspace, cycle=cycle, okr=okr, limit=limit + 1, before=after)
    return paged(rows, limit, ledger_entry, lambda row: row.id)


def ledger_entry(row: TargetChange) -> TargetChangeOut:
    """An entry with what of the key result was moved."""
    changed = row.kind == "changed" and row.before is not None and row.after is not None
    return TargetChangeOut(
        id=row.id,
        okr_id=row.okr_id,
        okr_version=row.okr_version,
        key_result=row.key_result,
        kind=row.kind,
        before=row.before,
        after=row.after,
        moved=list(moved(row.before or "", row.after or "")) if changed else [],
        reason=row.reason,
        at=row.at,
    )


def mean(scores: list[float | None]) -> float | None:
    """The mean of the scores that are known; None if none is."""
    known = [score for score in scores if score is not None]
    return sum(known) / len(known) if known else None


def _grade(row: Grade) -> GradeOut:
    return GradeOut(
        id=row.id,
        okr_id=row.okr_id,
        okr_version=row.okr_version,
        scores=row.scores,
        score=mean(row.scores),
        learned=row.learned,
        role=Label(row.role),
        at=row.at,
    )
