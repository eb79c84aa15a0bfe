"""Whether a line holds its measure where it is, or says outright that it moves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from app.coach.quantities.cues import HOLD, KEEP, Cue
from app.coach.quantities.measures import Comparator, Direction, Measure, Quantity
from app.coach.quantities.placing import Placed
from app.coach.quantities.tokens import Token, words

_STANDING: Final = words("always never")
_AT_ALL_TIMES: Final = "at all times"
_SUBJECTS: Final = words("we we'll we’ll : - –")
_TRAILING: Final = words("maintained sustained kept remain remains stay stays")
_LONGER: Final = words("older longer later slower more")
_AIM_WORDS: Final = 4
_NEAR: Final = 40
_SIGNS: Final = frozenset("+-–−")
_HOW_OFTEN: Final = r"(?:daily|weekly|monthly|quarterly|yearly|hourly|continuous(?:ly)?)"
_DISTANCE: Final = re.compile(
    r"(?<!\bpick)(?<!\bpicks)(?<!\bpicked)\s(?:up|down|by)\s(?:a\s|about\s|another\s)?$", re.IGNORECASE
)
_RUNNING: Final = 90
"""Percent from which "up" means that something runs."""
_MORE_OFTEN: Final = re.compile(rf"\bfrom\s[^.;]{{1,30}}?\sto\s{_HOW_OFTEN}\b", re.IGNORECASE)


def is_kept(text: str, tokens: list[Token], cues: list[Cue], placed: Sequence[Placed], level: Quantity | None) -> bool:
    """Whether a verb or adverb of keeping governs `level` (or, without one, the line)."""
    if _AT_ALL_TIMES in text:
        return True
    for place, cue in cues:
        if cue in {KEEP, HOLD} and (place == 0 or tokens[place][1] in _STANDING or _governs(tokens, place, level)):
            return True
    return any(_never_older(tokens, item) for item in placed)


def states_movement(text: str, measure: Measure) -> bool:
    """Whether the line says outright that its measure moves, which leaves no level to be kept.

    By a sign ("+10 %"), by how far ("up 5 points", "cut by a third"), or by how often ("from weekly to daily").
    """
    if measure.direction is Direction.KEEP:
        return False
    change = measure.change
    if change is not None and (text[change.start] in _SIGNS or _by_how_far(text, change)):
        return True
    return _MORE_OFTEN.search(text) is not None


def _by_how_far(text: str, change: Quantity) -> bool:
    """Whether a word before a figure makes it a distance: not in "site up 99.8 %", nor in "pick up 8 in 10"."""
    if change.unit == "percent" and (change.value or 0) >= _RUNNING:
        return False
    before, figure = text[max(0, change.start - _NEAR) : change.start], text[change.start : change.end]
    return " in " not in figure and _DISTANCE.search(before) is not None


def _governs(tokens: list[Token], place: int, level: Quantity | None) -> bool:
    _, word, start, _ = tokens[place]
    before = tokens[place - 1][1]
    if level is None:
        return before in _SUBJECTS
    if start < level.start:
        aim = before != "and" and (before != "to" or place < _AIM_WORDS)
        return aim or word.startswith("ensur")
    return word in _TRAILING and start - level.end < _NEAR


def _never_older(tokens: list[Token], item: Placed) -> bool:
    """No ticket older than 30 days."""
    than = item.first - 1
    return (
        item.comparator is Comparator.AT_MOST
        and tokens[than][1] == "than"
        and tokens[than - 1][1] in _LONGER
        and tokens[than - 2][1] not in {"no", "not"}
    )
