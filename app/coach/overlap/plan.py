"""A plan made comparable: every line of every team with its vectors, its figures and its telling words."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.coach.nouns import Okr
from app.coach.overlap.lines import CUES, FIGURES, Facts, Said, read_lines, shortened
from app.coach.overlap.nouns import Place
from app.services.embeddings import Encoder, Vectors

Ints = NDArray[np.int64]
Table = NDArray[np.float32]
Sums = tuple[Vectors, Vectors]
"""The sum of the vectors of lines, shape (width,), and of their outer products, shape (width, width)."""


@dataclass(frozen=True)
class Plan:
    """The lines of a plan with their vectors, rows of length 1.

    `vectors` has a row a line, the `key_results` before the objectives. `objectives` has a first row of
    zeros, then a row an objective, and `of` says which
    is whose; `clauses` likewise for the parts of lines that name a condition, with `parts` (n, 2) pointing at them.
    `teams` holds a number a team, the same in every plan. `cues` and `figures` have the columns `CUES` and `FIGURES`.
    `spoken` names the rows of `vocabulary` that are a line's telling words, and `vocabulary_words` the words. `counts`
    says in how many lines each stands, of `counted` lines: these, or all of the larger plan that these are from;
    `sums` are of those lines.
    """

    lines: tuple[Said, ...]
    vectors: Vectors
    objectives: Vectors
    of: Ints
    clauses: Vectors
    parts: Ints
    teams: Ints
    cues: Table
    figures: Table
    spoken: Sequence[Ints]
    vocabulary: Vectors
    counts: Mapping[str, int]
    key_results: int
    vocabulary_words: tuple[str, ...]
    counted: int
    sums: Sums
    _lengths: dict[float, Vectors] = field(default_factory=dict, repr=False)

    def rows(self, *, objectives: bool) -> range:
        """Rows of the objectives, or of the key results, which stand before them."""
        return range(self.key_results, len(self.teams)) if objectives else range(self.key_results)

    def usual_of(self, vectors: Vectors) -> Table:
        """What the cosine of each of `vectors` with any of the counted lines is on average, and its mean square."""
        total, moment = self.sums
        met = np.stack([vectors @ total, np.einsum("ij,ij->i", vectors @ moment, vectors)], axis=1)
        return (met / max(self.counted, 1)).astype(np.float32)

    def lengths_in_context(self, share: float) -> Vectors:
        """The length of each line's vector with so much of its objective's added; counted once."""
        if share not in self._lengths:
            across = np.einsum("ij,ij->i", self.vectors, self.contexts(np.arange(len(self.teams))))
            known = (self.of > 0).astype(np.float32)
            self._lengths[share] = np.sqrt(np.maximum(1 + share * share * known + 2 * share * across, 1e-9))
        return self._lengths[share]

    def contexts(self, rows: Ints) -> Vectors:
        """The objective's vector for each of `rows`, zeros where a line has none."""
        found: Vectors = self.objectives[self.of[rows]]
        return found


@dataclass(frozen=True, slots=True)
class ReadOkr:
    """One OKR made comparable: its lines, the objective first if it says something, with a row each of the rest.

    `clauses` are the vectors of conditions and what stands before them, and `parts` (n, 2) points at them from 1.
    """

    lines: tuple[Said, ...]
    vectors: Vectors
    clauses: Vectors
    parts: Ints
    team: int
    cues: Table
    figures: Table

    @property
    def has_objective(self) -> bool:
        """Whether the first line is the objective."""
        return bool(self.lines) and self.lines[0].place.is_objective


class WordVectors:
    """Vectors of single words, kept since plans use the same few thousand over and over."""

    def __init__(self, encoder: Encoder, most: int = 40_000) -> None:
        self._encoder = encoder
        self._most = most
        self._lock = Lock()
        self._known: dict[str, Vectors] = {}

    def learn(self, words: Collection[str]) -> None:
        """Have the vectors of these words ready."""
        if words:
            self.vectors(sorted(words))

    def vectors(self, words: Sequence[str]) -> Vectors:
        """A row a word, of length 1; `words` must not be empty."""
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
    """Every line that says something, key results before objectives; OKRs without a team count as one team."""
    return assembled(read_okrs(okrs, encoder), words)


