"""A target that asks for no change, or for the wrong one.

## Finds

A key result whose target equals its starting point, lies on the wrong side of it ("Reduce churn from 4 % to
5 %"), or differs from it by two percent or less ("Grow members from 5,000 to 5,050"). Where the readings of
your KPI register are known, also a target that the KPI has met in its last few readings anyway.

It leaves alone steps near a natural limit, where every tenth is hard won: percentages above 95, ratings
close to full marks, uptime, and limits set by law. Ranks are left alone too, and figures in units that
can't be compared. Whether a larger change is bold enough the text can't tell, so nothing is said about it.

## Why it matters

A change within the usual noise will happen, or not, whatever the team does. An OKR is worth the trouble if
people would have to work differently to reach it.

## Do this instead

Check the direction first: often two figures were swapped. Then ask where the figure could be if the most
important thing worked, and aim for a point of which you are about half sure.

Before:

```okr
KR: Grow members from 5,000 to 5,050 by the end of March
```

After:

```okr
KR: Grow members from 5,000 to 6,200 by the end of March
```

## Sources

Worxmate and Tesoract: about 70 % of the way is the ideal score, so always hitting 100 % means too easy.
Wodtke: set it where you are half sure. Google's playbook tells committed goals, to be met in full, from
aspirational ones; Castro and Appfire advise teams new to OKRs to begin with goals within reach. None of
them defends a change that nobody would notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from app.coach.nouns import Kpi, Severity
from app.coach.quantities import Direction, Measure, Quantity
from app.coach.register import LATEST, named_kpi, target_in_its_unit, unit_mark, usual
from app.coach.rules.kinds import each_key_result
from app.coach.rules.rule import DraftView, Hit, LineView, Rule
from app.coach.words import Lexicon, phrases

UPWARD: Final = phrases(
    "increase, increases, increasing, grow, growing, raise, raising, lift, boost, double, triple, expand",
    "gain",
)
DOWNWARD: Final = phrases(
    "reduce, reduces, reducing, decrease, decreasing, cut, cutting, lower, lowering, shrink, halve",
    "shorten, minimise, minimize, drop",
)
NEAR_A_LIMIT: Final = phrases(
    "uptime, availability, sla, legal, regulated, regulation, statutory, regulatory, limit, ceiling, cap",
    "purity, sterility, accuracy, precision, stars, star, out of, rating, ratings, interest, inflation",
    "ph, temperature, degrees",
)
# A change of "2 %" in one of these may mean points, which can be a lot.
SHARES: Final = phrases(
    "rate, rates, share, margin, conversion, churn, retention, coverage, ratio, percentage, proportion",
    "yield, turnover, probability, satisfaction, occupancy, utilisation, utilization, accuracy",
    "penetration, attrition, absence, defects",
)
SECONDS: Final = {
    "ms": 0.001,
    "second": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "day": 86400.0,
    "week": 604800.0,
    "month": 2629800.0,
    "quarter": 7889400.0,
    "year": 31557600.0,
}

_UPWARD: Final = Lexicon(UPWARD)
_DOWNWARD: Final = Lexicon(DOWNWARD)
_NEAR_A_LIMIT: Final = Lexicon(NEAR_A_LIMIT)
_SHARES: Final = Lexicon(SHARES)
_OPENING: Final = 3


def _check(line: LineView, draft: DraftView) -> Iterator[Hit]:
    measure = line.measure
    if measure.direction is Direction.KEEP:
        return
    hits: list[Hit] = []
    if measure.baseline and measure.target:
        hits = list(_from_to(line, measure.baseline, measure.target, draft))
    elif measure.change and not measure.baseline:
        hits = list(_by(line, measure.change, draft))
    yield from hits or _within_variation(line, draft)


def _within_variation(line: LineView, draft: DraftView) -> Iterator[Hit]:
    """A target that a registered KPI has met lately without anybody's doing."""
    found = named_kpi(line, draft)
    target = line.measure.target
    if found is None or target is None or not line.measure.moves:
        return
    kpi, _ = found
    value, range_ = target_in_its_unit(line.measure, kpi), usual(kpi)
    if value is None or range_ is None or not range_[0] <= value <= range_[1] or _turns(line.measure, kpi):
        return
    low, high = (f"{bound:g}{unit_mark(kpi)}" for bound in range_)
    quote = line.text[target.start : target.end].strip()
    yield Hit(
        line,
        target.start,
        target.end,
        f"“{kpi.name}” lay between {low} and {high} in its last {min(len(kpi.history), LATEST)} readings, so “{quote}” "
        "is inside its usual variation.",
    )


