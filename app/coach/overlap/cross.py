"""A second reading of the pairs that may be related: the critic's encoder reads both lines together.

Vectors of single lines can't tell a lever from its effect, or a promise from what breaks it. Reading two lines at once
can, at a thousand times the cost of a dot product, so only the likeliest pairs are read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.coach.overlap.judge import HeadJudge, Probabilities, sigmoid, softmax
from app.coach.overlap.nouns import RELATIONS, Relation
from app.coach.overlap.plan import Ints, Plan
from app.errors import ModelError
from app.services.embeddings import Encoder, Remembering
from app.services.giving_way import GivingWay, Urgent

LONGEST_LINE, LONGEST_OBJECTIVE = 240, 120
MOST = 12_000
"""Pairs of one plan that are read at most, the likeliest first; the others keep their first score."""
MOST_KEPT = 8_000
"""Pairs whose readings are kept while a plan changes."""
LEAST = 0.02
"""Pairs that are less likely to be related than this aren't read."""
SUREST = 0.96
"""The second reading hardly ever finds a pair likelier related than this: where more is needed, it isn't asked."""
_SURE = 8.0
_POSSIBLE, _TINY = 1e-3, 1e-12
_DUPLICATE = RELATIONS.index(Relation.DUPLICATE)


@dataclass(frozen=True, slots=True)
class CrossHead:
    """Two dense layers over the embedding of a pair, and how both readings are weighed.

    Shapes: `hidden` (width, h), `out` (h, 5). `mix` holds the weights of the first and second reading's related logit
    and an offset; `unread` is what counts as second reading where there is none; `types`, shape (9, 4), weighs both
    readings' log shares of the types, the bias last.
    """

    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    out: NDArray[np.float32]
    out_bias: NDArray[np.float32]
    mix: tuple[float, float, float]
    unread: float
    types: Probabilities
    threshold: float
    shown: float

    @classmethod
    def load(cls, layers: Path, mixed: Path) -> CrossHead:
        """Read the critic's `pair.npz` and the judge's `mix.npz`; raises `ModelError` when one is missing."""
        for path in (layers, mixed):
            if not path.is_file():
                raise ModelError(f"There is no {path}: run `make train`.")
        with np.load(layers) as data, np.load(mixed) as how:
            first, second, offset = how["mix"].tolist()
            return cls(
                data["hidden"],
                data["hidden_bias"],
                data["out"],
                data["out_bias"],
                (first, second, offset),
                float(how["unread"]),
                how["types"],
                float(how["threshold"]),
                float(how["shown"]),
            )

    def needed(self, first: Probabilities, least: float) -> Probabilities:
        """How likely the second reading must find pairs related for all to come to `least`, shape (n,)."""
        one, other, offset = self.mix
        if least <= 0 or other <= 0:
            return np.zeros(len(first))
        wanted = logit(np.array([least])) - one * logit(1 - first[:, 0]) - offset
        return sigmoid(wanted / other)

    def probabilities(self, rows: NDArray[np.float32]) -> Probabilities:
        """How two lines relate, in the order of `RELATIONS`, shape (n, 5), for rows of pair embeddings."""
        hidden = np.maximum(rows @ self.hidden + self.hidden_bias, 0)
        return softmax((hidden @ self.out + self.out_bias).astype(np.float64))


class CrossJudge:
    """The pair judge of features, read again where it matters. See `PairJudge`."""

    def __init__(self, first: HeadJudge, encoder: Encoder, head: CrossHead) -> None:
        self._first = first
        self._encoder = encoder
        self._head = head
        self.threshold = head.threshold
        self.shown = head.shown
        self.rarity = first.rarity
        digest = hashlib.sha256(b"".join(part.tobytes() for part in (head.hidden, head.out))).hexdigest()[:12]
        self.name = f"{first.name}+cross@{digest}"

    def remembering(self, urgent: Urgent) -> CrossJudge:
        """The same judge for plans that are compared again and again; it remembers, and waits for what is urgent."""
        return CrossJudge(self._first, Remembering(GivingWay(self._encoder, urgent), MOST_KEPT), self._head)

    def judge(
        self, left: Plan, right: Plan, pairs: Ints, *, least: float = 0.0, most: int | None = None
    ) -> Probabilities:
        """See `PairJudge.judge`."""
        first = self._first.judge(left, right, pairs)
        likely = np.argsort(first[:, 0], kind="stable")[: MOST if most is None else most]
        worth = (first[likely, 0] <= 1 - LEAST) & (self._head.needed(first[likely], least) <= SUREST)
        read = likely[worth]
        return mixed(first, read, self.read(left, right, pairs[read]), self._head)

    def read(self, left: Plan, right: Plan, pairs: Ints) -> Probabilities:
        """The second reading alone, shape (n, 5). A pair has no order, so it is read in that of the alphabet."""
        if not len(pairs):
            return np.zeros((0, self._head.out.shape[1]))
        texts = [(_said(left, one), _said(right, other)) for one, other in pairs.tolist()]
        return self._head.probabilities(self._encoder.encode([(min(pair), max(pair)) for pair in texts]))

    def waiting(self, left: Plan, right: Plan, pairs: Ints) -> Probabilities:
        """See `PairJudge.waiting`."""
        return self._first.waiting(left, right, pairs)


def as_text(line: str, objective: str) -> str:
    """How a line is put to the encoder; training and serving share it."""
    said = " ".join(line[:LONGEST_LINE].split())
    above = " ".join(objective[:LONGEST_OBJECTIVE].split())
    return f"{said} ({above})" if above else said


def mixed(first: Probabilities, read: Ints, second: Probabilities, head: CrossHead) -> Probabilities:
    """Both readings as one table; `read` are the rows of `first` that `second` is about."""
    again = np.full(len(first), head.unread)
    again[read] = logit(1 - second[:, 0])
    one, other, offset = head.mix
    related = sigmoid(one * logit(1 - first[:, 0]) + other * again + offset)
    types = shares(first)
    types[read] = softmax(both_shares(first[read], second) @ head.types[:-1] + head.types[-1])
    table = np.empty_like(first)
    table[:, 0] = 1 - related
    table[:, 1:] = types * related[:, None]
    # What says the same in the same words is known, not judged.
    known = first[:, _DUPLICATE] > 1 - first[:, 0] - _TINY
    table[known] = first[known]
    return table


def both_shares(first: Probabilities, second: Probabilities) -> Probabilities:
    """The log shares of the types in both readings, shape (n, 8)."""
    both: Probabilities = np.log(np.concatenate([shares(first), shares(second)], axis=1))
    return both


def shares(table: Probabilities) -> Probabilities:
    """Of what is related, the share of each type; no reading alone can rule a type out."""
    types = table[:, 1:] / np.maximum(table[:, 1:].sum(axis=1, keepdims=True), _TINY)
    types = np.maximum(types, _POSSIBLE)
    found: Probabilities = types / types.sum(axis=1, keepdims=True)
    return found


def logit(probabilities: Probabilities) -> Probabilities:
    """Log odds, bounded."""
    safe = np.clip(probabilities, 1e-6, 1 - 1e-6)
    found: Probabilities = np.clip(np.log(safe / (1 - safe)), -_SURE, _SURE)
    return found


def _said(plan: Plan, row: int) -> str:
    said = plan.lines[row]
    return as_text(said.text, "" if said.place.is_objective else said.objective)
