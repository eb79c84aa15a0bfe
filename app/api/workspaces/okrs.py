"""`/v1/workspaces/{workspace}/okrs`: OKRs, each with its history."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workspaces.access import After, Expected, Id, Limit, Reader, Seat, WorkspaceId, Writer, etag, tags
from app.api.workspaces.schemas import Page, Person, Prose, Ref, StoredOkrIn, StoredOkrOut, VersionOut, paged
from app.services.store import okrs as stored
from app.services.store import records
from app.services.store.okrs import Author, Content
from app.services.store.tables import Okr

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["workspaces"], responses=ERRORS | WORKSPACE)

OfCycle = Annotated[Ref | None, Query(description="Id of a cycle")]
OfTeam = Annotated[Ref | None, Query(description="Id of a team")]


@router.get("/okrs")
async def okrs(
    workspace: WorkspaceId,
    seat: Reader,
    *,
    cycle: OfCycle = None,
    team: OfTeam = None,
    limit: Limit = 100,
    after: After = "",
) -> Page[StoredOkrOut]:
    """OKRs in the order they were made."""
    async with seat.database.reading() as session:
        rows = await stored.page(session, seat.workspace, cycle=cycle, team=team, limit=limit + 1, after=after)
    return paged(rows, limit, StoredOkrOut.model_validate, lambda row: row.id)


@router.post("/okrs", status_code=201)
async def add_okr(workspace: WorkspaceId, body: StoredOkrIn, seat: Writer, response: Response) -> StoredOkrOut:
    """A new OKR."""
    async with seat.database.writing() as session:
        row = await stored.create(session, seat.workspace, _content(body), _author(seat, body.by, body.why))
    return _shown(row, response)


@router.get("/okrs/{okr_id}", response_model=StoredOkrOut, responses={304: {"description": "It is what you have"}})
async def okr(
    workspace: WorkspaceId,
    okr_id: Id,
    seat: Reader,
    response: Response,
    if_none_match: Annotated[str, Header()] = "",
) -> StoredOkrOut | Response:
    """One OKR; its ETag is what a change has to name."""
    async with seat.database.reading() as session:
        row = await records.find(session, Okr, seat.workspace, okr_id)
    if row.version in tags(if_none_match.replace("W/", "")):
        return Response(status_code=304, headers={"ETag": etag(row.version)})
    return _shown(row, response)


@router.put("/okrs/{okr_id}", responses=CHANGED)
async def change_okr(
    workspace: WorkspaceId, okr_id: Id, body: StoredOkrIn, seat: Writer, expected: Expected, response: Response
) -> StoredOkrOut:
    """Replace an OKR by its next version; 412 if somebody else has changed it since you read it."""
    author = _author(seat, body.by, body.why)
    async with seat.database.writing() as session:
        row = await stored.change(session, seat.workspace, okr_id, expected, _content(body), author)
    return _shown(row, response)


@router.delete("/okrs/{okr_id}", status_code=204, responses=CHANGED)
async def delete_okr(
    workspace: WorkspaceId,
    okr_id: Id,
    seat: Writer,
    expected: Expected,
    *,
    by: Annotated[Person, Query()] = "",
    why: Annotated[Prose, Query()] = "",
) -> None:
    """Delete an OKR; its history stays."""
    async with seat.database.writing() as session:
        await stored.remove(session, seat.workspace, okr_id, expected, _author(seat, by, why))


@router.get("/okrs/{okr_id}/history")
async def okr_history(
    workspace: WorkspaceId, okr_id: Id, seat: Reader, limit: Limit = 100, after: After = ""
) -> Page[VersionOut]:
    """Versions of one OKR, the latest first, also of a deleted one: who changed it, when and why."""
    return await _history(seat, okr_id, limit, after)


@router.get("/history")
async def history(workspace: WorkspaceId, seat: Reader, limit: Limit = 100, after: After = "") -> Page[VersionOut]:
    """Changes to all OKRs, the latest first."""
    return await _history(seat, None, limit, after)


async def _history(seat: Seat, okr_id: str | None, limit: int, after: str) -> Page[VersionOut]:
    async with seat.database.reading() as session:
        rows = await stored.history(session, seat.workspace, okr_id, limit=limit + 1, before=after)
    return paged(rows, limit, VersionOut.model_validate, lambda row: row.change_id)


def _content(body: StoredOkrIn) -> Content:
    return Content(body.objective, tuple(body.key_results), body.cycle_id, body.team_id, body.parent_id)


def _author(seat: Seat, by: str, why: str) -> Author:
    return Author(seat.author(by), why)


def _shown(row: Okr, response: Response) -> StoredOkrOut:
    response.headers["ETag"] = etag(row.version)
    return StoredOkrOut.model_validate(row)
