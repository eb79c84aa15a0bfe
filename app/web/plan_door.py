"""The door to the pages of a plan under way: a key to read lets look, a key to write lets tell."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.workspaces.access import Seat, WorkspaceId
from app.errors import CoachError, ForbiddenError, NotFoundError
from app.services.store import Database, Scope
from app.web.pages import same_site
from app.web.rendering import html
from app.web.session import reader, sign_in, sign_out

router = APIRouter(prefix="/workspaces/{workspace}", include_in_schema=False)

Show = Callable[[Seat], Awaitable[Response]]
_BELOW = re.compile(r"(?:/[0-9a-z-]{1,40}){1,8}")
_NO_WRITING = "This key may only read. Sign in with a key that has the scope `write` to tell how things stand."


@router.post("/door")
async def enter(
    workspace: WorkspaceId,
    request: Request,
    key: Annotated[str, Form(max_length=500)] = "",
    to: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Sign in with a key and go to `to`, a page of this workspace; without a key, sign out."""
    database: Database | None = request.app.state.database
    home = f"/workspaces/{workspace}"
    if database is None or not to.startswith(home) or not _BELOW.fullmatch(to.removeprefix(home)):
        return html("missing", 404, here="map")
    there = RedirectResponse(to, 303, headers={"Cache-Control": "no-store"})
    try:
        same_site(request)
        request.app.state.gatekeeper.count(request.client.host if request.client else "?")
    except CoachError as error:
        return _door(workspace, to, error.message, error.status)
    if not key.strip():
        sign_out(workspace, there)
        return there
    if await sign_in(request, database, workspace, key, there):
        return there
    return _door(workspace, to, "This key doesn't open this workspace.", 401)


async def looking(request: Request, workspace: str, show: Show) -> Response:
    """A page for whoever is signed in, else the door."""
    database: Database | None = request.app.state.database
    if database is None:
        return html("missing", 404, here="map")
    seat = await reader(request, database, workspace)
    if seat is None:
        return _door(workspace, request.url.path)
    try:
        return await show(seat)
    except NotFoundError:
        return html("missing", 404, here="map")
    except CoachError as error:
        return _door(workspace, request.url.path, error.message, error.status)


async def telling(request: Request, workspace: str, take: Show) -> Response:
    """A form of our own pages, taken from whoever is signed in with a key to write."""

    async def checked(seat: Seat) -> Response:
        same_site(request)
        if not may_write(seat):
            raise ForbiddenError(_NO_WRITING)
        return await take(seat)

    return await looking(request, workspace, checked)


def may_write(seat: Seat) -> bool:
    """Whether this reader's key may change things."""
    return seat.granted.scope.allows(Scope.WRITE)


def _door(workspace: str, to: str, problem: str = "", status: int = 401) -> HTMLResponse:
    return html("plan_door", status, here="map", workspace=workspace, to=to, problem=problem)
