"""An objective with a single key result, or none.

## Finds

An objective that has fewer key results than the profile's least number, which is two. A lone key result
that was pasted for review without an objective isn't counted.

## Why it matters

One figure can nearly always be reached at the cost of something it doesn't watch. And an objective that one
figure describes fully is often just that figure in other words.

## Do this instead

Ask what else would be true if the objective were reached, and what must not get worse on the way. Two to
four key results usually cover it.

Before:

```okr
Cycle: Q2
O: Parents trust us with the school run
KR: Raise repeat bookings from 40 % to 60 %
```

After:

```okr
Cycle: Q2
O: Parents trust us with the school run
KR: Raise repeat bookings from 40 % to 60 %
KR: Cut rides that arrive after the bell from 9 % to 3 %
KR: Lift parents' rating of drivers from 3.9 to 4.5
```

## Sources

KPI guide asks for two to four key results, Lattice for two to five, Worxmate and Doerr's What Matters for
three to five, Wodtke for three. At least one tool maker asks for exactly one, and the Four Disciplines of
Execution aim at a single measure, too, though there it has lead measures beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.coach.nouns import Severity
from app.coach.rules.kinds import each_okr
from app.coach.rules.rule import DraftView, Hit, OkrView, Rule


def _check(okr: OkrView, draft: DraftView) -> Iterator[Hit]:
    count, least = len(okr.key_results), int(draft.limit("min_key_results"))
    if okr.objective is None or count >= least:
        return
    if not count:
        message = "There is no key result under this objective, so nothing says when it is reached."
    elif count == 1:
        message = "There is only one key result under this objective, so nothing balances it."
    else:
        message = f"There are {count} key results under this objective; this method asks for at least {least}."
    yield Hit(okr.objective, message=message)


RULE = Rule(
    id="too-few-key-results",
    severity=Severity.WARNING,
    message="This objective has too few key results to show that it was reached.",
    question="What else would be true if you got there, and what must not get worse on the way?",
    check=each_okr(_check),
)
