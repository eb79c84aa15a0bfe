"""Numbers as people write them, and the quantity that starts at a token.

A number out of a whole is kept as its first number ("6 of 8 squads" is 6 squads); a written fraction
("two thirds", "2/3 of") is a percentage. A range ("3-5") is its lower end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from app.coach.quantities.counted import counted_thing, odds, range_end, share_end, unit_at
from app.coach.quantities.figures import blank_is_quantity, is_redacted, read_digits
from app.coach.quantities.measures import Quantity
from app.coach.quantities.spelled import PERIODIC, read_spelled
from app.coach.quantities.tokens import ARROW, BLANK, HASH, MONEY, NUMBER, PERCENT, SIGN, WORD, Token, words
from app.coach.quantities.units import (
    CURRENCIES,
    DATA,
    LEVELS,
    NAMING,
    NAMING_OR_DOING,
    PERCENTS,
    POINTS,
    SCALES,
    SECONDS,
    SHORT_SCALES,
    STOP,
    TIME,
)

_SHAPES: Final = words("star stars way tier digit figure")
_ATTACHED: Final = (
    CURRENCIES
    | TIME
    | {"x": "times", "m": "minute"}
    | dict.fromkeys(POINTS, "points")
    | dict.fromkeys(PERCENTS, "percent")
)
"""Units written without a space ("2x", "5m", "30d")."""
_LEVEL_LEADS: Final = words("from to reach least of at current")
_VERSION: Final = re.compile(r"[0-3]\.0")
_GROUPED: Final = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_WHOLES: Final = {"2": 2, "3": 3, "4": 4}


@dataclass(slots=True)
class Found:
    """A quantity with the tokens it covers and what its own signs say."""

    quantity: Quantity
    first: int
    last: int
    sign: str = ""
    at_least: bool = False
    adjectival: bool = False


class QuantityReader:
    """Reads the quantity that starts at a token, looking only a few tokens ahead."""

    __slots__ = ("_text", "_tokens")

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self._text = text
        self._tokens = tokens

    def read(self, index: int) -> Found | None:
        """The quantity at `index`, None if what stands there measures nothing."""
        tokens = self._tokens
        first = index
        kind, word, _, end = tokens[index]
        sign = unit = ""
        if kind == SIGN:
            if tokens[index + 1][2] != end or self._touches(index):
                return None
            sign = "+" if word == "+" else "-" if word in "-−–" else ""
            index += 1
            kind, word, _, end = tokens[index]
        if kind == MONEY or (kind == WORD and word in CURRENCIES and tokens[index + 1][0] in {NUMBER, BLANK}):
            unit = CURRENCIES[word]
            index += 1
            kind, word, _, end = tokens[index]
        if kind == NUMBER:
            return self._digits(first, index, unit, sign)
        if kind == WORD:
            return self._redacted(first, index, unit, sign) or self._spelled(first, index)
        if kind == HASH:
            return self._hash(first, index, word)
        if kind == BLANK and (
            unit or sign or blank_is_quantity(self._text, tokens[index], tokens[index - 1], tokens[index + 1])
        ):
            return self._finish(first, index + 1, None, unit, sign)
        return None

    def _touches(self, index: int) -> bool:
        """Whether the token at `index` is glued to a word or number before it."""
        before = self._tokens[index - 1]
        return before[3] == self._tokens[index][2] and before[0] in {WORD, NUMBER, PERCENT}

    def _hash(self, first: int, index: int, word: str) -> Found | None:
        """#1 is a rank, #1234 an issue."""
        before = self._tokens[index - 1]
        if len(word) > 3 or int(word[1:]) > 10 or before[1] in NAMING or before[1] in {"issue", "fix", "/"}:
            return None
        return self._close(first, index + 1, float(word[1:]), "rank")

    def _redacted(self, first: int, index: int, unit: str, sign: str) -> Found | None:
        token, before, after = self._tokens[index], self._tokens[index - 1], self._tokens[index + 1]
        if token[1][0] not in "nxyz" or not is_redacted(self._text, token, before, after):
            return None
        added = after[1] == "+" and after[2] == token[3] and self._tokens[index + 2][0] == NUMBER
        return self._finish(first, index + 3 if added else index + 1, None, unit, sign)

    def _spelled(self, first: int, index: int) -> Found | None:
        spelled = read_spelled(self._text, self._tokens, index)
        if spelled is None:
            return None
        value, unit, after, whole = spelled
        return self._close(first, after, value, unit) if whole else self._finish(first, after, value, unit)

    def _digits(self, first: int, index: int, unit: str, sign: str) -> Found | None:
        value, suffix = read_digits(self._tokens[index][1])
        if value is None or (not unit and self._names(first, index)):
            return None
        dash, shape = self._tokens[index + 1], self._tokens[index + 2]
        if dash[1] == "-" and shape[2] == dash[3] and shape[1] in _SHAPES and value == int(value):
            return None
        if not suffix:
            return self._finish(first, index + 1, value, unit, sign)
        if suffix in {"st", "nd", "rd", "th"}:
            return self._ordinal(first, index, value)
        if suffix == "s" and (len(self._tokens[index][1]) == 5 or self._tokens[index + 1][1] == "of"):
            return None  # the 1990s, 10s of millions
        if suffix in SCALES and not (suffix == "m" and self._is_minutes(index)):
            return self._finish(first, index + 1, value * SCALES[suffix], unit, sign)
        if suffix in DATA:
            return self._finish(first, index + 1, value * DATA[suffix], "byte", sign)
        attached = _ATTACHED.get(suffix)
        return self._finish(first, index + 1, value, attached, sign) if attached else None

    def _is_minutes(self, index: int) -> bool:
        """Whether a lower-case m after a number is minutes: "under 5m"."""
        small = self._text[self._tokens[index][3] - 1] == "m"
        return small and self._tokens[index - 1][1] in {"under", "within", "in"} and self._tokens[index + 1][0] != WORD

    def _names(self, first: int, index: int) -> bool:
        """Whether the number belongs to a name or a list label rather than a measure."""
        tokens = self._tokens
        _, written, _, end = tokens[index]
        before, after = tokens[first - 1], tokens[index + 1]
        close = self._text[end : end + 1]
        if first == 0 and len(written) < 3 and close in {".", ")"}:
            return self._text[end + 1 : end + 2].isspace()
        if first == 1 and before[1] == "(" and len(written) < 3 and close == ")":
            return True
        if before[1] == "+" and self._touches(first - 1):
            return True
        if before[0] != WORD:
            return False
        if _VERSION.fullmatch(written) and (after[0] not in {WORD, PERCENT, MONEY, ARROW, SIGN} or after[1] in STOP):
            return before[1] not in STOP and before[1] not in {"score", "rating", "gpa"}
        if before[1] in NAMING:
            return after[0] not in {PERCENT, MONEY} and after[1] not in PERCENTS
        if before[1] in LEVELS:
            return tokens[first - 2][1] not in _LEVEL_LEADS
        counted = (after[0] in {WORD, PERCENT} and after[1] not in STOP) or after[1] == "+"
        return before[1] in NAMING_OR_DOING and not counted

    def _ordinal(self, first: int, index: int, value: float) -> Found | None:
        after, before = self._tokens[index + 1], self._tokens[first - 1][1]
        if after[1] in {"place", "position", "rank"}:
            return self._close(first, index + 2, value, "rank")
        if before in {"rank", "ranked", "ranks", "place", "placed"}:
            return self._close(first, index + 1, value, "rank")
        if before in {"from", "to"} and (after[0] != WORD or after[1] in {"to", "in", "by", "from", "among"}):
            return self._close(first, index + 1, value, "rank")
        return None

    def _finish(self, first: int, index: int, value: float | None, unit: str, sign: str = "") -> Found:
        """Reads on over scale, plus, share, unit, range and noun."""
        tokens = self._tokens
        after = tokens[index]
        scaled = after[1] in SCALES and (len(after[1]) > 1 or unit.isupper())
        if scaled and after[0] == WORD and unit not in SECONDS:
            value = None if value is None else value * SCALES[after[1]]
            index += 1
            if after[1] in SHORT_SCALES and tokens[index][1] == "." and tokens[index + 1][0] in {MONEY, WORD}:
                index += 1
        at_least = self._plus(index)
        index += at_least
        if not unit:
            share = share_end(tokens, index)
            if share > index and value is not None:
                value, unit = self._fraction(index, share, value)
            index = share
            chance = odds(tokens, index, value)
            if chance:
                value, index = chance
                noun = counted_thing(self._text, tokens, index)
                return self._close(first, index, value, "percent", noun, sign=sign, at_least=at_least)
        value, unit, index = unit_at(tokens, index, value, unit)
        if self._plus(index):
            at_least = True
            index += 1
        upper = range_end(self._text, tokens, index, value)
        if upper > index:
            index = upper
            value, unit, index = unit_at(tokens, index, value, unit)
        if unit == "times" and tokens[index][1] in PERIODIC:
            return self._close(first, index, value, "", "times", sign=sign, at_least=at_least)
        if value is not None and (not unit or unit.isupper()):
            value = self._grouped(first, index, value)
        noun = "" if unit in SECONDS else counted_thing(self._text, self._tokens, index)
        return self._close(first, index, value, unit, noun, sign=sign, at_least=at_least)

    def _plus(self, index: int) -> bool:
        """Whether a plus sign ends the number before `index` ("50+")."""
        plus = self._tokens[index]
        return plus[1] == "+" and plus[2] == self._tokens[index - 1][3] and self._tokens[index + 1][0] != NUMBER

    def _grouped(self, first: int, index: int, value: float) -> float:
        """A count or sum written with a point between thousands ("1.500 customers")."""
        for kind, written, _, _ in self._tokens[first : min(index, first + 2)]:
            if kind == NUMBER and _GROUPED.fullmatch(written):
                return float(written.replace(".", ""))
        return value

    def _fraction(self, index: int, share: int, value: float) -> tuple[float, str]:
        """A fraction ("2/3 of users") as a percentage, a number out of a whole as it is."""
        whole = self._tokens[share - 1][1]
        if self._tokens[index][1] == "/" and whole in _WHOLES and value < _WHOLES[whole]:
            return 100 * value / _WHOLES[whole], "percent"
        return value, ""

    def _close(
        self,
        first: int,
        index: int,
        value: float | None,
        unit: str,
        noun: str = "",
        *,
        sign: str = "",
        at_least: bool = False,
    ) -> Found:
        if not noun and (unit in {"times", "rank"} or value == 0.0):
            noun = counted_thing(self._text, self._tokens, index)
        quantity = Quantity(value, unit, noun, self._tokens[first][2], self._tokens[index - 1][3])
        adjectival = unit in SECONDS and value != 1 and self._qualifies(index)
        return Found(quantity, first, index, sign, at_least, adjectival)

    def _qualifies(self, index: int) -> bool:
        """Whether a duration describes what follows: "90-day retention"."""
        unit, after = self._tokens[index - 1], self._tokens[index]
        return len(unit[1]) > 2 and not unit[1].endswith("s") and after[0] == WORD and after[1] not in STOP
