"""`/v1/workspaces/{workspace}/cycles`: planning cycles."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workspaces.access import Admin, After, Expected, Id, Limit, Reader, WorkspaceId, Writer, etag
from app.api.workspaces.schemas import CycleIn, CycleOut, Page, paged
from app.errors import InvalidInputError
from app.services.store import records
from app.services.store.ids import new_id
from app.services.store.tables import Cycle

router = APIRouter(prefix="/v1/workspaces/{workspace}/cycles", tags=["workspaces"], responses=ERRORS | WORKSPACE)


@router.get("")
async def cycles(workspace: WorkspaceId, seat: Reader, limit: Limit = 100, after: After = "") -> Page[CycleOut]:
    """Cycles in the order they were made."""
    async with seat.database.reading() as session:
        rows = await records.page(session, Cycle, seat.workspace, limit=limit + 1, after=after)
    return paged(rows, limit, CycleOut.model_validate, lambda row: row.id)


@router.post("", status_code=201, responses=CHANGED)
async def add_cycle(workspace: WorkspaceId, body: CycleIn, seat: Writer, response: Response) -> CycleOut:
    """A new cycle; its name is its own in the workspace."""
    _check(body)
    async with seat.database.writing() as session:
        row = await records.add(session, Cycle(workspace_id=seat.workspace, id=new_id(), **body.model_dump()))
    response.headers["ETag"] = etag(row.version)
    return CycleOut.model_validate(row)


@router.get("/{cycle_id}")
async def cycle(workspace: WorkspaceId, cycle_id: Id, seat: Reader, response: Response) -> CycleOut:
    """One cycle."""
    async with seat.database.reading() as session:
        row = await records.find(session, Cycle, seat.workspace, cycle_id)
    response.headers["ETag"] = etag(row.version)
    return CycleOut.model_validate(row)


@router.put("/{cycle_id}", responses=CHANGED)
async def change_cycle(
    workspace: WorkspaceId, cycle_id: Id, body: CycleIn, seat: Writer, expected: Expected, response: Response
) -> CycleOut:
    """Change name or dates."""
    _check(body)
    async with seat.database.writing() as session:
        row = await records.change(session, Cycle, seat.workspace, cycle_id, expected, body.model_dump())
    response.headers["ETag"] = etag(row.version)
    return CycleOut.model_validate(row)


@router.delete("/{cycle_id}", status_code=204, responses=CHANGED)
async def delete_cycle(workspace: WorkspaceId, cycle_id: Id, seat: Admin, expected: Expected) -> None:
    """Delete a cycle that holds nothing."""
    async with seat.database.writing() as session:
        await records.remove(session, Cycle, seat.workspace, cycle_id, expected)


def _check(body: CycleIn) -> None:
    if body.starts_on and body.ends_on and body.ends_on < body.starts_on:
        raise InvalidInputError("ends_on: the cycle ends before it starts.")
