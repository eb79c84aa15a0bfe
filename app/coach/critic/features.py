"""The measured quantities of a line as numbers, for the head on top of the encoder."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.coach.quantities import Comparator, Direction, Measure

_TIME = {"ms", "second", "minute", "hour", "day", "week", "month", "quarter", "year"}
_COUNT_LIKE = {"percent", "points", "times", "rank", "byte", ""} | _TIME

NAMES = (
    "baseline",
    "target",
    "change",
    "moves",
    "up",
    "down",
    "reach",
    "keep",
    "at-least",
    "at-most",
    "exactly",
    "any-number",
    "two-numbers",
    "percent",
    "money",
    "time",
    "count",
    "redacted",
    "date",
    "hundred-percent",
    "zero",
    "key-result",
)


def features(measure: Measure, *, is_objective: bool) -> NDArray[np.float32]:
    """One row of 0/1 flags in the order of `NAMES`, shape (len(NAMES),)."""
    numbers = measure.quantities
    units = {quantity.unit for quantity in numbers}
    flags = (
        measure.baseline is not None,
        measure.target is not None,
        measure.change is not None,
        measure.moves,
        measure.direction is Direction.UP,
        measure.direction is Direction.DOWN,
        measure.direction is Direction.REACH,
        measure.direction is Direction.KEEP,
        measure.comparator is Comparator.AT_LEAST,
        measure.comparator is Comparator.AT_MOST,
        measure.comparator is Comparator.EXACTLY,
        bool(numbers),
        len(numbers) > 1,
        "percent" in units,
        bool(units - _COUNT_LIKE),
        bool(units & _TIME),
        "" in units,
        any(quantity.value is None for quantity in numbers),
        bool(measure.dates),
        any(q.value == 100 and q.unit == "percent" for q in numbers),
        any(q.value == 0 for q in numbers),
        not is_objective,
    )
    return np.array(flags, np.float32)
