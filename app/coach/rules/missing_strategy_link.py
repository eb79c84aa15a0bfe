"""An OKR that serves none of the strategic priorities given.

## Finds

A whole OKR, objective and key results together, which if it were all done would serve no pillar of the
strategy that was given with the review, nor the parent's objective, and from which no chain of one sentence
leads there.

It leaves alone an indirect link that can be named in one sentence: a faster page means fewer people giving
up, and so fewer lost orders. Shared words alone are no link, and an OKR made of tasks that plainly serve a
pillar is linked. If no strategy was given nothing is found; the review says once that this couldn't be
judged, and what to supply.

## Why it matters

The quarter has room for a few bets. One that serves no priority takes time from those that do, and its
owners will find out when support is needed and nobody has any to spare.

## Do this instead

Name the priority and the sentence that leads to it. If there is none, either the strategy lacks something,
which is worth saying aloud, or the OKR can wait.

Before:

```okr
Strategy: Win regional hospitals; Make invoices disputes-free
Cycle: Q2
O: Our office is a place where people like to be
KR: Raise staff who come in three days a week from 30 % to 60 %
KR: Raise the rating of the canteen from 3.1 to 4.2
```

After:

```okr
Strategy: Win regional hospitals; Make invoices disputes-free
Cycle: Q2
O: Regional hospitals buy from us again
KR: Raise hospitals with a second order from 6 to 15
KR: Cut disputed hospital invoices from 18 % to 6 %
```

## Sources

Tesoract ties every OKR to the strategy: where that says to win large firms, the OKRs talk of large firms.
KPI guide wants a priority behind every goal. Transformation and Worxmate: the link is negotiated both ways,
and an OKR from below may start the talk. Against: some coaches leave room for a team's own objective each
cycle, without any link, for upkeep and morale.
"""

from __future__ import annotations

from app.coach.nouns import Severity
from app.coach.rules.rule import Rule

RULE = Rule(
    id="missing-strategy-link",
    severity=Severity.ERROR,
    message="None of the strategic priorities given would be served if all of this came true.",
    question="Which priority does this serve, and what is the one sentence that leads there?",
)
