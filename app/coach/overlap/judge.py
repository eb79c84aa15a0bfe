"""The verdict on a pair: how likely it is related, and as what."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.coach.overlap.features import Rarity, features
from app.coach.overlap.nouns import RELATIONS
from app.coach.overlap.plan import Ints, Plan

Probabilities = NDArray[np.float64]


class PairJudge(Protocol):
    """Whatever can tell how two lines relate."""

    @property
    def name(self) -> str:
        """Name and content hash, for reports."""
        ...

    @property
    def threshold(self) -> float:
        """The probability of being related from which a pair is shown."""
        ...

    def judge(self, left: Plan, right: Plan, pairs: Ints) -> Probabilities:
        """Calibrated probabilities in the order of `RELATIONS`, shape (n, 5), for pairs of (row, row)."""
        ...

    def waiting(self, left: Plan, right: Plan, pairs: Ints) -> Probabilities:
        """How likely it is that the first line of each pair waits for the second, were they dependent, shape (n,)."""
        ...


class CosineJudge:
    """No training: the cosine of the two lines, stretched to a probability."""

    name = "cosine"
    threshold = 0.5

    def judge(self, left: Plan, right: Plan, pairs: Ints) -> Probabilities:
        """See `PairJudge.judge`."""
        rows = features(left, right, pairs, Rarity({}, 1).weights([left, right]))
        related = 1 / (1 + np.exp(-12 * (rows[:, 4].astype(np.float64) - 0.55)))
        table = np.zeros((len(pairs), len(RELATIONS)))
        table[:, 0], table[:, 2] = 1 - related, related
        return table

    def waiting(self, left: Plan, right: Plan, pairs: Ints) -> Probabilities:
        """See `PairJudge.waiting`."""
        return np.full(len(pairs), 0.5)
