"""Overlaps in whole cycles that nobody wrote to have pairs: what is told among lines that lie as they do in life."""

from __future__ import annotations

from dataclasses import replace

from evals.dataset import Dataset
from evals.metrics import average_precision, f1, false_alarms, precision, recall
from evals.pairs import RELATED, SHOWN, PairCase
from evals.solvers.overlaps import Cosine, SharedTerms, overlap_solver
from evals.task import Sample
from evals.tasks import overlap


def samples(dataset: Dataset) -> list[Sample[PairCase]]:
    """Every labelled pair of the cycles."""
    return overlap.pair_samples(dataset.cycles)


TASK = replace(
    overlap.TASK,
    name="overlap-cycles",
    question="Which lines of different teams are related in cycles that nobody wrote to have pairs?",
    samples=samples,
    solvers={"local": overlap_solver, "cosine": Cosine, "tf-idf": SharedTerms},
    metrics=(
        average_precision(RELATED, gated=True),
        f1(RELATED, gated=True),
        precision(SHOWN),
        precision(RELATED),
        recall(RELATED),
        false_alarms("unrelated-pairs", "of the unrelated pairs, the share shown"),
    ),
)
