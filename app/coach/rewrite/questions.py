"""What the coach asks before a rewrite: one question a line, about what only its author knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.coach.rewrite.nouns import Brief, Question

QUESTIONS: Final[Mapping[str, str]] = {
    "activity-not-outcome": "What will be different for whom when this is done?",
    "kpi-as-okr": "Does this have to move in this cycle, and if so, from where to where?",
    "not-measurable": "What would you look at to see the difference?",
    "vague-wording": "If it came true, what would people see that they don't see today?",
    "vanity-metric": "What should these people do next?",
    "missing-baseline": "Where does this figure stand today?",
    "missing-strategy-link": "What is the one sentence that leads from this to a priority?",
    "missing-deadline": "Which cycle are these for?",
    "no-stretch": "If the most important thing you plan worked, where could this figure be?",
    "horizon-mismatch": "How far along would you be when this cycle ends?",
    "too-few-key-results": "What else would show that the objective came true?",
}


def questions_of(briefs: Sequence[Brief]) -> Iterator[Question]:
    """One question for each line that has one, the weightiest finding's."""
    for brief in briefs:
        for at in brief.targets:
            rule = next((rule for rule in QUESTIONS if rule in brief.rules(at)), None)
            if rule:
                place = "objective" if at is None else f"{at}"
                yield Question(f"{brief.okr.index}/{place}/{rule}", brief.target(at), QUESTIONS[rule])
