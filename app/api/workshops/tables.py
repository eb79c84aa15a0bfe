"""`/v1/workshops/{workshop}/teams/{team}`: a team's table, which its own people and the facilitator may enter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workshops import limits
from app.api.workshops.access import Badge, Leading, Role, Seated, TeamId, WorkshopId
from app.api.workshops.desk import summary
from app.api.workshops.room_schemas import TableOut
from app.api.workshops.schemas import AnswerIn, DraftEditIn, DraftOut, ReadyIn, VersionOut
from app.api.workshops.talk_schemas import CommentOut, TallyOut
from app.api.workspaces.access import Id
from app.coach.dismissals import content
from app.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.services.store import feedback
from app.services.store.feedback import Words
from app.services.store.workshops import drafts, rooms, talk
from app.services.store.workshops.tables import WorkshopTeam, WorkshopVote

router = APIRouter(prefix="/v1/workshops/{workshop}/teams/{team_id}", tags=["workshops"], responses=ERRORS | WORKSPACE)


@router.get("")
async def table(workshop: WorkshopId, team_id: TeamId, badge: Seated) -> TableOut:
    """The draft, what the coach says of it, comments and votes."""
    badge.at(team_id)
    async with badge.database.reading() as session:
        team = await drafts.team(session, badge.workspace, badge.id, team_id)
        comments = await talk.comments(session, badge.workspace, badge.id, team_id)
        votes = await talk.votes(session, badge.workspace, badge.id, team_id)
    if team.reviewed_version < team.version:
        badge.desk.read(badge.room, team_id)
    return TableOut(
        team=summary(team, badge.workshop),
        draft=DraftOut(version=team.version, lines=team.lines),
        report=team.report | {"version": team.reviewed_version},
        comments=[CommentOut.model_validate(row) for row in comments],
        votes=tallies(team, votes, badge.person.id),
        frozen=badge.workshop.frozen_at is not None,
    )


@router.put("/draft", responses=CHANGED)
async def edit(workshop: WorkshopId, team_id: TeamId, body: DraftEditIn, badge: Seated) -> DraftOut:
    """Save the draft. An edit of an older version is merged line by line; where both changed the same lines the
    answer is 409 with both wordings, and nothing is overwritten. What the coach says follows as event `findings`.
    """
    badge.at(team_id)
    async with badge.room.turn() as turn:
        badge.open()
        saved = await drafts.save(turn, team_id, body.version, body.text, badge.person.name, body.base)
        team = saved.team
        out = DraftOut(version=team.version, lines=team.lines, merged=saved.merged)
    if team.reviewed_version < team.version:
        badge.desk.read(badge.room, team_id)
    return out


@router.get("/history")
async def history(
    workshop: WorkshopId,
    team_id: TeamId,
    badge: Seated,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only versions before this one")] = None,
) -> list[VersionOut]:
    """Up to 200 versions of the draft, the latest first: who saved what, and when."""
    badge.at(team_id)
    async with badge.database.reading() as session:
        await drafts.team(session, badge.workspace, badge.id, team_id)
        found = await drafts.history(session, badge.workspace, badge.id, team_id, before)
    return [VersionOut.model_validate(row) for row in found]


@router.post("/ready", responses=CHANGED)
async def ready(workshop: WorkshopId, team_id: TeamId, body: ReadyIn, badge: Leading) -> dict[str, Any]:
    """Call the draft as it stands ready, or not yet; an edit takes it back.

    One that is over the workshop's limits is refused, 409 `over-limit`, unless a facilitator says `anyway`.
    """
    badge.at(team_id)
    if body.anyway and badge.role is not Role.FACILITATOR:
        raise ForbiddenError("Only a facilitator can let a draft pass that is over the limits.")
    async with badge.room.turn() as turn:
        badge.open()
        team = await drafts.team(turn.session, badge.workspace, badge.id, team_id)
        if body.ready and not body.anyway:
            limits.check(team, await rooms.get(turn.session, badge.workspace, badge.id))
        team.ready_version = team.version if body.ready else None
        await turn.session.flush()
        said = summary(team, badge.workshop)
        await turn.say("team", said)
    return said


@router.post("/findings/{finding_id}", status_code=204, responses=CHANGED)
async def answer_finding(workshop: WorkshopId, team_id: TeamId, finding_id: Id, body: AnswerIn, badge: Seated) -> None:
    """Accept or dismiss a finding; a dismissal counts by content in the whole workspace, until it is withdrawn."""
    badge.at(team_id)
    badge.open()
    if body.verdict == "dismiss" and not body.reason:
        raise InvalidInputError("reason: say why, for those who come later.")
    async with badge.database.writing() as session:
        team = await drafts.team(session, badge.workspace, badge.id, team_id)
        words = words_of(team.report, finding_id)
        by = f"{badge.person.name} ({team.name})"
        await feedback.give(session, badge.workspace, words, body.verdict, body.reason, by)
    badge.desk.forget(badge.id)
    badge.desk.read(badge.room, team_id)


def words_of(report: dict[str, Any], finding_id: str) -> Words:
    """A finding of the last review by its content. Raises `NotFoundError`."""
    every = [*report.get("findings", ()), *report.get("dismissed", ())]
    finding = next((one for one in every if one["id"] == finding_id), None)
    if finding is None:
        raise NotFoundError("That finding isn't in the last review any more: look at the draft again.")
    okr, at = report["objectives"][finding["target"]["objective"]], finding["target"]["key_result"]
    line = okr["key_results"][at]["text"] if at is not None else okr["text"] or finding["quote"]
    return Words(
        rule=finding["rule"],
        quote=finding["quote"],
        line=line,
        content=content(finding["rule"], finding["quote"], line),
        objective=(okr["text"] or "") if at is not None else "",
        is_objective=at is None,
    )


def tallies(team: WorkshopTeam, votes: Iterable[WorkshopVote], person: str) -> list[TallyOut]:
    """The votes on each line, counted; confidence only where it is revealed."""
    by_line: dict[int, list[WorkshopVote]] = {}
    for vote in votes:
        by_line.setdefault(vote.line, []).append(vote)
    return [_tally(team, line, found, person) for line, found in by_line.items()]


def _tally(team: WorkshopTeam, line: int, votes: Sequence[WorkshopVote], person: str) -> TallyOut:
    confidence = [vote.value for vote in votes if vote.kind == "confidence"]
    support = [vote.value for vote in votes if vote.kind == "support"]
    open_ = line in team.revealed
    return TallyOut(
        line=line,
        voted=len(confidence),
        spread=[confidence.count(value) for value in range(1, 6)] if open_ else None,
        up=support.count(1),
        down=support.count(-1),
        yours={vote.kind: vote.value for vote in votes if vote.person_id == person},
    )


async def tally_of(session: AsyncSession, badge: Badge, team: WorkshopTeam, line: int, person: str) -> TallyOut:
    """The votes on one line."""
    votes = await talk.votes(session, badge.workspace, badge.id, team.id)
    return _tally(team, line, [vote for vote in votes if vote.line == line], person)


def own_team(badge: Badge, named: str | None) -> str:
    """The team that somebody speaks for. Raises `InvalidInputError`, `ForbiddenError`."""
    if badge.role is Role.FACILITATOR:
        if not named:
            raise InvalidInputError("from_team: say which team asks; a facilitator sits at no table.")
        return named
    if named and named != badge.person.team_id:
        raise ForbiddenError("You can speak for your own team only.")
    return badge.person.team_id or ""
