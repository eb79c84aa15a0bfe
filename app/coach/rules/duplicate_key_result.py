"""Two lines of one team that measure the same thing.

## Finds

Two key results of one team in the same cycle that say the same once verbs of movement, fillers and figures
are set aside, and that are counted in the same unit: "Raise NPS to 60" here and "NPS from 40 to 60" there.
Also a line in other words that
ends (and, where both say it, starts) at the same figure and shares what it is about.
The finding stands on the later one and names the earlier.

It leaves alone a measure taken separately in two places ("returns in Lyon", "returns in Metz"), a whole
beside one of its parts, and the same subject measured in another way (churn in percent, churned accounts as
a count).

## Why it matters

One success counts twice, and the plan looks wider than it is. Sooner or later the two lines carry different
targets.

## Do this instead

Keep the sharper one, under the objective it serves best, and use the free place for something that is not
yet watched.

Before:

```okr
Cycle: Q1
O: Tenants hear from us before they ask
KR: Cut complaints about missing news from 40 to 15 a month
KR: Reduce the number of complaints about missing news to 15 a month
```

After:

```okr
Cycle: Q1
O: Tenants hear from us before they ask
KR: Cut complaints about missing news from 40 to 15 a month
KR: Raise repairs announced a day ahead from 30 % to 80 %
```

## Sources

Transformation: once OKRs are visible, work done twice shows early. Tool makers' checklists ask that no two
key results measure one thing. Nobody argues for doubles; that two teams share a measure is another matter,
and not this rule's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from app.coach.likeness import stem, subject
from app.coach.nouns import Severity
from app.coach.quantities import Direction, Quantity
from app.coach.quantities.units import SECONDS
from app.coach.rules.kinds import each_team
from app.coach.rules.rule import DraftView, Hit, LineView, OkrView, Rule

_SHOWN: Final = 60
_OPPOSITE: Final = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP}
_MOST_ALIKE: Final = 8
_MANY: Final = 3
_MOSTLY: Final = 0.6
_EXCHANGED: Final = 3
_Key = tuple[frozenset[str], str | None, str | None]


def _check(okrs: Sequence[OkrView], draft: DraftView) -> Iterator[Hit]:
    seen: dict[_Key, LineView] = {}
    ends: dict[tuple[float, str | None], list[LineView]] = {}
    for okr in okrs:
        for line in okr.key_results:
            about = subject(line.words, line.measure)
            if not about:
                continue
            key = (about, _unit(line), draft.cycle_of(okr))
            earlier = seen.setdefault(key, line)
            if earlier is not line and _same(earlier, line):
                yield Hit(
                    line,
                    message=f"This measures the same as “{_shown(earlier)}”, which this team has already.",
                )
                continue
            groups = [ends.setdefault((value, draft.cycle_of(okr)), []) for value in _end(line)]
            alike = [other for group in groups for other in group[:_MOST_ALIKE]]
            twin = next((other for other in alike if _is_reworded(other, line)), None)
            for group in groups:
                group.append(line)
            if twin:
                yield Hit(
                    line,
                    message=f"With the same figures this looks like “{_shown(twin)}” in other words.",
                )


def _end(line: LineView) -> set[float]:
    """Where a line is to end, as written and for times in seconds; empty where that is no figure of its own."""
    target = line.measure.target
    return _values(target) if target and (target.unit or (target.value or 0) > 2) else set()


def _values(quantity: Quantity) -> set[float]:
    if not quantity.value:
        return set()
    return {quantity.value, round(quantity.value * SECONDS.get(quantity.unit, 1.0), 3)}


def _comparable(one: Quantity | None, other: Quantity | None) -> bool:
    """Whether two ends are in one unit, in two of time, or one of them was written without."""
    if one is None or other is None:
        return False
    return one.unit == other.unit or "" in {one.unit, other.unit} or (one.unit in SECONDS and other.unit in SECONDS)


def _is_reworded(one: LineView, other: LineView) -> bool:
    """Whether two lines with the same end are about one thing.

    Told by most of their words, or by the same start as well and a word in common. A name or a number that only one
    of them has ("in Lyon", "in Metz") makes them two things, and so does the same sentence with a word exchanged.
    """
    mine, yours = subject(one.words, one.measure), subject(other.words, other.measure)
    shared = mine & yours
    if not _comparable(one.measure.target, other.measure.target):
        return False
    if not shared or _named(one, mine - yours) or _named(other, yours - mine) or _is_pattern(one, other):
        return False
    first, second = one.measure.baseline, other.measure.baseline
    if first and second:
        return bool(_values(first) & _values(second))
    return len(shared) >= _MANY and len(shared) / min(len(mine), len(yours)) >= _MOSTLY


def _named(line: LineView, own: frozenset[str]) -> bool:
    """Whether one of the words that only this line has is written as a name."""
    return any(stem(word.text) in own and line.text[word.start].isupper() for word in line.words[1:])


def _is_pattern(one: LineView, other: LineView) -> bool:
    """Whether the lines are the same sentence with a few words exchanged, which makes two cuts of one measure."""
    if len(one.words) != len(other.words):
        return False
    return sum(a.text != b.text for a, b in zip(one.words, other.words, strict=True)) <= _EXCHANGED


def _unit(line: LineView) -> str | None:
    quantity = line.measure.target or line.measure.change or next(iter(line.measure.quantities), None)
    return quantity.unit if quantity else None


def _same(one: LineView, other: LineView) -> bool:
    """Whether two lines on one subject are doubles.

    Work repeated under another objective is about another thing ("Map user personas", twice); and
    figures that pull in opposite directions are no slip of copying.
    """
    if one.objective != other.objective and not (one.measure.moves and other.measure.moves):
        return False
    direction = one.measure.direction
    return direction not in _OPPOSITE or other.measure.direction is not _OPPOSITE[direction]


def _shown(line: LineView) -> str:
    text = " ".join(line.text[: _SHOWN * 2].split())
    return text if len(text) <= _SHOWN else text[:_SHOWN].rstrip() + "…"


RULE = Rule(
    id="duplicate-key-result",
    severity=Severity.WARNING,
    message="This measures the same as another key result of this team.",
    question="Which of the two would you keep, and what else deserves the free place?",
    check=each_team(_check),
)
