"""The embedded writer: builds candidates from the measured line and the curated map. No key, no network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.coach.rewrite import activities, kpis
from app.coach.rewrite.guard import Fault
from app.coach.rewrite.nouns import Brief, Candidate
from app.coach.rewrite.outcomes import Near, OutcomeMap
from app.coach.rules.rule import LineView

NAME = "embedded"
NEAREST = 3
MAPPED = frozenset({"activity-not-outcome", "not-measurable", "vague-wording"})


class EmbeddedWriter:
    """See `Writer`."""

    name = NAME

    def __init__(self, outcomes: OutcomeMap) -> None:
        self._outcomes = outcomes

    def write(self, briefs: Sequence[Brief]) -> list[Candidate]:
        """See `Writer.write`; the lines of all OKRs are embedded in one pass."""
        asked = [
            (brief, at, line)
            for brief in briefs
            for at in brief.targets
            if (line := line_of(brief, at)) and MAPPED & set(brief.rules(at))
        ]
        rows = self._outcomes.encode([line.text for _, _, line in asked]) if asked else None
        near = self._outcomes.nearest(rows, NEAREST) if rows is not None else []
        known = {(id(brief), at): found for (brief, at, _), found in zip(asked, near, strict=True)}
        return [
            candidate
            for brief in briefs
            for at in brief.targets
            for candidate in _for_target(brief, at, known.get((id(brief), at), []))
        ]

    def repair(self, brief: Brief, candidate: Candidate, fault: Fault) -> Candidate | None:
        """See `Writer.repair`."""
        return None


def line_of(brief: Brief, at: int | None) -> LineView | None:
    """The line at a place, None for the objective of lone lines."""
    return brief.okr.objective if at is None else brief.okr.key_results[at]


def _for_target(brief: Brief, at: int | None, near: list[Near]) -> Iterator[Candidate]:
    line = line_of(brief, at)
    if line is None:
        return
    rules = set(brief.rules(at))
    target = brief.target(at)
    if "activity-not-outcome" in rules:
        if at is None:
            yield from activities.objective_guesses(line, near, target, NAME)
        else:
            yield from activities.guesses(line, near, target, NAME)
            yield from activities.adoption(line, target, NAME)
            yield from activities.so_that(line, target, NAME)
            yield activities.move(line, target, NAME)
    elif "kpi-as-okr" in rules:
        yield from kpis.moved(line, target, NAME)
        yield kpis.move(line, target, NAME)
