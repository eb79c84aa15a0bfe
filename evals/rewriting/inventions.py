"""What a rewrite states that its source doesn't: figures, dates and names, read without the product's own readers.

Deliberately another implementation than the guard's: plain patterns over characters. Where the two disagree,
one of them is wrong, and the eval shows it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evals.rewriting.shown import BLANK

_FIGURE: Final = re.compile(
    r"(?P<sign>[$€£¥₹])?[ ]?(?<![^\W\d_])(?P<digits>\d[\d,.'’\u00a0\u202f]{0,18}\d|\d)[ \u00a0\u202f]?"
    r"(?P<scale>(?:k|m|mn|bn|million|billion|thousand|tsd)\b)?[ \u00a0\u202f]?"
    r"(?P<unit>%|percent\b|per cent\b|pct\b|points?\b|pp\b|[$€£¥₹]|x\b|×)?",
    re.IGNORECASE,
)
_SCALES: Final = {"k": 1e3, "thousand": 1e3, "tsd": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_WORDS: Final = {
    word: float(value)
    for value, words in {
        0: "zero nil",
        2: "two twice double doubles doubling doubled pair",
        3: "three thrice triple tripling tripled",
        4: "four quadruple",
        5: "five",
        6: "six",
        7: "seven",
        8: "eight",
        9: "nine",
        10: "ten tenfold",
        11: "eleven",
        12: "twelve dozen",
        13: "thirteen",
        14: "fourteen",
        15: "fifteen",
        16: "sixteen",
        17: "seventeen",
        18: "eighteen",
        19: "nineteen",
        20: "twenty",
        30: "thirty",
        40: "forty",
        50: "fifty",
        60: "sixty",
        70: "seventy",
        80: "eighty",
        90: "ninety",
        100: "hundred hundreds",
        1000: "thousand thousands",
        1000000: "million millions",
    }.items()
    for word in words.split()
} | dict.fromkeys("half halve halves halving halved".split(), 0.5)
_MULTIPLES: Final = frozenset({100.0, 1000.0, 1e6})
_TENS: Final = frozenset(range(20, 100, 10))
_MONTHS: Final = {
    name: at
    for at, names in enumerate(
        "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct "
        "november|nov december|dec".split(),
        1,
    )
    for name in names.split("|")
}
_WEEKDAYS: Final = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_SEASONS: Final = frozenset("spring summer autumn winter christmas easter ramadan diwali".split())
_PERIOD: Final = re.compile(
    r"(?<![a-z0-9])(?:(?:fy|cy|ay)[ '’]?\d{2,4}|[qh][1-4](?![0-9])|(?:19|20)\d\d(?!\d))", re.IGNORECASE
)
_WORD: Final = re.compile(r"[^\W\d_](?:[\w’'&.+#-]{0,40}[\w+#])?", re.UNICODE)
_ORDINARY: Final = frozenset("I I'm I'll OK KR KRs".split())


@dataclass(frozen=True, slots=True)
class Invention:
    """Something stated without a source; `kind` is figure, date or name."""

    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind} “{self.text}”"


def inventions(text: str, source: str) -> list[Invention]:
    """All that `text`, blanks aside, states and `source` doesn't; linear in their lengths."""
    said, known = _plain(BLANK.sub(" … ", text)), _plain(source)
    found: list[Invention] = []
    facts = set(_figures(known))
    values = {value for value, _ in facts}
    found += [
        Invention("figure", f"{value:g}{unit}")
        for value, unit in dict.fromkeys(_figures(said))
        if (value, unit) not in facts and (unit or value not in values)
    ]
    days = set(_dates(known))
    found += [Invention("date", date) for date in dict.fromkeys(_dates(said)) if date not in days]
    words = {word.lower() for word in _WORD.findall(known)}
    words |= {part for word in words for part in re.split(r"[-’'.&]", word)}
    found += [Invention("name", name) for name in dict.fromkeys(_names(said)) if not _is_known(name, words)]
    return found


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode("utf-8"))


def _figures(text: str) -> Iterator[tuple[float, str]]:
    """Values with their unit: "%", a currency sign, "x", or nothing."""
    for match in _FIGURE.finditer(text):
        value = _value(match["digits"])
        if value is None:
            continue
        scale = (match["scale"] or "").lower()
        yield value * _SCALES.get(scale, 1.0), _unit(match["unit"] or match["sign"] or "")
    yield from ((value, "") for value in _spelled(text))


def _spelled(text: str) -> Iterator[float]:
    """Numbers in words, "one hundred and twenty-five" as one; a lone "one" is no number."""
    total: float | None = None
    for word in [*re.findall(r"[a-z]+|[^\sa-z-]+", text.lower()), ""]:
        value = 1.0 if word == "one" else _WORDS.get(word)
        if word == "and" and total is not None and total >= 100:
            continue
        if value is not None and total is not None:
            if value in _MULTIPLES:
                total *= value
                continue
            if (total >= 100 and value < 100) or (total in _TENS and 0 < value < 10):
                total += value
                continue
        if total is not None and total != 1:
            yield total
        total = value


def _unit(written: str) -> str:
    lowered = written.lower()
    if lowered in {"%", "percent", "per cent", "pct", "pp"} or lowered.startswith("point"):
        return "%"
    return "x" if lowered in {"x", "×"} else lowered


def _value(digits: str) -> float | None:
    plain = re.sub(r"(?<=\d)[,'’\u00a0\u202f](?=\d{3}(?:\D|$))", "", digits).replace(",", ".")
    plain = re.sub(r"['’\u00a0\u202f]", "", plain).rstrip(".")
    head, _, tail = plain.partition(".")
    try:
        return float(f"{head}.{tail.replace('.', '')}" if tail else head)
    except ValueError:
        return None


def _dates(text: str) -> Iterator[str]:
    for match in _PERIOD.finditer(text):
        yield match[0].lower().replace(" ", "").replace("’", "").replace("'", "")
    for match in _WORD.finditer(text):
        word = match[0]
        lowered = word.lower().rstrip("s") if word.lower() not in _WEEKDAYS else word.lower()
        if lowered in _MONTHS and word[0].isupper() and not _opens(text, match.start()):
            yield f"month {_MONTHS[lowered]}"
        elif lowered in _WEEKDAYS or lowered in _SEASONS:
            yield lowered


def _names(text: str) -> Iterator[str]:
    """Words that look like names: capitals where none are due, inner capitals, letters with digits."""
    for match in _WORD.finditer(text):
        word = match[0]
        lowered = word.lower().removesuffix("s")
        if word in _ORDINARY or lowered in _MONTHS or lowered in _WEEKDAYS or _PERIOD.fullmatch(word):
            continue
        odd = any(char.isupper() or char.isdigit() for char in word[1:])
        if odd or (word[0].isupper() and not _opens(text, match.start())):
            yield word


def _opens(text: str, at: int) -> bool:
    """Whether a word at `at` begins a line or sentence, where a capital says nothing."""
    before = text[max(0, at - 8) : at].rstrip(" \t\"“‘'(")
    return not before or before[-1] in "\n.!?:;•" or (at - len(before) >= 0 and text[:at].strip(" \t\"“‘'(-•") == "")


def _is_known(name: str, words: set[str]) -> bool:
    parts = [part for part in re.split(r"[-’'.&]", name.lower()) if part]
    return all(
        part in words or part.removesuffix("s") in words or f"{part}s" in words or part.isdigit() for part in parts
    )
