"""A review as server-sent events, one a stage."""

from __future__ import annotations

import http
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Any, Literal

from pydantic import BaseModel
from sse_starlette import ServerSentEvent

from app.api.neighbour_schemas import DraftOverlapOut
from app.api.rewrite_schemas import RewritesOut, TargetOut
from app.api.schemas import ProblemOut, ReviewOut
from app.coach import nouns
from app.coach.critic.llm import JudgedLine, JudgedLink
from app.coach.report import Review
from app.coach.rewrite.rewriter import Rewritten
from app.coach.stages import Done, Found, Heard, Parsed, Stage
from app.errors import CoachError

EVENT_STREAM = "text/event-stream"
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {"description": "The review", "content": {EVENT_STREAM: {"schema": {"type": "string"}}}}
}
log = logging.getLogger("okr_coach")


class LineOut(BaseModel):
    """A line as written."""

    text: str
    start: int
    end: int

    @classmethod
    def of(cls, line: nouns.Line) -> LineOut:
        """From the flow's value."""
        return cls(text=line.text, start=line.start, end=line.end)


class ReadOkrOut(BaseModel):
    """An OKR as read, before anybody has judged it."""

    team: str | None
    cycle: str | None
    objective: LineOut | None
    key_results: list[LineOut]


class ParsedOut(BaseModel):
    """Event `parsed`."""

    objectives: list[ReadOkrOut]

    @classmethod
    def of(cls, draft: nouns.Draft) -> ParsedOut:
        """From the flow's value."""
        return cls(
            objectives=[
                ReadOkrOut(
                    team=okr.team,
                    cycle=okr.cycle,
                    objective=LineOut.of(okr.objective) if okr.objective else None,
                    key_results=[LineOut.of(line) for line in okr.key_results],
                )
                for okr in draft.okrs
            ]
        )


class VerdictOut(BaseModel):
    """Event `critic`: what the LLM says of one line. Whether that stands is for the review in `done`."""

    target: TargetOut
    kind: Literal["activity", "kpi", "neither"]
    confidence: float
    why: str
    quote: str | None
    start: int | None
    end: int | None

    @classmethod
    def of(cls, judged: JudgedLine) -> VerdictOut:
        """From the flow's value."""
        line, judgement = judged.line, judged.judgement
        start, end = judgement.quote or (None, None)
        return cls(
            target=TargetOut(objective=line.objective, key_result=line.key_result),
            kind=judgement.kind.value,
            confidence=judgement.confidence,
            why=judgement.why,
            quote=line.text[start:end] if judgement.quote else None,
            start=line.line.start + start if start is not None else None,
            end=line.line.start + end if end is not None else None,
        )


class LinkOut(BaseModel):
    """Event `critic`: which pillar, counted from 0, the LLM says an OKR serves; null for none."""

    target: TargetOut
    kind: Literal["linked", "missing"]
    confidence: float
    why: str
    pillar: int | None

    @classmethod
    def of(cls, judged: JudgedLink) -> LinkOut:
        """From the flow's value."""
        return cls(
            target=TargetOut(objective=judged.okr.index, key_result=None),
            kind="missing" if judged.pillar is None else "linked",
            confidence=judged.confidence,
            why=judged.why,
            pillar=judged.pillar,
        )


Rewriting = Callable[[Review], AsyncGenerator[Rewritten]]


async def events(
    stages: AsyncGenerator[Stage],
    rewriting: Rewriting | None = None,
    overlaps: Sequence[DraftOverlapOut] | None = None,
) -> AsyncGenerator[ServerSentEvent]:
    """The stages as events; an error after the start, when the status is long sent, is one as well.

    With `rewriting`, what it yields comes as events `rewrites` before `done`, and `done` holds the last of them.
    """
    try:
        async with aclosing(stages):
            async for stage in stages:
                if rewriting is None or not isinstance(stage, Done):
                    yield _event(stage, overlaps)
                    continue
                found = None
                async with aclosing(rewriting(stage.review)) as rewrites:
                    async for rewritten in rewrites:
                        found = RewritesOut.of(rewritten)
                        yield _named("rewrites", found)
                out = ReviewOut.of(stage.review).with_overlaps(overlaps)
                yield _named("done", out.with_rewrites(found) if found else out)
    except CoachError as error:
        yield _named("error", _problem(error.status, error.code, error.message))
    except Exception:
        log.exception("unexpected error in the middle of a review")
        detail = "Something went wrong on our side; the draft was not stored."
        yield _named("error", _problem(500, "internal-error", detail))


def _event(stage: Stage, overlaps: Sequence[DraftOverlapOut] | None) -> ServerSentEvent:
    match stage:
        case Parsed(draft):
            return _named("parsed", ParsedOut.of(draft))
        case Found(review):
            return _named("findings", ReviewOut.of(review).with_overlaps(overlaps))
        case Heard(judged):
            out = VerdictOut.of(judged) if isinstance(judged, JudgedLine) else LinkOut.of(judged)
            return _named("critic", out)
        case Done(review):
            return _named("done", ReviewOut.of(review).with_overlaps(overlaps))


def _named(event: str, data: BaseModel) -> ServerSentEvent:
    return ServerSentEvent(data.model_dump_json(), event=event, sep="\n")


def _problem(status: int, code: str, detail: str) -> ProblemOut:
    kind = f"urn:okr-coach:problem:{code}"
    return ProblemOut(type=kind, title=http.HTTPStatus(status).phrase, status=status, code=code, detail=detail)
