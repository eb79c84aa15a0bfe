"""`/v1/workshops/{workshop}`: the room as all see it, and what its facilitator does: stage, timer, links, people."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workshops.access import Anybody, Badge, Facilitator, Role, WorkshopId
from app.api.workshops.desk import summary
from app.api.workshops.opening import link_out
from app.api.workshops.schemas import (
    HereIn,
    LinkIn,
    LinkOut,
    MoveIn,
    NoteOut,
    PersonOut,
    RequestOut,
    SeatIn,
    StageIn,
    StateOut,
    TimerIn,
    WorkshopOut,
)
from app.api.workspaces.access import Id
from app.api.workspaces.schemas import In
from app.errors import InvalidInputError, NotFoundError
from app.services.store.tables import Cycle, now
from app.services.store.workshops import drafts, rooms, talk
from app.services.store.workshops.log import Turn
from app.services.store.workshops.tables import Workshop

router = APIRouter(prefix="/v1/workshops/{workshop}", tags=["workshops"], responses=ERRORS | WORKSPACE)


class AgendaIn(In):
    """The stages from now on."""

    agenda: list[StageIn]


@router.get("")
async def state(workshop: WorkshopId, badge: Anybody) -> StateOut:
    """The room: stage and timer, how every team stands, dependencies, decisions; no team's draft."""
    async with badge.database.reading() as session:
        found = await state_of(session, badge)
    badge.desk.catch_up(badge.room, found.teams)
    return found


async def state_of(session: AsyncSession, badge: Badge) -> StateOut:
    """The room as of one moment."""
    room = await rooms.get(session, badge.workspace, badge.id)
    cycle = await session.get_one(Cycle, (badge.workspace, room.cycle_id))
    teams = await rooms.teams(session, badge.workspace, badge.id)
    people = await rooms.people(session, badge.workspace, badge.id)
    return StateOut(
        workshop=WorkshopOut.model_validate(room),
        cycle=cycle.name,
        now=now(),
        you=PersonOut.model_validate(badge.person),
        teams=[summary(team, room) for team in teams],
        people=dict(Counter(person.team_id or person.role for person in people)),
        requests=[RequestOut.model_validate(row) for row in await talk.requests(session, badge.workspace, badge.id)],
        notes=[NoteOut.model_validate(row) for row in await talk.notes(session, badge.workspace, badge.id)],
        last_event=room.last_event,
    )


@router.get("/map")
async def overlap_map(workshop: WorkshopId, badge: Anybody) -> dict[str, Any]:
    """Overlaps between the teams' drafts and coverage of the pillars, as drawn last; empty before the first time."""
    found = badge.desk.map_of(badge.id)
    if found is None:
        badge.desk.compare(badge.room)
    return found or {}


@router.put("/agenda", responses=CHANGED)
async def change_agenda(workshop: WorkshopId, body: AgendaIn, badge: Facilitator) -> WorkshopOut:
    """Other stages, or other minutes."""
    if not body.agenda:
        raise InvalidInputError("agenda: needs at least one stage.")
    async with badge.room.turn() as turn:
        room = await _own(turn)
        room.agenda = [stage.model_dump() for stage in body.agenda]
        room.stage = min(room.stage, len(room.agenda) - 1)
        return await _told(turn, room)


@router.post("/stage", responses=CHANGED)
async def move(workshop: WorkshopId, body: MoveIn, badge: Facilitator) -> WorkshopOut:
    """Go to a stage; its time begins to run. Leaving a draft stage marks where coaching found the drafts."""
    async with badge.room.turn() as turn:
        room = await _own(turn)
        if body.stage >= len(room.agenda):
            raise InvalidInputError(f"stage: the agenda has {len(room.agenda)} stages.")
        if room.agenda[room.stage]["kind"] in {"diverge", "draft"} and body.stage > room.stage:
            await drafts.mark_start(turn)
        room.stage = body.stage
        room.timer_ends_at, room.timer_left = now() + timedelta(minutes=room.agenda[body.stage]["minutes"]), None
        return await _told(turn, room)


