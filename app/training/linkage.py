"""Samples and calibration of strategy linkage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from app.coach.nouns import Line, Okr, Pillar
from app.coach.strategy import LinkHead, as_pair, highest
from app.services.embeddings import Encoder
from app.training.data import OkrSample

ALARM_COST = 2.0
"""Of a false alarm, on a good line or on an OKR that serves a pillar, where a miss costs one."""


@dataclass(frozen=True, slots=True)
class LinkPair:
    """An OKR with one pillar: whether it is served, and how far that label can be trusted.

    An OKR is labelled with the pillar it serves most; that it serves no other is only likely.
    """

    okr: Okr
    pillar: Pillar
    served: bool
    weight: float

    @property
    def texts(self) -> tuple[str, str]:
        """The pair as the encoder reads it."""
        return as_pair(self.okr, self.pillar)

    def varied(self, draw: np.random.Generator, drop: float) -> LinkPair:
        """The same with its key results in another order, each left out with the probability `drop`."""
        kept = [line for line in self.okr.key_results if draw.random() >= drop]
        order = draw.permutation(len(kept))
        return replace(self, okr=replace(self.okr, key_results=tuple(kept[at] for at in order)))


def as_okr(sample: OkrSample) -> Okr:
    """The sample as the flow's value."""
    return Okr(Line.whole(sample.objective), tuple(Line.whole(text) for text in sample.key_results))


def link_pairs(samples: Sequence[OkrSample]) -> list[LinkPair]:
    """Every OKR with every pillar of its organisation."""
    pairs = []
    for sample in samples:
        for at, (name, text) in enumerate(sample.pillars):
            served = sample.pillar == at
            certain = served or not sample.linked
            pairs.append(LinkPair(as_okr(sample), Pillar(name, text), served, 1.0 if certain else 0.4))
    return pairs


def logits_of(encoder: Encoder, head: LinkHead, samples: Sequence[OkrSample]) -> list[NDArray[np.float32]]:
    """The logits of each sample with the pillars of its organisation."""
    return [
        head.logits(encoder.encode([as_pair(as_okr(sample), Pillar(name, text)) for name, text in sample.pillars]))
        for sample in samples
    ]


def calibrate(
    logits: Sequence[NDArray[np.float32]], linked: NDArray[np.bool_]
) -> tuple[tuple[float, float, float, float], float]:
    """The calibration of `LinkHead`, and the cut that follows from it: a false alarm costs twice a miss."""
    lone = float(np.mean([np.sort(row)[-2] for row in logits if len(row) > 1]))
    told = np.concatenate([highest(row[None], lone) for row in logits])
    model = LogisticRegression(C=1.0).fit(told, linked)
    best, second = model.coef_[0].tolist()
    return (best, second, float(model.intercept_[0]), lone), 1 / (1 + ALARM_COST)
