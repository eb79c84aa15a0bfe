"""What follows a number: the whole it is part of, its unit, the end of a range, the thing counted."""

from __future__ import annotations

from typing import Final

from app.coach.quantities.figures import read_digits
from app.coach.quantities.tokens import MARK, MONEY, NUMBER, PERCENT, SIGN, WORD, Token
from app.coach.quantities.units import (
    CURRENCIES,
    DATA,
    DAY_KINDS,
    DETERMINERS,
    MORE,
    NUMBER_WORDS,
    PERCENTS,
    POINTS,
    STOP,
    TIME,
    is_plural,
)

_NOUN_WORDS: Final = 4
_ROUND: Final = frozenset({10.0, 100.0, 1000.0})
_YEAR: Final = 4


def share_end(tokens: list[Token], index: int) -> int:
    """The index after "of 8", "out of 10", "/10"; `index` itself if none stands there."""
    word = tokens[index][1]
    step = index
    if word == "of":
        step += 2 if tokens[index + 1][1] in DETERMINERS else 1
    elif word == "out" and tokens[index + 1][1] == "of":
        step += 2
    elif word == "/" and tokens[index][2] == tokens[index - 1][3] and tokens[index + 1][2] == tokens[index][3]:
        step += 1
    else:
        return index
    whole = tokens[step]
    if whole[0] == NUMBER and whole[1].isdecimal() and len(whole[1]) < 7 and tokens[step + 1][0] != PERCENT:
        return step + 1
    return step + 1 if whole[1] in NUMBER_WORDS and whole[1] != "one" else index


def odds(tokens: list[Token], index: int, value: float | None) -> tuple[float, int] | None:
    """The percentage of "1 in 6" or "9 in 10" and the index after it, read from the "in"; None if it is none."""
    whole, after = tokens[index + 1], tokens[index + 2]
    if tokens[index][1] != "in" or value is None or value <= 0 or after[1] in TIME or after[0] in {PERCENT, MONEY}:
        return None
    count = NUMBER_WORDS.get(whole[1])
    if whole[0] == NUMBER:
        count, suffix = read_digits(whole[1])
        if suffix or (whole[1].isdecimal() and len(whole[1]) == _YEAR):
            return None
    if count is None or count <= value or (value != 1 and count not in _ROUND):
        return None
    return 100 * value / count, index + 2


def range_end(text: str, tokens: list[Token], index: int, value: float | None) -> int:
    """The index after the upper end of "3-5" or "10 - 15"."""
    before, dash, upper = tokens[index - 1], tokens[index], tokens[index + 1]
    if dash[0] != SIGN or dash[1] not in "-–—" or upper[0] != NUMBER:
        return index
    if dash[2] == before[3] and upper[2] == dash[3]:
        return index + 2
    if dash[2] - before[3] == upper[2] - dash[3] == 1 and before[0] == NUMBER and value is not None:
        high, suffix = read_digits(upper[1])
        return index + 2 if high is not None and not suffix and high > value else index
    return index


def unit_at(tokens: list[Token], index: int, value: float | None, unit: str) -> tuple[float | None, str, int]:
    """The value in its unit and the index after the unit that stands at `index`, if any."""
    if unit and unit != "percent":
        return value, unit, index
    kind, word, start, _ = tokens[index]
    if word == "-" and start == tokens[index - 1][3] and tokens[index + 1][2] == start + 1:
        named = TIME.get(tokens[index + 1][1]) if not unit else None
        return (value, named, index + 2) if named else (value, unit, index)
    if word in PERCENTS:
        index += 2 if tokens[index + 1][1] in {"percent", "pct"} else 1
        if tokens[index][1] in {"points", "point", "pts"}:
            return value, "points", index + 1
        return value, "percent", index
    if word == "per" and tokens[index + 1][1] == "cent":
        return value, "percent", index + 2
    if word == "percentage" and tokens[index + 1][1] in POINTS:
        return value, "points", index + 2
    if unit or kind not in {MONEY, WORD, MARK}:
        return value, unit, index
    return _plain_unit(tokens, index, value)


def _plain_unit(tokens: list[Token], index: int, value: float | None) -> tuple[float | None, str, int]:
    kind, word, start, _ = tokens[index]
    following = tokens[index + 1][1]
    if kind == MONEY:
        attached = start == tokens[index - 1][3] or (word in "€£" and tokens[index + 1][0] != NUMBER)
        return (value, CURRENCIES[word], index + 1) if attached else (value, "", index)
    if word in {"×", "times", "x", "fold"}:
        return value, "times", index + 1
    if kind != WORD:
        return value, "", index
    if word in POINTS:
        return value, "points", index + 1
    if word in {"nps", "csat"} and following in POINTS:
        return value, "points", index + 2
    if word in CURRENCIES:
        return value, CURRENCIES[word], index + 1
    if word in TIME:
        return value, TIME[word], index + 1
    if word in DAY_KINDS and following in TIME:
        return value, TIME[following], index + 2
    if word in DATA:
        return (None if value is None else value * DATA[word]), "byte", index + 1
    return value, "", index


def counted_thing(text: str, tokens: list[Token], index: int) -> str:
    """The thing counted from `index` on, in lower case: up to its first plural, a few words at most."""
    if tokens[index][1] == "of":
        index += 1
    if tokens[index][1] in DETERMINERS:
        index += 1
    if tokens[index][1] == "-" and tokens[index + 1][0] == WORD:
        index += 1
    first = index
    while index - first < _NOUN_WORDS:
        kind, word, start, end = tokens[index]
        if kind != WORD or (word in STOP and not (index == first and word in MORE)) or word in NUMBER_WORDS:
            break
        if index > first and (start - tokens[index - 1][3] > 1 or not text[start - 1].isspace()):
            break
        index += 1
        if is_plural(word):
            kind, word, start, _ = tokens[index]
            if kind != WORD or start - end != 1 or word in STOP or not is_plural(word):
                break
    return text[tokens[first][2] : tokens[index - 1][3]].lower() if index > first else ""
