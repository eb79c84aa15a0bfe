"""Labelled lines from what people answered to findings.

Only the two headline findings on a line have a label of their own: accepted, it is the line's label; dismissed, the
line is `neither` unless the other one was accepted. Of several answers about a line the latest counts. Answers to
other findings say too little of a whole OKR to score it by.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evals.rows import LABEL_OF_RULE, LineRow


@dataclass(frozen=True, slots=True)
class Answer:
    """One piece of feedback on a finding in `line`, which stands under `objective` or is one."""

    id: str
    rule: str
    accepted: bool
    line: str
    objective: str = ""
    is_objective: bool = False


def samples(answers: Iterable[Answer], org: str) -> list[dict[str, Any]]:
    """Rows of `dataset.schema.json`, from answers in the order they were given."""
    latest: dict[tuple[str, str], dict[str, Answer]] = {}
    for answer in answers:
        if answer.rule in LABEL_OF_RULE and answer.line:
            latest.setdefault((answer.objective, answer.line), {})[answer.rule] = answer
    rows = []
    for (objective, line), by_rule in latest.items():
        accepted = [answer for answer in by_rule.values() if answer.accepted]
        first = (accepted or list(by_rule.values()))[-1]
        row = LineRow(
            id=first.id,
            org=org,
            text=line,
            label=LABEL_OF_RULE[first.rule] if accepted else "neither",
            objective=objective or None,
            is_objective=first.is_objective,
        )
        rows.append(row.model_dump(exclude_defaults=True))
    return rows
