from __future__ import annotations

import math

import numpy as np
import pytest

from evals.metrics import calibration_error, f1, false_alarms, precision, recall, reliability, tabulate
from evals.scorers import calibration
from evals.stats import (
    cluster_sums,
    holm,
    interval,
    paired,
    resample,
    smallest_detectable,
    two_sided,
    wilson,
)
from evals.task import Answer

RECALL = recall("a")
MANY = 5_000


def sums_of(hits: list[float], missed: list[float]) -> np.ndarray:
    return np.array([hits, missed], dtype=np.float64).T


def test_precision_recall_and_f1_of_a_known_table() -> None:
    tally = {"a.hit": 6.0, "a.false": 2.0, "a.missed": 4.0}
    values = [
        float(metric.of(tabulate([tally], metric.terms).sum(axis=0)))
        for metric in (precision("a"), recall("a"), f1("a"))
    ]
    assert values == pytest.approx([6 / 8, 6 / 10, 12 / 18])


def test_a_metric_with_nothing_to_measure_is_not_a_number_rather_than_zero() -> None:
    assert math.isnan(float(RECALL.of(np.zeros(2))))


def test_calibration_error_is_the_weighted_gap_over_bins() -> None:
    tallies = [
        {"bin9.n": 1, "bin9.right": 1, "bin9.confidence": 0.9},
        {"bin9.n": 1, "bin9.right": 0, "bin9.confidence": 0.9},
        {"bin5.n": 1, "bin5.right": 1, "bin5.confidence": 0.5},
        {"bin5.n": 1, "bin5.right": 0, "bin5.confidence": 0.5},
    ]
    metric = calibration_error()
    sums = tabulate(tallies, metric.terms).sum(axis=0)
    assert float(metric.of(sums)) == pytest.approx((2 * 0.4 + 2 * 0.0) / 4)
    bins = reliability(dict(zip(metric.terms, sums.tolist(), strict=True)))
    assert [(b.n, b.confidence, b.right) for b in bins] == [(2, 0.5, 0.5), (2, 0.9, 0.5)]


def test_the_bootstrap_of_independent_cases_agrees_with_the_binomial() -> None:
    cases, right = 200, 140
    sums = sums_of([1.0] * right + [0.0] * (cases - right), [0.0] * right + [1.0] * (cases - right))
    drawn = RECALL.of(resample(sums, seed=1, resamples=MANY))
    assert drawn.mean() == pytest.approx(0.7, abs=0.005)
    assert drawn.std() == pytest.approx(math.sqrt(0.7 * 0.3 / cases), rel=0.05)
    found = interval(RECALL, sums.sum(axis=0), resample(sums, 1, MANY))
    assert (found.low, found.high) == pytest.approx((0.7 - 1.96 * 0.0324, 0.7 + 1.96 * 0.0324), abs=0.008)


