"""Epochs: the same questions asked again, to see how much of an answer is chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.metrics import Floats, Metric, tabulate
from evals.task import Answer, Outcome, SolverRun, Status


@dataclass(frozen=True, slots=True)
class Spread:
    """One metric in every epoch, over the samples that all of them scored."""

    metric: Metric
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Of the epochs."""
        return float(np.mean(self.values))

    @property
    def deviation(self) -> float:
        """Standard deviation between epochs, of a sample."""
        return float(np.std(self.values, ddof=1))


@dataclass(frozen=True, slots=True)
class Repeated:
    """What asking again showed: `scored` samples have an answer in every epoch, `alike` the same one in all."""

    epochs: int
    scored: int
    alike: int
    spreads: tuple[Spread, ...]


def repeated(run: SolverRun) -> Repeated | None:
    """How the epochs of `run` differ in what the gate watches; None where it was asked once."""
    if not run.repeats:
        return None
    epochs: list[Sequence[Outcome]] = [run.outcomes, *run.repeats]
    everywhere = [of for of in zip(*epochs, strict=True) if all(o.score.status is Status.SCORED for o in of)]
    alike = sum(len({o.answer.marks for o in of if isinstance(o.answer, Answer)}) == 1 for of in everywhere)
    spreads = []
    for metric in (metric for metric in run.task.metrics if metric.gated and everywhere):
        sums: list[Floats] = [
            tabulate([of[at].score.tally for of in everywhere], metric.terms).sum(axis=0) for at in range(len(epochs))
        ]
        values = tuple(float(metric.of(total)) for total in sums)
        if not np.isnan(values).any():
            spreads.append(Spread(metric, values))
    return Repeated(len(epochs), len(everywhere), alike, tuple(spreads))
