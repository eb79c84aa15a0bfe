"""The gate: whether a run holds what the last accepted one promised.

It fails on a significant change for the worse, a broken floor, a figure that collapses, or too many
samples without a score, and it names the samples that went wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from evals.baseline import Baseline, StoredRun
from evals.figures import Figure, Measured
from evals.metrics import Floats, Metric, tabulate
from evals.stats import (
    ALPHA,
    Paired,
    cluster_sums,
    detectable_with_churn,
    holm,
    paired,
    smallest_detectable,
)
from evals.task import DEAREST_FIRST, Mistake, Outcome, Score, SolverRun, Status


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric on the samples that base and head share.

    `detectable` is the smallest change for the worse that this set would show; None if it can't
    show any. `significant` is judged together with the other gated metrics of the task.
    """

    run: str
    metric: Metric
    base: float
    head: float
    paired: Paired
    detectable: float | None
    significant: bool

    @property
    def regressed(self) -> bool:
        """Significantly worse, and by more than is negligible."""
        delta = self.paired.delta
        return self.significant and self.metric.worse(delta) and abs(delta) > self.metric.negligible


@dataclass(frozen=True, slots=True)
class Change:
    """A sample answered otherwise than in the baseline, with the mistakes that came and went."""

    run: str
    outcome: Outcome
    new: tuple[Mistake, ...]
    gone: tuple[Mistake, ...]


NAMED = 5
"""Samples named in one line of the gate."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the gate looked at; `message` reads on its own."""

    run: str
    name: str
    passed: bool
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a whole run."""

    checks: tuple[Check, ...]
    comparisons: tuple[Comparison, ...]
    changes: tuple[Change, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def regressions(self) -> list[Change]:
        """Samples with a mistake they didn't have, the dearest first."""
        worse = [change for change in self.changes if change.new]
        return sorted(worse, key=lambda change: (DEAREST_FIRST[change.new[0].cost], change.outcome.sample.id))

    @property
    def improvements(self) -> list[Change]:
        """Samples that lost a mistake and gained none."""
        return [change for change in self.changes if change.gone and not change.new]


@dataclass(frozen=True, slots=True)
class _Pair:
    outcome: Outcome
    base: Score


def judge(measured: Sequence[Measured], baseline: Baseline, seed: int) -> Verdict:
    """Hold every subject of the run against `baseline`."""
    checks: list[Check] = []
    comparisons: list[Comparison] = []
    changes: list[Change] = []
    for item in measured:
        if not item.run.is_subject:
            continue
        checks += _answered(item.run, baseline)
        checks += _floors(item, baseline)
        stored = baseline.runs.get(item.run.key)
        if stored is None:
            checks.append(
                Check(
                    item.run.key,
                    "baseline",
                    passed=False,
                    message=f"{item.run.key} has no accepted run to compare with: "
                    'okr-coach eval --update-baseline --reason "…"',
                )
            )
            continue
        pairs = _pairs(item.run, stored)
        checks.append(_paired_enough(item.run, stored, pairs, baseline))
        compared = _compare(item.run, pairs, seed)
        checks += [_no_regression(comparison) for comparison in compared if comparison.metric.gated]
        checks += _no_collapse(item.run, compared, baseline)
        comparisons += compared
        changes += _changes(item.run, pairs)
    return Verdict(tuple(checks), tuple(comparisons), tuple(changes))


def _answered(run: SolverRun, baseline: Baseline) -> Iterator[Check]:
    limits = {Status.UNSCORED: baseline.allowed.unscored, Status.ERRORED: baseline.allowed.errored}
    total = max(1, len(run.outcomes))
    for status, limit in limits.items():
        share = run.count(status) / total
        those = [outcome for outcome in run.outcomes if outcome.score.status is status]
        named = ", ".join(outcome.sample.id for outcome in those[:NAMED])
        example = f", such as {named}: {those[0].score.reason}" if those else ""
        yield Check(
            run.key,
            status.value,
            share <= limit,
            f"{run.key}: {run.count(status)} of {total} samples {status.value} (allowed {limit:.1%}){example}",
        )
    if not run.outcomes:
        yield Check(run.key, "samples", passed=False, message=f"{run.key}: there are no samples.")


def _floors(item: Measured, baseline: Baseline) -> Iterator[Check]:
    for name, limit in baseline.floors.get(item.run.task.name, {}).items():
        figure = next((figure for figure in item.figures if figure.metric.name == name), None)
        yield _floor(item.run.key, name, figure, limit)


