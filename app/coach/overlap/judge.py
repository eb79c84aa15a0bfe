"""The verdict on a pair: how likely it is related, as what, and who waits for whom."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.coach.likeness import jaccard, wording
from app.coach.overlap.features import NAMES, Rarity, Weights, features, leanings, sums
from app.coach.overlap.nouns import RELATIONS, Relation
from app.coach.overlap.plan import Ints, Plan, Table
from app.coach.overlap.signals import HOUSEKEEPING
from app.coach.words import split_words
from app.errors import ModelError

Probabilities = NDArray[np.float64]
SURE_OF_SAME = 0.97
_DUPLICATE = RELATIONS.index(Relation.DUPLICATE) - 1
_LEAST = 1e-6
_ALL, _ENOUGH, _NEARLY = 0.99, 0.8, 0.75
_AT_ONCE = 8_192
"""Pairs whose vectors are in memory together."""


class PairJudge(Protocol):
    """Whatever can tell how two lines relate."""

    @property
    def name(self) -> str:
        """Name and content hash, for reports."""
        ...

    @property
    def threshold(self) -> float:
        """The probability from which a pair counts as related."""
        ...

    @property
    def shown(self) -> float:
        """The probability from which a pair is worth somebody's time, so that what is shown unasked is mostly right."""
        ...

    def judge(
        self, left: Plan, right: Plan, pairs: Ints, *, least: float = 0.0, most: int | None = None
    ) -> Probabilities:
        """Calibrated probabilities in the order of `RELATIONS`, shape (n, 5), for pairs of (row, row).

        What is less likely related than `least` needn't be told exactly, only that it is; and of the rest no more
        than the `most` likeliest.
        """
        ...

    def waiting(self, left: Plan, right: Plan, pairs: Ints) -> Probabilities:
        """How likely it is that the first line of each pair waits for the second, were they dependent, shape (n,)."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """Linear models over `features`: related or not, which relation if so, who waits.

    `related` has f weights and a bias; `types`, over features, `sums` and a bias, shape (f + width + 1, 4) in the order
    of `RELATIONS` less unrelated; `waits` one weight a leaning and no bias; `calibration` (slope, offset)
    turns the related logit into a probability.
    """

    mean: Probabilities
    scale: Probabilities
    related: Probabilities
    types: Probabilities
    waits: Probabilities
    calibration: tuple[float, float]
    threshold: float
    shown: float
    rarity: Rarity

    @classmethod
    def load(cls, path: Path) -> Head:
        """Read `head.npz`; raises `ModelError` when there is none."""
        if not path.is_file():
            raise ModelError(f"There is no pair judge at {path}: run `okr-coach train --pairs`.")
        with np.load(path) as data:
            counts: Mapping[str, int] = dict(zip(data["words"].tolist(), data["counts"].tolist(), strict=True))
            slope, offset = data["calibration"].tolist()
            return cls(
                data["mean"],
                data["scale"],
                data["related"],
                data["types"],
                data["waits"],
                (slope, offset),
                float(data["threshold"]),
                float(data["shown"]),
                Rarity(counts, int(data["lines"])),
            )


class HeadJudge:
    """Judges pairs by their features with the trained head: microseconds a pair."""

    def __init__(self, head: Head, name: str) -> None:
        self._head = head
        self.name = name
        self.threshold = head.threshold
        self.shown = head.shown
        self.rarity = head.rarity

    @classmethod
    def load(cls, folder: Path) -> HeadJudge:
        """The judge in a folder of models. Raises `ModelError`."""
        path = folder / "head.npz"
        head = Head.load(path)
        return cls(head, f"{folder.name}@{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}")

    def judge(
        self,
        left: Plan,
        right: Plan,
        pairs: Ints,
        *,
        least: float = 0.0,
        most: int | None = None,
    ) -> Probabilities:
        """See `PairJudge.judge`."""
        weights = self._head.rarity.weights([left] if left is right else [left, right])
        parts = [self._part(left, right, pairs[at : at + _AT_ONCE], weights) for at in range(0, len(pairs), _AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, len(RELATIONS)))

    def _part(self, left: Plan, right: Plan, pairs: Ints, weights: Weights) -> Probabilities:
        head = self._head
        told = features(left, right, pairs, weights)
        rows = (told - head.mean) / head.scale
        slope, offset = head.calibration
        related = sigmoid(slope * (rows @ head.related[:-1] + head.related[-1]) + offset)
        types = softmax(np.concatenate([rows, sums(left, right, pairs)], axis=1) @ head.types[:-1] + head.types[-1])
        same = is_same(told)
        for at in np.flatnonzero(same).tolist():
            one, other = left.lines[pairs[at, 0]].text, right.lines[pairs[at, 1]].text
            same[at] = jaccard(wording(split_words(one)), wording(split_words(other))) > _NEARLY
        related[same] = np.maximum(related[same], SURE_OF_SAME)
        types[same] = np.eye(types.shape[1])[_DUPLICATE]
        table = np.empty((len(pairs), len(RELATIONS)))
        table[:, 0] = 1 - related
        table[:, 1:] = types / types.sum(axis=1, keepdims=True) * related[:, None]
        return table

    def waiting(self, left: Plan, right: Plan, pairs: Ints) -> Probabilities:
        """See `PairJudge.waiting`."""
        return sigmoid(leanings(left, right, pairs) @ self._head.waits)


def is_same(told: Table) -> NDArray[np.bool_]:
    """Which pairs say the same in the same telling words and to the same figure, housekeeping apart."""
    column = {name: told[:, at] for at, name in enumerate(NAMES)}
    own = np.max([column[f"both-{kind}"] for kind in HOUSEKEEPING], axis=0) > 0
    figure = (column["target"] > 0) | (column["no-numbers"] > 0)
    same: NDArray[np.bool_] = (column["jaccard"] > _ALL) & (column["shared"] > _ENOUGH) & figure & ~own
    return same


def sigmoid(logits: Probabilities) -> Probabilities:
    """Logits as probabilities, away from 0 and 1."""
    found: Probabilities = np.clip(1 / (1 + np.exp(-np.clip(logits, -30, 30))), _LEAST, 1 - _LEAST)
    return found


def softmax(logits: Probabilities) -> Probabilities:
    """Rows of logits as rows of probabilities."""
    if not len(logits):
        return logits
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Probabilities = powers / powers.sum(axis=1, keepdims=True)
    return found
