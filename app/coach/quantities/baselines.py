"""Which dates only say when a baseline was read ("from 40 in Q1 to 60")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.coach.quantities.measures import Deadline
from app.coach.quantities.placing import UNLIKE, Placed
from app.coach.quantities.tokens import Token, words

_DATING: Final = words("by until before till")
_READING: Final = words("since vs versus than against")
_PAST: Final = ("last ", "previous ", "past ", "prior ")
_ENDING: Final = words("; ) , by to")
_FAR: Final = 60

Dated = tuple[Deadline, int]
"""A date and the index of its first token."""


def mark_baseline_dates(
    tokens: list[Token],
    dates: list[Dated],
    placed: Sequence[Placed],
    baseline: Placed | None = None,
) -> tuple[Deadline, ...]:
    """The dates, with those that only date the baseline marked."""
    if not dates:
        return ()
    following = next((item for item in placed if baseline and item.first > baseline.first), None)
    return tuple(
        replace(date, is_baseline=True)
        if _says_when_read(tokens, date, first) or (baseline and _dates(tokens, date, first, baseline, following))
        else date
        for date, first in dates
    )


def _says_when_read(tokens: list[Token], date: Deadline, first: int) -> bool:
    """Whether the words at the date itself point back: since, versus, last."""
    before = tokens[first - 1][1]
    if before in _DATING:
        return False
    if before in _READING or date.text.lower().startswith(_PAST):
        return True
    if before in {"to", "with"} and tokens[first - 2][1] in UNLIKE:
        return True
    onwards = any(token[1] in {"to", "-", "–"} for token in tokens[first + 1 : first + 4])
    return before == "from" and not onwards


def _dates(tokens: list[Token], date: Deadline, first: int, baseline: Placed, following: Placed | None) -> bool:
    """Whether the date stands with the baseline, before the next quantity."""
    before = tokens[first - 1][1]
    if before in _DATING:
        return False
    level = baseline.quantity
    if date.end <= level.start:
        return before == "from" and level.start - date.end < _FAR
    if date.start - level.end >= _FAR or (following and date.start > following.quantity.start):
        return False
    return all(token[1] not in _ENDING for token in tokens[baseline.last : first])
