"""`/workshops/…`: the pages of a planning workshop. What they show comes from `/v1/workshops`, live."""

from __future__ import annotations

import io
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Form, Request
from pydantic import ValidationError
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.api.workshops import access, opening
from app.api.workshops.access import Badge, Role
from app.api.workshops.agendas import AGENDAS
from app.api.workshops.carry import note_of
from app.api.workshops.outcome import progress_path
from app.api.workshops.people_schemas import JoinIn
from app.api.workshops.schemas import WorkshopIn, pillar_of
from app.coach.profiles import load_profiles
from app.errors import CoachError, ForbiddenError, InvalidInputError, UnauthorizedError
from app.services.store import Scope, keys
from app.services.store.tables import now
from app.services.store.workshops import drafts, rooms
from app.services.store.workshops.carry import Carried
from app.web.catalogue import for_script
from app.web.rendering import html

router = APIRouter(include_in_schema=False)
HERE = "workshop"


@router.get("/workshops")
@router.get("/workshops/new")
def new(request: Request) -> HTMLResponse:
    """The form that makes a workshop."""
    off = request.app.state.database is None
    return _new(
        {}, problem="This service keeps no workspaces: start it with `okr-coach serve --data DIR`." if off else ""
    )


@router.post("/workshops/new")
async def create(
    request: Request,
    *,
    key: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    cycle: Annotated[str, Form()] = "",
    template: Annotated[str, Form()] = "half-day",
    pillars: Annotated[str, Form()] = "",
    profile: Annotated[str, Form()] = "house",
    max_objectives: Annotated[str, Form()] = "3",
    max_key_results: Annotated[str, Form()] = "4",
    facilitator: Annotated[str, Form()] = "",
    from_cycle: Annotated[str, Form()] = "",
) -> Response:
    """Make it, and go to its board as its facilitator."""
    asked = {
        "name": name,
        "cycle": cycle,
        "template": template,
        "pillars": [pillar_of(line) for line in pillars.splitlines() if line.strip()],
        "profile": profile,
        "max_objectives": max_objectives,
        "max_key_results": max_key_results,
        "facilitator": facilitator or "Facilitator",
        "from_cycle": from_cycle.strip() or None,
    }
    shown = {**asked, "from_cycle": from_cycle, "pillars": pillars.replace("\r\n", "\n"), "facilitator": facilitator}
    try:
        access.same_site(request)
        database = access.stored(request)
        request.app.state.gatekeeper.count(request.client.host if request.client else "?")
        async with database.reading() as session:
            granted = await keys.verify(session, key.strip())
        if granted is None or not granted.scope.allows(Scope.WRITE):
            raise UnauthorizedError(
                "That isn't a key to write in a workspace; `okr-coach key create --scope write` makes one."
            )
        body = WorkshopIn.model_validate(asked)
        async with database.writing() as session:
            new = await opening.opened(session, granted.workspace, body)
    except ValidationError as error:
        first = error.errors()[0]
        return _new(shown, problem=f"{first['loc'][-1]}: {first['msg']}.", status=422)
    except CoachError as error:
        return _new(shown, problem=error.message, status=error.status)
    took = f"?{_took(new.carried)}" if new.carried else ""
    response = RedirectResponse(f"/workshops/{new.room.id}/invite{took}", 303)
    access.keep_session(request, response, new.room, access.session_token(new.room, new.person))
    return response


@router.get("/workshops/{workshop}/join")
async def door(request: Request, workshop: str, link: str = "") -> HTMLResponse:
    """Say your name and your team."""
    try:
        return await _door(request, workshop, link)
    except CoachError as error:
        return _shut(error)


@router.post("/workshops/{workshop}/join")
async def come_in(
    request: Request,
    workshop: str,
    *,
    link: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    team: Annotated[str, Form()] = "",
) -> Response:
    """Come in, and go to the table or the board."""
    try:
        access.same_site(request)
        body = JoinIn.model_validate({"link": link, "name": name, "team": team.strip() or None})
        room, person = await opening.joined(request, workshop, body)
    except ValidationError as error:
        first = error.errors()[0]
        return await _door(request, workshop, link, name, team, f"{first['loc'][-1]}: {first['msg']}.", 422)
    except InvalidInputError as error:
        return await _door(request, workshop, link, name, team, error.message, error.status)
    except CoachError as error:
        return _shut(error)
    response = RedirectResponse(_home(room.id, Role(person.role), person.team_id), 303)
    access.keep_session(request, response, room, access.session_token(room, person))
    return response


@router.get("/workshops/{workshop}")
async def home(request: Request, workshop: str) -> Response:
    """Where this person belongs."""
    try:
        badge = await access.badge(request, workshop)
    except CoachError as error:
        return _shut(error)
    return RedirectResponse(_home(workshop, badge.role, badge.person.team_id), 303)


@router.get("/workshops/{workshop}/board")
async def board(request: Request, workshop: str) -> Response:
    """The room at a glance."""
    return await _live(request, workshop, "workshop_board", wall=False)


@router.get("/workshops/{workshop}/wall")
async def wall(request: Request, workshop: str) -> Response:
    """The board for a screen that is read from afar: nothing to press."""
    return await _live(request, workshop, "workshop_board", wall=True)


