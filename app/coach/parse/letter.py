"""OKRs inside a letter: what stands around them is blanked out, so that spans still count in what was pasted.

The gate is for texts that nobody asked about, and a greeting weighs against OKRs there. Somebody who asks for a review
of an email means the list in it.
"""

from __future__ import annotations

import re
from typing import Final

from app.coach.parse.gate import gate, weigh

_FEWEST: Final = 2
"""List items that make a list."""
_LETTER: Final = frozenset({"greeting", "sign-off", "mail-header"})
"""Signs of the gate that a text is a letter."""
_BREAK: Final = re.compile(r"(\r\n|\n|\r)")


def without_letter(text: str) -> str | None:
    """A letter with everything but its lists and the lines that lead them blanked; None if there are no OKRs in those.

    A list counts only with a figure in it: lists of errands have none as a rule.
    """
    pieces = _BREAK.split(text[: gate().max_lines * gate().max_columns])
    lines, breaks = pieces[::2], [*pieces[1::2], ""]
    signs = [sign.pattern for sign in gate().lines if sign.id in _LETTER]
    if not any(sign.search(line.strip().lower()) for line in lines for sign in signs):
        return None
    kinds = weigh(text).shape.lower().ljust(len(lines), "_")[: len(lines)]
    kept: set[int] = set()
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and kinds[end] in "bmn":
            end += 1
        if sum(kind in "bm" for kind in kinds[at:end]) >= _FEWEST:
            lead = next((line for line in (at - 1, at - 2) if line >= 0 and kinds[line] != "_"), None)
            kept |= set(range(at, end)) | ({lead} if lead is not None and kinds[lead] in "sfht" else set())
        at = max(end, at + 1)
    if not any(kinds[line] == "m" for line in kept):
        return None
    blanked = "".join(
        (line if at in kept else " " * len(line)) + end
        for at, (line, end) in enumerate(zip(lines, breaks, strict=True))
    )
    return blanked if weigh(blanked).holds else None
