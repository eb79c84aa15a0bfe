"""`/v1/workspaces/{workspace}/pillars`: strategic priorities."""

from __future__ import annotations

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workspaces.access import Admin, After, Expected, Id, Limit, Reader, WorkspaceId, Writer, etag
from app.api.workspaces.schemas import Page, StoredPillarIn, StoredPillarOut, paged
from app.errors import InvalidInputError
from app.services.store import records
from app.services.store.ids import new_id
from app.services.store.tables import Cycle, Pillar

router = APIRouter(prefix="/v1/workspaces/{workspace}/pillars", tags=["workspaces"], responses=ERRORS | WORKSPACE)


@router.get("")
async def pillars(workspace: WorkspaceId, seat: Reader, limit: Limit = 100, after: After = "") -> Page[StoredPillarOut]:
    """Strategic priorities in the order they were made."""
    async with seat.database.reading() as session:
        rows = await records.page(session, Pillar, seat.workspace, limit=limit + 1, after=after)
    return paged(rows, limit, StoredPillarOut.model_validate, lambda row: row.id)


@router.post("", status_code=201, responses=CHANGED)
async def add_pillar(workspace: WorkspaceId, body: StoredPillarIn, seat: Writer, response: Response) -> StoredPillarOut:
    """A new pillar, of one cycle or of all."""
    async with seat.database.writing() as session:
        await _check(session, seat.workspace, body)
        row = await records.add(session, Pillar(workspace_id=seat.workspace, id=new_id(), **body.model_dump()))
    response.headers["ETag"] = etag(row.version)
    return StoredPillarOut.model_validate(row)


@router.get("/{pillar_id}")
async def pillar(workspace: WorkspaceId, pillar_id: Id, seat: Reader, response: Response) -> StoredPillarOut:
    """One pillar."""
    async with seat.database.reading() as session:
        row = await records.find(session, Pillar, seat.workspace, pillar_id)
    response.headers["ETag"] = etag(row.version)
    return StoredPillarOut.model_validate(row)


@router.put("/{pillar_id}", responses=CHANGED)
async def change_pillar(
    workspace: WorkspaceId, pillar_id: Id, body: StoredPillarIn, seat: Writer, expected: Expected, response: Response
) -> StoredPillarOut:
    """Change a pillar."""
    async with seat.database.writing() as session:
        await _check(session, seat.workspace, body)
        row = await records.change(session, Pillar, seat.workspace, pillar_id, expected, body.model_dump())
    response.headers["ETag"] = etag(row.version)
    return StoredPillarOut.model_validate(row)


@router.delete("/{pillar_id}", status_code=204, responses=CHANGED)
async def delete_pillar(workspace: WorkspaceId, pillar_id: Id, seat: Admin, expected: Expected) -> None:
    """Delete a pillar."""
    async with seat.database.writing() as session:
        await records.remove(session, Pillar, seat.workspace, pillar_id, expected)


async def _check(session: AsyncSession, workspace: str, body: StoredPillarIn) -> None:
    if body.cycle_id and await session.get(Cycle, (workspace, body.cycle_id)) is None:
        raise InvalidInputError(f"cycle_id: there is no cycle {body.cycle_id} in this workspace.")
