"""The value of a written figure, and the signs that stand where a figure was removed."""

from __future__ import annotations

import re
from typing import Final

from app.coach.quantities.tokens import ARROW, COMPARE, MARK, MONEY, PERCENT, SIGN, WORD, Token, words
from app.coach.quantities.units import STOP

_REDACTED: Final = re.compile(r"(?:N\d{0,2}|[XYZ]{1,4})(?:k|K|M|m|bn)?", re.ASCII)
_BLANK_WORDS: Final = re.compile(
    r"\b(?:current|today|now|target|baseline|number|value|amount|count|metric|level|rate|score|percent|figure"
    r"|how many|how much|share|average|median|total|nps|csat|n\d?|x{1,4}|y|z)\b|[%$€£]",
    re.IGNORECASE,
)
_LEADING: Final = words("from to by than least most under over below above currently exactly within")
_PLACES: Final = words("on via os plan team project option generation gen mac platform")
_LONGEST: Final = 40
_MAGNITUDE: Final = 24


def read_digits(written: str) -> tuple[float | None, str]:
    """The value of a number token and the letters attached to it; None if it is no number."""
    cut = 0
    while cut < len(written) and not written[cut].isalpha():
        cut += 1
    digits, suffix = written[:cut], written[cut:]
    if cut > _LONGEST:
        return None, suffix
    if digits.isdecimal():
        return float(digits), suffix
    digits, _, exponent = digits.partition("^")
    power = int(exponent) if exponent.isdecimal() else 0
    if power > _MAGNITUDE:
        return None, suffix
    compact = "".join(character for character in digits if character.isdecimal() or character in ".,")
    head, comma, tail = compact.partition(",")
    compact = f"{head}.{tail}" if comma and len(tail) < 3 and tail.isdecimal() else compact.replace(",", "")
    try:
        value = float(compact)
        return (value**power if power else value), suffix
    except (ValueError, OverflowError):
        return None, suffix


def is_redacted(text: str, token: Token, before: Token, after: Token) -> bool:
    """Whether a word such as N4, XX or X stands for a number someone removed."""
    word = text[token[2] : token[3]]
    if len(word) > 6:
        return False
    if after[0] == PERCENT and word in {"x", "xx", "xxx", "n", "nn", "y", "yy"}:
        return True
    if not _REDACTED.fullmatch(word) or before[1] in _PLACES:
        return False
    if after[1] == "+" and after[2] == token[3]:
        return before[1] in _LEADING or before[0] == ARROW
    if word[0] == "N" or len(word) > 1:
        return True
    return (
        after[0] in {ARROW, PERCENT, SIGN}
        or before[0] in {ARROW, COMPARE, MONEY, SIGN}
        or (after[0] == WORD and after[1] not in STOP)
        or before[1] in _LEADING
    )


def blank_is_quantity(text: str, token: Token, before: Token, after: Token) -> bool:
    """Whether `[…]`, `___` or `??` holds the place of a number."""
    if token[1][0] != "[" or before[0] in {ARROW, COMPARE, MONEY} or after[0] in {ARROW, PERCENT}:
        return True
    if text[token[3] : token[3] + 1] == "(":
        return False
    if before[1] in _LEADING or before[1] in {"at", "of"}:
        return True
    inside = token[1].strip("[] ")
    if before[0] in {0, MARK, SIGN} and (before[1] != ":" or inside in {"x", ""}):
        return False
    return _BLANK_WORDS.search(inside) is not None
