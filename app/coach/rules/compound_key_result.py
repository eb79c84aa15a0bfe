"""Two independent results in one key result.

## Finds

A line that joins two results, each with its own figure and its own verb or aim: "Raise NPS to 60 and cut
churn to 2 %", "days to pay from 71 to 55 and disputed bills from 190 to 80".

It leaves alone a result with its guard-rail ("…while keeping refunds under 2 %"), one result with two cuts
("in Lisbon and in Porto", "for trucks and 10 % for vans"), steps of one funnel ("…and convert 4 of them"),
and a way to get there followed by its effect ("launch self-service so that 30 %…").

## Why it matters

If one half is reached and the other missed, how far did the line get? Half-done lines are scored by mood,
and the weaker half hides behind the stronger one.

## Do this instead

Split it and score each on its own, or keep the half that matters more. If the second half is only there so
that nothing breaks, write it as a guard-rail: "while keeping…".

Before:

```okr
Cycle: Q3
O: Guests come back
KR: Raise repeat stays from 22 % to 30 % and cut check-in time from 11 to 4 minutes
```

After:

```okr
Cycle: Q3
O: Guests come back
KR: Raise repeat stays from 22 % to 30 %
KR: Cut check-in time from 11 to 4 minutes
```

## Sources

Tool makers' checklists ask for one measure a line and for key results that don't hang on each other. Nobody
argues for two in one, though many authors join a growth figure with a guard-rail, which is good practice.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Final

from app.coach.likeness import stem
from app.coach.nouns import Severity
from app.coach.rules.kinds import each_key_result
from app.coach.rules.rule import DraftView, Hit, LineView, Rule
from app.coach.words import Lexicon, Word, phrases

VERBS: Final = phrases(
    "raise, increase, grow, improve, lift, boost, double, triple, cut, reduce, lower, decrease, halve",
    "shrink, bring, get, push, move, drop, reach, achieve, hit, win, sign, close, gain, add, convert",
    "acquire, attract, secure, generate, earn, retain, activate, recruit, hire, train, launch, ship",
    "release, publish, write, run, host, hold, build, deliver, open, migrate, complete, create, develop",
    "implement, conduct, organise, organize, send, visit, interview, collect, have",
)
JOINTS: Final = phrases(
    "and, plus, as well as, and also",
)
GUARDS: Final = phrases(
    "keep, keeping, kept, maintain, maintaining, hold nps, stay, staying, remain, remaining, without",
    "while, whilst, not, no more than, never, at the same time keep, preserve, preserving, sustain",
    "sustaining, protect, protecting, no drop",
)
FUNNEL: Final = phrases(
    "of them, of these, of those, of which, of whom, them, half of, so that, in order to, resulting in",
    "leading to, each, thereby, therefore, per",
)
AIMS: Final = phrases(
    "to, from, below, under, above, over, by, down to, up to, at least, at most, up, down",
)
MEASURES: Final = phrases(
    "nps, csat, arr, mrr, churn, retention, revenue, turnover, margin, satisfaction, cost, costs, rate",
    "rating, score, conversion, accuracy, latency, uptime, time, times, returns, complaints, errors",
    "defects, waste, attendance, occupancy, cancellations, renewals, refunds, overtime, absence, downtime",
)

_VERBS: Final = Lexicon(VERBS)
_JOINTS: Final = Lexicon(JOINTS)
_GUARDS: Final = Lexicon(GUARDS)
_FUNNEL: Final = Lexicon(FUNNEL)
_AIMS: Final = Lexicon(AIMS)
_MEASURES: Final = Lexicon(MEASURES)
_BOUNDS: Final = Lexicon(phrases("below, under, above, over"))
_EMPTY: Final = phrases("the, a, an, our, its, their, from, to, by, below, under, above, over, of, at, in, on, for")
_PREPOSITIONS: Final = phrases(
    "in, for, on, at, from, to, among, with, of, by, per, down, up, below, above, under, over"
)
_ARROWS: Final = frozenset({"→", "->", "=>", ">"})
_LONGEST_SUBJECT: Final = 9
_SIGNS: Final = ("&", " + ", ";")
_MOST_JOINTS: Final = 8
_LONGEST_LEAD: Final = 6


def _check(line: LineView, draft: DraftView) -> Iterator[Hit]:
    quantities = line.measure.quantities
    if len(quantities) < 2 or _GUARDS.within(line.words):
        return
    for start, end in islice(_joints(line), _MOST_JOINTS):
        before = [quantity for quantity in quantities if quantity.end <= start]
        after = [quantity for quantity in quantities if quantity.start >= end]
        if before and after and _is_second_result(line, end, after[0].start):
            first = line.text[before[-1].start : before[-1].end].strip()
            second = line.text[after[0].start : after[0].end].strip()
            yield Hit(
                line,
                message=f"There are two results in this line, one about “{first}” and one about “{second}”; "
                "reach one and miss the other, and it can't be scored.",
            )
            return


def _joints(line: LineView) -> Iterator[tuple[int, int]]:
    """Where two halves could be joined, outside brackets."""
    words, depth = line.words, 0
    for index, (word, following) in enumerate(pairwise(words)):
        gap = line.text[word.end : following.start]
        depth = max(0, depth + gap.count("(") - gap.count(")"))
        if depth:
            continue
        if any(sign in gap for sign in _SIGNS):
            yield following.start, following.start
        elif length := _JOINTS.at(words, index + 1):
            stop = index + 1 + length
            if stop < len(words):
                yield following.start, words[stop].start


def _is_second_result(line: LineView, begin: int, figure: int) -> bool:
    """Whether the words from `begin` on state a result of their own before and around their figure."""
    words = [word for word in line.words if word.start >= begin]
    if _FUNNEL.within(words) or not words:
        return False
    if _VERBS.at(words, 0):
        return True
    lead = [word for word in words if word.end <= figure]
    if _has_its_own_ends(line, words, lead):
        return True
    # "Raise NPS to 60 and churn to 2 %": a measure of its own, then where to.
    return len(lead) <= _LONGEST_LEAD and _AIMS.at(lead, len(lead) - 1) > 0 and _MEASURES.within(lead)


def _has_its_own_ends(line: LineView, words: list[Word], lead: list[Word]) -> bool:
    """Whether the second half names another subject and moves it: "… and disputed bills from 190 to 80"."""
    subject = {stem(word.text) for word in lead if word.text.isalpha() and word.text not in _EMPTY}
    said = {stem(word.text) for word in line.words if word.end < words[0].start}
    moved = bool({"by", "from", "to"} & said) or any(arrow in line.text[: words[0].start] for arrow in _ARROWS)
    if not moved or not subject or len(lead) > _LONGEST_SUBJECT or lead[0].text in _PREPOSITIONS or subject & said:
        return False  # "… in Lyon and fares in Metz …" is one measure with two cuts
    after = [quantity for quantity in line.measure.quantities if quantity.start >= words[0].start]
    joined = len(after) > 1 and after[0].unit == after[1].unit
    ends = line.text[after[0].end : after[1].start].strip() if joined else ""
    if ends in _ARROWS or (ends == "to" and lead[-1].text == "from"):
        return True
    bounded = _BOUNDS.at(lead, len(lead) - 1) > 0
    return bounded and len(subject) > 1


RULE = Rule(
    id="compound-key-result",
    severity=Severity.WARNING,
    message="There are two independent results in this line.",
    question="If only one of the two came true, would you count this as reached?",
    check=each_key_result(_check),
)
