"""What code mends of a refused wording, so that no model has to be asked again.

Labels come off, a figure without a source becomes a blank that says which end it is, and a date without a source is
left out. Small models write such figures into almost every line, and the rest of the line is often good.
"""

from __future__ import annotations

import re
from typing import Final

from app.coach.quantities import Measure, Quantity, measure
from app.coach.rewrite.blanks import BLANK
from app.coach.rewrite.claims import Claims, date_of, dates_of

LABEL: Final = re.compile(
    r"^\s{0,4}(?:(?:kr|okr|o|key result|objective|initiative)\s?\d{0,2}\s?[:.)–-]|[-*•]\s)", re.IGNORECASE
)
"""A label or bullet at the start of a line."""

MENDABLE: Final = frozenset({"label", "invented-number", "invented-date"})
_BEFORE_DATE: Final = re.compile(
    r"[ ,(]{1,3}(?:(?:by|before|in|within|until|during|over|for|from|at|on|the|end|of|this|next)\s{1,2}){0,4}$",
    re.IGNORECASE,
)
_BY: Final = re.compile(r"\bby\s{1,2}(?:at least |about |around |over )?$", re.IGNORECASE)
_FROM: Final = re.compile(r"\bfrom\s{1,2}$", re.IGNORECASE)
_WORDED: Final = frozenset({"times", "rank"})
"""Units that are said in the number's own word: double, first."""
_LONGEST_UNIT: Final = 12
_NUMERAL: Final = re.compile(
    r"[\d.,\s$€£¥₹]{1,40}|^(?:one|two|three|four|five|six|seven|eight|nine|ten|half)\s{0,2}", re.IGNORECASE
)


def mended(text: str, facts: Claims) -> str:
    """`text` without labels, and without figures and dates that `facts` don't hold."""
    return "\n".join(_line(LABEL.sub("", line).strip(), facts) for line in text.split("\n"))


def _line(line: str, facts: Claims) -> str:
    masked = BLANK.sub(lambda match: " …".ljust(len(match[0])), line)
    read = measure(masked)
    cuts = [
        _cut(read, quantity, line)
        for quantity in read.quantities
        if quantity.unit not in _WORDED and not _stated(quantity, facts)
    ]
    unstated = dates_of(read) - facts.dates
    for date in read.dates:
        if date_of(date) in unstated:
            before = _BEFORE_DATE.search(line[: date.start])
            cuts.append((before.start() if before else date.start, date.end, ""))
    end = len(line)
    for start, stop, blank in sorted(cuts, reverse=True):
        if stop <= end:
            line = line[:start] + blank + line[stop:]
            end = start
    return " ".join(line.replace(" ,", ",").split()).rstrip(" ,")


def _stated(quantity: Quantity, facts: Claims) -> bool:
    return any(value == quantity.value and quantity.unit in {unit, ""} for value, unit in facts.amounts)


def _cut(read: Measure, quantity: Quantity, line: str) -> tuple[int, int, str]:
    """From where to where a figure goes, and the blank that takes its place."""
    written, before = line[quantity.start : quantity.end], line[: quantity.start]
    unit = "%" if quantity.unit == "percent" else _NUMERAL.sub("", written).strip()
    unit = unit if 0 < len(unit) <= _LONGEST_UNIT else "number"
    by = _BY.search(before)
    if by and not read.baseline:
        unit = "level" if unit == "%" else unit
        return by.start(), quantity.end, f"from [current {unit}] to [target {unit}]"
    starts = quantity == read.baseline or _FROM.search(before)
    return quantity.start, quantity.end, f"[{'current' if starts else 'target'} {unit}]"