def read_okrs(
    okrs: Sequence[Okr], encoder: Encoder, known: Mapping[str, Vectors] = MappingProxyType({})
) -> list[ReadOkr]:
    """Each OKR by itself. `known` are vectors of lines that needn't be encoded, by their text as `shortened`."""
    read: list[list[tuple[Said, Facts]]] = [[] for _ in okrs]
    for line in read_lines(okrs):
        read[line[0].place.okr].append(line)
    every = sorted((said for lines in read for said, _ in lines), key=lambda said: said.place.is_objective)
    texts = [shortened(said.text) for said in every]
    clauses = [clause for said in every for clause in said.parts]
    rows, row = _encoded([*texts, *clauses], encoder, known)
    numbers = {name: team_number(name) for name in dict.fromkeys(okr.team or "" for okr in okrs)}
    found = []
    for okr, lines in zip(okrs, read, strict=True):
        named = [clause for said, _ in lines for clause in said.parts]
        ends = np.cumsum([len(said.parts) for said, _ in lines], dtype=np.int64)
        parts = [(end - 1, end) if said.parts else (0, 0) for (said, _), end in zip(lines, ends.tolist(), strict=True)]
        found.append(
            ReadOkr(
                tuple(said for said, _ in lines),
                rows[[row[shortened(said.text)] for said, _ in lines]],
                rows[[row[clause] for clause in named]],
                np.array(parts, np.int64).reshape(-1, 2),
                numbers[okr.team or ""],
                np.array([facts.cues for _, facts in lines], np.float32).reshape(-1, len(CUES)),
                np.array([facts.figures for _, facts in lines], np.float32).reshape(-1, len(FIGURES)),
            )
        )
    return found


def assembled(
    read: Sequence[ReadOkr], words: WordVectors, around: tuple[Mapping[str, int], int, Sums] | None = None
) -> Plan:
    """A plan of OKRs that were read, whose places are to count in `read`.

    `around` are counts of words, the lines counted, and their sums in the larger plan that these are from; without
    it, in these.
    """
    lines = [
        said if said.place.okr == at else replace(said, place=Place(at, said.place.key_result))
        for at, okr in enumerate(read)
        for said in okr.lines
    ]
    is_objective = np.array([said.place.is_objective for said in lines], np.bool_)
    order = np.argsort(is_objective, kind="stable")
    vectors = _joined([okr.vectors for okr in read])
    many = np.array([len(okr.lines) for okr in read], np.int64)
    known = np.array([okr.has_objective for okr in read], np.bool_)
    own = np.where(known, np.cumsum(known), 0)
    clauses = [len(okr.clauses) for okr in read]
    before = np.repeat(np.cumsum([0, *clauses])[:-1], many)
    parts = np.concatenate([okr.parts for okr in read]) if read else np.zeros((0, 2), np.int64)
    parts = np.where(parts > 0, parts + before[:, None], 0)
    nothing = np.zeros((1, vectors.shape[1]), np.float32)
    chosen = [lines[at] for at in order.tolist()]
    if around is None:
        around = Counter(word for said in chosen for word in said.terms), len(chosen), sums(vectors)
    counts, counted, summed = around
    vocabulary = tuple(sorted({word for said in chosen for word in said.terms}))
    at = {word: number for number, word in enumerate(vocabulary)}
    return Plan(
        tuple(chosen),
        vectors[order],
        np.concatenate([nothing, vectors[is_objective]]) if lines else nothing,
        np.repeat(own, many)[order],
        np.concatenate([nothing, *(okr.clauses for okr in read if len(okr.clauses))]),
        parts[order],
        np.repeat(np.array([okr.team for okr in read], np.int64), many)[order],
        np.concatenate([okr.cues for okr in read])[order] if read else np.zeros((0, len(CUES)), np.float32),
        np.concatenate([okr.figures for okr in read])[order] if read else np.zeros((0, len(FIGURES)), np.float32),
        _Spoken(chosen, at),
        words.vectors(vocabulary) if vocabulary else np.zeros((0, vectors.shape[1]), np.float32),
        counts,
        int((~is_objective).sum()),
        vocabulary,
        counted,
        summed,
    )


def sums(vectors: Vectors) -> Sums:
    """The sums of some lines."""
    return vectors.sum(axis=0), vectors.T @ vectors


class _Spoken(Sequence[Ints]):
    """Where each line's telling words stand in the vocabulary, worked out for the lines that are asked for."""

    def __init__(self, lines: Sequence[Said], at: Mapping[str, int]) -> None:
        self._lines = lines
        self._at = at
        self._known: dict[int, Ints] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, row: Any) -> Any:  # noqa: ANN401 - a row, as no slice is ever asked for
        known = self._known.get(row)
        if known is None:
            words = sorted(self._at[word] for word in self._lines[row].terms)
            known = self._known[row] = np.array(words, np.int64)
        return known


def team_number(name: str) -> int:
    """A team's name as it is compared: case and spacing don't make another team."""
    key = " ".join(name.casefold().split()).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(key, digest_size=7).digest(), "big")


def _encoded(texts: Sequence[str], encoder: Encoder, known: Mapping[str, Vectors]) -> tuple[Vectors, dict[str, int]]:
    """Each distinct text once: the rows, and which is whose."""
    distinct = dict.fromkeys(texts)
    given = [text for text in distinct if text in known]
    new = [text for text in distinct if text not in known]
    tables = [encoder.encode(new)] if new else []
    if given:
        tables.append(np.stack([known[text] for text in given]))
    return _joined(tables), {text: at for at, text in enumerate([*new, *given])}


def _joined(tables: Sequence[Vectors]) -> Vectors:
    said = [table for table in tables if len(table)]
    return np.concatenate(said) if said else np.zeros((0, 1), np.float32)
