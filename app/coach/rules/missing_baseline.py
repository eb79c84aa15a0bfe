"""A change with a target or a percentage, but no starting point.

## Finds

A key result that moves a standing figure and says where to, or by how much, but not from where: "Increase
NPS to 60", "Cut costs by 15 %", "Double revenue", "Caseload down to 400".

It leaves alone everything that starts at zero by nature (new sign-ups, the first pilot sites, a count of
things added), a target of zero or of 100 %, and a line that points to its starting point in words
("compared with 2025", "currently 40", "from today's level").

## Why it matters

Fifteen percent off what? Without the starting point nobody can tell a bold target from an easy one, and in
the last week two people will compute two results.

## Do this instead

Look the figure up before the cycle starts and write it in front. If nobody knows it, put a blank there;
finding it out is the first thing to do, and sometimes a good key result of its own.

Before:

```okr
KR: Cut energy use per loaf by 15 % by 31 December
```

After:

```okr
KR: Cut energy use per loaf from 0.82 to 0.70 kWh by 31 December
```

## Sources

Tesoract and KPI guide write key results from–to (85 to 92 by Q4; $10M to $15M). Castro: "from X to Y" is
the formula. Lamorte names the baseline as a kind of key result of its own: in the first cycle the result
may be to know it, so the `lamorte` profile only suggests it. Gothelf asks "by how much" and accepts a
percentage.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Severity
from app.coach.quantities import Direction, Quantity
from app.coach.rules.kinds import each_key_result
from app.coach.rules.not_measurable import NOT_KNOWN_YET
from app.coach.rules.rule import DraftView, Hit, LineView, Rule
from app.coach.words import Lexicon, phrases

# Words that name the starting point, or say that there is none.
STARTING_POINTS: Final = phrases(
    "currently, current, today, today's, now, was, were, baseline, base, vs, versus, against",
    "compared, year on year, year over year, yoy, mom, qoq, over last, on last, than last, last year",
    "last quarter, last month, last term, last season, previous, prior, than in, than before",
    "pre pandemic, starting at, up from, down from, instead of, since",
)
ZERO_STARTS: Final = phrases(
    "new, first, first time, additional, extra, incremental, more, add, adding, added, sign, signing, win",
    "winning, land, acquire, acquiring, recruit, recruiting, onboard, onboarding, launch, launching",
    "pilot, pilots, raise funds, collect, beta, waitlist, waiting list, initial, net new, inaugural",
    "debut, newly",
)
# What "from" must lead to, for a starting point; "calls from tenants" has none.
LEVELS: Final = phrases(
    "level, levels, today, today's, now, current, baseline, base, last, previous, prior, zero, nothing, none, year's",
    "where, half, third, quarter, what",
)
# Standing figures: when one of these is to be reached, it stands somewhere today.
STANDING: Final = phrases(
    "nps, csat, ces, arr, mrr, revenue, turnover, margin, churn, retention, satisfaction, score, rating",
    "rate, share, coverage, accuracy, uptime, availability, latency, conversion, attendance, occupancy",
    "followers, caseload, average, median, mean, percentile, p50, p90, p95, p99",
    "utilisation, utilization, yield, backlog, net promoter, response time, lead time, cycle time",
    "load time, waiting time, time to hire, market share, headcount",
)
# What stands before the figure that a movement is to end at.
END_WORDS: Final = phrases(
    "to, to at least, to over, to above, to more than, to below, to under, to less than, to around",
    "to about, below, under, above, beyond, up to, down to",
)
REACHING: Final = phrases(
    "achieve, attain, reach, hit",
)
# What is brought under a bound stands above it today.
BRINGING: Final = phrases(
    "get, bring, push, take, drive, move",
)
PROPORTIONS: Final = phrases(
    "rate, share, percentage, proportion, ratio",
)
RELATIVE: Final = frozenset({"percent", "times", "points"})

_STARTING_POINTS: Final = Lexicon(STARTING_POINTS)
_ZERO_STARTS: Final = Lexicon(ZERO_STARTS)
_LEVELS: Final = Lexicon(LEVELS)
_BRINGING: Final = Lexicon(BRINGING)
_PROPORTIONS: Final = Lexicon(PROPORTIONS)
_UNKNOWN: Final = Lexicon(NOT_KNOWN_YET | {"unknown"})
_STANDING: Final = Lexicon(STANDING)
_NEAR: Final = 16
_SIGNS: Final = ("→", "->", ">", "<", "=", "≥", "≤")
_ENDS: Final = (*(f" {words}" for words in END_WORDS), *_SIGNS)
_DOWN_TO: Final = ("down to", "down to about", "down to under", "down below", "down under")
_UNDER: Final = (" under", " below")
_TO: Final = (" to", "→", "->")


def _check(line: LineView, draft: DraftView) -> Iterator[Hit]:
    measure = line.measure
    if measure.baseline or not measure.quantities or measure.direction is Direction.KEEP:
        return
    if _says_where_it_starts(line) and not _UNKNOWN.within(line.words):
        return
    if measure.change and measure.change.unit in RELATIVE and measure.direction:
        yield _hit(line, measure.change, "is a change, but the line doesn't say from where")
    elif measure.target and _moves_a_standing_figure(line, measure.target):
        yield _hit(line, measure.target, "is where it should end, but the line doesn't say where it starts")


def _says_where_it_starts(line: LineView) -> bool:
    """Whether words name a starting point, or a second figure in brackets gives it: "to 90 % (38 % in the trial)"."""
    words = line.words
    if _STARTING_POINTS.within(words):
        return True
    if any(
        word.text == "from"
        and (_LEVELS.within(words[at + 1 : at + 5]) or any(w.text[0].isdigit() for w in words[at + 1 : at + 3]))
        for at, word in enumerate(words)
    ):
        return True
    goal = line.measure.target or line.measure.change
    return goal is not None and any(
        other is not goal
        and other.unit == goal.unit
        and line.text[other.start - 1 : other.start] == "("
        and other.start > 0
        for other in line.measure.quantities
    )


def _moves_a_standing_figure(line: LineView, target: Quantity) -> bool:
    if target.value == 0 or (target.unit == "percent" and target.value == 100):
        return False
    if _comes_down(line, target):
        return True
    fresh = _ZERO_STARTS.within(line.words) and not (target.unit == "percent" and _PROPORTIONS.within(line.words))
    match line.measure.direction:
        case Direction.DOWN:
            return _states_an_end(line, target)
        case Direction.UP:
            return _states_an_end(line, target) and not fresh
        case Direction.REACH:
            reaches = True
        case _:
            reaches = line.words[0].text in REACHING or _states_an_end(line, target, _TO)
    return reaches and _STANDING.within(line.words) and not fresh


def _comes_down(line: LineView, target: Quantity) -> bool:
    """Whether what stands higher today is to come down to the target: "down to 60", "get … under 180"."""
    before = line.text[max(0, target.start - _NEAR) : target.start].rstrip(" \u00a0~$€£¥").lower()
    if before.endswith(_DOWN_TO):
        return True
    brought = _BRINGING.at(line.words, 0) and len(line.words) > 1 and line.words[1].end < target.start
    return bool(brought) and line.measure.direction is not None and before.endswith(_UNDER)


def _states_an_end(line: LineView, target: Quantity, ends: tuple[str, ...] = _ENDS) -> bool:
    """Whether the target follows "to", "below", "≥"…; in "get 40 sign-ups" it is only a count."""
    before = line.text[max(0, target.start - _NEAR) : target.start].rstrip(" \u00a0~$€£¥").lower()
    return before.endswith(ends) or (ends is _ENDS and line.text[target.start] in _SIGNS)


def _hit(line: LineView, quantity: Quantity, complaint: str) -> Hit:
    quote = line.text[quantity.start : quantity.end].strip()
    return Hit(line, quantity.start, quantity.end, f"“{quote}” {complaint}.")


RULE = Rule(
    id="missing-baseline",
    severity=Severity.WARNING,
    message="This change has a target, but no starting point.",
    question="Where does this figure stand today, and how do you know?",
    check=each_key_result(_check),
)