def _floor(key: str, name: str, figure: Figure | None, limit: float) -> Check:
    if figure is None or not figure.interval.measured:
        reason = "there is no such metric" if figure is None else "there was nothing to measure"
        return Check(key, f"floor {name}", passed=False, message=f"{key}: floor of {name} not checked: {reason}")
    up = figure.metric.higher_is_better
    value = figure.interval.value
    held = value >= limit if up else value <= limit
    sides = "at least" if up else "at most"
    return Check(
        key,
        f"floor {name}",
        held,
        f"{key}: {name} is {value:.3f}, to be {sides} {limit:g}",
    )


def _pairs(run: SolverRun, stored: StoredRun) -> list[_Pair]:
    """Samples scored now, with what the accepted answer to the same text is worth by today's label."""
    pairs = []
    for outcome in run.outcomes:
        accepted = stored.samples.get(outcome.sample.id)
        if outcome.score.status is not Status.SCORED or accepted is None:
            continue
        if accepted.fingerprint == outcome.sample.fingerprint:
            pairs.append(_Pair(outcome, run.task.score(outcome.sample, accepted.answer)))
    return pairs


def _paired_enough(run: SolverRun, stored: StoredRun, pairs: Sequence[_Pair], baseline: Baseline) -> Check:
    total = max(1, len(run.outcomes), len(stored.samples))
    share = 1 - len(pairs) / total
    return Check(
        run.key,
        "paired",
        share <= baseline.allowed.unpaired,
        f"{run.key}: {len(pairs)} of {total} samples are in both runs with the same text "
        f"(at least {1 - baseline.allowed.unpaired:.0%} must be)",
    )


def _compare(run: SolverRun, pairs: Sequence[_Pair], seed: int) -> list[Comparison]:
    if not pairs:
        return []
    orgs = [pair.outcome.sample.org for pair in pairs]
    gated = sum(metric.gated for metric in run.task.metrics)
    tested: list[tuple[Metric, Floats, Floats, Paired]] = []
    for metric in run.task.metrics:
        base = cluster_sums(tabulate([pair.base.tally for pair in pairs], metric.terms), orgs)
        head = cluster_sums(tabulate([pair.outcome.score.tally for pair in pairs], metric.terms), orgs)
        if not np.isnan(metric.of(base.sum(axis=0))):
            tested.append((metric, base, head, paired(metric, base, head, seed=seed)))
    together = iter(holm([test[3].p for test in tested if test[0].gated]))
    found = []
    for metric, base, head, test in tested:
        alpha = ALPHA / max(1, gated)
        floor = smallest_detectable(metric, base, seed=seed, alpha=alpha) if metric.gated else None
        found.append(
            Comparison(
                run.key,
                metric,
                float(metric.of(base.sum(axis=0))),
                float(metric.of(head.sum(axis=0))),
                test,
                None if floor is None else max(floor, detectable_with_churn(test.error, alpha)),
                next(together) if metric.gated else test.p <= ALPHA,
            )
        )
    return found


def _no_regression(comparison: Comparison) -> Check:
    change = comparison.paired
    name = comparison.metric.name
    return Check(
        comparison.run,
        f"regression {name}",
        not comparison.regressed,
        f"{comparison.run}: {name} {comparison.base:.3f} → {comparison.head:.3f} ({change.delta:+.3f}, "
        f"95 % interval {change.low:+.3f} to {change.high:+.3f}, p = {change.p:.3f}); "
        + (
            "this set is too small to detect any change"
            if comparison.detectable is None
            else f"the smallest change it detects reliably is {comparison.detectable:.3f}"
        ),
    )


def _no_collapse(run: SolverRun, compared: Sequence[Comparison], baseline: Baseline) -> Iterator[Check]:
    limits = baseline.largest_drop.get(run.task.name, {})
    for comparison in compared:
        name = comparison.metric.name
        allowed = [limit for pattern, limit in limits.items() if fnmatchcase(name, pattern)]
        drop = abs(comparison.paired.delta) if comparison.metric.worse(comparison.paired.delta) else 0.0
        if allowed and not math.isnan(drop) and drop > min(allowed):
            yield Check(
                run.key,
                f"drop {name}",
                passed=False,
                message=f"{run.key}: {name} {comparison.base:.3f} → {comparison.head:.3f}, worse by more "
                f"than {min(allowed):g}: too few samples to prove it, but something has broken",
            )


def _changes(run: SolverRun, pairs: Sequence[_Pair]) -> Iterator[Change]:
    for pair in pairs:
        before, now = pair.base.mistakes, pair.outcome.score.mistakes
        new = tuple(mistake for mistake in now if mistake not in before)
        gone = tuple(mistake for mistake in before if mistake not in now)
        if new or gone:
            yield Change(run.key, pair.outcome, new, gone)
