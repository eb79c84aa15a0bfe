"""`/v1/workspaces/{workspace}/workshops`: the workspace's key opens a workshop; `…/join` lets people in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workshops import access
from app.api.workshops.access import Role, WorkshopId, link_token, session_token
from app.api.workshops.agendas import AGENDAS
from app.api.workshops.carry import carried_out
from app.api.workshops.desk import summary
from app.api.workshops.people_schemas import CreatedOut, JoinedOut, JoinIn, LinkOut, PersonOut
from app.api.workshops.schemas import WorkshopIn, WorkshopOut
from app.api.workspaces.access import Reader, WorkspaceId, Writer
from app.api.workspaces.schemas import Page
from app.coach.profiles import profile
from app.errors import InvalidInputError
from app.services.store import records, register
from app.services.store.ids import new_id
from app.services.store.register import same_name
from app.services.store.tables import Cycle
from app.services.store.workshops import carry, rooms
from app.services.store.workshops.carry import Carried
from app.services.store.workshops.log import Turn
from app.services.store.workshops.rooms import Plan
from app.services.store.workshops.tables import Workshop, WorkshopLink, WorkshopPerson

router = APIRouter(prefix="/v1/workspaces/{workspace}/workshops", tags=["workshops"], responses=ERRORS | WORKSPACE)
door = APIRouter(prefix="/v1/workshops/{workshop}", tags=["workshops"], responses=ERRORS | WORKSPACE)


@dataclass(frozen=True, slots=True)
class Opened:
    """A new workshop: its facilitator, a link a role, and what its drafts began with."""

    room: Workshop
    person: WorkshopPerson
    links: Sequence[WorkshopLink]
    carried: Carried | None


@router.get("")
async def workshops(workspace: WorkspaceId, seat: Reader) -> Page[WorkshopOut]:
    """The workshops of a workspace, the latest first."""
    async with seat.database.reading() as session:
        found = await rooms.listed(session, seat.workspace)
    return Page[WorkshopOut](items=[WorkshopOut.model_validate(row) for row in found])


@router.post("", status_code=201, responses=CHANGED)
async def open_workshop(workspace: WorkspaceId, body: WorkshopIn, seat: Writer) -> CreatedOut:
    """A new workshop with links to join it, and the facilitator's session."""
    async with seat.database.writing() as session:
        new = await opened(session, seat.workspace, body)
    return CreatedOut(
        workshop=WorkshopOut.model_validate(new.room),
        token=session_token(new.room, new.person),
        links=[link_out(new.room, link) for link in new.links],
        carried=carried_out(new.carried) if new.carried else None,
    )


async def opened(session: AsyncSession, workspace: str, body: WorkshopIn) -> Opened:
    """A workshop, its facilitator and a link a role. Raises `UnknownProfileError`, `InvalidInputError`."""
    profile(body.profile)
    cycles = await records.page(session, Cycle, workspace)
    cycle = next((row for row in cycles if same_name(row.name, body.cycle)), None)
    if cycle is None:
        cycle = await records.add(session, Cycle(workspace_id=workspace, id=new_id(), name=body.cycle))
    pillars = tuple(pillar.model_dump() for pillar in body.pillars)
    if not pillars:
        known = await register.background(session, workspace, cycle=cycle.name)
        pillars = tuple({"name": row.name, "text": row.text} for row in known.pillars)
    plan = Plan(
        name=body.name,
        cycle_id=cycle.id,
        agenda=tuple(stage.model_dump() for stage in body.agenda) if body.agenda else AGENDAS[body.template],
        profile=body.profile,
        pillars=pillars,
        max_objectives=body.max_objectives,
        max_key_results=body.max_key_results,
    )
    room = await rooms.create(session, workspace, plan)
    links = [await rooms.add_link(session, room, role, None) for role in (Role.MEMBER, Role.OBSERVER, Role.FACILITATOR)]
    turn = Turn(session, workspace, room.id)
    person = await rooms.seat(turn, body.facilitator, Role.FACILITATOR, None, None)
    carried = None
    if body.from_cycle:
        carried = await carry.carry_in(turn, body.from_cycle, f"{body.facilitator} (from {body.from_cycle})"[:500])
    return Opened(room, person, links, carried)


def link_out(room: Workshop, link: WorkshopLink) -> LinkOut:
    """A link with the path that it stands for."""
    path = None if link.revoked_at else f"/workshops/{room.id}/join?link={link_token(room, link)}"
    return LinkOut(
        id=link.id,
        role=Role(link.role),
        team_id=link.team_id,
        expires_at=link.expires_at,
        revoked_at=link.revoked_at,
        path=path,
    )


@door.post("/join", status_code=201)
async def join(workshop: WorkshopId, body: JoinIn, request: Request, response: Response) -> JoinedOut:
    """Come in by a link, with a name. The first at a team's table leads it; the facilitator can change that."""
    room, person = await joined(request, workshop, body)
    token = session_token(room, person)
    access.keep_session(request, response, room, token)
    return JoinedOut(person=PersonOut.model_validate(person), token=token)


async def joined(request: Request, workshop: str, body: JoinIn) -> tuple[Workshop, WorkshopPerson]:
    """Seat somebody. Raises `UnauthorizedError` for a link that doesn't hold, `InvalidInputError` without a team."""
    database = access.stored(request)
    room, link = await access.opened_by(database, workshop, body.link)
    request.app.state.gatekeeper.count(link.id)
    desk = request.app.state.desk
    at_table = link.role in {Role.LEAD, Role.MEMBER}
    async with desk.rooms.of(room.workspace_id, room.id).turn() as turn:
        team = None
        if at_table:
            wanted = link.team_id or body.team_id
            if wanted is None and not body.team:
                raise InvalidInputError("team: say which team you are in.", code="team-missing")
            team = await rooms.team_named(turn.session, room, name=body.team or "", team_id=wanted)
            if team is None:
                team = await rooms.add_team(turn, body.team or "")
                await turn.say("team", summary(team, room))
        role = link.role
        if team and role == Role.MEMBER and not link.team_id:
            known = await rooms.people(turn.session, room.workspace_id, room.id)
            if not any(one.team_id == team.id and one.role == Role.LEAD for one in known):
                role = Role.LEAD
        person = await rooms.seat(turn, body.name, role, team.id if team else None, link.id)
        await turn.say("joined", {"name": person.name, "role": person.role, "team": person.team_id})
    return room, person
