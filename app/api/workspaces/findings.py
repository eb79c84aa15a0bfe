"""Reviews of stored OKRs, `/v1/feedback` on findings, and what a workspace has dismissed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field, model_validator

from app.api.problems import ERRORS, WORKSPACE
from app.api.schemas import ReviewOut
from app.api.workspaces.access import After, Id, Limit, Reader, WorkspaceId, Writer
from app.api.workspaces.background import informed, noun, remember
from app.api.workspaces.schemas import In, Line, Out, Page, Person, Prose, paged
from app.coach.dismissals import content
from app.coach.flow import Coach
from app.coach.nouns import Context, Draft
from app.coach.stages import CriticChoice
from app.services.store import feedback as kept
from app.services.store import records
from app.services.store.feedback import Words
from app.services.store.tables import Cycle, Okr, Team

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["workspaces"], responses=ERRORS | WORKSPACE)
feedback_router = APIRouter(prefix="/v1", tags=["workspaces"], responses=ERRORS | WORKSPACE)


class SnapshotOut(Out):
    """The last review of a stored OKR; `current` is false once the OKR has changed since."""

    okr_id: str
    okr_version: int
    current: bool
    at: datetime
    review: ReviewOut


class FeedbackIn(In):
    """An answer to a finding, named by `finding_id`, or by `rule` and `quote` (and `line`, to mean that line alone)."""

    finding_id: str | None = Field(None, max_length=32, pattern="^[0-9a-f]+$")
    rule: str | None = Field(None, max_length=100, pattern="^[a-z0-9-]+$")
    quote: Line | None = None
    line: Prose = ""
    verdict: Literal["accept", "dismiss"]
    reason: Prose = Field("", description="Why; a dismissal needs one")
    by: Person = ""

    @model_validator(mode="after")
    def _whole(self) -> FeedbackIn:
        if (self.finding_id is None) == (self.rule is None or self.quote is None):
            raise ValueError("send either `finding_id`, or `rule` and `quote`")
        if self.verdict == "dismiss" and not self.reason:
            raise ValueError("`reason` is missing: a dismissal says why, for those who come later")
        return self


class FeedbackOut(Out):
    """An answer as kept. `content` stands for rule, quote and line."""

    id: str
    content: str
    rule: str
    quote: str
    line: str
    verdict: str
    reason: str
    by: str
    at: datetime


class DismissalOut(Out):
    """What isn't raised any more: this rule on this quote, in this line or (empty) in any."""

    content: str
    rule: str
    quote: str
    line: str
    reason: str
    by: str
    at: datetime


@router.post("/okrs/{okr_id}/review")
async def review_okr(
    workspace: WorkspaceId,
    okr_id: Id,
    seat: Writer,
    request: Request,
    *,
    profile: Annotated[str, Query(max_length=50)] = "house",
    critic: CriticChoice = "auto",
) -> SnapshotOut:
    """Review a stored OKR against its workspace, and keep what was found."""
    async with seat.database.reading() as session:
        row = await records.find(session, Okr, seat.workspace, okr_id)
        cycle = await records.find(session, Cycle, seat.workspace, row.cycle_id)
        team = await records.find(session, Team, seat.workspace, row.team_id) if row.team_id else None
    draft = Draft((noun(row),))
    context = Context(team=team.name if team else None, cycle=cycle.name)
    context = await informed(seat, draft, context, row.parent_id)
    coach: Coach = request.app.state.coach
    review = await coach.review_async(draft, context, profile, critic)
    await remember(seat, review)
    shown = ReviewOut.of(review)
    grade = shown.objectives[0].grade
    async with seat.database.writing() as session:
        await kept.keep_report(session, row, grade, shown.model_dump(mode="json"))
    return await _snapshot(seat, okr_id)


@router.get("/okrs/{okr_id}/review")
async def last_review(workspace: WorkspaceId, okr_id: Id, seat: Reader) -> SnapshotOut:
    """What was found in a stored OKR when it was last reviewed."""
    return await _snapshot(seat, okr_id)


@feedback_router.post("/feedback", status_code=201)
async def give_feedback(body: FeedbackIn, seat: Writer) -> FeedbackOut:
    """Accept or dismiss a finding in the workspace of the key. A dismissal sticks: by content, until withdrawn."""
    async with seat.database.writing() as session:
        if body.finding_id:
            seen = await kept.seen(session, seat.workspace, body.finding_id)
            words = Words(
                seen.rule,
                seen.quote,
                seen.line,
                content(seen.rule, seen.quote, seen.line),
                seen.objective,
                seen.is_objective,
            )
        else:
            rule, quote = body.rule or "", body.quote or ""
            words = Words(rule, quote, body.line, content(rule, quote, body.line))
        row = await kept.give(session, seat.workspace, words, body.verdict, body.reason, seat.author(body.by))
    return FeedbackOut.model_validate(row)


@router.get("/dismissals")
async def dismissals(workspace: WorkspaceId, seat: Reader, limit: Limit = 100, after: After = "") -> Page[DismissalOut]:
    """What isn't raised any more, and why."""
    async with seat.database.reading() as session:
        rows = await kept.dismissed(session, seat.workspace, limit=limit + 1, after=after)
    return paged(rows, limit, DismissalOut.model_validate, lambda row: row.content)


@router.delete("/dismissals/{dismissal}", status_code=204)
async def withdraw_dismissal(
    workspace: WorkspaceId, dismissal: Annotated[str, Field(max_length=64, pattern="^[0-9a-f]+$")], seat: Writer
) -> None:
    """Let a finding be raised again; `dismissal` is its content."""
    async with seat.database.writing() as session:
        await kept.withdraw(session, seat.workspace, dismissal)


async def _snapshot(seat: Reader, okr_id: str) -> SnapshotOut:
    async with seat.database.reading() as session:
        row = await records.find(session, Okr, seat.workspace, okr_id)
        found = await kept.report_of(session, seat.workspace, okr_id)
    return SnapshotOut(
        okr_id=okr_id,
        okr_version=found.okr_version,
        current=found.okr_version == row.version,
        at=found.at,
        review=ReviewOut.model_validate(found.report),
    )
