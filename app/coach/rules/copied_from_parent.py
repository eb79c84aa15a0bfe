"""A line that repeats the parent's text instead of saying what this team adds.

## Finds

An objective or key result that says the same as a line of the parent OKR given with the review, word for
word or nearly so, figures included. Without a parent nothing is said.

It leaves alone a line on the same subject with the team's own share ("ARR from $2M to $3M in Benelux"), and
a link that is named ("supports: …") beside the team's own words.

## Why it matters

A copied goal tells the team nothing it didn't know, and hides what it can actually move. If four teams
carry the company's revenue figure, none of them owns it.

## Do this instead

Ask which part of the parent's result moves because of this team, and measure that part.

Before:

```okr
Parent: Families choose us for good
Parent KR: Cut contract cancellations from 14 % to 8 %
Cycle: Q2
O: Families understand their bill
KR: Cut contract cancellations from 14 % to 8 %
KR: Cut calls about the bill from 900 to 400 a month
```

After:

```okr
Parent: Families choose us for good
Parent KR: Cut contract cancellations from 14 % to 8 %
Cycle: Q2
O: Families understand their bill
KR: Cut cancellations that name the bill as the reason from 310 to 120
KR: Cut calls about the bill from 900 to 400 a month
```

## Sources

Transformation and Worxmate describe alignment as a negotiation: proposals come from teams and from
leadership and meet half-way. Lattice cascades from the top, and Doerr's What Matters hands a manager's key
result down as the next level's objective: the `doerr` profile doesn't raise this.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from app.coach.likeness import jaccard, wording
from app.coach.nouns import Severity
from app.coach.rules.rule import DraftView, Hit, Rule
from app.coach.words import split_words

_SAME: Final = 0.9
_FEWEST_WORDS: Final = 3
_MOST_LINES: Final = 50
_SHOWN: Final = 80


def _check(draft: DraftView) -> Iterator[Hit]:
    parent = draft.context.parent
    if not parent:
        return
    originals = [(line.text, wording(split_words(line.text))) for line in islice(parent.lines, _MOST_LINES)]
    for okr in draft.okrs:
        for line in okr.lines:
            said = wording(line.words)
            for text, original in originals:
                if _is_copy(said, original):
                    shown = text if len(text) <= _SHOWN else text[:_SHOWN].rstrip() + "…"
                    yield Hit(
                        line,
                        message=f"This repeats the parent's “{shown}” instead of saying what this team adds.",
                    )
                    break


def _is_copy(said: frozenset[str], original: frozenset[str]) -> bool:
    if min(len(said), len(original)) < _FEWEST_WORDS:
        return bool(said) and said == original
    return jaccard(said, original) >= _SAME


RULE = Rule(
    id="copied-from-parent",
    severity=Severity.WARNING,
    message="This repeats the parent's text instead of saying what this team adds.",
    question="Which part of the parent's result moves because of your team?",
    check=_check,
)
