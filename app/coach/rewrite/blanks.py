"""Blanks: what an author still has to fill in, and what stands in their place for the review alone.

A blank is a short phrase in square brackets that says what to write there: `[current NPS]`, `[date]`. When a
candidate is reviewed again a blank counts as present, so `fill` puts something neutral of the right sort there:
two different figures that move the way the line says, the end of the cycle for a date, plain words for people and
what they do. Nobody but the review ever sees these stand-ins.
"""

from __future__ import annotations

import re
from typing import Final

from app.coach.words import split_words

BLANK: Final = re.compile(r"\[([^\[\]\n]{1,80})\]")
LONGEST: Final = 80
_FIGURE: Final = re.compile(
    r"%|\b(?:current|target|today['’]s|number|count|level|figure|amount|cost|costs|score|rating|limit|size|bolder|"
    r"lower|higher)\b",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"\b(?:date|deadline|when)\b", re.IGNORECASE)
_SAVED: Final = re.compile(r"\bsave\b", re.IGNORECASE)
_WORDED: Final = (
    (_SAVED, "the time it takes"),
    (re.compile(r"\b(?:measure|metric)\b", re.IGNORECASE), "the share that succeeds"),
    (re.compile(r"\b(?:quality)\b", re.IGNORECASE), "complaints"),
    (re.compile(r"\b(?:do|does|doing|step|next)\b", re.IGNORECASE), "come back on their own"),
    (re.compile(r"\b(?:who|whom|people|users|readers|customers|whose)\b", re.IGNORECASE), "customers"),
    (re.compile(r"\bteam\b", re.IGNORECASE), "the team"),
)
_DOWN: Final = frozenset("cut reduce lower shorten decrease bring halve drop shrink fewer less limit".split())
_NUMBER: Final = re.compile(
    r"(?P<money>[$€£¥₹]\s?)?(?P<value>\d[\d,]{0,15}(?:\.\d{1,6})?)(?P<rest>[kKmM]\b)?(?P<unit>\s?(?:%|[kKMGT]i?B\b|"
    r"ms\b|s\b|h\b|min\b|sec\b|"
    r"(?:second|minute|hour|day|week|month|year|point)s?\b))?"
)
_UP_FROM, _UP_TO, _DOWN_FROM, _DOWN_TO = 40.0, 60.0, 60.0, 40.0
_CLOSE: Final = 24


def blanks_in(text: str) -> tuple[str, ...]:
    """The blanks of `text` without their brackets, in order, each once."""
    return tuple(dict.fromkeys(match[1].strip() for match in BLANK.finditer(text)))


def without_blanks(text: str, instead: str = " ") -> str:
    """`text` with every blank replaced by `instead`."""
    return BLANK.sub(instead, text)


def is_figure(blank: str) -> bool:
    """Whether a number belongs into this blank."""
    return _FIGURE.search(blank) is not None and not _SAVED.search(blank)


def answered(text: str, blank: str, answer: str) -> str:
    """`text` with one blank filled by its author's answer."""
    return text.replace(f"[{blank}]", " ".join(answer.split()))


def fill(text: str) -> str:
    """Every blank of every line replaced by a stand-in for the review."""
    return "\n".join(_fill_line(line, at) for at, line in enumerate(text.split("\n")))


def _fill_line(line: str, number: int) -> str:
    if "[" not in line:
        return line
    words = split_words(line)
    falls = bool(words) and words[0].text in _DOWN
    out: list[str] = []
    at = 0
    for match in BLANK.finditer(line):
        out += [line[at : match.start()], _stand_in(line, match, number, falls=falls)]
        at = match.end()
    return "".join([*out, line[at:]])


def _stand_in(line: str, match: re.Match[str], number: int, *, falls: bool) -> str:
    inside = match[1]
    if _DATE.search(inside):
        return "the end of the cycle"
    if not is_figure(inside):
        return next((words for pattern, words in _WORDED if pattern.search(inside)), inside)
    before = line[: match.start()].rstrip().lower()
    starts = before.endswith(("from", "(currently", "than")) or "current" in inside
    known, unit = _other_end(line, match, starts=starts)
    value = _value(known, inside, starts=starts, falls=falls)
    if known is None:
        value += number  # two lines of one OKR that end on one figure would look like one said twice
    written = f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:g}"
    money = unit if unit in {"$", "€", "£", "¥", "₹"} else "$" if re.search(r"cost|amount|spend", inside) else ""
    ending = " %" if "%" in inside else f" {unit}" if unit and not money else ""
    if not ending and not money:
        ending = next((f" {word}" for word in ("seconds", "minutes", "hours", "days", "weeks") if word in inside), "")
    return f"{money}{written}{ending}"


def _other_end(line: str, match: re.Match[str], *, starts: bool) -> tuple[float | None, str]:
    """The figure at the other end of the movement and its sign, if it is known."""
    if starts:
        after = re.match(
            r"\s{1,3}(?:to|→|->)\s{1,3}(?:below |under |above |over |at least |at most )?", line[match.end() :]
        )
        found = _NUMBER.match(line, match.end() + after.end()) if after else None
        if found is None and (change := re.search(r"\bto (?=[$€£¥₹]?\d)", line[: match.start()])):
            found = _NUMBER.match(line, change.end())
    else:
        begin = line.rfind("from ", 0, match.start())
        close = begin >= 0 and match.start() - begin < _CLOSE + 8
        found = _NUMBER.match(line, begin + 5) if close else None
    if not found:
        return None, ""
    scale = {"k": 1e3, "m": 1e6}.get((found["rest"] or "").lower(), 1.0)
    value = float(found["value"].replace(",", "")) * scale
    return value, (found["money"] or "").strip() or (found["unit"] or "").strip()


def _value(known: float | None, inside: str, *, starts: bool, falls: bool) -> float:
    if known is None:
        if starts:
            return _DOWN_FROM if falls else _UP_FROM
        return _DOWN_TO if falls else _UP_TO
    if starts == falls:  # the higher end is wanted
        share = "%" in inside and known < 100
        return known + (100 - known) / 2 if share and not starts else (known * 1.6 or 40.0)
    return known * 0.6