def test_lines_of_one_organisation_count_as_one_draw_so_that_the_interval_is_wider() -> None:
    rows = np.array([[1.0, 0.0]] * 70 + [[0.0, 1.0]] * 30)
    alone = cluster_sums(rows, [str(at) for at in range(100)])
    together = cluster_sums(rows, [str(at // 10) for at in range(100)])
    widths = []
    for sums in (alone, together):
        found = interval(RECALL, sums.sum(axis=0), resample(sums, 3, MANY))
        widths.append(found.high - found.low)
    assert widths[1] / widths[0] == pytest.approx(math.sqrt(10), rel=0.1)


def test_clusters_are_summed_by_name() -> None:
    table = np.array([[1.0], [2.0], [4.0]])
    assert cluster_sums(table, ["b", "a", "b"]).tolist() == [[2.0], [5.0]]


def test_the_same_seed_draws_the_same_organisations_whatever_the_columns() -> None:
    sums = np.arange(12, dtype=np.float64).reshape(6, 2)
    assert np.array_equal(resample(sums, 5)[:, 0], resample(sums[:, :1], 5)[:, 0])
    assert not np.array_equal(resample(sums, 5), resample(sums, 6))


def test_draws_are_the_same_in_one_piece_and_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    sums = np.arange(20, dtype=np.float64).reshape(10, 2)
    whole = resample(sums, 5)
    monkeypatch.setattr("evals.stats._CELLS", 70)
    assert np.array_equal(resample(sums, 5), whole)


def test_identical_runs_show_no_change() -> None:
    sums = sums_of([3.0, 1.0, 4.0], [1.0, 2.0, 0.0])
    found = paired(RECALL, sums, sums, seed=0)
    assert (found.delta, found.low, found.high, found.p, found.error) == (0, 0, 0, 1.0, 0)


def test_equal_sums_that_differ_in_the_last_bit_are_no_change() -> None:
    metric = calibration_error()
    sums = np.random.default_rng(0).random((20, len(metric.terms)))
    assert paired(metric, sums, sums * (1 + 1e-16), seed=0).p == 1.0


def test_p_of_a_loss_in_few_organisations_is_the_chance_of_drawing_none_of_them() -> None:
    organisations, worse = 40, 3
    base = sums_of([5.0] * organisations, [0.0] * organisations)
    head = base.copy()
    head[:worse] += (-1, 1)
    found = paired(RECALL, base, head, seed=2, resamples=20_000)
    assert found.delta == pytest.approx(-worse / 200)
    assert found.p == pytest.approx(2 * (1 - worse / organisations) ** organisations, rel=0.1)


def test_a_gain_and_a_loss_have_the_same_p() -> None:
    deltas = np.array([[-1.0, 1.0], [-1.0, 1.0], [0.5, -0.5], [-2.0, 2.0]])
    one, other = two_sided(deltas)
    assert one == other == pytest.approx(2 * 2 / 5)


def test_holm_steps_down_and_stops_at_the_first_that_fails() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == [True, False, False, True]
    assert holm([0.02, 0.024]) == [True, True]
    assert holm([]) == []


@pytest.mark.parametrize(
    ("share", "cases", "expected"),
    [(0.0, 10, (0.0, 0.2775)), (1.0, 10, (0.7225, 1.0)), (0.5, 20, (0.2993, 0.7007))],
)
def test_wilson_agrees_with_published_values(share: float, cases: int, expected: tuple[float, float]) -> None:
    assert wilson(share, cases) == pytest.approx(expected, abs=1e-4)


def test_a_perfect_score_on_few_cases_still_has_an_interval() -> None:
    sums = sums_of([1.0] * 10, [0.0] * 10)
    found = interval(RECALL, sums.sum(axis=0), resample(sums, 0))
    assert (found.value, found.low, found.high) == pytest.approx((1.0, 0.7225, 1.0), abs=1e-4)


def test_the_interval_of_the_calibration_error_holds_the_error() -> None:
    metric = calibration_error()
    generator = np.random.default_rng(4)
    confidence = generator.uniform(0.5, 1, 60)
    tallies = [
        calibration(Answer((), c), right=r < c)
        for c, r in zip(confidence.tolist(), generator.random(60).tolist(), strict=True)
    ]
    sums = tabulate(tallies, metric.terms)
    found = interval(metric, sums.sum(axis=0), resample(sums, 0))
    assert 0 <= found.low < found.value < found.high


def test_the_smallest_detectable_change_is_the_one_that_the_paired_test_finds() -> None:
    sums = sums_of([5.0] * 40, [0.0] * 40)
    smallest = smallest_detectable(RECALL, sums, seed=0)
    assert smallest == pytest.approx(4 / 200)
    for slips, significant in ((3, False), (4, True)):
        head = sums.copy()
        head[:slips] += (-1, 1)
        assert (paired(RECALL, sums, head, seed=0).p <= 0.05) is significant


def test_a_stricter_test_detects_only_larger_changes() -> None:
    sums = sums_of([5.0] * 40, [0.0] * 40)
    strict = smallest_detectable(RECALL, sums, seed=0, alpha=0.01)
    assert strict is not None
    assert strict > 4 / 200


def test_a_set_of_three_organisations_detects_nothing() -> None:
    base, head = sums_of([5.0] * 3, [0.0] * 3), sums_of([1.0] * 3, [4.0] * 3)
    assert smallest_detectable(RECALL, base, seed=0) is None
    assert paired(RECALL, base, head, seed=0).p == 0.25


def test_only_silence_can_slip_into_a_false_alarm() -> None:
    metric = false_alarms("clean-lines", "share flagged")
    quiet = sums_of([0.0] * 30, [4.0] * 30)
    found = smallest_detectable(metric, quiet, seed=0)
    assert found == pytest.approx(4 / 120)
    assert smallest_detectable(metric, quiet[:, ::-1].copy(), seed=0) is None
