"""`/workspaces/{workspace}/cycles/{cycle}/map`: a plan's coverage and overlaps, for whoever has a key to read."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.workspaces.access import Id, Seat, WorkspaceId
from app.api.workspaces.maps import coverage_of, overlaps_of, read_plan, why_not
from app.errors import CoachError, NotFoundError
from app.services.store import Database, workspaces
from app.web.map_view import PLURALS, SIGNS, WORDS, map_view
from app.web.pages import same_site
from app.web.rendering import html
from app.web.session import reader, sign_in, sign_out

router = APIRouter(prefix="/workspaces/{workspace}/cycles/{cycle_id}", include_in_schema=False)


@router.get("/map")
async def plan_map(workspace: WorkspaceId, cycle_id: Id, request: Request) -> Response:
    """The map, or the form to sign in."""
    database: Database | None = request.app.state.database
    if database is None:
        return html("missing", 404, here="map")
    seat = await reader(request, database, workspace)
    if seat is None:
        return _door()
    try:
        return await _shown(request, seat, cycle_id)
    except NotFoundError:
        return html("missing", 404, here="map")
    except CoachError as error:
        return _door(error.message, error.status)


@router.post("/map")
async def enter(
    workspace: WorkspaceId, cycle_id: Id, request: Request, key: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Sign in with a key and see the map; without one, sign out."""
    database: Database | None = request.app.state.database
    if database is None:
        return html("missing", 404, here="map")
    here = RedirectResponse(request.url.path, 303, headers={"Cache-Control": "no-store"})
    try:
        same_site(request)
        request.app.state.gatekeeper.count(request.client.host if request.client else "?")
    except CoachError as error:
        return _door(error.message, error.status)
    if not key.strip():
        sign_out(workspace, here)
        return here
    if await sign_in(request, database, workspace, key, here):
        return here
    return _door("This key doesn't open this workspace.", 401)


def _door(problem: str = "", status: int = 401) -> HTMLResponse:
    return html("map_door", status, here="map", problem=problem)


async def _shown(request: Request, seat: Seat, cycle: str) -> HTMLResponse:
    maps = request.app.state.maps
    plan = await read_plan(seat, cycle)
    async with seat.database.reading() as session:
        organisation = (await workspaces.get(session, seat.workspace)).name
    found = await overlaps_of(maps, plan)
    matrix = await coverage_of(maps, plan)
    view = await asyncio.to_thread(map_view, plan.okrs, found, matrix)
    return html(
        "map",
        here="map",
        organisation=organisation,
        cycle=plan.stored.cycle.name,
        view=view,
        signs=SIGNS,
        kinds=WORDS,
        plurals=PLURALS,
        note="" if matrix else why_not(plan),
        notes=[message for _, message in found.notes],
    )
