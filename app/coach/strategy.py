"""Strategy linkage: which pillar an OKR serves, if any.

The critic's encoder reads the whole OKR together with one pillar (or parent line) at a time, and a head fitted
on the corpus turns that into the probability that the pillar is served. Similarity of the two texts alone
can't tell a pillar that is served in other words from one that only shares words.
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
    """The likeliest pillar of an OKR and the calibrated probability (0-1) that the OKR serves it."""

    pillar: int
    probability: float
    linked: bool


@dataclass(frozen=True, slots=True)
class LinkHead:
    """Two dense layers over the embedding of a pair, a temperature, and the probability to call it linked.

    Shapes: `hidden` (width, h), `out` (h, 1).
    """

    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    out: NDArray[np.float32]
    out_bias: NDArray[np.float32]
    temperature: float
    threshold: float

    @classmethod
    def load(cls, path: Path) -> LinkHead:
        """Read `link.npz`; raises `ModelError` when there is none."""
        if not path.is_file():
            raise ModelError(f"There is no linkage head at {path}: run `make train`.")
        with np.load(path) as data:
            return cls(
                data["hidden"],
                data["hidden_bias"],
                data["out"],
                data["out_bias"],
                float(data["temperature"]),
                float(data["threshold"]),
            )

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Calibrated probabilities, shape (n,), for rows of pair embeddings."""
        hidden = np.maximum(rows @ self.hidden + self.hidden_bias, 0)
        logits = (hidden @ self.out + self.out_bias)[:, 0] / self.temperature
        result: NDArray[np.float32] = 1 / (1 + np.exp(-logits))
        return result


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
        table = self._head.probabilities(self._encoder.encode(pairs)).reshape(len(okrs), len(pillars))
        return [Link(int(row.argmax()), float(row.max()), bool(row.max() >= self._head.threshold)) for row in table]


def as_pair(okr: Okr, pillar: Pillar) -> tuple[str, str]:
    """How an OKR and a pillar are put to the encoder; training and serving share it."""
    lines = "; ".join(line.text for line in okr.lines)
    return f"okr: {' '.join(lines.split())[:LONGEST_OKR]}", " ".join(pillar.statement.split())[:LONGEST_PILLAR]