@router.get("/workshops/{workshop}/teams/{team_id}")
async def table(request: Request, workshop: str, team_id: str) -> Response:
    """A team's table."""
    return await _live(request, workshop, "workshop_table", team_id)


@router.get("/workshops/{workshop}/invite")
async def invite(request: Request, workshop: str, okrs: str = "", left: str = "") -> Response:
    """The links, with a code to hold a phone at; once a workshop was made, how many `okrs` its drafts begin with."""
    try:
        badge = await _facilitator(request, workshop)
        async with badge.database.reading() as session:
            links = await rooms.links(session, badge.workshop)
    except CoachError as error:
        return _shut(error)
    base = str(request.base_url).rstrip("/")
    valid = (opening.link_out(badge.workshop, link) for link in links if link.expires_at > now())
    shown = [{"role": link.role.value, "id": link.id, "url": base + link.path} for link in valid if link.path]
    count = _number(okrs)
    note = "" if count is None else note_of(_number(left))
    return html("workshop_invite", here=HERE, room=badge.workshop, links=shown, okrs=count, note=note)


@router.get("/workshops/{workshop}/setup")
async def setup(request: Request, workshop: str) -> Response:
    """Agenda, limits, people and links, for the facilitator to change while it runs."""
    try:
        badge = await _facilitator(request, workshop)
    except CoachError as error:
        return _shut(error)
    facts = {"workshop": badge.id, "team": None, "role": badge.role.value, "wall": False, "agendas": AGENDAS}
    return html("workshop_setup", here=HERE, room=badge.workshop, facts=facts)


@router.get("/workshops/{workshop}/links/{link_id}/qr.svg")
async def code(request: Request, workshop: str, link_id: str) -> Response:
    """A link as a QR code."""
    try:
        badge = await _facilitator(request, workshop)
        async with badge.database.reading() as session:
            link = await rooms.link(session, badge.workshop, link_id)
        if link is None or link.revoked_at:
            raise UnauthorizedError("There is no such link.")
    except CoachError as error:
        return _shut(error)
    out = io.BytesIO()
    address = str(request.base_url).rstrip("/") + str(opening.link_out(badge.workshop, link).path)
    segno.make(address, error="m").save(out, kind="svg", scale=6, border=2, dark="#1d1b18", light="#ffffff")
    return Response(out.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


async def _live(request: Request, workshop: str, template: str, team_id: str = "", *, wall: bool = False) -> Response:
    try:
        badge = await access.badge(request, workshop)
        if team_id:
            badge.at(team_id)
            async with badge.database.reading() as session:
                await drafts.team(session, badge.workspace, badge.id, team_id)
    except CoachError as error:
        return _shut(error)
    facts: dict[str, Any] = {
        "workshop": badge.id,
        "team": team_id or badge.person.team_id,
        "role": badge.role.value,
        "wall": wall,
    }
    own: dict[str, Any] = {"for_script": for_script()} if team_id else {}
    if not team_id:
        own["progress"] = progress_path(badge.workspace, badge.workshop.cycle_id)
    return html(template, here=HERE, room=badge.workshop, person=badge.person, facts=facts, wall=wall, **own)


async def _facilitator(request: Request, workshop: str) -> Badge:
    badge = await access.badge(request, workshop)
    if badge.role is not Role.FACILITATOR:
        raise ForbiddenError("This page is the facilitator's.")
    return badge


async def _door(
    request: Request,
    workshop: str,
    link: str,
    name: str = "",
    team: str = "",
    problem: str = "",
    status: int = 200,
) -> HTMLResponse:
    database = access.stored(request)
    room, opens = await access.opened_by(database, workshop, link)
    async with database.reading() as session:
        teams = await rooms.teams(session, room.workspace_id, room.id)
    pinned = next((one.name for one in teams if one.id == opens.team_id), "")
    return html(
        "workshop_join",
        status,
        here=HERE,
        room=room,
        link=link,
        name=name,
        team=team,
        teams=[one.name for one in teams],
        seated=opens.role in {Role.LEAD, Role.MEMBER} and not opens.team_id,
        pinned=pinned,
        problem=problem,
    )


def _took(carried: Carried) -> str:
    """What the page that follows shall say of it."""
    return f"okrs={carried.okrs}" + (f"&left={carried.left}" if carried.listed else "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def _new(asked: dict[str, Any], *, problem: str = "", status: int = 200) -> HTMLResponse:
    blank = {"name": "", "cycle": "", "template": "half-day", "pillars": "", "profile": "house", "facilitator": ""}
    blank["from_cycle"] = ""
    minutes = {name: sum(stage["minutes"] for stage in stages) for name, stages in AGENDAS.items()}
    limits = {"max_objectives": 3, "max_key_results": 4}
    return html(
        "workshop_new",
        status,
        here=HERE,
        asked=blank | limits | asked,
        problem=problem,
        minutes=minutes,
        profiles=list(load_profiles()),
    )


def _shut(error: CoachError) -> HTMLResponse:
    return html("workshop_shut", error.status, here=HERE, message=error.message)


def _home(workshop: str, role: Role, team_id: str | None) -> str:
    if role is Role.OBSERVER:
        return f"/workshops/{workshop}/wall"
    return f"/workshops/{workshop}/teams/{team_id}" if team_id else f"/workshops/{workshop}/board"
