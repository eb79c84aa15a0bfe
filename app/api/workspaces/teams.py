"""`/v1/workspaces/{workspace}/teams`: teams."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workspaces.access import Admin, After, Expected, Id, Limit, Reader, WorkspaceId, Writer, etag
from app.api.workspaces.schemas import Page, TeamIn, TeamOut, paged
from app.services.store import records
from app.services.store.ids import new_id
from app.services.store.tables import Team

router = APIRouter(prefix="/v1/workspaces/{workspace}/teams", tags=["workspaces"], responses=ERRORS | WORKSPACE)


@router.get("")
async def teams(workspace: WorkspaceId, seat: Reader, limit: Limit = 100, after: After = "") -> Page[TeamOut]:
    """Teams in the order they were made."""
    async with seat.database.reading() as session:
        rows = await records.page(session, Team, seat.workspace, limit=limit + 1, after=after)
    return paged(rows, limit, TeamOut.model_validate, lambda row: row.id)


@router.post("", status_code=201, responses=CHANGED)
async def add_team(workspace: WorkspaceId, body: TeamIn, seat: Writer, response: Response) -> TeamOut:
    """A new team; its name is its own in the workspace."""
    async with seat.database.writing() as session:
        row = await records.add(session, Team(workspace_id=seat.workspace, id=new_id(), **body.model_dump()))
    response.headers["ETag"] = etag(row.version)
    return TeamOut.model_validate(row)


@router.get("/{team_id}")
async def team(workspace: WorkspaceId, team_id: Id, seat: Reader, response: Response) -> TeamOut:
    """One team."""
    async with seat.database.reading() as session:
        row = await records.find(session, Team, seat.workspace, team_id)
    response.headers["ETag"] = etag(row.version)
    return TeamOut.model_validate(row)


@router.put("/{team_id}", responses=CHANGED)
async def change_team(
    workspace: WorkspaceId, team_id: Id, body: TeamIn, seat: Writer, expected: Expected, response: Response
) -> TeamOut:
    """Change name or function."""
    async with seat.database.writing() as session:
        row = await records.change(session, Team, seat.workspace, team_id, expected, body.model_dump())
    response.headers["ETag"] = etag(row.version)
    return TeamOut.model_validate(row)


@router.delete("/{team_id}", status_code=204, responses=CHANGED)
async def delete_team(workspace: WorkspaceId, team_id: Id, seat: Admin, expected: Expected) -> None:
    """Delete a team that has no OKRs and never had any."""
    async with seat.database.writing() as session:
        await records.remove(session, Team, seat.workspace, team_id, expected)
