"""An objective that is itself a number.

## Finds

An objective that holds a figure to be reached or moved: "Increase revenue to $3.5M", "Win 200 restaurants",
"Cut response time by half".

It leaves alone a year, a quarter, a version or a programme's name ("ISO 27001", "Web3"), a small count that
only says what the objective is about ("one price list for three countries"), and set phrases such as 24/7
or a four-day week.

## Why it matters

An objective answers "why bother?", and a number can't. When the number moves up there, the key results
underneath turn into a list of tasks to get it.

## Do this instead

Say what the number would mean to somebody, and move the figure down into a key result.

Before:

```okr
Cycle: Q2
O: Win 200 restaurants
KR: Raise restaurants ordering weekly from 90 to 200
KR: Raise orders without a phone call from 35 % to 70 %
```

After:

```okr
Cycle: Q2
O: Restaurants order from us without thinking twice
KR: Raise restaurants ordering weekly from 90 to 200
KR: Raise orders without a phone call from 35 % to 70 %
```

## Sources

Castro and OpenOKR keep numbers out of objectives; Wodtke and Gothelf want an objective that people remember
and that moves them, and leave the measuring to the key results. On the other side, Google's playbook wants
an objective that can be checked, and Klau only says it needn't be measurable; the `doerr` profile merely
suggests it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Severity
from app.coach.quantities import Quantity
from app.coach.rules.kinds import each_objective
from app.coach.rules.rule import DraftView, Hit, LineView, Rule

FIGURES: Final = frozenset({"percent", "points"})
TIMES: Final = frozenset({"ms", "second", "minute", "hour", "day", "week", "month", "quarter", "year"})
SMALL_COUNT: Final = 10
OLDEST: Final = 100


def _check(line: LineView, draft: DraftView) -> Iterator[Hit]:
    found = next((quantity for quantity in line.measure.quantities if _is_figure(line, quantity)), None)
    if found:
        quote = line.text[found.start : found.end].strip()
        yield Hit(
            line,
            found.start,
            found.end,
            f"“{quote}” makes this objective a target; the figure belongs in a key result, so that the "
            "objective can say why it matters.",
        )


def _is_figure(line: LineView, quantity: Quantity) -> bool:
    measure = line.measure
    if quantity.value == 0 or quantity.unit == "rank" or _describes(line, quantity):
        return False
    if quantity.unit == "times":  # "double", "3x", but not "without thinking twice"
        written = line.text[quantity.start : quantity.end].lower()
        moved = quantity == measure.change and measure.direction is not None
        return written[0].isdigit() or (moved and not written.startswith("twice"))
    if quantity in {measure.baseline, measure.change}:
        return True
    if quantity.unit in FIGURES or quantity.unit.isupper() or quantity.unit == "money":
        return not (quantity.unit == "percent" and quantity.value == 100)
    if quantity == measure.target and measure.moves and measure.direction:
        return quantity.unit != "" or _is_large(line, quantity)
    if quantity.unit in TIMES:
        return measure.comparator is not None and quantity == measure.target
    return quantity.unit == "" and _is_large(line, quantity) and line.text[quantity.start].isdigit()


def _describes(line: LineView, quantity: Quantity) -> bool:
    """Whether it only says which ones are meant: "our $20k accounts", "subscribers under 40"."""
    before = line.text[max(0, quantity.start - 8) : quantity.start].lower().split()
    if not before:
        return False
    could_be_age = quantity.unit == "" and quantity.value is not None and quantity.value < OLDEST
    says_more = quantity.end < len(line.text) and not line.measure.moves
    aged = could_be_age and says_more and before[-1] in {"under", "over", "aged"}
    return aged or before[-1] in {"our", "their", "its", "these", "those"}


def _is_large(line: LineView, quantity: Quantity) -> bool:
    return quantity.value is None or abs(quantity.value) >= SMALL_COUNT


RULE = Rule(
    id="metric-in-objective",
    severity=Severity.WARNING,
    message="This objective is itself a figure; it belongs in a key result.",
    question="If you reached that number, what would be better, and for whom?",
    check=each_objective(_check),
)
