"""Figures of a run: every metric with its interval, over all samples and by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evals.epochs import Repeated, repeated
from evals.metrics import Floats, Metric, ReliabilityBin, reliability, tabulate
from evals.stats import Interval, cluster_sums, interval, resample
from evals.task import DEAREST_FIRST, Answer, Outcome, SolverRun, Status

SMALL_GROUP = 10
OTHERS = f"others (fewer than {SMALL_GROUP} each)"


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric measured. `support` is the number of cases it is a share of."""

    metric: Metric
    interval: Interval
    support: float


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one slice, such as all samples whose sector is retail."""

    slice: str
    value: str
    samples: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A run with everything that reports say about it."""

    run: SolverRun
    figures: tuple[Figure, ...]
    groups: tuple[Group, ...]
    reliability: tuple[ReliabilityBin, ...]
    repeated: Repeated | None = None

    def figure(self, metric: str) -> Figure:
        """The figure called so. Raises KeyError."""
        for figure in self.figures:
            if figure.metric.name == metric:
                return figure
        raise KeyError(metric)

    @property
    def mistakes(self) -> list[Outcome]:
        """What went wrong, the worst first: by cost, then by how sure the solver was."""

        def badness(outcome: Outcome) -> tuple[int, float, str]:
            sure = outcome.answer.confidence if isinstance(outcome.answer, Answer) else None
            return DEAREST_FIRST[outcome.score.mistakes[0].cost], -(sure or 0), outcome.sample.id

        return sorted((o for o in self.run.outcomes if o.score.wrong), key=badness)


def measure(run: SolverRun, seed: int) -> Measured:
    """All figures of `run`, resampled once by organisation."""
    scored = [outcome for outcome in run.outcomes if outcome.score.status is Status.SCORED]
    tallies = [outcome.score.tally for outcome in scored]
    orgs = [outcome.sample.org for outcome in scored]
    metrics = run.task.metrics
    sliced = [metric for metric in metrics if metric.sliced]
    members = _members(scored)
    terms, few = _terms(metrics), _terms(sliced)
    narrow = tabulate(tallies, few)
    tables = [tabulate(tallies, terms), *(narrow * inside[:, None] for inside in members.values())]
    table = np.concatenate(tables, axis=1)
    drawn, total = resample(cluster_sums(table, orgs), seed), table.sum(axis=0)
    groups = []
    for at, ((name, value), inside) in enumerate(members.items()):
        columns = slice(len(terms) + at * len(few), len(terms) + (at + 1) * len(few))
        figures = _figures(sliced, few, total[columns], drawn[:, columns])
        groups.append(Group(name, value, int(inside.sum()), figures))
    whole = dict(zip(terms, total.tolist(), strict=False))
    return Measured(run, _figures(metrics, terms, total, drawn), tuple(groups), reliability(whole), repeated(run))


def _figures(metrics: Sequence[Metric], terms: Sequence[str], total: Floats, drawn: Floats) -> tuple[Figure, ...]:
    place = {term: index for index, term in enumerate(terms)}
    found = []
    for metric in metrics:
        columns = [place[term] for term in metric.terms]
        sums = total[columns]
        found.append(
            Figure(
                metric,
                interval(metric, sums, drawn[:, columns]),
                float(metric.whole(sums)) / (metric.case or 1),
            )
        )
    return tuple(found)


def _terms(metrics: Sequence[Metric]) -> list[str]:
    return list(dict.fromkeys(term for metric in metrics for term in metric.terms))


def _members(scored: Sequence[Outcome]) -> Mapping[tuple[str, str], Floats]:
    """Who belongs to which group, as 0/1 rows; groups too small to say anything are put together."""
    sizes = Counter(pair for outcome in scored for pair in outcome.sample.slices.items())
    members: dict[tuple[str, str], Floats] = {}
    for index, outcome in enumerate(scored):
        for name, value in outcome.sample.slices.items():
            key = (name, value if sizes[name, value] >= SMALL_GROUP else OTHERS)
            members.setdefault(key, np.zeros(len(scored)))[index] = 1
    return dict(sorted(members.items(), key=lambda item: (item[0][0], item[0][1] == OTHERS, item[0][1])))
