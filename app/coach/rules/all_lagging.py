"""Key results that can only be read when the cycle is over.

## Finds

An objective with two or more key results, all of which come from yearly or closing figures: the annual
survey, the audited accounts, exam results, market share, or from figures that are published or taken
only afterwards ("out in March" for a Q4 cycle, "once the books are closed"). It is a suggestion and speaks
only if every line
plainly says so.

A line with a date inside the cycle, or with a weekly or monthly reading, keeps it quiet.

## Why it matters

If nothing moves before the end, the weekly check-in has nothing to look at, and the first news of a miss is
the final score.

## Do this instead

Keep one lagging result as the aim, and beside it put what moves first if you are on the way there.

Before:

```okr
Cycle: school year 2026/27
O: Pupils read with pleasure
KR: Raise the annual reading test from 61 to 70 points
KR: Raise pupils who like reading in the yearly survey from 38 % to 55 %
```

After:

```okr
Cycle: school year 2026/27
O: Pupils read with pleasure
KR: Raise the annual reading test from 61 to 70 points
KR: Raise pupils who borrow a book each week from 20 % to 45 %
```

## Sources

KPI guide, on the Four Disciplines of Execution: steer by lead measures, aim with a lag measure. OpenOKR
asks for one of each. Gothelf prefers behaviour that changes within the cycle; the `gothelf` profile warns.
Doerr and Wodtke don't ask for it: with a check-in on confidence a team can steer by lagging results, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Severity
from app.coach.quantities import Deadline, measure
from app.coach.rules.kinds import each_okr
from app.coach.rules.rule import DraftView, Hit, LineView, OkrView, Rule
from app.coach.words import Lexicon, Match, phrases

LAGGING: Final = phrases(
    "annual survey, yearly survey, annual engagement survey, employee engagement survey, year end survey",
    "staff survey, annual employee survey, annual report, annual accounts, annual audit, year end audit",
    "year end accounts, audited, annual results, annual result, annual revenue, annual turnover",
    "annual profit, net profit, net income, ebitda, ebit, operating profit, operating margin",
    "operating result, market share, share price, exam results, exam result, exam pass, final exam",
    "final exams, annual reading test, annual test, league table, credit rating, end of year survey",
    "annual retention, annual churn, annual turnover rate, 12 month retention, twelve month retention",
    "annual ranking, quarterly survey, quarterly results, quarterly earnings, the yearly survey",
    "yearly report, year end figures, annual nps, annual customer survey",
    "annual customer satisfaction survey, annual satisfaction survey, annual patient survey",
    "annual staff turnover, annual energy bill, annual carbon report, annual review, end of season",
    "census",
)
# The figure appears, or is taken, only when the cycle is over.
AFTERWARDS: Final = phrases(
    "published next, published the following, published in the following, printed next, out next",
    "known next, months later, weeks later, months after, weeks after, after year end, after the year, after new year",
    "after the half, after the quarter, after the cycle, after the season, after it ends, after it closes",
    "once it ends",
    "once the quarter, once the half, once the year, once the books, once the season, once the cycle",
    "when the year is over, when the quarter is over, when the books are closed, books are closed, post year",
    "after the end of the year, after the end of the quarter, after the books close, year end accounts",
    "audited year end, comes out after, following may, following june, annual register, annual panel, annual poll",
    "yearly poll, yearly panel, yearly survey, full year",
)
# With a month, these say when the figure is made public.
APPEARING: Final = phrases(
    "published, publishes, publish, printed, out in, comes in, comes out, results in, released in, is out",
)
STEERABLE: Final = phrases(
    "weekly, monthly, daily, each week, each month, per week, per month, a week, a month, every week",
    "every month, pulse, rolling, fortnightly, so far, to date, pipeline, leads",
)

_LAGGING: Final = Lexicon(LAGGING | AFTERWARDS)
_APPEARING: Final = Lexicon(APPEARING)
_STEERABLE: Final = Lexicon(STEERABLE)


def _check(okr: OkrView, draft: DraftView) -> Iterator[Hit]:
    lines = okr.key_results
    if okr.objective and len(lines) >= 2 and all(_lags(line, draft.cycle_of(okr)) for line in lines):
        named = " and ".join(f"“{match.phrase}”" for line in lines[:2] if (match := _first(line)))
        yield Hit(
            okr.objective,
            message=f"All key results here ({named}) can only be read when the cycle is over, so that no "
            "check-in on the way can steer by them.",
        )


def _first(line: LineView) -> Match | None:
    return _LAGGING.first(line.words) or _APPEARING.first(line.words)


def _lags(line: LineView, cycle: str | None) -> bool:
    if _STEERABLE.within(line.words):
        return False
    months = [date for date in line.measure.dates if date.month and not date.is_baseline]
    if not months:
        return _LAGGING.within(line.words)
    public = _APPEARING.within(line.words)
    return public and (_LAGGING.within(line.words) or any(_is_later(date, cycle) for date in months))


def _is_later(date: Deadline, cycle: str | None) -> bool:
    """Whether a month lies outside a cycle that is a quarter; unsure is no."""
    quarters = {day.quarter for day in measure(cycle or "").dates if day.quarter}
    return bool(quarters) and date.month is not None and (date.month + 2) // 3 not in quarters


RULE = Rule(
    id="all-lagging",
    severity=Severity.SUGGESTION,
    message="All key results here can only be read when the cycle is over.",
    question="What would move first if you were on the way there?",
    check=each_okr(_check),
)
