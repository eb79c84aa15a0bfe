"""`POST /v1/rewrites`: better versions of the flagged lines of a draft."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from pydantic import Field

from app.api.problems import ERRORS
from app.api.reviews import read
from app.api.rewrite_schemas import AnswerIn, RewritesOut, TargetIn, WriterChoice
from app.api.schemas import EXAMPLE_TEXT, DraftIn
from app.coach.flow import Coach
from app.coach.rewrite.rewriter import Rewriter, Wish

router = APIRouter(prefix="/v1", tags=["rewrites"])


class RewriteIn(DraftIn):
    """A draft, as for a review, and what to rewrite."""

    model_config = DraftIn.model_config | {
        "json_schema_extra": {
            "examples": [
                {
                    "text": EXAMPLE_TEXT,
                    "answers": [
                        {
                            "target": {"objective": 0, "key_result": 1},
                            "text": "new customers send an invoice without help",
                        }
                    ],
                }
            ]
        },
    }

    writer: WriterChoice = Field("auto", description="`auto`: the embedded writer, and the LLM where one is configured")
    targets: list[TargetIn] | None = Field(
        None, max_length=500, description="Lines to rewrite; all flagged ones without"
    )
    answers: list[AnswerIn] = Field(default_factory=list, max_length=500)
    n: int = Field(3, ge=1, le=5, description="Wordings for each line, moves not counted")

    def to_wish(self) -> Wish:
        """The same as the flow's value."""
        return Wish(
            tuple(target.to_noun() for target in self.targets) if self.targets is not None else None,
            tuple(answer.to_noun() for answer in self.answers),
            self.n,
        )


@router.post("/rewrites", responses=ERRORS)
async def rewrites(body: RewriteIn, request: Request) -> RewritesOut:
    """Rewrite the flagged lines of a draft: nothing invented, reviewed again before it is shown.

    What is missing is a blank in square brackets that says what to fill in; `answers` fill blanks or name the outcome
    that an activity is for. Wordings that failed a check are in `dropped` with the reason.
    """
    coach: Coach = request.app.state.coach
    rewriter: Rewriter = request.app.state.rewriter
    draft = await asyncio.to_thread(read, body, request.app.state.settings)
    context = body.context.to_noun()
    rewriter.check(body.writer)
    review = await coach.review_async(draft, context, body.profile, body.critic)
    return RewritesOut.of(await rewriter.rewrite_async(review, context, body.to_wish(), body.critic, body.writer))
