"""The blanks of a draft: what somebody still has to find out, by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.coach.rewrite.blanks import BLANK

MOST = 100


def blanks_of(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """`{"line", "blank"}` for each blank, in order, each once a line; ticks, footnotes and links are none."""
    found: list[dict[str, Any]] = []
    for line in lines:
        text = line["text"]
        for match in BLANK.finditer(text):
            blank = match[1].strip()
            linked = text[match.end() : match.end() + 1] == "("
            worded = len(blank) > 1 and any(char.isalpha() for char in blank)
            one = {"line": line["id"], "blank": blank}
            if worded and not linked and one not in found[-20:]:
                found.append(one)
            if len(found) >= MOST:
                return found
    return found
