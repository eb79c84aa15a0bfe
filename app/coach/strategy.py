"""Strategy linkage: which pillar an OKR serves, if any.

The critic's encoder reads the whole OKR together with one pillar (or parent line) at a time, and a head fitted
on the corpus turns that into a logit; the highest two give the probability that any pillar is served. Similarity of
the two texts alone can't tell a pillar that is served in other words from one that only shares words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.coach.nouns import Okr, Pillar
from app.errors import ModelError
from app.services.embeddings import Encoder, Remembering

LONGEST_OKR = 500
LONGEST_PILLAR = 300


@dataclass(frozen=True, slots=True)
class Link:
    """The nearest pillar of an OKR and the calibrated probability (0-1) that the OKR serves any."""

    pillar: int
    probability: float
    linked: bool


@dataclass(frozen=True, slots=True)
class LinkHead:
    """Two dense layers over the embedding of a pair, and the probability from which an OKR is called linked.

    Shapes: `hidden` (width, h), `out` (h, 1). `calibration` (best, second, offset, lone) weighs the highest logit of an
    OKR and the one after it, which is `lone` where there is but one pillar.
    """

    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    out: NDArray[np.float32]
    out_bias: NDArray[np.float32]
    calibration: tuple[float, float, float, float]
    threshold: float

    @classmethod
    def load(cls, path: Path) -> LinkHead:
        """Read `link.npz`; raises `ModelError` when there is none."""
        if not path.is_file():
            raise ModelError(f"There is no linkage head at {path}: run `make train`.")
        with np.load(path) as data:
            best, second, offset, lone = data["calibration"].tolist()
            return cls(
                data["hidden"],
                data["hidden_bias"],
                data["out"],
                data["out_bias"],
                (best, second, offset, lone),
                float(data["threshold"]),
            )

    def logits(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """How near each OKR is to each pillar, shape (n,), for rows of pair embeddings."""
        hidden = np.maximum(rows @ self.hidden + self.hidden_bias, 0)
        result: NDArray[np.float32] = (hidden @ self.out + self.out_bias)[:, 0]
        return result

    def probabilities(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """That each OKR serves any pillar, shape (n,), for logits of shape (n, pillars)."""
        best, second, offset, lone = self.calibration
        result: NDArray[np.float32] = 1 / (1 + np.exp(-(highest(logits, lone) @ np.array([best, second]) + offset)))
        return result


def highest(logits: NDArray[np.float32], lone: float) -> NDArray[np.float32]:
    """The two highest of each row, shape (n, 2); `lone` is the second of a row of one."""
    ranked = -np.sort(-logits, axis=1)[:, :2]
    return np.pad(ranked, ((0, 0), (0, 2 - ranked.shape[1])), constant_values=lone)


class Linkage:
    """Judges whole OKRs against pillars."""

    def __init__(self, encoder: Encoder, head: LinkHead) -> None:
        self._encoder = encoder
        self._head = head
        self.name = encoder.name

    def remembering(self) -> Linkage:
        """The same judge for plans that are judged again and again while a few lines change."""
        return Linkage(Remembering(self._encoder), self._head)

    def judge(self, okrs: Sequence[Okr], pillars: Sequence[Pillar]) -> list[Link]:
        """One link an OKR, in order; `pillars` must not be empty."""
        pairs = [as_pair(okr, pillar) for okr in okrs for pillar in pillars]
        if not pairs:
            return []
        table = self._head.logits(self._encoder.encode(pairs)).reshape(len(okrs), len(pillars))
        sure = self._head.probabilities(table).tolist()
        nearest = table.argmax(axis=1).tolist()
        return [Link(at, served, served >= self._head.threshold) for at, served in zip(nearest, sure, strict=True)]


def as_pair(okr: Okr, pillar: Pillar) -> tuple[str, str]:
    """How an OKR and a pillar are put to the encoder; training and serving share it."""
    lines = "; ".join(line.text for line in okr.lines)
    return f"okr: {' '.join(lines.split())[:LONGEST_OKR]}", " ".join(pillar.statement.split())[:LONGEST_PILLAR]
