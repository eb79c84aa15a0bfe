"""The LLM writer beside the same model asked plainly, and the embedded writer, on some of the flagged lines."""

from __future__ import annotations

import hashlib

from evals.dataset import Dataset
from evals.rewriting.score import metrics, score_rewrites
from evals.rewriting.shown import Flagged
from evals.solvers.rewriters import LlmRewriteSolver, PlainRewriteSolver, embedded_rewriter
from evals.task import Sample, Task
from evals.tasks import rewrite

ONE_IN = 8
"""Of the lines of the task `rewrite`, drawn by a hash of their ids: asking takes many seconds a line."""


def samples(dataset: Dataset) -> list[Sample[Flagged]]:
    """The chosen lines."""
    return [sample for sample in rewrite.samples(dataset) if _drawn(sample.id)]


def _drawn(line: str) -> bool:
    return hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=4).digest()[0] % ONE_IN == 0


TASK = Task(
    name="rewrite-llm",
    question="Does a language model behind the guard word flagged lines better than the same model asked plainly?",
    samples=samples,
    solvers={"llm": LlmRewriteSolver, "plain": PlainRewriteSolver, "embedded": embedded_rewriter},
    scorer=score_rewrites,
    metrics=metrics(),
)
