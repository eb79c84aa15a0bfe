"""A plan made comparable: every line of every team with its vectors, its figures and its telling words."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from app.coach.nouns import Okr
from app.coach.overlap.lines import CUES, FIGURES, Said, read_lines, shortened
from app.services.embeddings import Encoder, Vectors

Ints = NDArray[np.int64]
Table = NDArray[np.float32]


@dataclass(frozen=True)
class Plan:
    """The lines of a plan with their vectors, rows of length 1.

    `vectors` has a row a line, the `key_results` before the objectives. `objectives` has a first row of
    zeros, then a row an objective, and `of` says which
    is whose; `clauses` likewise for the parts of lines that name a condition, with `parts` (n, 2) pointing at them.
    `teams` holds a number a team, the same in every plan. `cues` and `figures` have the columns `CUES` and `FIGURES`.
    `spoken` names the rows of `vocabulary` that are a line's telling words; `counts` says in how many
    lines each stands.
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
    spoken: tuple[Ints, ...]
    vocabulary: Vectors
    counts: Mapping[str, int]
    key_results: int
    _lengths: dict[float, Vectors] = field(default_factory=dict, repr=False)

    def rows(self, *, objectives: bool) -> range:
        """Rows of the objectives, or of the key results, which stand before them."""
        return range(self.key_results, len(self.teams)) if objectives else range(self.key_results)

    @cached_property
    def vocabulary_words(self) -> tuple[str, ...]:
        """The words that the rows of `vocabulary` stand for."""
        return tuple(sorted(self.counts))

    @cached_property
    def usual(self) -> Table:
        """What a line's cosine with any line of the plan is on average, and its mean square; a row a line."""
        return self.usual_of(self.vectors)

    def usual_of(self, vectors: Vectors) -> Table:
        """As `usual`, for lines of another plan against this one."""
        mean, moment = self._moments
        return np.stack([vectors @ mean, np.einsum("ij,ij->i", vectors @ moment, vectors)], axis=1)

    @cached_property
    def _moments(self) -> tuple[Vectors, Vectors]:
        lines = max(len(self.vectors), 1)
        return self.vectors.sum(axis=0) / lines, self.vectors.T @ self.vectors / lines

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


class WordVectors:
    """Vectors of single words, kept since plans use the same few thousand over and over."""

    def __init__(self, encoder: Encoder, most: int = 40_000) -> None:
        self._encoder = encoder
        self._most = most
        self._lock = Lock()
        self._known: dict[str, Vectors] = {}

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
    read = sorted(read_lines(okrs), key=lambda line: line[0].place.is_objective)
    lines = [said for said, _ in read]
    texts = [shortened(said.text) for said in lines]
    heads = [shortened(said.objective) for said in lines]
    clauses = [clause for said in lines for clause in said.parts]
    table, row = _encoded([*texts, *heads, *clauses], encoder)
    objectives, of = _pointed(heads, table, row)
    parts, to = _pointed([clause for said in lines for clause in said.parts or ("", "")], table, row)
    numbers = {name: team_number(name) for name in dict.fromkeys(said.team for said in lines)}
    counts: Counter[str] = Counter()
    for said in lines:
        counts.update(said.terms)
    at = {word: number for number, word in enumerate(sorted(counts))}
    return Plan(
        tuple(lines),
        table[[row[text] for text in texts]] if texts else table,
        objectives,
        of,
        parts,
        to.reshape(-1, 2),
        np.array([numbers[said.team] for said in lines], np.int64),
        np.array([facts.cues for _, facts in read], np.float32).reshape(-1, len(CUES)),
        np.array([facts.figures for _, facts in read], np.float32).reshape(-1, len(FIGURES)),
        tuple(np.array(sorted(at[word] for word in said.terms), np.int64) for said in lines),
        words.vectors(list(at)) if at else np.zeros((0, table.shape[1]), np.float32),
        counts,
        sum(not said.place.is_objective for said in lines),
    )


def team_number(name: str) -> int:
    """A team's name as it is compared: case and spacing don't make another team."""
    key = " ".join(name.casefold().split()).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(key, digest_size=7).digest(), "big")


def _encoded(texts: Sequence[str], encoder: Encoder) -> tuple[Vectors, dict[str, int]]:
    """Each distinct text once: the rows, and which is whose."""
    row = {text: at for at, text in enumerate(dict.fromkeys(text for text in texts if text))}
    return (encoder.encode(list(row)) if row else np.zeros((0, 1), np.float32)), row


def _pointed(texts: Sequence[str], table: Vectors, row: Mapping[str, int]) -> tuple[Vectors, Ints]:
    """The rows of the distinct texts after one of zeros, and for each text its place, 0 for an empty one."""
    place = {text: at + 1 for at, text in enumerate(dict.fromkeys(text for text in texts if text))}
    nothing = np.zeros((1, table.shape[1]), np.float32)
    rows = np.concatenate([nothing, table[[row[text] for text in place]]]) if place else nothing
    return rows, np.array([place.get(text, 0) for text in texts], np.int64)
