"""Metrics: ratios of summed tallies, so that resampling organisations costs one matrix product."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Reduce = Callable[[Floats], Floats]

BINS = 10
RANK_BINS = 100
"""Scores are ranked to two digits, which a clustered bootstrap can sum."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure made of tallies.

    `part` and `whole` take sums of `terms` on the last axis and give numerator and denominator.
    `slip` is what one more mistake adds to the sums; from it follows the smallest change that a set
    can detect. `gated` metrics fail the gate when they get significantly worse; `sliced` ones are
    broken down by group. `case` is what one case adds to the whole, None if the figure isn't a share.
    Changes up to `negligible` are no regression, however certain.
    """

    name: str
    meaning: str
    terms: tuple[str, ...]
    part: Reduce
    whole: Reduce
    slip: tuple[float, ...]
    higher_is_better: bool = True
    gated: bool = False
    sliced: bool = False
    case: float | None = 1.0
    negligible: float = 0.0

    def of(self, sums: Floats) -> Floats:
        """The figure for sums of shape (..., len(terms)); NaN where there is nothing to measure."""
        part, whole = self.part(sums), self.whole(sums)
        empty = np.full(np.shape(whole), np.nan)
        figures: Floats = np.divide(part, whole, out=empty, where=whole > 0)
        return figures

    def worse(self, delta: float) -> bool:
        """Whether a change of `delta` is for the worse."""
        return delta < 0 if self.higher_is_better else delta > 0


def _weigh(*weights: float) -> Reduce:
    vector = np.array(weights)
    return lambda sums: np.asarray(sums @ vector, dtype=np.float64)


def precision(label: str, *, gated: bool = False, sliced: bool = False) -> Metric:
    """Of the lines flagged with `label`, the share that a coach would flag so."""
    return Metric(
        f"{label}.precision",
        f"of what is flagged {label}, the share that is",
        (f"{label}.hit", f"{label}.false"),
        _weigh(1, 0),
        _weigh(1, 1),
        slip=(0, 1),
        gated=gated,
        sliced=sliced,
    )


def recall(label: str, *, gated: bool = False, sliced: bool = False) -> Metric:
    """Of the lines that a coach would flag with `label`, the share that is flagged so."""
    return Metric(
        f"{label}.recall",
        f"of what is {label}, the share that is flagged",
        (f"{label}.hit", f"{label}.missed"),
        _weigh(1, 0),
        _weigh(1, 1),
        slip=(-1, 1),
        gated=gated,
        sliced=sliced,
    )


def f1(label: str, *, gated: bool = False, sliced: bool = False) -> Metric:
    """Harmonic mean of precision and recall."""
    return Metric(
        f"{label}.f1",
        f"harmonic mean of precision and recall of {label}",
        (f"{label}.hit", f"{label}.false", f"{label}.missed"),
        _weigh(2, 0, 0),
        _weigh(2, 1, 1),
        slip=(-1, 0, 1),
        gated=gated,
        sliced=sliced,
        case=2.0,
    )


def false_alarms(group: str, meaning: str, *, gated: bool = False, sliced: bool = False) -> Metric:
    """The share of the clean ones in `group` that are flagged all the same."""
    return Metric(
        f"false-alarms.{group}",
        meaning,
        (f"{group}.flagged", f"{group}.quiet"),
        _weigh(1, 0),
        _weigh(1, 1),
        slip=(1, -1),
        higher_is_better=False,
        gated=gated,
        sliced=sliced,
    )


def share(name: str, yes: str, no: str, meaning: str) -> Metric:
    """The share of `yes` in `yes` and `no`; more is better."""
    return Metric(name, meaning, (yes, no), _weigh(1, 0), _weigh(1, 1), slip=(-1, 1))


def calibration_error(*, gated: bool = False) -> Metric:
    """Expected calibration error over ten equal bins of confidence."""

    def bins(sums: Floats) -> Floats:
        return sums.reshape(*sums.shape[:-1], BINS, 3)

    top = np.zeros((BINS, 3))
    top[-1, 1] = -1
    return Metric(
        "calibration-error",
        f"mean gap between stated confidence and share right (ECE, {BINS} bins)",
        tuple(f"bin{index}.{what}" for index in range(BINS) for what in ("n", "right", "confidence")),
        lambda sums: np.asarray(np.abs(bins(sums)[..., 1] - bins(sums)[..., 2]).sum(axis=-1)),
        lambda sums: np.asarray(bins(sums)[..., 0].sum(axis=-1)),
        slip=tuple(top.ravel().tolist()),
        higher_is_better=False,
        gated=gated,
        case=None,
        # The same model on another processor states slightly other confidences.
        negligible=0.005,
    )


def average_precision(label: str, *, gated: bool = False) -> Metric:
    """The mean precision over all cuts of the score at which a case of `label` is found."""

    def found(sums: Floats) -> Floats:
        bins = sums.reshape(*sums.shape[:-1], RANK_BINS, 2)[..., ::-1, :]
        right = np.cumsum(bins[..., 0], axis=-1)
        shown = np.cumsum(bins.sum(axis=-1), axis=-1)
        precisions = np.divide(right, shown, out=np.zeros_like(right), where=shown > 0)
        return np.asarray((precisions * bins[..., 0]).sum(axis=-1))

    slip = np.zeros((RANK_BINS, 2))
    slip[-1, 0], slip[0, 0] = -1, 1
    return Metric(
        f"{label}.average-precision",
        f"mean precision over all cuts of the score of being {label}",
        tuple(f"{label}.rank{index}.{what}" for index in range(RANK_BINS) for what in ("yes", "no")),
        found,
        lambda sums: np.asarray(sums[..., 0::2].sum(axis=-1)),
        slip=tuple(slip.ravel().tolist()),
        gated=gated,
    )


def macro_f1(labels: Sequence[str], *, gated: bool = False) -> Metric:
    """The mean of the F1 of each label, so that rare ones count as much as common ones."""

    def scores(sums: Floats) -> tuple[Floats, Floats]:
        hit, false, missed = (sums[..., at::3] for at in range(3))
        whole = 2 * hit + false + missed
        return np.divide(2 * hit, whole, out=np.zeros_like(whole), where=whole > 0), whole > 0

    return Metric(
        "types.macro-f1",
        f"mean of the F1 of {', '.join(labels)}",
        tuple(f"{label}.{what}" for label in labels for what in ("hit", "false", "missed")),
        lambda sums: np.asarray(scores(sums)[0].sum(axis=-1)),
        lambda sums: np.asarray(scores(sums)[1].sum(axis=-1), dtype=np.float64),
        slip=(-1, 0, 1, *[0] * (3 * len(labels) - 3)),
        gated=gated,
    )


def rank_bin(score: float) -> int:
    """The bin of a score (0-1) in `average_precision`."""
    return max(0, min(RANK_BINS - 1, int(score * RANK_BINS)))


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Samples whose confidence falls between `low` and `high`: how sure, and how often right."""

    low: float
    high: float
    n: int
    confidence: float
    right: float


def reliability(sums: Mapping[str, float]) -> tuple[ReliabilityBin, ...]:
    """The bins that hold anything, from summed tallies."""
    found = []
    for index in range(BINS):
        n = sums.get(f"bin{index}.n", 0)
        if n:
            right, confidence = sums.get(f"bin{index}.right", 0), sums.get(f"bin{index}.confidence", 0)
            found.append(ReliabilityBin(index / BINS, (index + 1) / BINS, int(n), confidence / n, right / n))
    return tuple(found)


def tabulate(tallies: Sequence[Mapping[str, float]], terms: Sequence[str]) -> Floats:
    """Tallies as rows, shape (len(tallies), len(terms))."""
    columns = {term: index for index, term in enumerate(terms)}
    table = np.zeros((len(tallies), len(terms)))
    for row, tally in enumerate(tallies):
        for term, value in tally.items():
            column = columns.get(term)
            if column is not None:
                table[row, column] = value
    return table
