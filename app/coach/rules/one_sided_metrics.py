"""Key results that all push volume or speed, with nothing that watches quality.

## Finds

An objective with two or more key results, each of which counts how much or how fast, while none looks at
how well: calls answered and minutes a call, orders shipped and hours to ship.

It is a suggestion and speaks only if every line plainly is about volume or speed; a short deliverable without
a figure beside two such lines changes nothing. One line about quality,
or one guard-rail inside a line ("…while keeping complaints under 20"), is enough to stay quiet.

## Why it matters

A support team held to its number of answers an hour reached it while satisfaction fell: nobody had asked
whether the answers helped. What isn't watched gives way.

## Do this instead

Ask how this could be reached by making things worse, and watch that: errors, complaints, returns, people
who come back or leave.

Before:

```okr
Cycle: Q3
O: Callers get help at once
KR: Raise calls answered per hour from 9 to 14
KR: Cut waiting time from 6 to 2 minutes
```

After:

```okr
Cycle: Q3
O: Callers get help at once
KR: Cut waiting time from 6 to 2 minutes
KR: Raise calls solved at the first attempt from 58 % to 75 %
```

## Sources

KPI guide tells the story of that support team: a quarter after quality measures had joined the count,
answers came 7 % sooner and satisfaction had risen by 4 %. Worxmate warns of results reached by pressure or
burn-out. Grove paired every indicator with a counter-indicator; 15Five asks for counter-measures. On the
other side Wodtke keeps health metrics apart from key results altogether, so a team that does may ignore
this.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Severity
from app.coach.quantities import Direction
from app.coach.rules.kinds import each_okr
from app.coach.rules.not_measurable import wish
from app.coach.rules.rule import DraftView, Hit, LineView, OkrView, Rule
from app.coach.words import Lexicon, Match, phrases

VOLUME: Final = phrases(
    "calls, tickets, cases, requests, answers, replies, orders, parcels, shipments, deliveries, units",
    "items, pieces, sales, deals, leads, sign ups, signups, registrations, subscribers, users, customers",
    "transactions, visits, visitors, downloads, installs, applications, bookings, meals, rides, trips",
    "inspections, claims, invoices, pallets, loans, deploys, deployments, releases, throughput, output",
    "volume, pipeline, revenue, turnover, page views, impressions, followers, meetings, patients",
    "appointments, repairs, jobs, enrolments, enrollments, students, members",
)
SPEED: Final = phrases(
    "response time, handling time, waiting time, wait time, lead time, cycle time, delivery time",
    "turnaround, turnaround time, processing time, time to, faster, speed, latency, load time, per hour",
    "per day, an hour, a day, check in time, queue, minutes a call, minutes per call, hours to, days to",
    "minutes to, seconds to, within",
)
QUALITY: Final = phrases(
    "quality, satisfaction, satisfied, nps, csat, ces, rating, rated, stars, review, reviews, score",
    "feedback, survey, complaint, complaints, error, errors, defect, defects, bug, bugs, incident",
    "incidents, accident, accidents, injuries, rework, scrap, waste, wasted, return, returns, returned",
    "refund, refunds, damage, damaged, broken, lost, wrong, failed, failure, failures, fail, rollback",
    "rollbacks, outage, outages, uptime, downtime, accuracy, accurate, correct, right, first attempt",
    "first contact, first time right, first call, solved, resolved, reopened, escalated, escalations",
    "churn, retention, retain, retained, renew, renewal, renewals, renewed, repeat, loyal, stay, leave",
    "left, cancel, cancellations, cancelled, return visits, come back, again, active, activation",
    "activated, adoption, use, using, used, conversion, convert, converted, paid, paying, margin, profit",
    "profitable, cost, costs, net, recommend, trust, health, wellbeing, overtime, sick, burnout",
    "turnover of staff, safety, safe, risk, fraud, compliance, default, defaults, on time, late, complete",
    "completed, passed, pass, without, while, unaided, share, percentage, rate, ratio, qualified",
    "no show, no shows, drop out, drop outs, dropouts, abandon, abandoned, abandonment, diversity, access",
    "first choice, understand, learn, improve, better, self service, themselves, p50, p95, p99, success",
    "successful",
)

# Whatever is counted by the hour or the week, more of it is more volume.
PACE: Final = phrases(
    "a week, a month, a day, an hour, a quarter, a year, per week, per month, per day, per hour, per shift, each week",
    "each month, each day, a shift, a night, per night",
)
MORE_VOLUME: Final = phrases(
    "collected, subscriptions, trials, trial, minutes per, attempted, sheets",
    "decisions, decision time, requests, requested, shifts, call length, views, collections, stars",
    "purchases, tonnes, litres, tons, kilos, articles, commits, cases closed",
)

_PUSH: Final = Lexicon(VOLUME | SPEED | MORE_VOLUME)
_PACE: Final = Lexicon(PACE)
TIMES: Final = frozenset({"ms", "second", "minute", "hour", "day", "week"})
_SHORT: Final = 8
_QUALITY: Final = Lexicon(QUALITY)


def _check(okr: OkrView, draft: DraftView) -> Iterator[Hit]:
    lines = okr.key_results
    pushing = [line for line in lines if _only_pushes(line)]
    rest = [line for line in lines if not any(line is other for other in pushing)]
    if okr.objective and len(pushing) >= 2 and all(_is_bare_work(line) for line in rest):
        pushed = " and ".join(f"“{match.phrase}”" for line in pushing[:2] if (match := _pushed(line)))
        yield Hit(
            okr.objective,
            message=f"Every key result here pushes volume or speed ({pushed}), and none watches quality: "
            "all of them could be reached while things get worse.",
        )


def _pushed(line: LineView) -> Match | None:
    """The word that shows volume or speed, if the line has one."""
    return _PUSH.first(line.words) or _PACE.first(line.words)


def _is_bare_work(line: LineView) -> bool:
    """Whether a line is a short deliverable without a figure, so that nothing is watched by it."""
    return not line.measure.moves and len(line.words) <= _SHORT and not wish(line) and not _QUALITY.within(line.words)


def _only_pushes(line: LineView) -> bool:
    measure = line.measure
    if not measure.quantities or any(quantity.unit == "points" for quantity in measure.quantities):
        return False
    is_share = (measure.target or measure.change) is not None and any(
        quantity.unit == "percent" for quantity in (measure.baseline, measure.target) if quantity
    )
    if is_share or _QUALITY.within(line.words):
        return False
    spans = measure.target is not None and measure.target.unit in TIMES
    moved = spans and (measure.moves or measure.baseline is not None)
    if measure.direction is Direction.DOWN or any(word.text == "down" for word in line.words):
        return moved
    return moved or _pushed(line) is not None


RULE = Rule(
    id="one-sided-metrics",
    severity=Severity.SUGGESTION,
    message="Every key result here pushes volume or speed, and none watches quality.",
    question="How could you reach all of these and still make things worse?",
    check=each_okr(_check),
)
