"""Ready agendas: the stages that a planning session goes through, with minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_HALF_DAY: Final = (
    ("Why this cycle: strategy and pillars", "diverge", 25),
    ("Draft objectives and key results", "draft", 45),
    ("Coach: answer the questions", "coach", 40),
    ("Break", "break", 15),
    ("Overlaps and gaps on the board", "overlaps", 30),
    ("Negotiate dependencies", "negotiate", 40),
    ("Confidence vote and commit", "commit", 30),
)
_TWO_HOURS: Final = (
    ("Strategy and pillars", "diverge", 10),
    ("Draft", "draft", 30),
    ("Coach", "coach", 25),
    ("Overlaps", "overlaps", 15),
    ("Negotiate", "negotiate", 25),
    ("Commit", "commit", 15),
)
_NINETY: Final = (
    ("Draft", "draft", 25),
    ("Coach", "coach", 20),
    ("Overlaps", "overlaps", 15),
    ("Negotiate", "negotiate", 20),
    ("Commit", "commit", 10),
)


def _agenda(stages: tuple[tuple[str, str, int], ...]) -> tuple[dict[str, Any], ...]:
    return tuple({"name": name, "kind": kind, "minutes": minutes} for name, kind, minutes in stages)


AGENDAS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "half-day": _agenda(_HALF_DAY),
    "two-hours": _agenda(_TWO_HOURS),
    "ninety-minutes": _agenda(_NINETY),
}
