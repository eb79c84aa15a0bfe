"""The strategy that a draft names beside its OKRs: one heading or line such as "Strategic pillars" over a list, a table
or headings of its own.

Taken only where nothing else can be meant: the objectives are labelled as such, and what stands below the head is
followed by one of them, by a heading, or by the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from app.coach.nouns import Pillar
from app.coach.parse.labels import Role, label, words
from app.coach.parse.layout import OBJECTIVES
from app.coach.parse.outline import Entry, Kind, outline
from app.coach.parse.tables import column_role
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
_NAMES = re.compile(
    r"(?:(?:strategic|our)\s)?(?:pillar|priorit(?:y|ie)|theme|direction|focus(?:\sarea)?|area)s?", re.IGNORECASE
)
_OF_OKRS = {"objective", "key result", "measure", "baseline", "target"}
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
    section = _section(text, entries[head], entries[head + 1 :])
    said = _grouped(text, section)
    rest = entries[head + 1 + len(section) :]
    if not (_are_pillars(said) and _goes_on(text, [*entries[:head], *rest], rest)):
        return text, ()
    start, end = text.rfind("\n", 0, entries[head].start) + 1, text.find("\n", section[-1].end)
    end = end if end >= 0 else len(text)
    blank = re.sub(r"[^\r\n]", " ", text[start:end])
    return text[:start] + blank + text[end:], tuple(_pillar(*each) for each in said)


def _is_head(text: str, entry: Entry) -> bool:
    if entry.kind not in {Kind.HEADING, Kind.TEXT}:
        return False
    start, end = words(text, entry.start, entry.end)
    return _HEAD.fullmatch(text, start, end) is not None


def _section(text: str, head: Entry, after: Sequence[Entry]) -> list[Entry]:
    """What stands below the head: one list, one table, or headings of one level with what is below them."""
    if not after:
        return []
    first = after[0]
    if first.kind in {Kind.BULLET, Kind.ROW}:
        return list(takewhile(lambda entry: entry.kind is first.kind, after))
    if head.kind is not Kind.HEADING or first.kind is not Kind.HEADING or first.level <= head.level:
        return []
    found = list(takewhile(lambda entry: _is_below(text, entry, first.level), after))
    rest = after[len(found) :]
    if found and found[-1].kind is Kind.HEADING and rest and (rest[0].level or first.level + 1) > first.level:
        # What stands below it are OKRs: a team's heading, or theirs.
        found.pop()
    return found


def _is_below(text: str, entry: Entry, level: int) -> bool:
    if not _is_plain(text, entry):
        return False
    if entry.kind is Kind.HEADING:
        start, end = words(text, entry.start, entry.end)
        return entry.level == level and not title(text[start:end]).sure
    return entry.kind is not Kind.ROW


def _is_plain(text: str, entry: Entry) -> bool:
    return label(text, entry.start, entry.end).role is Role.PLAIN


def _grouped(text: str, section: Sequence[Entry]) -> list[tuple[str, ...]]:
    """Each pillar with what is said of it; nothing where something in the section is labelled."""
    if not section:
        return []
    if section[0].kind is Kind.ROW:
        return _tabled(text, section)
    if not all(_is_plain(text, entry) for entry in section):
        return []
    top = section[0].indent
    found: list[list[str]] = []
    for entry in section:
        said = _said(text, entry)
        if entry.kind is Kind.HEADING or (section[0].kind is Kind.BULLET and entry.indent <= top):
            found.append([said])
        else:
            found[-1].append(said)
    return [tuple(each) for each in found]


def _tabled(text: str, rows: Sequence[Entry]) -> list[tuple[str, ...]]:
    """The cells under a column of pillars and under columns that say more of them."""
    cells = [[_clean(text[start:end]) for start, end in row.cells] for row in rows]
    roles = [column_role(name) for name in cells[0]]
    named = next((at for at, name in enumerate(cells[0]) if _NAMES.fullmatch(name)), None)
    if named is None or _OF_OKRS & set(roles):
        return []
    kept = [named, *(at for at, role in enumerate(roles) if at > named and role in {"", "title"})]
    return [tuple(row[at] for at in kept if at < len(row)) for row in cells[1:] if len(row) > named]


def _are_pillars(said: Sequence[Sequence[str]]) -> bool:
    """Words rather than figures."""
    if not FEWEST_PILLARS <= len(said) <= MOST_PILLARS:
        return False
    if not all(each[0] and sum(map(len, each)) <= _LONGEST for each in said):
        return False
    texts = [text for each in said for text in each]
    return sum(any(char.isdigit() for char in _YEAR.sub("", text)) for text in texts) * 2 < len(texts)


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
    return _clean(text[start:end])


def _clean(said: str) -> str:
    return " ".join(_EMPHASIS.sub("", said).split())


def _pillar(head: str, *more: str) -> Pillar:
    """Of “Checkout first: guests finish what they begin” the name and the text, and what stands below it."""
    named = _NAMED.search(head, 0, _LONGEST_NAME)
    parts = [head[: named.start()], head[named.end() :]] if named and named.start() else [head]
    return Pillar(parts[0], "; ".join(part for part in (*parts[1:], *more) if part))
