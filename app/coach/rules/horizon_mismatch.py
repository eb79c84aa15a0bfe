"""A target date that lies outside the cycle.

## Finds

A line whose deadline falls after the end of the cycle, or before it began: "by 31 January" in a plan for
Q4, "by 2030" in a quarter. Also a span of years ("within the next three years") in a cycle of half a year
or less.

It leaves alone dates of a baseline ("from 40 in Q1"), dates that are part of the subject ("the 2027 price
list"), the first days after the cycle's end, and cycles whose dates can't be known, such as "Michaelmas
term". Fiscal years start when the company says, so they are compared by the year only. Without a known
cycle nothing is said.

## Why it matters

A target beyond the cycle can't be reached in it, and can't be missed either: it will be carried along,
unscored, until people stop reading it.

## Do this instead

Ask how far along you would be when this cycle ends, and make that the key result. Keep the far date in the
strategy.

Before:

```okr
Cycle: Q4 2026
O: Depots run on clean power
KR: Cut diesel used on site from 40,000 to 10,000 litres by 2029
KR: Raise depots with charging for every van from 2 to 5
```

After:

```okr
Cycle: Q4 2026
O: Depots run on clean power
KR: Cut diesel used on site from 40,000 to 34,000 litres by 15 December 2026
KR: Raise depots with charging for every van from 2 to 5
```

## Sources

Tesoract: quarterly, six to eight weeks for some product teams, longer for enterprise sales, and the same
rhythm every cycle. Doerr and Google run annual objectives above quarterly ones; an annual objective in an
annual cycle is therefore fine here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.coach.nouns import Severity
from app.coach.quantities import Deadline, measure
from app.coach.rules.rule import DraftView, Hit, LineView, Rule
from app.coach.words import Lexicon, phrases

DEADLINE_WORDS: Final = phrases(
    "by, before, due, than",
)
SPAN_WORDS: Final = phrases(
    "within, over the next, in the next, within the next, over, in the coming",
)
# A date after these is when somebody publishes the figure, not when it is to be reached.
APPEARING: Final = phrases(
    "publish, publishes, published, publication, out, appears, appear, printed, released, comes, announced, results",
)

_APPEARING: Final = Lexicon(APPEARING)
_NEAR: Final = 4
_SPAN_WORDS: Final = Lexicon(SPAN_WORDS)
_FISCAL: Final = re.compile(r"\bfy|fiscal|financial|school|academic", re.IGNORECASE)
_HALF: Final = re.compile(r"\bh([12])\b|\b(first|second) half", re.IGNORECASE)
_RANGE: Final = re.compile(
    r"q[1-4]\s?[-–—/&]\s?q?([1-4])\b|[–—&]|\s-\s|\b(?:to|until|till|through|and)\b", re.IGNORECASE
)
_DAY: Final = re.compile(r"(?<![\d.])(\d\d?)(?:st|nd|rd|th)?(?![\d:])")
_YEARS: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")
_FIRST_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Period:
    """Months from `first` to `last`, counted from year 0; `first` None where the start isn't known."""

    first: int | None
    last: int
    year: int | None
    fiscal: bool


def _check(draft: DraftView) -> Iterator[Hit]:
    periods: dict[str, Period | None] = {}
    for okr in draft.okrs:
        cycle = draft.cycle_of(okr)
        if not cycle:
            continue
        if cycle not in periods:
            periods[cycle] = _cycle(cycle)
        period = periods[cycle]
        if period:
            for line in okr.lines:
                yield from _beyond(line, period, cycle)


