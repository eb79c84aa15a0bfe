"""Labels and trimmings of one line: what it says it is, and where its own words start and end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.coach.parse import lexicon
from app.coach.parse.lexicon import HIDDEN

_PEEK = 160
_TAIL = 330
_TRIMMINGS = 12
_EMPHASIS = ("***", "**", "__", "~~", "*", "_", "`")
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "‘": "’", "'": "'"}


class Role(StrEnum):
    """What a line says it is."""

    OBJECTIVE = "objective"
    OBJECTIVES = "objectives"
    KEY_RESULT = "key-result"
    KEY_RESULTS = "key-results"
    TEAM = "team"
    CYCLE = "cycle"
    NOTE = "note"
    WORK = "work"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line's role and the span of what follows its label (empty for a label that stands alone)."""

    role: Role
    start: int
    end: int

    @property
    def empty(self) -> bool:
        """A label that stands alone."""
        return self.start >= self.end


_HINTS = {"🎯": Role.OBJECTIVE, "🔑": Role.KEY_RESULT, "🗝": Role.KEY_RESULT}
_ORDER: tuple[tuple[re.Pattern[str], Role], ...] = (
    (lexicon.KEY_RESULT, Role.KEY_RESULT),
    (lexicon.KEY_RESULT_BARE, Role.KEY_RESULT),
    (lexicon.KEY_RESULTS, Role.KEY_RESULTS),
    (lexicon.OBJECTIVE, Role.OBJECTIVE),
    (lexicon.TEAM, Role.TEAM),
    (lexicon.CYCLE, Role.CYCLE),
    (lexicon.WORK, Role.WORK),
    (lexicon.NOTE, Role.NOTE),
)
_PLURALS = {Role.OBJECTIVE: Role.OBJECTIVES, Role.KEY_RESULT: Role.KEY_RESULTS}


def label(text: str, start: int, end: int) -> Labelled:
    """Read the label at the front of a line; its own words are left untrimmed on the right."""
    at, hint = _front(text, start, end)
    inner = at
    while inner < end and text[inner] in "*_`~" and inner - at < 6:
        inner += 1
    window = min(end, inner + _PEEK)
    for pattern, role in _ORDER:
        match = pattern.match(text, inner, window)
        if match and (match.end() < end or window == end):
            return Labelled(_listing(role, match.group()), match.end(), end)
    return Labelled(hint, at, end)


def _listing(role: Role, found: str) -> Role:
    """A plural label without a number heads a list."""
    if role in _PLURALS and lexicon.PLURAL.search(found) and not any(char.isdigit() for char in found):
        return _PLURALS[role]
    return role


def _front(text: str, start: int, end: int) -> tuple[int, Role]:
    """Past the trimmings at the front, and the role that an emoji among them hints at."""
    hint = Role.PLAIN
    while start < end and (match := lexicon.LEFT.match(text, start, end)):
        hint = next((role for sign, role in _HINTS.items() if sign in match.group()), hint)
        start = match.end()
    return start, hint


def words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of the line's own words: no emphasis, owner, score, link, emoji or tag at its edges."""
    for _ in range(_TRIMMINGS):
        before = (start, end)
        start, _hint = _front(text, start, end)
        end = _without_tail(text, start, end)
        start, end = _bare(text, start, end)
        if (start, end) == before or start >= end:
            break
    return start, max(start, end)


def _without_tail(text: str, start: int, end: int) -> int:
    """The end of the line before one trimming at its tail."""
    while end > start and (text[end - 1].isspace() or text[end - 1] in HIDDEN):
        end -= 1
    tail = max(start, end - _TAIL)
    if not lexicon.TRIMMED.search(text, tail, end):
        return end
    match = lexicon.RIGHT.search(text, tail, end)
    if match is None or match.start() <= start:
        return end
    end = match.start()
    joint = lexicon.JOINT.search(text, max(start, end - 8), end)
    return joint.start() if joint and joint.start() > start else end


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Without emphasis and quotation marks that wrap the whole line or lost their partner."""
    if end - start < 2:
        return start, end
    emphasised = text[start] in "*_~`" or text[end - 1] in "*_~`"
    for mark in _EMPHASIS if emphasised else ():
        size = len(mark)
        if end - start <= size:
            continue
        left, right = text.startswith(mark, start, end), text.endswith(mark, start, end)
        if not (left or right):
            continue
        count = text.count(mark, start, end)
        if left and right and count == 2 and end - start > 2 * size:
            return start + size, end - size
        if count == 1:
            return (start + size, end) if left else (start, end - size)
    closing = _QUOTES.get(text[start], "") if end - start > 2 else ""
    if closing and text[end - 1] == closing and text.find(closing, start + 1, end) == end - 1:
        return start + 1, end - 1
    return start, end
