"""The embedded critic: a fine-tuned encoder with a calibrated head. No key, no network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.coach.critic import Judgement, Kind
from app.coach.critic.features import features
from app.coach.nouns import Source
from app.coach.quantities import as_said, states_movement
from app.coach.rules.rule import LineView
from app.errors import ModelError
from app.services.embeddings import Encoder, Remembering, TextOrPair

KINDS = (Kind.NEITHER, Kind.ACTIVITY, Kind.KPI)
MAX_LINE = 1_000
_WISH = re.compile(r"(?:improve|better|enhance|optimi[sz]e)(?:\s[^\W\d]+){1,3}\.?", re.IGNORECASE)
"""“Improve the breakfast” may be work or a result: that it can't be measured is what there is to say of it."""


@dataclass(frozen=True, slots=True)
class Head:
    """Two dense layers over (embedding, features), a temperature, and a flag threshold a kind.

    Shapes: `hidden` (width + features, h), `out` (h, 3); rows of `KINDS` order.
    """

    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    out: NDArray[np.float32]
    out_bias: NDArray[np.float32]
    temperature: float
    thresholds: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path) -> Head:
        """Read `head.npz`; raises `ModelError` when there is none."""
        if not path.is_file():
            raise ModelError(f"There is no critic head at {path}: run `make train`.")
        with np.load(path) as data:
            return cls(
                data["hidden"],
                data["hidden_bias"],
                data["out"],
                data["out_bias"],
                float(data["temperature"]),
                data["thresholds"],
            )

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Calibrated probabilities, shape (n, 3), for rows of embedding and features."""
        hidden = np.maximum(rows @ self.hidden + self.hidden_bias, 0)
        logits = (hidden @ self.out + self.out_bias) / self.temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        result: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
        return result


def as_input(text: str, objective: str, *, is_objective: bool) -> TextOrPair:
    """How a line is put to the encoder; training and serving share it."""
    role = "objective" if is_objective else "key result"
    line = " ".join(f"{role}: {as_said(text)[:MAX_LINE]}".split())
    return (line, " ".join(objective[:MAX_LINE].split())) if objective and not is_objective else line


class LocalCritic:
    """Judges lines with the embedded model."""

    source = Source.LOCAL

    def __init__(self, encoder: Encoder, head: Head) -> None:
        self._encoder = encoder
        self._head = head
        self.name = encoder.name

    def remembering(self) -> LocalCritic:
        """The same critic for drafts that are judged again and again while a line changes."""
        return LocalCritic(Remembering(self._encoder), self._head)

    def judge(self, lines: Sequence[tuple[LineView, str]]) -> list[Judgement]:
        """See `Critic.judge`."""
        if not lines:
            return []
        vectors = self._encoder.encode(
            [as_input(line.text, objective, is_objective=line.is_objective) for line, objective in lines]
        )
        flags = np.stack([features(line.measure, is_objective=line.is_objective) for line, _ in lines])
        table = self._head.probabilities(np.concatenate([vectors, flags], axis=1))
        return [self._verdict(row, line) for row, (line, _) in zip(table, lines, strict=True)]

    def _verdict(self, row: NDArray[np.float32], line: LineView) -> Judgement:
        best = int(row.argmax())
        if best and row[best] < self._head.thresholds[best]:
            best = 0
        if KINDS[best] is Kind.KPI and states_movement(line.text, line.measure):
            best = 0
        if KINDS[best] is Kind.ACTIVITY and not line.is_objective and _WISH.fullmatch(line.text):
            best = 0
        probabilities = {kind.value: round(float(p), 3) for kind, p in zip(KINDS, row, strict=True)}
        return Judgement(KINDS[best], float(row[best]), details={"probabilities": probabilities})
