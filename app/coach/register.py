"""The organisation's KPIs beside a line: which one it names, at what level that stands, and how it has varied."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from app.coach.nouns import Kpi
from app.coach.quantities import Comparator, Direction, Measure, Quantity, measure
from app.coach.rules.rule import DraftView, LineView
from app.coach.words import Lexicon, Match

LATEST: Final = 4
"""Readings that tell the usual variation: the last four quarters, where a KPI is read once a quarter."""
FEWEST: Final = 3
_SAME: Final = 0.02
"""Relative difference up to which two levels are the same."""


def named_kpi(line: LineView, draft: DraftView) -> tuple[Kpi, Match] | None:
    """The registered KPI that a line names, the one with the longest name if it could be several."""
    found = ((kpi, _lexicon(kpi.name).first(line.words)) for kpi in draft.context.kpis)
    return max(((kpi, match) for kpi, match in found if match), key=lambda pair: pair[1].length, default=None)


@lru_cache(maxsize=4096)
def _lexicon(name: str) -> Lexicon:
    return Lexicon((name,))


def level(kpi: Kpi) -> Quantity | None:
    """Its normal level, if that is a number."""
    read = measure(kpi.target) if kpi.target else Measure()
    found = read.target or next(iter(read.quantities), None)
    return found if found and found.value is not None else None


def usual(kpi: Kpi) -> tuple[float, float] | None:
    """Lowest and highest of its latest readings, if there are enough of them."""
    latest = kpi.history[-LATEST:]
    return (min(latest), max(latest)) if len(latest) >= FEWEST else None


def target_in_its_unit(line: Measure, kpi: Kpi) -> float | None:
    """The line's target where it can be compared with the KPI's readings."""
    normal = level(kpi)
    if line.target is None or (normal and normal.unit != line.target.unit):
        return None
    return line.target.value


def leaves_its_level(line: Measure, kpi: Kpi) -> bool:
    """Whether a line without a word of movement still asks for a level that the KPI doesn't normally have."""
    target, normal = target_in_its_unit(line, kpi), level(kpi)
    if target is None or line.direction is Direction.KEEP or normal is None or normal.value is None:
        return False
    low, high = usual(kpi) or (normal.value, normal.value)
    low, high = min(low, normal.value), max(high, normal.value)
    above, below = target > high + _SAME * abs(high), target < low - _SAME * abs(low)
    if line.comparator is Comparator.AT_LEAST:
        return above
    return below if line.comparator is Comparator.AT_MOST else above or below


def holds_its_level(line: Measure, kpi: Kpi) -> bool:
    """Whether a line that says "reach" asks for no more than the KPI normally has, and has now as far as known."""
    target, normal = target_in_its_unit(line, kpi), level(kpi)
    if target is None or line.direction is not Direction.REACH or normal is None or normal.value is None:
        return False
    held = (normal.value, *kpi.history[-1:])
    return all(abs(target - value) <= _SAME * abs(value) for value in held)


def unit_mark(kpi: Kpi) -> str:
    """What to write behind a reading."""
    normal = level(kpi)
    return " %" if normal and normal.unit == "percent" else ""