@router.post("/timer", responses=CHANGED)
async def timer(workshop: WorkshopId, body: TimerIn, badge: Facilitator) -> WorkshopOut:
    """Start, pause or lengthen the time of the stage, for everybody."""
    async with badge.room.turn() as turn:
        room = await _own(turn)
        left = room.timer_left
        if room.timer_ends_at:
            left = max(0, round((room.timer_ends_at - now()).total_seconds()))
        if body.action == "pause":
            room.timer_ends_at, room.timer_left = None, left
        elif body.action == "start":
            seconds = body.seconds or left or 60 * room.agenda[room.stage]["minutes"]
            room.timer_ends_at, room.timer_left = now() + timedelta(seconds=max(0, seconds)), None
        else:
            seconds = max(0, (left or 0) + body.seconds)
            running = room.timer_ends_at is not None
            room.timer_ends_at = now() + timedelta(seconds=seconds) if running else None
            room.timer_left = None if running else seconds
        return await _told(turn, room)


@router.post("/here", responses=CHANGED)
async def call_here(workshop: WorkshopId, body: HereIn, badge: Facilitator) -> WorkshopOut:
    """Bring everyone to the board, back to their tables, or (empty) let them go where they like."""
    async with badge.room.turn() as turn:
        room = await _own(turn)
        room.here = body.place
        return await _told(turn, room)


@router.get("/links")
async def links(workshop: WorkshopId, badge: Facilitator) -> list[LinkOut]:
    """All links to this workshop."""
    async with badge.database.reading() as session:
        return [link_out(badge.workshop, link) for link in await rooms.links(session, badge.workshop)]


@router.post("/links", status_code=201)
async def add_link(workshop: WorkshopId, body: LinkIn, badge: Facilitator) -> LinkOut:
    """A further link, for a role and perhaps a team."""
    async with badge.room.turn() as turn:
        expires = now() + timedelta(hours=body.hours)
        link = await rooms.add_link(turn.session, badge.workshop, body.role, body.team_id, expires)
    return link_out(badge.workshop, link)


@router.delete("/links/{link_id}", status_code=204)
async def revoke_link(workshop: WorkshopId, link_id: Id, badge: Facilitator) -> None:
    """Let nobody else in by this link; who came by it stays."""
    async with badge.room.turn() as turn:
        link = await rooms.link(turn.session, badge.workshop, link_id)
        if link is None:
            raise NotFoundError(f"There is no link {link_id} in this workshop.")
        link.revoked_at = link.revoked_at or now()


@router.get("/people")
async def people(workshop: WorkshopId, badge: Facilitator) -> list[PersonOut]:
    """Everybody in the room."""
    async with badge.database.reading() as session:
        found = await rooms.people(session, badge.workspace, badge.id)
    return [PersonOut.model_validate(person) for person in found]


@router.put("/people/{person_id}")
async def reseat(workshop: WorkshopId, person_id: Id, body: SeatIn, badge: Facilitator) -> PersonOut:
    """Give somebody another role or team."""
    async with badge.room.turn() as turn:
        person = await rooms.person(turn.session, badge.workshop, person_id)
        if person is None:
            raise NotFoundError(f"There is nobody {person_id} in this workshop.")
        at_table = body.role in {Role.LEAD, Role.MEMBER}
        if at_table and not body.team_id:
            raise InvalidInputError("team_id: a lead or a member sits at a team's table.")
        if at_table:
            await rooms.team_named(turn.session, badge.workshop, team_id=body.team_id)
        person.role, person.team_id = body.role, body.team_id if at_table else None
        await turn.say("seat", {"person": person.id, "role": person.role, "team": person.team_id})
    return PersonOut.model_validate(person)


@router.delete("/people/{person_id}", status_code=204)
async def remove_person(workshop: WorkshopId, person_id: Id, badge: Facilitator) -> None:
    """End somebody's session; what they wrote stays."""
    async with badge.room.turn() as turn:
        person = await rooms.person(turn.session, badge.workshop, person_id)
        if person is None:
            raise NotFoundError(f"There is nobody {person_id} in this workshop.")
        person.removed_at = now()
        await turn.say("seat", {"person": person.id, "role": "", "team": None})


async def _own(turn: Turn) -> Workshop:
    return await rooms.get(turn.session, turn.workspace, turn.workshop)


async def _told(turn: Turn, room: Workshop) -> WorkshopOut:
    """Tell everybody how the room stands."""
    await turn.session.flush()
    out = WorkshopOut.model_validate(room)
    await turn.say("room", {**out.model_dump(mode="json"), "now": now().isoformat()})
    return out
