"""`/v1/workspaces/{workspace}/import` and `…/export`: OKRs in bulk."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from app import exchange
from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workspaces.access import Reader, WorkspaceId, Writer
from app.api.workspaces.okrs import OfCycle, OfTeam
from app.api.workspaces.schemas import Name, Out, Person, Prose
from app.exchange import Format
from app.services.store import intake, okrs
from app.services.store.okrs import Author

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["workspaces"], responses=ERRORS | WORKSPACE)

_CONTENT: Final[dict[str, Any]] = {
    kind.media_type: {"schema": {"type": "object"} if kind is Format.JSON else {"type": "string", "format": "binary"}}
    for kind in Format
}
_FILE: Final[dict[str, Any]] = {"requestBody": {"required": True, "content": _CONTENT}}


class TakenOut(Out):
    """What an import did: ids of OKRs, and names of teams and cycles that it made."""

    created: list[str]
    updated: list[str]
    unchanged: list[str]
    teams: list[str]
    cycles: list[str]


@router.post("/import", openapi_extra=_FILE, responses=CHANGED)
async def import_okrs(
    workspace: WorkspaceId,
    seat: Writer,
    request: Request,
    *,
    format: Annotated[Format | None, Query(description="Else as Content-Type says")] = None,  # noqa: A002
    cycle: Annotated[Name | None, Query(description="Name of the cycle of rows that name none")] = None,
    team: Annotated[Name | None, Query(description="Name of the team of rows that name none")] = None,
    replace: Annotated[bool, Query(description="Overwrite OKRs that are there already with other words")] = False,
    by: Annotated[Person, Query()] = "",
    why: Annotated[Prose, Query()] = "",
) -> TakenOut:
    """Import a file, all of it or nothing; what is wrong is named by row. Teams and cycles that are new are made."""
    kind = format or exchange.format_of(request.headers.get("content-type", ""))
    rows = await asyncio.to_thread(exchange.read, await request.body(), kind)
    async with seat.database.writing() as session:
        taken = await intake.take_in(
            session,
            seat.workspace,
            rows,
            Author(seat.author(by), why),
            team=team,
            cycle=cycle,
            replace=replace,
        )
    return TakenOut.model_validate(taken)


@router.get(
    "/export",
    response_class=Response,
    responses={
        200: {
            "description": "The file",
            "content": _CONTENT,
        }
    },
)
async def export_okrs(
    workspace: WorkspaceId,
    seat: Reader,
    *,
    format: Annotated[Format, Query()] = Format.MARKDOWN,  # noqa: A002
    cycle: OfCycle = None,
    team: OfTeam = None,
) -> Response:
    """All OKRs, or those of a cycle or team, as a file that can be imported again."""
    async with seat.database.reading() as session:
        found = await okrs.outgoing(session, seat.workspace, cycle=cycle, team=team)
    data = await asyncio.to_thread(exchange.write, exchange.outgoing(found), format)
    headers = {"Content-Disposition": f'attachment; filename="okrs{format.suffix}"'}
    return Response(data, media_type=format.media_type, headers=headers)