def _beyond(line: LineView, cycle: Period, name: str) -> Iterator[Hit]:
    for date in line.measure.dates:
        if date.is_baseline or not _is_deadline(line, date):
            continue
        side = _outside(date, cycle)
        if side:
            yield Hit(
                line,
                date.start,
                date.end,
                f"“{line.text[date.start : date.end]}” lies {side} {name.strip()}, the cycle this is for.",
            )
            return
    if cycle.first is None or cycle.last - cycle.first >= 6:
        return
    years = [q for q in line.measure.quantities if q.unit == "year" and q.value is not None and q.value >= 1]
    leads = {match.end for match in _SPAN_WORDS.find(line.words)} if years else set()
    ends = line.measure.baseline or line.measure.target
    for span in years:
        # "leaving within two years from 9 % to 6 %" and "40 years of data" say what is measured.
        if (ends and span.end <= ends.start) or line.text[span.end : span.end + 4].lower() == " of ":
            continue
        if any(end in leads for end in range(span.start - 3, span.start)):
            quote = line.text[span.start : span.end]
            yield Hit(
                line,
                span.start,
                span.end,
                f"“{quote}” reaches far beyond {name.strip()}, the cycle this is for.",
            )
            return


def _is_deadline(line: LineView, date: Deadline) -> bool:
    """Whether a word just before the date makes it the day to be done by."""
    ends = [word.end for word in line.words]
    last = bisect_right(ends, date.start)
    before = [word.text for word in line.words[max(0, last - 2) : last]]
    if before[-1:] == ["the"]:
        before.pop()
    appears = _APPEARING.within(line.words[max(0, last - _NEAR) : last])
    moving = before[-1:] == ["in"] and not appears and line.measure.moves and line.measure.target is not None
    return moving or (bool(before) and before[-1] in DEADLINE_WORDS)


def _outside(date: Deadline, cycle: Period) -> str | None:
    """Where `date` lies against the cycle ("after", "before", "outside"), None if inside or uncertain."""
    if date.year is None and date.month is None and date.quarter is None:
        return None
    if cycle.fiscal or _FISCAL.search(date.text):
        known = date.year is not None and cycle.year is not None
        return "after" if known and (date.year or 0) - (cycle.year or 0) >= 2 else None
    if date.year is not None and cycle.year is None:
        return None
    period = _months(date, date.year or cycle.year or 0)
    if date.year is None:
        return None if _within_any_year(period, cycle) else "outside"
    if period[0] > cycle.last:
        day = _DAY.search(date.text)
        early = date.month is not None and day is not None and int(day.group(1)) <= _FIRST_DAYS
        return None if early and period[0] == cycle.last + 1 else "after"
    return "before" if cycle.first is not None and period[1] < cycle.first else None


def _within_any_year(period: tuple[int, int], cycle: Period) -> bool:
    """Whether a date without a year falls into the cycle in one year or the next."""
    if cycle.first is None or cycle.last - cycle.first >= 11:
        return True
    return any(period[0] + shift <= cycle.last + 1 and period[1] + shift >= cycle.first for shift in (-12, 0, 12))


def _cycle(name: str) -> Period | None:
    dates = [date for date in measure(name).dates if date.year or date.month or date.quarter]
    if not dates:
        written = [int(year) for year in _YEARS.findall(name)]
        return Period(None, max(written) * 12 + 12, max(written), bool(_FISCAL.search(name))) if written else None
    years = [date.year for date in dates if date.year]
    year = max(years) if years else None
    spans = [_months(date, date.year or year or 0) for date in dates]
    last = max(end for _, end in spans)
    through = _RANGE.search(name)
    if through and through.group(1) and dates[-1].quarter:
        last = max(last, last + 3 * (int(through.group(1)) - dates[-1].quarter))
    first = None if through and len(dates) == 1 else min(begin for begin, _ in spans)
    return Period(first, last, year, bool(_FISCAL.search(name)))


def _months(date: Deadline, year: int) -> tuple[int, int]:
    """First and last month that `date` covers."""
    base = year * 12
    half = _HALF.search(date.text)
    if date.month:
        return base + date.month, base + date.month
    if date.quarter:
        return base + date.quarter * 3 - 2, base + date.quarter * 3
    if half:
        second = half.group(1) == "2" or (half.group(2) or "").lower() == "second"
        return (base + 7, base + 12) if second else (base + 1, base + 6)
    return base + 1, base + 12


RULE = Rule(
    id="horizon-mismatch",
    severity=Severity.WARNING,
    message="This date lies outside the cycle.",
    question="How far along would you be when this cycle ends?",
    check=_check,
)
