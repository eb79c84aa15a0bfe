"""How far a key result has come, from the quantities that its own words measure.

Nothing is estimated: without a start there is no share of the way, and without a figure there is no progress at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.coach.quantities import Comparator, Direction, Measure, Quantity, measure
from app.coach.quantities.units import SECONDS

NO_NUMBER = "This key result names no figure to reach, so there is no progress to work out."
UNKNOWN = "The figures are left blank, so there is no progress to work out."
NO_START = "No starting point is named: only whether the target is reached can be told, not how far it is."
NO_SIDE = "The target is a level, and it isn't said whether more or less is better."
EITHER_WAY = "A percentage changed by percent can mean points or a share of it, so the target can't be worked out."
KEPT = "A level to be kept: it is held or it isn't."
_LARGEST = 1e15
NO_VALUE = "No value was noted yet."


@dataclass(frozen=True, slots=True)
class Scale:
    """The way of a key result: `start` and `goal` in `unit`, as `Quantity` names units; None where not said.

    `comparator` tells which side of the goal counts as reached (None: can't be told), `note` what is missing.
    """

    start: float | None = None
    goal: float | None = None
    unit: str = ""
    comparator: Comparator | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How a value stands on its scale.

    `share` is 0 at the start and 1 at the goal, below 0 where it went the wrong way and above 1 beyond the goal; None
    where it can't be worked out, for the reason in `note`. `is_met` is None where that can't be told.
    """

    scale: Scale
    value: float | None = None
    share: float | None = None
    is_met: bool | None = None
    note: str = ""


def scale(text: str) -> Scale:
    """The way that a key result's own words describe; never raises."""
    found = measure(text)
    if found.target is None and found.change is None:
        return Scale(note=UNKNOWN if found.baseline and found.baseline.value is None else NO_NUMBER)
    start = found.baseline.value if found.baseline else None
    if found.target is not None:
        goal, unit = found.target.value, found.target.unit
        start = _converted(start, found.baseline, found.target)
    else:
        unit = found.baseline.unit if found.baseline else ""
        goal = _changed(start, found)
        if goal is None:
            known = found.change is not None and found.change.value is not None
            return Scale(
                start=start, unit=unit, note=UNKNOWN if not known else NO_START if start is None else EITHER_WAY
            )
    if goal is None or not all(abs(end) <= _LARGEST for end in (goal, start or 0.0)):
        return Scale(unit=unit, note=UNKNOWN)
    side = _side(found, start, goal)
    if found.direction is Direction.KEEP or start == goal:
        return Scale(None, goal, unit, side, KEPT if side else NO_SIDE)
    if start is None:
        return Scale(None, goal, unit, side, NO_START if side else NO_SIDE)
    return Scale(start, goal, unit, side)


def progress(text: str, value: float | None) -> Progress:
    """Where `value`, in the unit of the target, stands on the way of a key result."""
    way = scale(text)
    if value is None:
        return Progress(way, note=way.note if way.goal is None else NO_VALUE)
    if way.goal is None:
        return Progress(way, value, note=way.note)
    met: bool | None = None
    if way.comparator is Comparator.AT_LEAST:
        met = value >= way.goal
    elif way.comparator is Comparator.AT_MOST:
        met = value <= way.goal
    elif way.comparator is Comparator.EXACTLY:
        met = value == way.goal
    share = None if way.start is None else (value - way.start) / (way.goal - way.start)
    return Progress(way, value, share, met, way.note)


def mean_share(found: Iterable[Progress]) -> float | None:
    """The mean of the shares that are known, each held between 0 and 1; None if none is."""
    shares = [min(1.0, max(0.0, one.share)) for one in found if one.share is not None]
    return sum(shares) / len(shares) if shares else None


def moved(before: str, after: str) -> tuple[str, ...]:
    """What differs between two wordings of a key result: `baseline`, `target`, `date`, or else its `words`."""
    one, other = measure(before), measure(after)
    found = []
    if _end(one.baseline) != _end(other.baseline):
        found.append("baseline")
    if any(_end(a) != _end(b) for a, b in ((one.target, other.target), (one.change, other.change))) or (
        one.comparator is not other.comparator
    ):
        found.append("target")
    if _dates(one) != _dates(other):
        found.append("date")
    return tuple(found) or ("words",)


def _end(quantity: Quantity | None) -> tuple[float | None, str] | None:
    return (quantity.value, quantity.unit) if quantity else None


def _dates(found: Measure) -> list[str]:
    return [" ".join(date.text.casefold().split()) for date in found.dates if not date.is_baseline]


def _converted(start: float | None, baseline: Quantity | None, target: Quantity) -> float | None:
    """The start in the target's unit; None where the two can't be compared."""
    if start is None or baseline is None or baseline.unit == target.unit:
        return start
    if baseline.unit in SECONDS and target.unit in SECONDS:
        return start * SECONDS[baseline.unit] / SECONDS[target.unit]
    return start if not baseline.unit or not target.unit else None


def _changed(start: float | None, found: Measure) -> float | None:
    """Where a relative movement leads from its start; None where that is unknown or could be meant in two ways."""
    change = found.change
    if start is None or change is None or change.value is None:
        return None
    down = found.direction is Direction.DOWN
    if change.unit == "times":
        return start / change.value if down and change.value > 1 else start * change.value
    if change.unit == "percent":
        if found.baseline and found.baseline.unit == "percent":
            return None
        step = start * change.value / 100
    else:
        step = change.value
    return start - step if down else start + step


def _side(found: Measure, start: float | None, goal: float) -> Comparator | None:
    if start is not None and start != goal and found.direction is not Direction.KEEP:
        return Comparator.AT_LEAST if goal > start else Comparator.AT_MOST
    if found.comparator:
        return found.comparator
    if goal == 0:
        return Comparator.AT_MOST
    if found.direction in {Direction.UP, Direction.REACH}:
        return Comparator.AT_LEAST
    return Comparator.AT_MOST if found.direction is Direction.DOWN else None
