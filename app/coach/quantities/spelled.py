"""Quantities that start with a word: "twenty-five", "a third of", "double", "top 3", "no incidents"."""

from __future__ import annotations

from typing import Final, NamedTuple

from app.coach.quantities.counted import counted_thing, odds
from app.coach.quantities.figures import read_digits
from app.coach.quantities.tokens import NUMBER, PERCENT, WORD, Token, words
from app.coach.quantities.units import (
    CURRENCIES,
    FRACTION_SIGNS,
    FRACTIONS,
    NAMING,
    NUMBER_WORDS,
    SCALES,
    STOP,
    TIME,
    TIMES,
    is_plural,
)

STARTERS: Final = (
    frozenset(NUMBER_WORDS)
    | frozenset(TIMES)
    | frozenset(CURRENCIES)
    | words("half top first a no none order n x xx xxx y yy z")
)
"""Plain words that a quantity may start with."""
PERIODIC: Final = words("a per each every daily weekly monthly")
_NOT_TWICE: Final = words("opt-in entry check checks digit bottom click blind down book")
_PRONOUN: Final = words("the this that each every which no any another new number")
_HALF_OF_TIME: Final = words("first second last next this year and")


class Spelled(NamedTuple):
    """A value in words, the index after it, and whether nothing more of it can follow."""

    value: float
    unit: str
    after: int
    whole: bool = False


def read_spelled(text: str, tokens: list[Token], index: int) -> Spelled | None:
    """The value in words at `index`, None if the word measures nothing here."""
    word, after = tokens[index][1], tokens[index + 1]
    if word in NUMBER_WORDS:
        return _cardinal(tokens, index, word)
    if word in TIMES:
        often = word in {"twice", "thrice"} and after[1] in PERIODIC
        return None if often or after[1] in _NOT_TWICE else Spelled(TIMES[word], "times", index + 1, whole=True)
    if word == "a":
        return _article(tokens, index)
    if word in {"no", "none"}:
        return _none(text, tokens, index)
    if word == "top":
        return _top(tokens, index)
    if word == "half":
        return _half(tokens, index)
    if word == "first":
        return Spelled(1.0, "rank", index + 2, whole=True) if after[1] == "page" else None
    if word == "order":
        magnitude = after[1] == "of" and tokens[index + 2][1] == "magnitude"
        return Spelled(10.0, "times", index + 3, whole=True) if magnitude else None
    if word in FRACTION_SIGNS:
        return Spelled(FRACTION_SIGNS[word], "percent", index + 1)
    return _hyphened(index, word) if "-" in word else None


def _cardinal(tokens: list[Token], index: int, word: str) -> Spelled | None:
    value, first = NUMBER_WORDS[word], index
    after = tokens[index + 1]
    if value >= 20 and 0 < NUMBER_WORDS.get(after[1], 0.0) < 10:
        value += NUMBER_WORDS[after[1]]
        index += 1
        after = tokens[index + 1]
    if after[1] in FRACTIONS and tokens[index + 2][1] == "of":
        return Spelled(value * FRACTIONS[after[1]], "percent", index + 2)
    if (chance := odds(tokens, index + 1, value)) and tokens[first - 1][1] not in NAMING:
        return Spelled(chance[0], "percent", chance[1])
    if (word == "one" and not _counts(tokens, index)) or tokens[first - 1][1] in NAMING:
        return None
    return Spelled(value, "", index + 1)


def _counts(tokens: list[Token], index: int) -> bool:
    """Whether "one" here is the number rather than the pronoun."""
    after = tokens[index + 1]
    articled = tokens[index - 2][1] in {"a", "an", "the", "any", "each", "every", "another"}
    if articled or tokens[index - 1][1] in _PRONOUN or after[1] in {"another", "thing", "s"}:
        return False
    return after[0] in {WORD, PERCENT} and after[1] not in STOP


def _article(tokens: list[Token], index: int) -> Spelled | None:
    """A third of, a hundred."""
    word, after = tokens[index + 1][1], tokens[index + 2]
    if word in FRACTIONS:
        alone = word != "quarter" and after[0] != WORD and tokens[index - 1][1] in {"from", "to", "by", "up", "down"}
        return Spelled(FRACTIONS[word], "percent", index + 2) if alone or after[1] == "of" else None
    if word in SCALES and len(word) > 3 and not word.endswith("s"):
        return Spelled(SCALES[word], "", index + 2)
    return None


def _none(text: str, tokens: list[Token], index: int) -> Spelled | None:
    """No as a number: only before a plural ("no open incidents")."""
    if tokens[index - 1][1] == "from" and tokens[index + 1][1] in {"", "to"}:
        return Spelled(0.0, "", index + 1, whole=True)
    counted = tokens[index][1] == "no" and is_plural(counted_thing(text, tokens, index + 1).rpartition(" ")[2])
    return Spelled(0.0, "", index + 1) if counted else None


def _top(tokens: list[Token], index: int) -> Spelled | None:
    kind, word, _, _ = tokens[index + 1]
    value = NUMBER_WORDS.get(word)
    if kind == NUMBER and word.isdecimal() and tokens[index + 2][0] != PERCENT:
        value, _ = read_digits(word)
    return None if value is None else Spelled(value, "rank", index + 2)


def _half(tokens: list[Token], index: int) -> Spelled | None:
    before, after = tokens[index - 1][1], tokens[index + 1][1]
    if before == "in" and after not in {"of", "a"}:
        return Spelled(0.5, "times", index + 1, whole=True)
    if after == "of" and tokens[index + 2][0] == NUMBER and len(tokens[index + 2][1]) == 4:
        return None
    share = before not in _HALF_OF_TIME and (after in {"of", "the", "our", "all"} or before == "by")
    return Spelled(50.0, "percent", index + 1) if share else None


def _hyphened(index: int, word: str) -> Spelled | None:
    """Twenty-five, two-thirds, five-fold, three-month, top-10."""
    head, _, tail = word.partition("-")
    if head == "top" and tail.isdecimal() and len(tail) < 4:
        return Spelled(float(tail), "rank", index + 1)
    value = NUMBER_WORDS.get(head)
    if value is None:
        return None
    if tail in NUMBER_WORDS and value >= 20:
        return Spelled(value + NUMBER_WORDS[tail], "", index + 1)
    if tail in FRACTIONS:
        return Spelled(value * FRACTIONS[tail], "percent", index + 1)
    if tail == "fold":
        return Spelled(value, "times", index + 1, whole=True)
    return Spelled(value, TIME[tail], index + 1) if tail in TIME else None
