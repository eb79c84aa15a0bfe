"""UTF-16 offsets: LanguageTool's clients count code units, everything else here counts code points."""

from __future__ import annotations

import re
from bisect import bisect_left

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Utf16:
    """Places of one text in UTF-16 code units; a place costs a bisection."""

    __slots__ = ("_astral",)

    def __init__(self, text: str) -> None:
        self._astral = [] if text.isascii() else [found.start() for found in _ASTRAL.finditer(text)]

    def at(self, place: int) -> int:
        """The code units before the code point at `place`."""
        return place + bisect_left(self._astral, place)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offset and length in code units of `text[start:end]`."""
        offset = self.at(start)
        return offset, self.at(end) - offset


def mended(text: str) -> str:
    """The text with surrogates paired, and those left alone as U+FFFD: the same number of code units."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
