"""Rewrites of flagged lines: whether there is one, and whether it is worth showing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

from app.training.data import CORPUS, LineSample, rows
from evals.cases import OKR_WIDE, RULE_OF_LABEL, is_headline, line_case
from evals.dataset import Dataset
from evals.rewriting.score import metrics, score_rewrites
from evals.rewriting.shown import Flagged
from evals.solvers.rewriters import BareTemplate, embedded_rewriter
from evals.task import Sample, Task

PART = 2
"""One in so many lines with a headline finding is a sample; those with a reference or another finding all are."""


def samples(dataset: Dataset) -> list[Sample[Flagged]]:
    """Lines that a coach flags: by their label, or by the findings of their OKR where those are known."""
    references, others = reference_texts(), _other_findings(dataset)
    found = []
    for line in dataset.lines:
        headline = RULE_OF_LABEL.get(line.label)
        rules = tuple(sorted({*others.get(line.id, ()), *([headline] if headline else [])}))
        given = references.get(line.id, ())
        if rules and (given or others.get(line.id) or _drawn(line)):
            flagged = Flagged(line_case(line), given)
            found.append(Sample(line.id, flagged, rules, line.org, _slices(line, rules)))
    return found


@cache
def reference_texts() -> Mapping[str, tuple[str, ...]]:
    """How a coach reworded lines of the corpus, by sample id."""
    return {row["id"]: tuple(row["references"]) for row in rows("rewrites.jsonl", CORPUS)}


def _other_findings(dataset: Dataset) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for okr in dataset.okrs:
        for rule, at in okr.findings or ():
            if rule not in OKR_WIDE and not is_headline(rule):
                found.setdefault(f"{okr.id}/{'o' if at is None else f'kr{at}'}", set()).add(rule)
    return found


def _drawn(line: LineSample) -> bool:
    return hashlib.blake2b(line.id.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0] % PART == 0


def _slices(line: LineSample, rules: tuple[str, ...]) -> dict[str, str]:
    return {
        "kind": "objective" if line.is_objective else "key result",
        "rule": rules[0] if len(rules) == 1 else "several",
        "form": line.form,
        "function": line.function,
    }


TASK = Task(
    name="rewrite",
    question="Does every flagged line get a better wording that invents nothing and still means the same?",
    samples=samples,
    solvers={"embedded": embedded_rewriter, "template": BareTemplate},
    scorer=score_rewrites,
    metrics=metrics(),
)
