"""`…/import`: last cycle's OKRs as drafts to begin with."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workshops.access import Facilitator, WorkshopId
from app.api.workshops.desk import summary
from app.api.workshops.schemas import CarriedOut, CarryIn, SourceOut
from app.api.workshops.talk_schemas import CommentOut
from app.services.store.workshops import carry, rooms
from app.services.store.workshops.carry import Carried

router = APIRouter(prefix="/v1/workshops/{workshop}", tags=["workshops"], responses=ERRORS | WORKSPACE)


@router.get("/import")
async def sources(workshop: WorkshopId, badge: Facilitator) -> list[SourceOut]:
    """The cycles of the workspace whose OKRs drafts can begin with."""
    async with badge.database.reading() as session:
        found = await carry.sources(session, badge.workspace)
    return [SourceOut(cycle=one.cycle, teams=one.teams, okrs=one.okrs, chosen=one.chosen) for one in found]


@router.post("/import", responses=CHANGED)
async def carry_in(workshop: WorkshopId, body: CarryIn, badge: Facilitator) -> CarriedOut:
    """Put a cycle's OKRs into the drafts, team by team; a draft that has text is never touched.

    Where the cycle has a carry-over list, only the OKRs on it are taken, each with a comment that says why.
    """
    async with badge.room.turn() as turn:
        badge.open()
        done = await carry.carry_in(turn, body.from_cycle, f"{badge.person.name} (from {body.from_cycle})"[:500])
        room = await rooms.get(turn.session, badge.workspace, badge.id)
        for team in {team.id: team for team in [*done.new, *done.filled]}.values():
            await turn.say("team", summary(team, room))
        for row in done.comments:
            said = CommentOut.model_validate(row).model_dump(mode="json")
            await turn.say("comment", {"of": row.team_id, **said}, row.team_id)
        filled = [team.id for team in done.filled]
        out = carried_out(done)
    for team_id in filled:
        badge.desk.read(badge.room, team_id)
    return out


def carried_out(done: Carried) -> CarriedOut:
    """What was put into the drafts."""
    return CarriedOut(
        filled=[team.name for team in done.filled],
        kept=done.kept,
        okrs=done.okrs,
        carried_over=done.listed,
        left=done.left,
        note=note_of(done.left if done.listed else None),
    )


def note_of(left: int | None) -> str:
    """Whether a cycle's carry-over list was taken, which leaves `left` OKRs, or without one (None) all that it has."""
    if left is None:
        return "All OKRs of the teams were taken: the cycle has no carry-over list."
    others = f" {left} others aren’t on it." if left > 1 else " One other isn’t on it." if left else ""
    return f"Only the OKRs on the cycle’s carry-over list were taken, each with a comment that says why.{others}"
