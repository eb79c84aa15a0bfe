"""Lines that reach over cells of a table: "Seats occupied | 38 % | 60 %" says from where to where."""

from __future__ import annotations

import re
from typing import Final

_BETWEEN: Final = frozenset("|\t")
_FIGURE: Final = r"\s{0,9}[$€£¥<>≥≤~+-]{0,3}\s?\d[\d.,]{0,20}\s?[%\w/$€£¥]{0,16}\s{0,9}"
NUMERIC: Final = re.compile(_FIGURE)
"""A cell that holds a number and at most its unit."""
_ENDS: Final = re.compile(rf"[|\t]{_FIGURE}([|\t]){_FIGURE}\Z")
_ASIDE: Final = str.maketrans({"|": ":", "\t": ":"})


def as_said(text: str) -> str:
    """`text` with its last two cells, where both are numbers, as a movement; every character keeps its place."""
    if _BETWEEN.isdisjoint(text):
        return text
    found = _ENDS.search(text)
    if found is None:
        return text
    cut = found.start(1)
    return f"{text[:cut].translate(_ASIDE)}→{text[cut + 1 :]}"
