"""No date in the whole draft, and no cycle it belongs to.

## Finds

A draft that names no cycle (in a heading, beside the OKRs or given with the review) and holds no date
anywhere. It is said once, on the first line, however many OKRs there are.

Any date or span of time counts: "by 30 June", "Q3", "this term", "within six weeks". A single dated line is
enough, since the others plainly belong to the same plan. The date of a baseline doesn't count.

## Why it matters

Without an end there is no moment to look back, and no way to tell late from not yet.

## Do this instead

Write the cycle above the draft. Then the single lines don't need dates, except where something is due
earlier.

Before:

```okr
O: Night-shift nurses get home on time
KR: Cut overtime after night shifts from 9 to 3 hours a month
KR: Raise handovers finished by seven from 60 % to 90 %
```

After:

```okr
Cycle: Q4 2026
O: Night-shift nurses get home on time
KR: Cut overtime after night shifts from 9 to 3 hours a month
KR: Raise handovers finished by seven from 60 % to 90 %
```

## Sources

Doerr's What Matters: a key result is time-bound. Tesoract: the same rhythm every cycle, a quarter for most
teams. Some checklists want a date in every line, others forbid dates in objectives; with the cycle known,
this rule asks for neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Severity
from app.coach.rules.rule import DraftView, Hit, LineView, Rule
from app.coach.words import Lexicon, phrases

LIMITS: Final = phrases(
    "within, in, next, after, over the next, in the next, in the coming, in the first",
)
LONG_UNITS: Final = frozenset({"week", "month", "quarter", "year"})

_LIMITS: Final = Lexicon(LIMITS)
_NEAR: Final = 8


def _check(draft: DraftView) -> Iterator[Hit]:
    if draft.cycle or any(okr.okr.cycle for okr in draft.okrs):
        return
    lines = [line for okr in draft.okrs for line in okr.lines]
    if lines and not any(_is_dated(line) for line in lines):
        yield Hit(lines[0])


def _is_dated(line: LineView) -> bool:
    if any(not date.is_baseline for date in line.measure.dates):
        return True
    spans = [quantity for quantity in line.measure.quantities if quantity.unit in LONG_UNITS]
    limits = {limit.end for limit in _LIMITS.find(line.words)} if spans else set()
    return any(end in limits for span in spans for end in range(span.start - _NEAR, span.start))


RULE = Rule(
    id="missing-deadline",
    severity=Severity.WARNING,
    message="Nothing in this draft says by when: there is no cycle above it and no date in any line.",
    question="Which cycle are these for, and on what day will you look back at them?",
    check=_check,
)
