"""Commitments and check-ins of a plan under way."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workspaces.access import After, Id, Limit, Reader, WorkspaceId, Writer
from app.api.workspaces.schemas import Page, paged
from app.api.workspaces.tracking_schemas import CheckInIn, CheckInOut, CommitIn, CommittedOut
from app.errors import InvalidInputError
from app.services.store import okrs as stored
from app.services.store import records
from app.services.store.tables import Cycle
from app.services.store.tracking import check_ins, ledger
from app.services.store.tracking.check_ins import Entry

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["workspaces"], responses=ERRORS | WORKSPACE)


@router.post("/cycles/{cycle_id}/commitments", responses=CHANGED)
async def commit(workspace: WorkspaceId, cycle_id: Id, body: CommitIn, seat: Writer) -> CommittedOut:
    """Commit to OKRs of a cycle, as a workshop's freeze does: their key results now change with a reason only."""
    async with seat.database.writing() as session:
        await records.find(session, Cycle, seat.workspace, cycle_id)
        rows = await stored.page(session, seat.workspace, cycle=cycle_id)
        if body.okr_ids is not None:
            strange = set(body.okr_ids) - {row.id for row in rows}
            if strange:
                raise InvalidInputError(f"okr_ids: {min(strange)} is no OKR of this cycle.")
            rows = [row for row in rows if row.id in set(body.okr_ids)]
        done = await ledger.commit(session, rows)
    return CommittedOut(committed=done)


@router.get("/cycles/{cycle_id}/check-ins")
async def cycle_check_ins(
    workspace: WorkspaceId, cycle_id: Id, seat: Reader, limit: Limit = 100, after: After = ""
) -> Page[CheckInOut]:
    """Check-ins of a cycle, the latest first."""
    async with seat.database.reading() as session:
        rows = await check_ins.page(session, seat.workspace, cycle=cycle_id, limit=limit + 1, before=after)
    return paged(rows, limit, CheckInOut.model_validate, lambda row: row.id)


@router.get("/okrs/{okr_id}/check-ins")
async def okr_check_ins(
    workspace: WorkspaceId, okr_id: Id, seat: Reader, limit: Limit = 100, after: After = ""
) -> Page[CheckInOut]:
    """Check-ins of one OKR, the latest first, each on the version of its time."""
    async with seat.database.reading() as session:
        rows = await check_ins.page(session, seat.workspace, okr=okr_id, limit=limit + 1, before=after)
    return paged(rows, limit, CheckInOut.model_validate, lambda row: row.id)


@router.post("/okrs/{okr_id}/check-ins", status_code=201, responses=CHANGED)
async def check_in(workspace: WorkspaceId, okr_id: Id, body: CheckInIn, seat: Writer) -> CheckInOut:
    """Say how a key result stands. A check-in is kept as it was made; the next one takes its place."""
    entry = Entry(body.key_result, body.kind, body.value, body.confidence, body.note)
    async with seat.database.writing() as session:
        rows = await check_ins.add(session, seat.workspace, okr_id, [entry], body.role, body.okr_version)
    return CheckInOut.model_validate(rows[0])