def _turns(measure: Measure, kpi: Kpi) -> bool:
    """Whether the line would turn round a KPI that has gone one way, against the line's, in every reading."""
    readings = kpi.history[-LATEST:]
    steps = [after - before for before, after in pairwise(readings)]
    if measure.baseline and measure.target and measure.baseline.value is not None and measure.target.value is not None:
        rises = measure.target.value > measure.baseline.value
    else:
        rises = measure.direction is Direction.UP
    return all(step < 0 for step in steps) if rises else all(step > 0 for step in steps)


def _from_to(line: LineView, baseline: Quantity, target: Quantity, draft: DraftView) -> Iterator[Hit]:
    start, end = _comparable(baseline, target)
    if start is None or end is None or "rank" in {baseline.unit, target.unit}:
        return
    span = min(baseline.start, target.start), max(baseline.end, target.end)
    first, last = (line.text[quantity.start : quantity.end].strip() for quantity in (baseline, target))
    if start == end:
        yield Hit(line, *span, f"From “{first}” to “{last}” is no movement at all.")
    elif _is_backwards(line, start, end):
        yield Hit(
            line,
            *span,
            f"From “{first}” to “{last}” goes the other way than the verb says; were they swapped?",
        )
    elif start and abs(end - start) / abs(start) * 100 <= draft.limit("small_change_percent") + 1e-9:
        near = draft.limit("near_limit_percent")
        at_limit = baseline.unit == "percent" and (max(start, end) >= near or min(start, end) <= 100 - near)
        if not at_limit and not _NEAR_A_LIMIT.within(line.words):
            change = f"{abs(end - start) / abs(start) * 100:.1f}".rstrip("0").rstrip(".")
            yield Hit(
                line,
                *span,
                f"From “{first}” to “{last}” is a change of about {change} %, which could happen by itself.",
            )


def _by(line: LineView, change: Quantity, draft: DraftView) -> Iterator[Hit]:
    if change.unit != "percent" or change.value is None or line.measure.direction is None:
        return
    small = 0 < change.value <= draft.limit("small_change_percent")
    if small and not _SHARES.within(line.words) and not _NEAR_A_LIMIT.within(line.words):
        quote = line.text[change.start : change.end].strip()
        yield Hit(line, change.start, change.end, f"A change of “{quote}” could happen by itself.")


def _comparable(baseline: Quantity, target: Quantity) -> tuple[float | None, float | None]:
    """Both values in one unit, or None where that can't be."""
    if baseline.value is None or target.value is None:
        return None, None
    if baseline.unit == target.unit:
        return baseline.value, target.value
    if baseline.unit in SECONDS and target.unit in SECONDS:
        return baseline.value * SECONDS[baseline.unit], target.value * SECONDS[target.unit]
    return None, None


def _is_backwards(line: LineView, start: float, end: float) -> bool:
    """Whether the line opens with a verb that says up while the figures go down, or the reverse."""
    opening = line.words[:_OPENING]
    return (_UPWARD.within(opening) and end < start) or (_DOWNWARD.within(opening) and end > start)


RULE = Rule(
    id="no-stretch",
    severity=Severity.WARNING,
    message="This target asks for no change that anybody would notice.",
    question="If the most important thing you plan worked, where could this figure be?",
    check=each_key_result(_check),
)
