"""An objective with more key results than anyone can steer by.

## Finds

An objective with more key results than the profile allows: five in this project's rubric. Four or fewer
reads better still, but that isn't flagged.

## Why it matters

A long list is nearly always a task list, or everything that is going on. In a check-in nobody talks about
the ninth line, and what matters most can't be told from what is merely there.

## Do this instead

Ask of each line: if only this one moved, would you call the quarter a success? Keep the two to four that
earn a yes. The rest goes to the roadmap or stays on the dashboard.

Before:

```okr
Cycle: autumn term
O: First-years settle in quickly
KR: Raise attendance in week four from 78 % to 88 %
KR: Cut room change requests from 60 to 25
KR: Raise mentor meetings held from 50 % to 80 %
KR: Cut unanswered help-desk mails from 90 to 20
KR: Raise library card sign-ups from 300 to 500
KR: Cut late enrolments from 45 to 15
KR: Raise club memberships from 20 % to 35 %
```

After:

```okr
Cycle: autumn term
O: First-years settle in quickly
KR: Raise attendance in week four from 78 % to 88 %
KR: Cut room change requests from 60 to 25
KR: Raise mentor meetings held from 50 % to 80 %
```

## Sources

KPI guide: two to four; Lattice: two to five; Worxmate and Doerr's What Matters: three to five; Wodtke:
three and no more. Nobody we follow goes beyond five. Tesoract and KPI guide: fewer goals beat many.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.coach.nouns import Severity
from app.coach.rules.kinds import each_okr
from app.coach.rules.rule import DraftView, Hit, OkrView, Rule


def _check(okr: OkrView, draft: DraftView) -> Iterator[Hit]:
    count, most = len(okr.key_results), int(draft.limit("max_key_results"))
    if okr.objective and count > most:
        yield Hit(
            okr.objective,
            message=f"There are {count} key results under this objective. Nobody steers by more than {most}, "
            "and the ones that matter most are hard to see.",
        )


RULE = Rule(
    id="too-many-key-results",
    severity=Severity.ERROR,
    message="This objective has more key results than a team can steer by.",
    question="If only two or three of these moved, which ones would make the cycle a success?",
    check=each_okr(_check),
)
