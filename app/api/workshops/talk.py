"""Comments, votes, requests between teams and the room's lists: each said to whom it concerns."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workshops.access import Leading, Role, Seated, TeamId, WorkshopId
from app.api.workshops.schemas import NoteIn, NoteOut
from app.api.workshops.tables import own_team, tally_of
from app.api.workshops.talk_schemas import (
    CommentIn,
    CommentOut,
    RequestAnswerIn,
    RequestIn,
    RequestOut,
    RevealIn,
    TallyOut,
    VoteIn,
)
from app.api.workspaces.access import Id
from app.errors import ConflictError, ForbiddenError, InvalidInputError
from app.services.store.tables import now
from app.services.store.workshops import drafts
from app.services.store.workshops import talk as said

router = APIRouter(prefix="/v1/workshops/{workshop}", tags=["workshops"], responses=ERRORS | WORKSPACE | CHANGED)


@router.post("/teams/{team_id}/comments", status_code=201)
async def comment(workshop: WorkshopId, team_id: TeamId, body: CommentIn, badge: Seated) -> CommentOut:
    """Say something about a line."""
    badge.at(team_id)
    async with badge.room.turn() as turn:
        team = await drafts.team(turn.session, badge.workspace, badge.id, team_id)
        row = await said.comment(turn, team, body.line, body.text, badge.person.name)
        out = CommentOut.model_validate(row)
        await turn.say("comment", {"of": team_id, **out.model_dump(mode="json")}, team_id)
    return out


@router.post("/teams/{team_id}/comments/{comment_id}/resolve")
async def resolve(workshop: WorkshopId, team_id: TeamId, comment_id: Id, badge: Seated) -> CommentOut:
    """Settle a comment, or open it again."""
    badge.at(team_id)
    async with badge.room.turn() as turn:
        row = await said.find_comment(turn, team_id, comment_id)
        row.resolved_at = None if row.resolved_at else now()
        await turn.session.flush()
        out = CommentOut.model_validate(row)
        await turn.say("comment", {"of": team_id, **out.model_dump(mode="json")}, team_id)
    return out


@router.put("/teams/{team_id}/votes")
async def vote(workshop: WorkshopId, team_id: TeamId, body: VoteIn, badge: Seated) -> TallyOut:
    """Vote on a line. Confidence is blind: nobody sees more than how many have voted until it is revealed."""
    badge.at(team_id)
    lowest, highest = (0, 5) if body.kind == "confidence" else (-1, 1)
    if not lowest <= body.value <= highest:
        raise InvalidInputError("value: confidence is 1 to 5, support 1 or -1; 0 takes a vote back.")
    async with badge.room.turn() as turn:
        badge.open()
        team = await drafts.team(turn.session, badge.workspace, badge.id, team_id)
        said.quoted(team, body.line)
        if body.kind == "confidence" and body.line in team.revealed:
            raise ConflictError("These votes are open already: start another round to vote again.", code="revealed")
        await said.vote(turn, team_id, body.line, body.kind, badge.person.id, body.value)
        own = await tally_of(turn.session, badge, team, body.line, badge.person.id)
        await turn.say("votes", {"of": team_id, **own.model_dump(exclude={"yours"})}, team_id)
    return own


@router.post("/teams/{team_id}/reveal")
async def reveal(workshop: WorkshopId, team_id: TeamId, body: RevealIn, badge: Leading) -> TallyOut:
    """Show all confidence votes on a line at once, or drop them for another round."""
    badge.at(team_id)
    async with badge.room.turn() as turn:
        badge.open()
        team = await drafts.team(turn.session, badge.workspace, badge.id, team_id)
        said.quoted(team, body.line)
        team.revealed = sorted({*team.revealed, body.line} if body.open else {*team.revealed} - {body.line})
        if not body.open:
            await said.forget_confidence(turn, team_id, body.line)
        await turn.session.flush()
        own = await tally_of(turn.session, badge, team, body.line, badge.person.id)
        shown = own.model_dump(exclude={"yours"}) | {"again": not body.open}
        await turn.say("votes", {"of": team_id, **shown}, team_id)
    return own


@router.post("/requests", status_code=201)
async def ask(workshop: WorkshopId, body: RequestIn, badge: Leading) -> RequestOut:
    """Ask another team for what yours needs."""
    async with badge.room.turn() as turn:
        badge.open()
        asking = await drafts.team(turn.session, badge.workspace, badge.id, own_team(badge, body.from_team))
        asked = await drafts.team(turn.session, badge.workspace, badge.id, body.to_team)
        row = await said.ask(turn, asking, asked, body.text, body.line, badge.person.name)
        out = RequestOut.model_validate(row)
        await turn.say("request", out.model_dump(mode="json"))
    return out


@router.post("/requests/{request_id}/answer")
async def answer(workshop: WorkshopId, request_id: Id, body: RequestAnswerIn, badge: Leading) -> RequestOut:
    """Agree, or decline with a reason: the team that was asked does, or the facilitator."""
    if body.state == "declined" and not body.reason:
        raise InvalidInputError("reason: say why, so that the other team can plan without you.")
    async with badge.room.turn() as turn:
        badge.open()
        row = await said.find_request(turn, request_id)
        if badge.role is not Role.FACILITATOR and row.to_team != badge.person.team_id:
            raise ForbiddenError("Only the team that was asked can answer.")
        await said.answer(turn, row, body.state, body.reason, body.owner, badge.person.name)
        out = RequestOut.model_validate(row)
        await turn.say("request", out.model_dump(mode="json"))
    return out


@router.post("/notes", status_code=201)
async def note(workshop: WorkshopId, body: NoteIn, badge: Leading) -> NoteOut:
    """Put down a decision, something the room is not doing, or homework with its owner."""
    team = body.team_id if badge.role is Role.FACILITATOR else own_team(badge, body.team_id)
    async with badge.room.turn() as turn:
        badge.open()
        if team:
            await drafts.team(turn.session, badge.workspace, badge.id, team)
        row = await said.note(turn, body.kind, body.text, body.owner, team, badge.person.name)
        out = NoteOut.model_validate(row)
        await turn.say("note", out.model_dump(mode="json"))
    return out


@router.delete("/notes/{note_id}", status_code=204)
async def drop_note(workshop: WorkshopId, note_id: Id, badge: Leading) -> None:
    """Take a line off the room's lists; a lead only their own team's."""
    async with badge.room.turn() as turn:
        badge.open()
        row = await said.find_note(turn, note_id)
        if badge.role is not Role.FACILITATOR and row.team_id != badge.person.team_id:
            raise ForbiddenError("This is another team's, or the room's: its facilitator can take it off.")
        await turn.session.delete(row)
        await turn.say("note", {"id": note_id, "gone": True})
