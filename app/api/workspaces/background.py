"""What a review takes from a workspace, and what it leaves there."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from app.api.workspaces.access import Seat
from app.coach.dismissals import content, line_of
from app.coach.nouns import Context, Draft, Finding, Kpi, Line, Okr, Pillar
from app.coach.report import Review
from app.coach.stages import Done, Stage
from app.services.store import Scope, feedback, register, tables
from app.services.store.feedback import Words


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What a workspace holds that bears on a draft of a cycle."""

    known: register.Background
    dismissed: Sequence[tables.Dismissal]


async def informed(seat: Seat, draft: Draft, context: Context, parent: str | None = None) -> Context:
    """`context` filled up from the workspace: what the author says counts more than what is kept there.

    `parent` is the id of the OKR above. Without one the organisation's only own OKR of the cycle is taken; of several,
    each is something that a team may serve. Raises `NotFoundError` for a parent that isn't there.
    """
    named = context.cycle or draft.cycle or next((okr.cycle for okr in draft.okrs if okr.cycle), None)
    return filled(await backdrop(seat, named, parent), draft, context, named)


async def backdrop(seat: Seat, cycle: str | None, parent: str | None = None) -> Backdrop:
    """Read what bears on a draft for `cycle` (a name; None: the one under way). Raises as `informed` does."""
    async with seat.database.reading() as session:
        known = await register.background(session, seat.workspace, cycle=cycle, parent=parent)
        return Backdrop(known, await feedback.dismissed(session, seat.workspace))


def filled(held: Backdrop, draft: Draft, context: Context, named: str | None) -> Context:
    """`context` filled up from what was read; `named` is the cycle that it was read for."""
    known, dismissed = held.known, held.dismissed
    said = {_plain(okr.objective.text) for okr in draft.okrs if okr.objective}
    above = [okr for okr in known.own if _plain(okr.objective) not in said]
    pillars = context.strategy or tuple(Pillar(row.name, row.text) for row in known.pillars)
    up = context.parent or (noun(known.parent) if known.parent else None)
    if up is None and len(above) == 1:
        up = noun(above[0])
    elif up is None:
        pillars += tuple(Pillar(okr.objective) for okr in above)
    own_names = {_plain(kpi.name) for kpi in context.kpis}
    kept = tuple(
        Kpi(row.name, row.target, tuple(known.readings.get(row.id, ())))
        for row in known.kpis
        if _plain(row.name) not in own_names
    )
    return replace(
        context,
        cycle=named or (known.cycle.name if known.cycle else None),
        strategy=pillars,
        parent=up,
        kpis=context.kpis + kept,
        dismissed={row.content: row.reason for row in dismissed},
    )


def noun(row: tables.Okr) -> Okr:
    """A stored OKR as the flow's value."""
    return Okr(Line.whole(row.objective), tuple(Line.whole(text) for text in row.key_results))


async def remember(seat: Seat, review: Review) -> None:
    """Keep what the findings were about, for feedback that names one by its id, if this key may give any."""
    if not seat.granted.scope.allows(Scope.WRITE):
        return
    every = [*review.findings, *(dismissed.finding for dismissed in review.dismissed)]
    if every:
        async with seat.database.writing() as session:
            words = ((finding.id, words_of(review.draft, finding)) for finding in every)
            await feedback.see(session, seat.workspace, words)


async def remembering(seat: Seat, stages: AsyncGenerator[Stage]) -> AsyncGenerator[Stage]:
    """The stages of a review, remembered once it is done."""
    async with aclosing(stages):
        async for stage in stages:
            if isinstance(stage, Done):
                await remember(seat, stage.review)
            yield stage


def words_of(draft: Draft, finding: Finding) -> Words:
    """A finding by its content."""
    okr = draft.okrs[finding.target.objective]
    line = line_of(draft, finding)
    at = finding.target.key_result
    above = okr.objective.text if okr.objective and at is not None else ""
    return Words(
        rule=finding.rule,
        quote=_storable(finding.quote),
        line=_storable(line),
        content=content(finding.rule, finding.quote, line),
        objective=_storable(above),
        is_objective=at is None,
    )


def _storable(text: str) -> str:
    return text.replace("\x00", "�")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
