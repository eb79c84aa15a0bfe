"""The physical lines of a text: where their words start and end, and the bullets that start them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.coach.parse.lexicon import HIDDEN

_LINE = re.compile(r"([^\r\n\x0b\x0c\x85\u2028\u2029]*)(\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]|\Z)")
_QUOTE = re.compile(rf"(?:[\s{HIDDEN}]{{0,3}}>){{1,8}}[ \xa0]?")
_SPACE = r"[ \t\xa0\u2002-\u200a]"
_MARKER = re.compile(
    rf"""(?:
      (?P<dash>[-+*–—])(?={_SPACE})
    | (?P<tight>-)(?=[^\W\d_])
    | (?P<dot>[•◦▪▫●○■□‣⁃∙·►▶➢➤❖✦➔→»])
    | (?P<round>o)(?=[\t\xa0])
    | (?P<key>\d\ufe0f?\u20e3)
    | (?P<dotted>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})
      (?:[.)]|(?={_SPACE}{{1,8}}(?:\d|[^\W_a-zß-öø-ÿ])))(?={_SPACE})
    | \(?(?P<number>\d{{1,3}})[.)](?={_SPACE})
    | \(?(?P<letter>[a-z]|[ivx]{{2,4}})[.)](?={_SPACE})
    ){_SPACE}{{0,400}}""",
    re.VERBOSE,
)
_OPEN_END = re.compile(
    r"(?:[,;/&(–—-]|\b(?:and|or|of|the|to|for|with|in|by|from|at|on|a|an|our|their))$", re.IGNORECASE
)
_WRAPPED_AT = 50
_LONGEST_WORD = 40
_TAB = 4


@dataclass(frozen=True, slots=True)
class Physical:
    """A line: where its visible text starts and ends, its column, and where the line itself begins."""

    start: int
    end: int
    indent: int
    begin: int

    @property
    def width(self) -> int:
        """The column where it ends."""
        return self.indent + self.end - self.start


@dataclass(frozen=True, slots=True)
class Marker:
    """A bullet or number that starts a line, up to `end`; `style` tells bullets apart."""

    style: str
    number: str
    end: int


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space and invisible characters at its edges."""
    while start < end and (text[start].isspace() or text[start] in HIDDEN):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in HIDDEN):
        end -= 1
    return start, end


def marker(text: str, start: int, end: int) -> Marker | None:
    """The bullet or number at the start of a line that goes on after it."""
    match = _MARKER.match(text, start, end)
    if match is None or match.end() >= end:
        return None
    kind = match.lastgroup or ""
    found = match.group(kind)
    return Marker(found if kind in {"dash", "tight", "dot"} else kind, found, match.end())


def unmarked(text: str, start: int, end: int) -> tuple[int, int]:
    """The trimmed span without a bullet or number that starts it."""
    start, end = trim(text, start, end)
    found = marker(text, start, end)
    return (found.end if found else start), end


def physical(text: str) -> list[Physical]:
    """The lines of a text, without the marks of quoted mail."""
    rows = []
    for match in _LINE.finditer(text):
        start, end = match.span(1)
        quote = _QUOTE.match(text, start, end)
        begin = quote.end() if quote else start
        first, last = trim(text, begin, end)
        column = 0
        for char in text[begin:first]:
            column = (column // _TAB + 1) * _TAB if char == "\t" else column + (char not in HIDDEN)
        rows.append(Physical(first, last, column, begin))
        if match.end() >= len(text):
            break
    return rows


def widths(text: str, rows: Sequence[Physical]) -> list[int]:
    """For each line the width at which its paragraph wraps: its longest line.

    0 where the paragraph isn't wrapped: a line starts in lower case although it would have fitted on
    the line before, so that its lines are separate.
    """
    found = [0] * len(rows)
    first = 0
    for number in range(len(rows) + 1):
        if number < len(rows) and rows[number].start < rows[number].end:
            continue
        paragraph = rows[first:number]
        longest = max((row.width for row in paragraph), default=0)
        separate = any(
            text[row.start].islower() and before.width + 1 + _first_word(text, row) <= longest
            for before, row in pairwise(paragraph)
        )
        found[first:number] = [0 if separate else longest] * len(paragraph)
        first = number + 1
    return found


def wraps(text: str, before: Physical, row: Physical, width: int) -> bool:
    """Whether the line before was broken at the paragraph's width, so that this one carries it on."""
    if not width or not text[row.start].islower() or before.width < _WRAPPED_AT // 2:
        return False
    if _OPEN_END.search(text, max(before.start, before.end - 20), before.end):
        return True
    return before.width >= _WRAPPED_AT and before.width + 1 + _first_word(text, row) > width


def _first_word(text: str, row: Physical) -> int:
    stop = min(row.end, row.start + _LONGEST_WORD)
    space = text.find(" ", row.start, stop)
    return (space if space > 0 else stop) - row.start
