"""Grades: plain arithmetic over findings, shown with every step.

An OKR starts at 100. The objective holds 30 points and the key results share 70 (a lone line holds
all 100). A finding on a line costs a part of that line's share, a line loses its share at most once;
a finding on the whole OKR costs a fixed number of points. Nothing goes below 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.coach.nouns import Finding, Okr, Severity

OBJECTIVE_POINTS = 30.0
PART_OF_LINE: Mapping[Severity, float] = {
    Severity.ERROR: 1.0,
    Severity.WARNING: 0.4,
    Severity.SUGGESTION: 0.1,
}
POINTS_OF_OKR: Mapping[Severity, float] = {
    Severity.ERROR: 25.0,
    Severity.WARNING: 10.0,
    Severity.SUGGESTION: 3.0,
}
WHOLE_OKR = frozenset(
    {
        "missing-strategy-link",
        "missing-deadline",
        "too-few-key-results",
        "too-many-key-results",
        "too-many-objectives",
        "one-sided-metrics",
        "all-lagging",
    }
)


@dataclass(frozen=True, slots=True)
class Deduction:
    """Points lost on one line or on the whole OKR, and the findings that cost them.

    `key_result` is the index of the line, None for the objective or the whole OKR.
    """

    key_result: int | None
    points: float
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """0-100 with the deductions that lead there from 100."""

    score: int
    deductions: tuple[Deduction, ...] = ()


def grade(okr: Okr, findings: Sequence[Finding]) -> Grade:
    """The grade of one OKR, given the findings on it."""
    count = len(okr.key_results)
    whole = 100.0 if okr.objective is None else 100.0 - OBJECTIVE_POINTS
    share = whole / count if count else 0.0
    deductions: list[Deduction] = []
    for index in range(-1, count):
        place = None if index < 0 else index
        on_line = [f for f in findings if f.target.key_result == place and f.rule not in WHOLE_OKR]
        part = min(1.0, sum(PART_OF_LINE[f.severity] for f in on_line))
        points = part * (OBJECTIVE_POINTS if place is None else share)
        if points:
            deductions.append(Deduction(place, round(points, 1), tuple(f.rule for f in on_line)))
    for finding in findings:
        if finding.rule in WHOLE_OKR:
            points = POINTS_OF_OKR[finding.severity]
            deductions.append(Deduction(None, points, (finding.rule,)))
    lost = sum(deduction.points for deduction in deductions)
    return Grade(max(0, round(100 - lost)), tuple(deductions))


def mean(grades: Sequence[Grade]) -> float | None:
    """The mean score, one decimal; None without grades."""
    return round(sum(g.score for g in grades) / len(grades), 1) if grades else None
