"""`POST /v1/overlaps`: what the OKRs of several teams share, double, need of each other, and where they pull apart."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request

from app.api.overlap_schemas import OverlapsIn, OverlapsOut
from app.api.problems import ERRORS
from app.coach.nouns import Line, Okr
from app.coach.overlap import Overlaps
from app.coach.overlap.opinion import LlmPairs
from app.coach.parse import parse_text
from app.config import Settings
from app.errors import InvalidInputError, TooLargeError

router = APIRouter(prefix="/v1", tags=["overlaps"])

MOST_FOR_ALL = 200
"""Key results up to which every pair can be asked for; their number grows with the square."""


@router.post("/overlaps", response_model=OverlapsOut, responses=ERRORS)
async def overlaps(body: OverlapsIn, request: Request) -> OverlapsOut:
    """Compare the OKRs of at least two teams, each with each.

    Pairs come with a type, the probability that they are related, both quotes and a sentence of why; `clusters` say
    which teams must talk. `strategy` adds which pillar is served by whom;
    with `parent` given, lines that repeat it are named
    in `copied_from_parent`. Nothing is stored. Indices count in `okrs` of the answer, which are those sent unless
    a team sent `text`.
    """
    finder: Overlaps = request.app.state.overlaps
    okrs = await asyncio.to_thread(read, body, request.app.state.settings)
    context = body.context()
    llm: LlmPairs | None = request.app.state.maps.llm
    ask = llm.from_threads() if llm else None
    found = await asyncio.to_thread(finder.find, okrs, context.strategy, context.parent, all_pairs=body.all, ask=ask)
    return OverlapsOut.of(okrs, found, finder)


def read(body: OverlapsIn, settings: Settings) -> list[Okr]:
    """The OKRs as sent, blank key results in their places. Raises `TooLargeError` and `InvalidInputError`."""
    size = sum(len(item.text or "") + len(item.objective or "") + sum(map(len, item.key_results)) for item in body.okrs)
    if size > settings.max_plan_chars:
        raise TooLargeError(
            f"The plan has {size:,} characters; this service compares up to {settings.max_plan_chars:,} at a time. "
            "Send fewer teams, or use `okr-coach overlap` on files."
        )
    okrs: list[Okr] = []
    for number, item in enumerate(body.okrs):
        team = " ".join((item.team or "").split())
        if not team:
            raise InvalidInputError(
                f"okrs[{number}] has no team: overlaps are found between teams, so give each OKR its `team`.",
                code="team-missing",
            )
        if item.text is None:
            objective = Line.whole(item.objective) if item.objective and item.objective.strip() else None
            okrs.append(Okr(objective, tuple(Line.whole(text) for text in item.key_results), team))
            continue
        draft = parse_text(item.text)
        if not draft.okrs:
            raise InvalidInputError(f"okrs[{number}].text: {draft.problems[0].message}", code="no-okrs")
        okrs += [Okr(okr.objective, okr.key_results, team, okr.cycle) for okr in draft.okrs]
    key_results = sum(len(okr.key_results) for okr in okrs)
    if body.all and key_results > MOST_FOR_ALL:
        raise TooLargeError(
            f"`all` returns every pair, for up to {MOST_FOR_ALL} key results; there are {key_results}. Leave `all` out "
            "to get the related pairs, or send fewer teams."
        )
    return okrs
