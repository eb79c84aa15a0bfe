"""`…/import`: last cycle's OKRs as drafts to begin with."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workshops.access import Facilitator, WorkshopId
from app.api.workshops.desk import summary
from app.api.workshops.schemas import CarriedOut, CarryIn, SourceOut
from app.services.store.workshops import carry, rooms

router = APIRouter(prefix="/v1/workshops/{workshop}", tags=["workshops"], responses=ERRORS | WORKSPACE)


@router.get("/import")
async def sources(workshop: WorkshopId, badge: Facilitator) -> list[SourceOut]:
    """The cycles of the workspace whose OKRs drafts can begin with."""
    async with badge.database.reading() as session:
        found = await carry.sources(session, badge.workspace)
    return [SourceOut(cycle=one.cycle, teams=one.teams, okrs=one.okrs) for one in found]


@router.post("/import", responses=CHANGED)
async def carry_in(workshop: WorkshopId, body: CarryIn, badge: Facilitator) -> CarriedOut:
    """Put a cycle's OKRs into the drafts, team by team; a draft that has text is never touched."""
    async with badge.room.turn() as turn:
        badge.open()
        done = await carry.carry_in(turn, body.from_cycle, f"{badge.person.name} (from {body.from_cycle})"[:500])
        room = await rooms.get(turn.session, badge.workspace, badge.id)
        for team in {team.id: team for team in [*done.new, *done.filled]}.values():
            await turn.say("team", summary(team, room))
        filled = [(team.id, team.name) for team in done.filled]
    for team_id, _ in filled:
        badge.desk.read(badge.room, team_id)
    return CarriedOut(filled=[name for _, name in filled], kept=done.kept, okrs=done.okrs)
