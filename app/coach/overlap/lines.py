"""One line of a plan as it is compared: its telling words, names, cues and figures."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.coach.likeness import stem, subject
from app.coach.nouns import Okr
from app.coach.overlap.nouns import Place
from app.coach.overlap.signals import (
    CENTRAL,
    DOWN,
    FEEDING,
    GATE,
    GENERIC,
    HOUSEKEEPING,
    KEEPING,
    LOCAL,
    NEEDING,
    OWN,
    SPEED,
    STOPPING,
    UP,
)
from app.coach.quantities import Direction, Measure, measure
from app.coach.quantities.units import SECONDS
from app.coach.words import Word, split_words

LONGEST = 600
"""Characters of a line that are compared; what a line is about is said by then."""

LEXICONS = {
    **HOUSEKEEPING,
    "own": OWN,
    "up": UP,
    "down": DOWN,
    "speed": SPEED,
    "gate": GATE,
    "central": CENTRAL,
    "local": LOCAL,
    "need": NEEDING,
    "feed": FEEDING,
    "stop": STOPPING,
    "keep": KEEPING,
}
CUES = (*LEXICONS, "number", "percent", "time", "moves")
FIGURES = ("unit", "target", "baseline", "direction", "number")

_WAITING = re.compile(
    r"\b(?:once|as soon as|as long as|contingent on|conditional on|depend(?:s|ent|ing)? on|rel(?:y|ies|ying) on"
    r"|waiting (?:for|on)|until|before|based on|built on|on top of|off the|using|via|through|thanks to|powered by"
    r"|fed (?:by|from)|(?:from|with|by|on|out of) the|when|after|if|given|provided|because|so that"
    r"|stands and falls with|taken from|whose|which|that)\b",
    re.IGNORECASE,
)
_GENERIC = GENERIC | {stem(word) for word in GENERIC}
_DATED = re.compile(r"(?:q[1-4]|h[12]|fy)?(?:20)?\d{0,2}|\d+")
_LEAST_BEFORE, _LEAST_AFTER = 3, 6
_NAMED = re.compile(r"[A-Z][\w.+#-]*[A-Z0-9][\w.+#-]*|[A-Z][a-z]\w*")
_SIGN: Mapping[Direction | None, float] = {Direction.UP: 1.0, Direction.DOWN: -1.0}
_TEAM_WORDS = frozenset({"team", "and", "the", "of", "group", "squad", "department", "unit"})


@dataclass(frozen=True, slots=True)
class Said:
    """One line: where it stands, whose it is, and what it says once words that only dress it are set aside.

    `terms` are the telling words of the line, `names` those of them written as names, `about` the telling words of
    its objective, `team_terms` those of the team's name. `parts` are what stands before a condition and the condition
    itself ("offline mode in use", "the sync service is live"), empty where the line names none; `values` the numbers
    it names.
    """

    place: Place
    team: str
    text: str
    objective: str
    terms: frozenset[str]
    names: frozenset[str]
    about: frozenset[str]
    team_terms: frozenset[str]
    parts: tuple[str, str] | tuple[()]
    values: frozenset[float]


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers of a line: a flag for each of `CUES`, and a value for each of `FIGURES`."""

    cues: tuple[bool, ...]
    figures: tuple[float, ...]


def read_lines(okrs: Sequence[Okr]) -> Iterator[tuple[Said, Facts]]:
    """Every line that says something, the objective before its key results."""
    for at, okr in enumerate(okrs):
        team = okr.team or ""
        objective = okr.objective.text if okr.objective else ""
        about = telling(objective)
        named = frozenset(stem(word.text) for word in split_words(team)) - _TEAM_WORDS
        if objective.strip():
            yield _read(Place(at), team, objective, objective, about, named)
        for index, line in enumerate(okr.key_results):
            if line.text.strip():
                yield _read(Place(at, index), team, line.text, objective, about, named)


def telling(text: str) -> frozenset[str]:
    """The words of a text that say what it is about."""
    short = shortened(text)
    return _terms(split_words(short), measure(short))


def _terms(words: Sequence[Word], measured: Measure) -> frozenset[str]:
    return frozenset(word for word in subject(words, measured) if word not in _GENERIC and not _DATED.fullmatch(word))


def shortened(text: str) -> str:
    """The part of a line that is compared, on one line."""
    return " ".join(text[:LONGEST].split())


def _read(
    place: Place, team: str, text: str, objective: str, about: frozenset[str], named: frozenset[str]
) -> tuple[Said, Facts]:
    short = shortened(text)
    words, measured = split_words(short), measure(short)
    terms = _terms(words, measured)
    names = frozenset(stem(word.text) for word in words[1:] if _NAMED.fullmatch(short[word.start : word.end]))
    said = Said(place, team, text, objective, terms, names & terms, about, named, _parts(short), _values(measured))
    return said, Facts(_cues(words, measured), _figures(measured))


def _parts(text: str) -> tuple[str, str] | tuple[()]:
    for found in _WAITING.finditer(text):
        before, after = text[: found.start()].strip(" ,.;:-–"), text[found.end() :].strip(" ,.;:")
        if len(before) >= _LEAST_BEFORE:
            return (before, after) if len(after) >= _LEAST_AFTER else ()
    return ()


def _cues(words: Sequence[Word], measured: Measure) -> tuple[bool, ...]:
    units = {quantity.unit for quantity in measured.quantities}
    numbers = (bool(units), "percent" in units, bool(units & SECONDS.keys()), measured.moves)
    return (*(lexicon.within(words) for lexicon in LEXICONS.values()), *numbers)


def _values(measured: Measure) -> frozenset[float]:
    return frozenset(quantity.value for quantity in measured.quantities if quantity.value is not None)


def _figures(measured: Measure) -> tuple[float, ...]:
    target = measured.target or measured.change or next(iter(measured.quantities), None)
    unit = float(zlib.crc32(target.unit.encode("utf-8", "replace")) % 9973) if target else -1.0
    ends = [end.value if end and end.value else 0.0 for end in (target, measured.baseline)]
    bounded = [max(-1e30, min(end, 1e30)) for end in ends]
    return (unit, *bounded, _SIGN.get(measured.direction, 0.0), float(target is not None))
