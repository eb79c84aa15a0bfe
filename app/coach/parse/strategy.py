"""The strategy that a draft names beside its OKRs: one heading or line such as "Strategic pillars" over a flat list.

Taken only where nothing else can be meant: the objectives are labelled as such, and the list is followed by one of
them, by a heading, or by the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from app.coach.nouns import Pillar
from app.coach.parse.labels import Role, label, words
from app.coach.parse.layout import OBJECTIVES
from app.coach.parse.outline import Entry, Kind, outline
from app.coach.parse.titles import title

FEWEST_PILLARS, MOST_PILLARS = 2, 12
_LONGEST = 400
_LONGEST_NAME = 60
_HEAD = re.compile(
    r"(?:(?:our|the|company|corporate|group|overall|business|organi[sz]ation(?:al)?|long[\s-]term)\s){0,2}"
    r"(?:strategy|strategic\s(?:pillars|priorities|themes|directions|focus(?:\sareas?)?)|pillars)"
    r"(?:\s(?:for\s|to\s|until\s)?(?:FY\s?)?[\d/–-]{2,9})?\s?[:：]?",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"\*\*|__")
_YEAR = re.compile(r"\b20\d\d\b")
_NAMED = re.compile(r"\s?(?:[.:]|\s[–—-])\s{1,3}")
_AFTER = OBJECTIVES | {Role.TEAM, Role.CYCLE}


def without_strategy(text: str) -> tuple[str, tuple[Pillar, ...]]:
    """The text with its strategy blanked out, so that spans still count in what was pasted, and its pillars."""
    if not re.search(r"strateg|pillars", text, re.IGNORECASE):
        return text, ()
    entries = outline(text)
    heads = [at for at, entry in enumerate(entries) if _is_head(text, entry)]
    if len(heads) != 1:
        return text, ()
    head = heads[0]
    listed = list(takewhile(lambda entry: entry.kind is Kind.BULLET, entries[head + 1 :]))
    said = [_said(text, entry) for entry in listed]
    rest = entries[head + 1 + len(listed) :]
    if not (_is_flat(text, listed) and _are_pillars(said) and _goes_on(text, [*entries[:head], *rest], rest)):
        return text, ()
    start, end = text.rfind("\n", 0, entries[head].start) + 1, text.find("\n", listed[-1].end)
    end = end if end >= 0 else len(text)
    blank = re.sub(r"[^\r\n]", " ", text[start:end])
    return text[:start] + blank + text[end:], tuple(_pillar(each) for each in said)


def _is_head(text: str, entry: Entry) -> bool:
    if entry.kind not in {Kind.HEADING, Kind.TEXT}:
        return False
    start, end = words(text, entry.start, entry.end)
    return _HEAD.fullmatch(text, start, end) is not None


def _is_flat(text: str, listed: Sequence[Entry]) -> bool:
    """One list on one level, in which nothing is labelled."""
    return len({entry.indent for entry in listed}) == 1 and all(
        label(text, entry.start, entry.end).role is Role.PLAIN for entry in listed
    )


def _are_pillars(said: Sequence[str]) -> bool:
    """Words rather than figures."""
    if not FEWEST_PILLARS <= len(said) <= MOST_PILLARS or not all(0 < len(each) <= _LONGEST for each in said):
        return False
    return sum(any(char.isdigit() for char in _YEAR.sub("", each)) for each in said) * 2 < len(said)


def _goes_on(text: str, others: Sequence[Entry], rest: Sequence[Entry]) -> bool:
    """Whether objectives are labelled, and what follows isn't what such a list would be the objectives of."""
    if not any(label(text, entry.start, entry.end).role in OBJECTIVES for entry in others):
        return False
    if not rest:
        return True
    after = rest[0]
    if len(rest) > 1 and after.kind is Kind.TEXT and text[after.start : after.end].rstrip().endswith((".", ":")):
        # A sentence that leads over to the OKRs.
        return label(text, rest[1].start, rest[1].end).role in OBJECTIVES
    role = label(text, after.start, after.end).role
    start, end = words(text, after.start, after.end)
    return (
        role in _AFTER
        or (after.kind is Kind.HEADING and role is Role.PLAIN)
        or after.kind is Kind.ROW
        or title(text[start:end]).sure
    )


def _said(text: str, entry: Entry) -> str:
    start, end = words(text, entry.start, entry.end)
    return " ".join(_EMPHASIS.sub("", text[start:end]).split())


def _pillar(said: str) -> Pillar:
    """Of “Checkout first: guests finish what they begin” the name and the text."""
    named = _NAMED.search(said, 0, _LONGEST_NAME)
    if named and named.start():
        return Pillar(said[: named.start()], said[named.end() :])
    return Pillar(said)
