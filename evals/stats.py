"""Bootstrap statistics clustered by organisation: lines of one organisation are not independent.

Organisations are drawn with replacement and their tallies summed; a metric is then a function of
the sums. The same seed draws the same organisations, so that two runs can be compared in pairs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from evals.metrics import Floats, Metric

RESAMPLES = 1_000
LEVEL = 0.95
ALPHA = 0.05
POWER = 0.8
_CELLS = 4_000_000
_MOST_SLIPS = 60
_DIGITS = 12
"""Sums that are equal on paper may differ in the last bit; a change is one only beyond that."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its confidence interval; NaN where it cannot be measured."""

    value: float
    low: float
    high: float

    @property
    def measured(self) -> bool:
        """Whether there was anything to measure."""
        return not math.isnan(self.value)


@dataclass(frozen=True, slots=True)
class Paired:
    """Head minus base on the same samples; `p` is two-sided, `error` the standard error."""

    delta: float
    low: float
    high: float
    p: float
    error: float


def cluster_sums(table: Floats, clusters: Sequence[str]) -> Floats:
    """Rows of `table` summed by cluster, shape (number of clusters, columns), clusters sorted."""
    names, place = np.unique(np.array(clusters, dtype=object).astype(str), return_inverse=True)
    sums = np.zeros((len(names), table.shape[1]))
    np.add.at(sums, place, table)
    return sums


def resample(sums: Floats, seed: int, resamples: int = RESAMPLES) -> Floats:
    """Sums of `resamples` draws of clusters with replacement, shape (resamples, columns).

    The draws depend on the seed and the number of clusters alone.
    """
    clusters = len(sums)
    if not clusters:
        return np.zeros((resamples, sums.shape[1]))
    generator = np.random.default_rng(seed)
    even = np.full(clusters, 1 / clusters)
    step = max(1, _CELLS // clusters)
    parts = [
        generator.multinomial(clusters, even, size=min(step, resamples - done)).astype(np.float64) @ sums
        for done in range(0, resamples, step)
    ]
    return np.concatenate(parts)


def interval(metric: Metric, total: Floats, drawn: Floats, level: float = LEVEL) -> Interval:
    """The figure for `total` sums with the percentile interval of the `drawn` ones.

    Where no draw differs (all right, or all wrong) the bootstrap knows no doubt, so that a share then gets
    Wilson's interval for its number of cases. A figure that is no share, a sum of gaps, grows with every
    draw's noise; its draws are moved to where the figure is.
    """
    value = float(metric.of(total))
    figures = metric.of(drawn)
    low, high = _percentiles(figures, level)
    if metric.case is None:
        drift = float(np.nanmedian(figures)) - value if low <= high else 0.0
        low, high = max(0.0, low - drift), high - drift
    elif low == high:
        low, high = wilson(value, float(metric.whole(total)) / metric.case, level)
    return Interval(value, low, high)


def wilson(share: float, cases: float, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval of a share of `cases` independent cases."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    middle = (share + z * z / (2 * cases)) / (1 + z * z / cases)
    reach = z * math.sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases)) / (1 + z * z / cases)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def paired(
    metric: Metric,
    base: Floats,
    head: Floats,
    *,
    seed: int,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Paired:
    """Paired bootstrap of two runs; `base` and `head` are sums over the same clusters in one order."""
    width = base.shape[1]
    drawn = resample(np.concatenate([base, head], axis=1), seed, resamples)
    deltas = np.round(metric.of(drawn[:, width:]) - metric.of(drawn[:, :width]), _DIGITS)
    delta = round(float(metric.of(head.sum(axis=0)) - metric.of(base.sum(axis=0))), _DIGITS)
    low, high = _percentiles(deltas, level)
    known = deltas[~np.isnan(deltas)]
    error = float(known.std()) if len(known) else math.nan
    p = max(float(two_sided(deltas[:, None])[0]), least_p(len(base)))
    return Paired(delta, low, high, p, error)


def least_p(clusters: int) -> float:
    """The smallest p that so few organisations can show: all of them changing the same way by chance.

    A bootstrap of three organisations that all got worse would be certain of it; nobody should be.
    """
    return min(1.0, 2.0 ** (1 - clusters))


def two_sided(deltas: Floats) -> Floats:
    """Bootstrap p-values by column: how easily a draw shows no change or the opposite one."""
    known = ~np.isnan(deltas)
    n = known.sum(axis=0)
    less = ((deltas <= 0) & known).sum(axis=0)
    more = ((deltas >= 0) & known).sum(axis=0)
    values: Floats = np.minimum(1.0, 2 * (np.minimum(less, more) + 1) / (n + 1))
    return np.where(n > 0, values, 1.0)


def holm(ps: Sequence[float], alpha: float = ALPHA) -> list[bool]:
    """Which of several tests are significant together (Holm's step-down correction)."""
    order = sorted(range(len(ps)), key=ps.__getitem__)
    found = [False] * len(ps)
    for rank, index in enumerate(order):
        if ps[index] > alpha / (len(ps) - rank):
            break
        found[index] = True
    return found


def smallest_detectable(
    metric: Metric, sums: Floats, *, seed: int, alpha: float = ALPHA, resamples: int = RESAMPLES
) -> float | None:
    """The smallest change for the worse that a paired test of level `alpha` would find.

    One more mistake is put into one organisation, then into two, and so on until the paired bootstrap
    finds the difference. None if no number of them is found: the set is too small.
    """
    if least_p(len(sums)) > alpha or np.isnan(metric.of(sums.sum(axis=0))):
        return None
    slip = np.array(metric.slip)
    slipping = _where_a_slip_is_possible(sums, slip)[:_MOST_SLIPS]
    if not len(slipping):
        return None
    spread = np.zeros((len(sums), len(slipping)))
    for count, cluster in enumerate(slipping):
        spread[cluster, count:] = 1
    width = sums.shape[1]
    drawn = resample(np.concatenate([sums, spread], axis=1), seed, resamples)
    before, slips = drawn[:, :width], drawn[:, width:]
    after = metric.of(before[:, None, :] + slips[:, :, None] * slip)
    deltas = np.round(after - metric.of(before)[:, None], _DIGITS)
    found = np.flatnonzero(two_sided(deltas) <= alpha)
    if not len(found):
        return None
    total = sums.sum(axis=0)
    return float(abs(metric.of(total + (found[0] + 1) * slip) - metric.of(total)))


def detectable_with_churn(error: float, alpha: float = ALPHA) -> float:
    """The change found four times in five when runs differ as much as these did."""
    normal = NormalDist()
    return (normal.inv_cdf(1 - alpha / 2) + normal.inv_cdf(POWER)) * error


def _where_a_slip_is_possible(sums: Floats, slip: Floats) -> NDArray[np.intp]:
    given_up = slip < 0
    if not given_up.any():
        return np.arange(len(sums))
    return np.flatnonzero((sums[:, given_up] >= 1).all(axis=1))


def _percentiles(values: Floats, level: float) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if len(known) * 2 < len(values) or not len(known):
        return math.nan, math.nan
    tail = (1 - level) / 2 * 100
    low, high = np.percentile(known, [tail, 100 - tail])
    return float(low), float(high)
