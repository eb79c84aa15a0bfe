"""More objectives for one team in one cycle than it can pursue.

## Finds

A team with more than five objectives in the same cycle; four or five get the same finding as a warning. The
limits are the profile's. The finding stands on the first objective beyond the number that would pass. OKRs
without a team's name count together, as one team's.

## Why it matters

OKRs say what comes first. A team with six objectives has described its work rather than chosen, and in a
busy week it will choose by accident.

## Do this instead

Rank them, keep the top two or three, and write the others down as "not this quarter": a list that people
can see and argue with.

Before:

```okr
Team: Bakery shops
Cycle: Q1
O: Regulars come back more often
O: Less bread goes to waste
O: Every shop opens on time
O: Staff want to stay
O: Online orders are ready when people come
O: Catering becomes a second leg
```

After:

```okr
Team: Bakery shops
Cycle: Q1
O: Regulars come back more often
KR: Raise visits per loyalty card from 2.1 to 3.0 a month
KR: Raise cards used in the week from 900 to 1,400
O: Less bread goes to waste
KR: Cut unsold loaves from 11 % to 6 %
KR: Cut shelves that are empty before noon from 15 % to 8 %
```

## Sources

KPI guide: start with two or three objectives; Tesoract: fewer goals beat many; Wodtke: one. Doerr's What
Matters takes three to five as normal, so the `doerr` profile doesn't warn at four.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.coach.nouns import Severity
from app.coach.rules.kinds import each_team
from app.coach.rules.rule import DraftView, Hit, OkrView, Rule


def _check(okrs: Sequence[OkrView], draft: DraftView) -> Iterator[Hit]:
    cycles: dict[str | None, list[OkrView]] = {}
    for okr in okrs:
        cycles.setdefault(draft.cycle_of(okr), []).append(okr)
    many, most = int(draft.limit("many_objectives")), int(draft.limit("max_objectives"))
    for together in cycles.values():
        count = len(together)
        if count > many and (objective := together[many].objective):
            team = together[0].okr.team or draft.context.team or "One team"
            yield Hit(
                objective,
                message=f"{team} has {count} objectives in one cycle; from the {_ordinal(many + 1)} on, "
                "attention is spread too thin for any of them.",
                severity=None if count > most else Severity.WARNING,
            )


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}.get(number, f"{number}th")


RULE = Rule(
    id="too-many-objectives",
    severity=Severity.ERROR,
    message="This team has more objectives in one cycle than it can pursue.",
    question="Which two or three of these would you keep if you had to drop the others until next cycle?",
    check=each_team(_check),
)
