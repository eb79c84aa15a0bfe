"""`POST /v1/reviews`: review a draft."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from fastapi import APIRouter, Request
from sse_starlette import EventSourceResponse

from app.api.problems import ERRORS, WORKSPACE
from app.api.rewrite_schemas import RewritesOut
from app.api.schemas import DraftIn, ReviewIn, ReviewOut
from app.api.streaming import EVENT_STREAM, STREAMED, events
from app.api.workspaces.access import check, seat
from app.api.workspaces.background import informed, remember, remembering
from app.api.workspaces.neighbours import overlapping
from app.coach.flow import Coach
from app.coach.nouns import Draft
from app.coach.parse import parse_okrs, parse_text
from app.coach.report import Review
from app.coach.rewrite.rewriter import Rewriter, Rewritten, Wish
from app.config import Settings
from app.errors import InvalidInputError, TooLargeError
from app.services.store import Scope

router = APIRouter(prefix="/v1", tags=["reviews"])

_SHORT = 2_000
"""Characters that are read in a few milliseconds."""


@router.post("/reviews", response_model=ReviewOut, responses=ERRORS | WORKSPACE | STREAMED)
async def review(body: ReviewIn, request: Request) -> ReviewOut | EventSourceResponse:
    """Review a draft: findings tied to the exact words, a verdict on each line, a grade for each OKR.

    `start` and `end` count code points in `text`, or within the item's own string for `okrs`. With
    `Accept: text/event-stream` the stages come as events: `parsed`, `findings` (a whole review by rules and
    embedded models), `critic` (once a verdict of the LLM), `rewrites` (if asked for: all that have passed so far),
    `done` (the whole review by everybody), or `error`.
    With `workspace` and its key, that workspace's strategy, KPI register, cycle and parent objective count where
    `context` doesn't say otherwise, and what was dismissed there is listed as `dismissed`. Where the draft's team is
    known too, `overlaps` says what it has to do with the OKRs of other teams in the same cycle.
    """
    coach: Coach = request.app.state.coach
    rewriter: Rewriter = request.app.state.rewriter
    draft = await _parsed(body, request.app.state.settings)
    context = body.context.to_noun()
    seated, found = None, None
    if body.workspace:
        seated = await seat(request)
        check(seated, body.workspace, Scope.READ)
        context = await informed(seated, draft, context, body.parent_okr)
        if body.overlaps:
            found = await overlapping(seated, request.app.state.neighbours, draft, context, body.parent_okr)

    def rewritten(review: Review) -> AsyncGenerator[Rewritten]:
        return rewriter.stream(review, context, Wish(), body.critic)

    if EVENT_STREAM in request.headers.get("accept", ""):
        stages = coach.stream(draft, context, body.profile, body.critic)
        told = remembering(seated, stages) if seated else stages
        return EventSourceResponse(events(told, rewritten if body.rewrites else None, found), sep="\n")
    review = await coach.review_async(draft, context, body.profile, body.critic)
    if seated:
        await remember(seated, review)
    out = ReviewOut.of(review).with_overlaps(found)
    if not body.rewrites:
        return out
    return out.with_rewrites(RewritesOut.of(await rewriter.rewrite_async(review, context, Wish(), body.critic)))


async def _parsed(body: DraftIn, settings: Settings) -> Draft:
    """What `read` gives, for short texts at once: changing threads takes a busy machine longer than reading them."""
    if body.text is not None and len(body.text) <= _SHORT:
        return read(body, settings)
    return await asyncio.to_thread(read, body, settings)


def read(body: DraftIn, settings: Settings) -> Draft:
    """The submission parsed. Raises `TooLargeError`, and `InvalidInputError` for text with nothing in it."""
    okrs = body.okrs or []
    size = len(body.text or "") + sum(len(okr.objective or "") + sum(map(len, okr.key_results)) for okr in okrs)
    if size > settings.max_draft_chars:
        raise TooLargeError(
            f"The draft has {size:,} characters; this service reads up to {settings.max_draft_chars:,} "
            "at a time. Send it in parts, a team each."
        )
    if body.text is None:
        return parse_okrs([okr.model_dump() for okr in okrs])
    draft = parse_text(body.text)
    for problem in draft.problems:
        if not draft.okrs and problem.code in {"empty", "binary"}:
            raise InvalidInputError(problem.message, code=f"{problem.code}-draft")
    return draft
