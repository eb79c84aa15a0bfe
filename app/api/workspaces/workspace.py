"""`/v1/workspaces/{workspace}`: the workspace itself. Making and deleting one is the operator's, by command line."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workspaces.access import Admin, Expected, Reader, WorkspaceId, etag
from app.api.workspaces.schemas import WorkspaceIn, WorkspaceOut
from app.services.store import workspaces

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["workspaces"], responses=ERRORS | WORKSPACE)


@router.get("")
async def workspace(workspace: WorkspaceId, seat: Reader, response: Response) -> WorkspaceOut:
    """The workspace of the key."""
    async with seat.database.reading() as session:
        row = await workspaces.get(session, seat.workspace)
    response.headers["ETag"] = etag(row.version)
    return WorkspaceOut.model_validate(row)


@router.put("", responses=CHANGED)
async def rename_workspace(
    workspace: WorkspaceId, body: WorkspaceIn, seat: Admin, expected: Expected, response: Response
) -> WorkspaceOut:
    """Give it another name."""
    async with seat.database.writing() as session:
        row = await workspaces.rename(session, seat.workspace, expected, body.name)
    response.headers["ETag"] = etag(row.version)
    return WorkspaceOut.model_validate(row)
