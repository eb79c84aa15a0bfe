"""A plan made comparable: every line of every team with its vector, its measure and its telling words."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from app.coach.likeness import stem, subject
from app.coach.nouns import Okr
from app.coach.overlap.nouns import Place
from app.coach.overlap.signals import CENTRAL, DOWN, FEEDING, GATE, HOUSEKEEPING, LOCAL, NEEDING, OWN, SPEED, UP
from app.coach.quantities import Direction, Measure, measure
from app.coach.quantities.units import SECONDS
from app.coach.words import Word, split_words
from app.services.embeddings import Encoder, Vectors

LONGEST = 600
"""Characters of a line that are compared; what a line is about is said by then."""

_NAMED = re.compile(r"[A-Z][\w.+#-]*[A-Z0-9][\w.+#-]*|[A-Z][a-z]\w*")

Ints = NDArray[np.int64]
Table = NDArray[np.float32]
_Read = tuple[tuple[Word, ...], Measure]

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
}
CUES = (*LEXICONS, "number", "percent", "time", "moves")
FIGURES = 5
_SIGN: Mapping[Direction | None, float] = {Direction.UP: 1.0, Direction.DOWN: -1.0}
_TEAM_WORDS = frozenset({"team", "and", "the", "of", "group", "squad", "department", "unit", "&"})


@dataclass(frozen=True, slots=True)
class Said:
    """One line: where it stands, whose it is, and what it says once words that only dress it are set aside.

    `terms` are the telling words of the line, `names` those of them written as names, `about` the telling words of
    its objective, `team_terms` those of the team's name.
    """

    place: Place
    team: str
    text: str
    objective: str
    terms: frozenset[str]
    names: frozenset[str]
    about: frozenset[str]
    team_terms: frozenset[str]


@dataclass(frozen=True)
class Plan:
    """The lines of a plan with their vectors.

    `vectors` has a row a line; `objectives` a row an objective after a first one of zeros, and `of` says which is whose;
    rows have length 1. `cues` has a column for each of `CUES`, `figures` for unit, target, baseline, direction (1 up, -1
    down) and whether there is a number. `spoken` names the rows of `vocabulary` that are a line's telling words. `teams` holds a number a team, the same in every plan; `counts` says in how many lines each telling
    word stands.
    """

    lines: tuple[Said, ...]
    vectors: Vectors
    objectives: Vectors
    of: Ints
    teams: Ints
    cues: Table
    figures: Table
    spoken: tuple[Ints, ...]
    vocabulary: Vectors
    counts: Mapping[str, int]

    def rows(self, *, objectives: bool) -> Ints:
        """Rows of the objectives, or of the key results."""
        return np.array([at for at, said in enumerate(self.lines) if said.place.is_objective == objectives], np.int64)

    def contexts(self, rows: Ints) -> Vectors:
        """The objective's vector for each of `rows`, zeros where a line has none."""
        return self.objectives[self.of[rows]]


class WordVectors:
    """Vectors of single words, kept since plans use the same few thousand over and over."""

    def __init__(self, encoder: Encoder, most: int = 40_000) -> None:
        self._encoder = encoder
        self._most = most
        self._lock = Lock()
        self._known: dict[str, Vectors] = {}

    def vectors(self, words: Sequence[str]) -> Vectors:
        """A row a word, of length 1."""
        with self._lock:
            known = {word: self._known[word] for word in words if word in self._known}
        new = [word for word in words if word not in known]
        if new:
            fresh = dict(zip(new, self._encoder.encode(new), strict=True))
            known |= fresh
            with self._lock:
                if len(self._known) + len(fresh) > self._most:
                    self._known.clear()
                self._known |= fresh
        return np.stack([known[word] for word in words])


def read_plan(okrs: Sequence[Okr], encoder: Encoder, words: WordVectors) -> Plan:
    """Every line that says something, objectives first in each OKR; OKRs without a team count as one team."""
    read = [line for at, okr in enumerate(okrs) for line in _lines(at, okr)]
    lines = [said for said, _ in read]
    texts = list(dict.fromkeys(_short(text) for said in lines for text in (said.text, said.objective) if text))
    table = encoder.encode(texts) if texts else np.zeros((0, 1), np.float32)
    row = {text: at for at, text in enumerate(texts)}
    vectors = table[[row[_short(said.text)] for said in lines]] if lines else table
    heads = list(dict.fromkeys(_short(said.objective) for said in lines if said.objective))
    place = {text: at + 1 for at, text in enumerate(heads)}
    objectives = np.concatenate(
        [np.zeros((1, table.shape[1]), np.float32), *(table[row[text]][None] for text in heads)]
    )
    number = {name: team_number(name) for name in dict.fromkeys(said.team for said in lines)}
    counts: Counter[str] = Counter()
    for said in lines:
        counts.update(said.terms)
    at = {word: row for row, word in enumerate(sorted(counts))}
    return Plan(
        tuple(lines),
        vectors,
        objectives,
        np.array([place.get(_short(said.objective), 0) for said in lines], np.int64),
        np.array([number[said.team] for said in lines], np.int64),
        np.array([_cues(words, found) for _, (words, found) in read], np.float32).reshape(-1, len(CUES)),
        np.array([_figures(found) for _, (_, found) in read], np.float32).reshape(-1, FIGURES),
        tuple(np.array(sorted(at[word] for word in said.terms), np.int64) for said in lines),
        words.vectors(list(at)) if at else np.zeros((0, 1), np.float32),
        counts,
    )


def team_number(name: str) -> int:
    """A team's name as it is compared: case and spacing don't make another team."""
    key = " ".join(name.casefold().split()).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(key, digest_size=7).digest(), "big")


def _lines(at: int, okr: Okr) -> Iterator[tuple[Said, _Read]]:
    team = okr.team or ""
    objective = okr.objective.text if okr.objective else ""
    about = telling(objective)
    named = frozenset(stem(word.text) for word in split_words(team)) - _TEAM_WORDS
    if objective.strip():
        yield _said(Place(at), team, objective, "", about, named)
    for index, line in enumerate(okr.key_results):
        if line.text.strip():
            yield _said(Place(at, index), team, line.text, objective, about, named)


def _said(
    place: Place, team: str, text: str, objective: str, about: frozenset[str], named: frozenset[str]
) -> tuple[Said, _Read]:
    short = _short(text)
    words, measured = split_words(short), measure(short)
    names = frozenset(stem(word.text) for word in words[1:] if _NAMED.fullmatch(short[word.start : word.end]))
    terms = subject(words, measured)
    return Said(place, team, text, objective, terms, names & terms, about, named), (words, measured)


def telling(text: str) -> frozenset[str]:
    """The words of a text that say what it is about."""
    short = _short(text)
    return subject(split_words(short), measure(short))


def _cues(words: Sequence[Word], measured: Measure) -> list[bool]:
    found = [lexicon.within(words) for lexicon in LEXICONS.values()]
    units = {quantity.unit for quantity in measured.quantities}
    return [*found, bool(measured.quantities), "percent" in units, bool(units & SECONDS.keys()), measured.moves]


def _figures(measured: Measure) -> list[float]:
    target = measured.target or measured.change or next(iter(measured.quantities), None)
    unit = float(zlib.crc32(target.unit.encode()) % 9973) if target else -1.0
    ends = [end.value if end and end.value else 0.0 for end in (target, measured.baseline)]
    return [
        unit,
        *(max(-1e30, min(end, 1e30)) for end in ends),
        _SIGN.get(measured.direction, 0.0),
        float(bool(target)),
    ]


def _short(text: str) -> str:
    return " ".join(text[:LONGEST].split())
