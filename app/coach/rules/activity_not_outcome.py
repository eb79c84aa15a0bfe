"""Work or output: what the team will do or deliver, not what will be different because of it.

## Finds

A line that the team can finish without anything having changed for customers or the business: launch,
build, write, train, run, hire, also when counted ("Run 12 tastings") or dated ("Ship version 2 by 15 May");
a deliverable written as a noun ("Stable app for drivers") or as a finished state ("The handbook is
published"); a meeting or a plan; the percentage of a project that is done.

It leaves alone work whose result is the measure ("open the online desk so that 30 % of tenants report
repairs without a call"), counts of what others do in response (bookings, renewals, referrals), other
people's signatures, and others taking up what the team has built. An objective may well begin with "build";
it is flagged only if it is nothing but a deliverable.

A judge that has read many lines decides this, not a list of verbs: most real deliverables hold no telling
verb at all. Deciding between this and `kpi-as-okr`, it says the one whose cure helps more.

## Why it matters

A list of work keeps a team busy and tells nobody whether it was the right work. When the plan turns out
wrong half-way, a team with a result in view changes the plan; a team with a task in view finishes it.

## Do this instead

Ask "and then what?" until the answer is about somebody outside the team. Measure that, and move the task to
the roadmap, where it is welcome.

Before:

```okr
KR: Train all branch staff on the new till
```

After:

```okr
KR: Cut mistakes at the till from 14 to 5 per thousand sales by the end of November
```

## Sources

KPI guide finds tasks in the place of results the mistake that beginners make most: a million in new sales
is a result, a hundred calls aren't. Castro and Gothelf: never an activity. On the other side, Doerr's first
OKRs were deliverables and Google's own approved rewrites publish or ship something by a date; Lamorte
accepts milestones with care; Lattice calls key results actions and its examples hold both kinds. The
`doerr` and `lamorte` profiles therefore only warn.
"""

from __future__ import annotations

from app.coach.nouns import Severity
from app.coach.rules.rule import Rule

RULE = Rule(
    id="activity-not-outcome",
    severity=Severity.ERROR,
    message="This is work to be done rather than a difference it makes.",
    question="When this is done, what will somebody outside the team do or get that they don't today?",
)
