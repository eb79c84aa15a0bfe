"""`/v1/workshops/{workshop}`: the room as all see it, and what its facilitator does: agenda, stage, timer, limits."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workshops.access import Anybody, Badge, Facilitator, WorkshopId
from app.api.workshops.desk import summary
from app.api.workshops.people_schemas import PersonOut
from app.api.workshops.room_schemas import HereIn, LimitsIn, MoveIn, StateOut, TimerIn
from app.api.workshops.schemas import NoteOut, StageIn, WorkshopOut
from app.api.workshops.talk_schemas import OwnerOut, RequestOut
from app.api.workspaces.schemas import In
from app.errors import InvalidInputError
from app.services.store.tables import Cycle, now
from app.services.store.workshops import drafts, rooms, talk
from app.services.store.workshops.log import Turn
from app.services.store.workshops.tables import Workshop

router = APIRouter(prefix="/v1/workshops/{workshop}", tags=["workshops"], responses=ERRORS | WORKSPACE)


class AgendaIn(In):
    """The stages from now on; `stage` is where the one that the room is in stands among them."""

    agenda: list[StageIn] = Field(min_length=1, max_length=30)
    stage: int | None = Field(None, ge=0, le=29)


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
        owners=[OwnerOut(**one) for one in await talk.owners(session, badge.workspace, badge.id)],
        committed=any(team.okrs for team in teams),
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
    """Other stages, another order, or other minutes; a time that runs goes on."""
    async with badge.room.turn() as turn:
        room = await _own(turn)
        room.agenda = [stage.model_dump() for stage in body.agenda]
        room.stage = min(room.stage if body.stage is None else body.stage, len(room.agenda) - 1)
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


@router.put("/limits", responses=CHANGED)
async def change_limits(workshop: WorkshopId, body: LimitsIn, badge: Facilitator) -> WorkshopOut:
    """Room for more or fewer objectives a team and key results an objective."""
    async with badge.room.turn() as turn:
        room = await _own(turn)
        room.max_objectives, room.max_key_results = body.max_objectives, body.max_key_results
        out = await _told(turn, room)
        for team in await rooms.teams(turn.session, turn.workspace, turn.workshop):
            await turn.say("team", summary(team, room))
    return out


async def _own(turn: Turn) -> Workshop:
    return await rooms.get(turn.session, turn.workspace, turn.workshop)


async def _told(turn: Turn, room: Workshop) -> WorkshopOut:
    """Tell everybody how the room stands."""
    await turn.session.flush()
    out = WorkshopOut.model_validate(room)
    await turn.say("room", {**out.model_dump(mode="json"), "now": now().isoformat()})
    return out
