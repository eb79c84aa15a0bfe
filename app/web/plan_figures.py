"""Figures of a plan under way as people read and write them, and the small drawings beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.api.workspaces.tracking_schemas import TrendOut
from app.coach.quantities import measure
from app.coach.quantities.units import SECONDS
from app.errors import InvalidInputError

WIDTH, HEIGHT = 110, 30
_MARGIN = 4
_SIGNS = {"percent": " %", "": "", "times": " ×", "money": ""}
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Trend:
    """Confidence over time: points of a line, where the last one is, and the same in words."""

    points: str
    x: float
    y: float
    words: str


def trend(found: Sequence[TrendOut]) -> Trend | None:
    """The drawing of at least one confidence; the width is the time from the first to the last."""
    if not found:
        return None
    first, last = found[0].at, found[-1].at
    span = (last - first).total_seconds()
    places = [
        (
            _MARGIN + (WIDTH - 2 * _MARGIN) * ((one.at - first).total_seconds() / span if span else 1.0),
            _MARGIN + (HEIGHT - 2 * _MARGIN) * (1 - one.confidence),
        )
        for one in found
    ]
    said = ", ".join(tenths(one.confidence) for one in found[-5:])
    more = "last five of " if len(found) > 5 else ""
    return Trend(
        " ".join(f"{x:.1f},{y:.1f}" for x, y in places),
        round(places[-1][0], 1),
        round(places[-1][1], 1),
        f"Confidence out of 10, {more}{len(found)}: {said}" if len(found) > 1 else f"Confidence {said} of 10",
    )


def tenths(share: float) -> str:
    """A share as people say it out of ten: 0.7 is "7"."""
    return f"{round(share * 10, 1):g}"


def figure(value: float | None, unit: str = "") -> str:
    """A value with its unit: "35 %", "60,000 EUR", "2 hours"."""
    if value is None:
        return "?"
    text = f"{round(value, 4):,.10g}" if abs(value) < 1e15 else f"{value:.4g}"
    if unit in _SIGNS:
        return text + _SIGNS[unit]
    return f"{text} {unit}{'s' if unit in SECONDS and unit != 'ms' and value != 1 else ''}"


def typed_value(text: str, unit: str) -> float | None:
    """What somebody typed as a value, in `unit`: "71", "71 %", "60k", "90 minutes"; None for nothing.

    Raises `InvalidInputError`.
    """
    text = text.strip()
    if not text:
        return None
    if len(text) > LONGEST:
        raise InvalidInputError("This is too long for a figure.")
    try:
        value = float(text)
    except ValueError:
        found = measure(text).quantities
        if len(found) != 1 or found[0].value is None:
            raise InvalidInputError(f"“{text}” isn't one figure: write it as 71, 71 % or 60k.") from None
        value = found[0].value
        if found[0].unit in SECONDS and unit in SECONDS:
            value *= SECONDS[found[0].unit] / SECONDS[unit]
        elif found[0].unit and unit and found[0].unit != unit:
            raise InvalidInputError(
                f"“{text}” isn't in the unit of the target, {_SIGNS.get(unit, unit).strip()}."
            ) from None
    if not abs(value) < 1e15:
        raise InvalidInputError("This figure is out of any range.")
    return value
