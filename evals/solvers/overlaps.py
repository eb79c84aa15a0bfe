"""Overlaps between teams: the product, and what it must beat."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np

from app.coach.overlap import Overlaps, Pair, Place, Relation
from app.coach.words import split_words
from app.config import settings
from app.services.embeddings import Encoder, load_encoder
from app.wiring import build_overlaps
from evals.pairs import SHOWN, PairCase
from evals.task import Answer, NoAnswer, Sample, Status

COSINE_CUT = 0.18
WORDS_CUT = 0.01
"""Cuts with the highest F1 on the splits that are not the test."""


@cache
def product_overlaps() -> Overlaps:
    """The finder as settings wire it, models loaded once a process. Raises `ModelError`."""
    return build_overlaps(settings())


def overlap_solver() -> OverlapSolver:
    """The product's verdicts as solver. Raises `ModelError`."""
    return OverlapSolver(product_overlaps())


class OverlapSolver:
    """Type and score of each pair as `POST /v1/overlaps` with `all` gives them for the whole plan."""

    def __init__(self, finder: Overlaps) -> None:
        self._finder = finder
        self._plans: dict[str, dict[frozenset[Place], Pair]] = {}

    def solve(self, samples: Sequence[Sample[PairCase]]) -> list[Answer | NoAnswer]:
        """See `Solver.solve`."""
        return [self._answer(sample.input) for sample in samples]

    def _answer(self, case: PairCase) -> Answer | NoAnswer:
        if case.plan.org not in self._plans:
            found = self._finder.find(case.plan.okrs, all_pairs=True)
            self._plans[case.plan.org] = {frozenset((pair.a, pair.b)): pair for pair in found.pairs}
        pair = self._plans[case.plan.org].get(frozenset((case.a, case.b)))
        if pair is None:
            return NoAnswer(Status.ERRORED, "the pair is not in the answer")
        if pair.type is Relation.UNRELATED:
            return Answer((), 1 - pair.score)
        marks = [pair.type.value] + ([SHOWN] if pair.score >= self._finder.judge.shown else [])
        return Answer(tuple(sorted(marks)), pair.score)


def scored(score: float, cut: float) -> Answer:
    """A baseline's answer: it knows no types, so what is related is called the commonest one."""
    likely = min(1.0, max(0.0, score))
    return Answer((Relation.OVERLAP.value, SHOWN), likely) if score >= cut else Answer((), 1 - likely)


class Cosine:
    """The cosine of the two lines in the general encoder, as semantic search would have it."""

    def __init__(self) -> None:
        self._encoder: Encoder = load_encoder("minilm")

    def solve(self, samples: Sequence[Sample[PairCase]]) -> list[Answer]:
        """See `Solver.solve`."""
        cases = [sample.input for sample in samples]
        rows = self._encoder.encode([case.line(place) for case in cases for place in (case.a, case.b)])
        return [scored(float(np.dot(rows[2 * at], rows[2 * at + 1])), COSINE_CUT) for at in range(len(cases))]


class SharedTerms:
    """TF-IDF cosine of the two lines, document frequencies from the lines of the plan."""

    def solve(self, samples: Sequence[Sample[PairCase]]) -> list[Answer]:
        """See `Solver.solve`."""
        return [scored(self._score(sample.input), WORDS_CUT) for sample in samples]

    def _score(self, case: PairCase) -> float:
        lines = [line.text for okr in case.plan.okrs for line in okr.lines]
        spread = Counter(word for text in lines for word in {word.text for word in split_words(text)})

        def weigh(text: str) -> dict[str, float]:
            counts = Counter(word.text for word in split_words(text))
            return {word: n * math.log((1 + len(lines)) / (1 + spread[word])) for word, n in counts.items()}

        a, b = weigh(case.line(case.a)), weigh(case.line(case.b))
        lengths = [math.sqrt(sum(value * value for value in side.values())) for side in (a, b)]
        if not all(lengths):
            return 0.0
        return sum(value * b.get(word, 0.0) for word, value in a.items()) / (lengths[0] * lengths[1])
