"""What the text around the OKRs says of their cycle and team: a title without a mark, a mail's opening, a promise.

Headings and labels are read with the outline; this is for drafts whose cycle stands in neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.coach.nouns import Okr
from app.coach.parse.titles import CYCLE, Title, is_deed, team_name

_LINE = re.compile(r"[^\n\r]+")
_ANNOUNCED = re.compile(r"\b(?:okrs?|objectives|goals|priorities|targets|plan|time\s?frame)\b", re.IGNORECASE)
_PROMISED = re.compile(r"\bby\s(?:the\s)?end\sof\s(?:the\s)?\Z", re.IGNORECASE)
_GREETING = re.compile(r"\W{0,3}(?:hi|hello|dear|hey|good\smorning|all)\b", re.IGNORECASE)
_OF_PLANS = frozenset({"plan", "plans", "goals", "set", "for", "quarter", "quarterly", "targets", "priorities"})
_ENDING = " .:;,)*_#"
_MOST_WORDS, _MOST_WORDS_OF_NAME = 12, 3
_LONGEST = 240
_LINES_READ = 60


def surroundings(text: str, okrs: Sequence[Okr]) -> Title:
    """Cycle and team that a draft without a cycle names beside its OKRs; nothing where it doesn't."""
    spans = sorted((line.start, line.end) for okr in okrs for line in okr.lines)
    first = spans[0][0] if spans else len(text)
    for start, said in _outside(text, spans):
        found = max(CYCLE.finditer(said), key=lambda match: len(match.group()), default=None)
        if found is None or (found.group().isalpha() and not said.rstrip(_ENDING).endswith(found.group())):
            continue  # "Fall prevention" names no season
        if start < first and _is_title(said):
            return Title(_team(said), found.group(), sure=False)
        if start < first and _ANNOUNCED.search(said):
            return Title(None, found.group(), sure=False)
        if _PROMISED.search(said, 0, found.start()):
            return Title(None, found.group(), sure=False)
    return Title(None, None, sure=False)


def _outside(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """The lines that hold no part of an OKR, with where they start."""
    at = 0
    for number, match in enumerate(_LINE.finditer(text)):
        if number >= _LINES_READ:
            return
        while at < len(spans) and spans[at][1] <= match.start():
            at += 1
        if at == len(spans) or spans[at][0] >= match.end():
            yield match.start(), match.group()[:_LONGEST]


def _team(said: str) -> str | None:
    """The team that a title names, unless it names the plan instead."""
    words = {word.strip(",.:").casefold() for word in said.split()}
    is_row = "\t" in said or said.strip(" |#*").count("|") > 1
    return None if is_row or words & _OF_PLANS else team_name(said)


def _is_title(said: str) -> bool:
    rest = CYCLE.sub(" ", said)
    many = sum(any(char.isalnum() for char in word) for word in rest.split())
    is_sentence = many > _MOST_WORDS_OF_NAME and said.rstrip().endswith((".", "!", "?"))
    return many <= _MOST_WORDS and not (is_sentence or is_deed(rest.lstrip(" #*_")) or _GREETING.match(said))
