"""The example that the page offers, and the lines that show beforehand what comes back."""

from __future__ import annotations

from dataclasses import dataclass

from app.coach.nouns import Severity, Verdict
from app.coach.report import VERDICT_WORDS
from app.web.catalogue import RuleFacts, catalogue
from app.web.view import NEARLY, Chip

EXAMPLE_DRAFT = """\
Team: Onboarding
Q3 2026

O: New customers feel at home in their first week
KR1: Cut the median time from sign-up to first invoice from 9 days to 3
KR2: Launch the new set-up wizard
KR3: Support satisfaction stays above 95 %
KR4: Better help pages

O: Accountants bring us their clients
KR1: Share of partner accountants with an active client from 22 % to 40 %
KR2: Grow client firms invited by accountants by 30 %
"""
EXAMPLE_STRATEGY = "Customers succeed in their first weeks without our help\nAccountants recommend us to their clients"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the illustration: its words around the flagged ones, its chip and its rule."""

    label: str
    before: str
    flagged: str
    after: str
    chip: Chip
    severity: Severity | None = None
    rule: RuleFacts | None = None


def shown_lines() -> tuple[ShownLine, ...]:
    """A good line, a task and a vague line."""
    rules = catalogue()
    good = Chip(Verdict.GOOD.value, VERDICT_WORDS[Verdict.GOOD])
    return (
        ShownLine("KR 1", "Repeat visits within a month from 18 % to 30 %", "", "", good),
        ShownLine(
            "KR 2",
            "",
            "Launch the loyalty card",
            "",
            Chip(Verdict.ACTIVITY.value, VERDICT_WORDS[Verdict.ACTIVITY]),
            Severity.ERROR,
            rules["activity-not-outcome"],
        ),
        ShownLine(
            "KR 3",
            "Raise the average basket to ",
            "€ 34",
            "",
            NEARLY,
            Severity.WARNING,
            rules["missing-baseline"],
        ),
    )
