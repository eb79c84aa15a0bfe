"""The nouns of measurement: a quantity, a date, and what a line makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Which way the line wants its measure to go."""

    UP = "up"
    DOWN = "down"
    REACH = "reach"
    KEEP = "keep"


class Comparator(StrEnum):
    """How the target bounds the measure."""

    AT_LEAST = "at-least"
    AT_MOST = "at-most"
    EXACTLY = "exactly"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number with its unit, where it stands in the line.

    `value` is in the unit as written with multipliers applied (1.5k = 1500, "two" = 2, "half" as a
    share = 50 percent) and None when redacted. `unit` is "percent", "points", "times" (3x, double),
    "rank" (1st, top 3), an ISO currency code ("USD"; "money" if unknown), a time unit ("second", "minute",
    "hour", "day", "week", "month", "quarter", "year", "ms"), a data unit ("byte"), or "" for a bare
    count. `noun` is the counted thing as written ("paying teams"), lower case, "" if none follows.
    """

    value: float | None
    unit: str
    noun: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date, month, quarter, half, year or term named in the line.

    `year`, `month` and `quarter` are None where not said; `is_baseline` marks dates that only say
    when the baseline was read ("from 40 in Q1").
    """

    text: str
    start: int
    end: int
    year: int | None = None
    month: int | None = None
    quarter: int | None = None
    is_baseline: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """What one line measures. Offsets count within the line's text.

    `baseline`/`target` are the ends of a movement, `change` a relative movement ("by 30 %", "double",
    "halve", "3x"); `moves` is true where the line states or implies movement this cycle. `quantities` holds
    every number that is a measure; numbers inside names, versions, dates, ids, links and
    list labels ("ISO 27001", "v2.1", "Q3", "P1", "KR2:") are not measures.
    """

    quantities: tuple[Quantity, ...] = ()
    dates: tuple[Deadline, ...] = ()
    baseline: Quantity | None = None
    target: Quantity | None = None
    change: Quantity | None = None
    direction: Direction | None = None
    comparator: Comparator | None = None
    moves: bool = False
