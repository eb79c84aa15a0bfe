"""Reads headings such as "Payments team – Q3 2026 OKRs": which team, which cycle, or neither."""

from __future__ import annotations

import re
from dataclasses import dataclass

_I = re.IGNORECASE


def _any(*parts: str) -> str:
    return "(?:" + "|".join(parts) + ")"


_YEAR = r"(?:20\d\d(?:\s?[/–-]\s?(?:20)?\d\d(?!\d))?)"
_FISCAL = r"(?:FY\s?['’]?(?:20)?\d\d(?:\s?[/–-]\s?(?:20)?\d\d(?!\d))?)"
_MONTH = _any(
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?",
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?",
)
_PART = r"(?:[QHTS][1-4])"
_PARTS = rf"(?:{_PART}(?:\s?[/&+–-]\s?{_PART})?)"
_SEASON = _any("spring|summer|autumn|fall|winter", "michaelmas|hilary|trinity|lent|easter|epiphany") + _any(
    r"\s(?:term|semester|trimester|quarter|cycle|season)", ""
)
_COUNTED = _any("first|second|third|fourth", "1st|2nd|3rd|4th") + r"\s(?:quarter|half|term|semester|trimester)"
_SPACE = r"[\s,/_'’–-]{0,3}"
_DAY = rf"(?:(?:\d{{1,2}}\.?\s)?{_MONTH}(?:\s\d{{1,2}}(?!\d))?(?:,?\s{_YEAR})?)"
CYCLE = re.compile(
    r"(?<!\w)"
    + _any(
        rf"{_FISCAL}(?:{_SPACE}{_PART})?",
        rf"{_PARTS}(?:{_SPACE}(?:of\s)?(?:{_FISCAL}|{_YEAR}|\d\d/\d\d(?!\d)|\d\d(?!\d)|\({_YEAR}\)))?",
        rf"{_YEAR}{_SPACE}{_PARTS}",
        rf"{_SEASON}(?:\s{_YEAR})?|season\s{_YEAR}",
        rf"{_DAY}\s?(?:[–-]|to|until)\s?{_DAY}|{_MONTH}\s{_YEAR}",
        rf"{_COUNTED}(?:\s(?:of\s)?{_YEAR})?",
        rf"(?:cycle|semester|trimester|term|quarter)\s\d{{1,2}}(?:{_SPACE}{_YEAR})?",
        rf"{_YEAR}(?:\s(?:set|cycle|term|semester|trimester)\s?\d)?",
    )
    + r"(?!\w)",
    _I,
)
"""A cycle as people name it: a quarter, half, year, fiscal year, season, term or range of months."""

_OKRS = re.compile(
    r"(?<!\w)(?:(?:team|company|group|draft|final|our|the|annual|quarterly|departmental)\s)?"
    r"(?:okrs?|objectives(?:\s(?:and|&|\+)\skey\sresults)?)"
    r"(?:\s(?:draft|proposal|doc|document|sheet|list|template|overview|review|planning))?(?!\w)",
    _I,
)
_TEAM_WORD = _any(
    r"team|squad|department|dept\.?|tribe|chapter|guild|division",
    r"working\sgroup|wg|business\sunit|workstream|circle",
)
_TEAM_FIRST = re.compile(rf"(?:the\s)?{_TEAM_WORD}\s?[:–—-]?\s(?P<name>\S.{{0,58}})", _I)
_TEAM_LAST = re.compile(rf"(?:the\s)?(?P<name>\S.{{0,50}}?)\s{_TEAM_WORD}", _I)
_LONGEST = 120
_LONGEST_NAME = 60
_MOST_WORDS = 6
_EDGE = " \t\xa0:–—-|/,.()[]*_#•·'’\"“”&"
_IDLE = frozenset(
    (
        *("for", "of", "in", "the", "our", "this", "draft", "final", "wip", "by", "and", "cycle", "quarter"),
        *("period", "team", "company", "v1", "v2", "v3", "okr", "okrs"),
    )
)
_GOES_ON = re.compile(r"\s+(?!(?:for|of|in|by|and|from)\b)[a-z]\w*\s+\w")
"""What a sentence about OKRs says next, as in "Our OKRs serve these."."""
_DRAFT = re.compile(r"[\[(](?:draft|final|wip|proposal|v\d{1,2})[\])]", _I)
_DOING = re.compile(
    _any(
        "build|grow|make|become|create|improve|increase|reduce|be|have|get|win|launch|develop|strengthen",
        "drive|deliver|raise|establish|scale|hire|turn|keep|help|give|run|ship|cut|support|enable|empower",
        "ensure|implement|execute|introduce|roll|adopt|use|write|define|set|align|teach|train|successfully",
        "delight|offer|open|prove|find|bring|lead|move|provide|expand|simplify|automate|prepare|design",
    )
    + r"\b",
    _I,
)


@dataclass(frozen=True, slots=True)
class Title:
    """What a heading names. `sure` is true where it says OKRs, a cycle alone or a team in so many words."""

    team: str | None
    cycle: str | None
    sure: bool


def title(words: str) -> Title:
    """Team and cycle that a heading names."""
    if len(words) > _LONGEST:
        return Title(None, None, sure=False)
    words = _DRAFT.sub(" ", words)
    found = CYCLE.search(words)
    cycle = found.group().strip(_EDGE) if found else None
    rest = words[: found.start()] + " – " + words[found.end() :] if found else words
    rest = rest.strip(_EDGE)
    okrs = _OKRS.search(rest)
    if okrs and not (okrs.start() == 0 or okrs.end() == len(rest) or " – " in rest):
        okrs = None
    if okrs and words.rstrip().endswith(".") and _GOES_ON.match(rest, okrs.end()):
        return Title(None, cycle, sure=False)
    if okrs:
        rest = rest[: okrs.start()] + " – " + rest[okrs.end() :]
    rest = rest.strip(_EDGE)
    while "  " in rest:
        rest = rest.replace("  ", " ")
    if all(word.strip(_EDGE).casefold() in _IDLE for word in rest.split() if word.strip(_EDGE)):
        return Title(None, cycle, sure=bool(okrs or cycle))
    name = _name(rest)
    if name:
        return Title(name, cycle, sure=True)
    if okrs and len(rest.split()) <= _MOST_WORDS and not _DOING.match(rest):
        return Title(_trimmed(rest), cycle, sure=True)
    return Title(None, cycle, sure=False)


def is_deed(words: str) -> bool:
    """Whether the words start with a verb of doing, as objectives do and names of teams don't."""
    return bool(_DOING.match(words))


def team_name(words: str) -> str | None:
    """A heading over sections as the name of a team, if it is short enough to be one."""
    if len(words) > _LONGEST:
        return None
    name = title(words).team
    if name:
        return name
    rest = CYCLE.sub(" ", _DRAFT.sub(" ", words))
    rest = _OKRS.sub(" ", rest).strip(_EDGE)
    return _trimmed(rest) if rest and len(rest.split()) <= _MOST_WORDS and len(rest) <= _LONGEST_NAME else None


def _name(rest: str) -> str | None:
    if _DOING.match(rest):
        return None
    first = _TEAM_FIRST.fullmatch(rest)
    if first and len(first.group("name").split()) <= 4:
        return _trimmed(first.group("name"))
    last = _TEAM_LAST.fullmatch(rest)
    if last and len(last.group("name").split()) <= 3:
        return _trimmed(last.group("name"))
    return None


def _trimmed(name: str) -> str:
    parts = [part.strip(_EDGE) for part in name.split(" – ")]
    return " – ".join(part + ")" * (part.count("(") - part.count(")")) for part in parts if part)
