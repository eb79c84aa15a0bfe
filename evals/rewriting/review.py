"""What the product's review says of an OKR before and after a candidate took its line's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.coach.nouns import Draft, Finding, Line, Okr
from evals.cases import OKR_WIDE
from evals.rewriting.shown import Flagged, Shown
from evals.solvers.product import product_coach


def rules_left(flagged: Flagged, shown: Sequence[Shown]) -> list[frozenset[str]]:
    """The rules that flag what stands in the line's place, for each candidate.

    Blanks stay as they are: they count as present. Findings on the OKR as a whole are left out; the sample is
    one line with its objective.
    """
    reviews = _reviews([_put(flagged, each) for each in shown])
    return [_rules(review, _own(flagged, each)) for review, each in zip(reviews, shown, strict=True)]


def rules_before(flagged: Flagged) -> frozenset[str]:
    """The rules that flag the line as it was written."""
    return _rules(_reviews([flagged.case.okr])[0], (flagged.key_result,))


def _put(flagged: Flagged, shown: Shown) -> Okr:
    okr, at = flagged.case.okr, flagged.key_result
    lines = tuple(Line.whole(text) for text in shown.lines)
    if shown.kind == "okr":
        objective = lines[:1] if okr.objective else ()
        return replace(okr, objective=objective[0] if objective else None, key_results=lines[len(objective) :])
    if at is None:
        return replace(okr, objective=lines[0], key_results=(*lines[1:], *okr.key_results))
    return replace(okr, key_results=(*okr.key_results[:at], *lines, *okr.key_results[at + 1 :]))


def _own(flagged: Flagged, shown: Shown) -> tuple[int | None, ...]:
    extra = len(shown.lines) - 1
    if shown.kind == "okr":
        return (None, *range(len(shown.lines)))
    if flagged.key_result is None:
        return (None, *range(extra))
    return tuple(range(flagged.key_result, flagged.key_result + extra + 1))


def _rules(review: tuple[Finding, ...], places: tuple[int | None, ...]) -> frozenset[str]:
    return frozenset(
        finding.rule for finding in review if finding.target.key_result in places and finding.rule not in OKR_WIDE
    )


_KNOWN: dict[Okr, tuple[Finding, ...]] = {}
"""Kept, because the gate scores the accepted answers as well, and most of them haven't changed."""


def _reviews(okrs: Sequence[Okr]) -> list[tuple[Finding, ...]]:
    """The findings on each OKR, as a draft of a team of its own; new ones are reviewed in one go."""
    new = [okr for okr in dict.fromkeys(okrs) if okr not in _KNOWN]
    if new:
        teams = tuple(replace(okr, team=f"{at}") for at, okr in enumerate(new))
        found: dict[int, list[Finding]] = {}
        for finding in product_coach().review(Draft(teams)).findings:
            found.setdefault(finding.target.objective, []).append(finding)
        _KNOWN.update((okr, tuple(found.get(at, ()))) for at, okr in enumerate(new))
    return [_KNOWN[okr] for okr in okrs]
