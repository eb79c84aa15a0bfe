"""The rules on fully labelled OKRs: every finding that needs no critic."""

from __future__ import annotations

from app.coach.rules import load_rules
from evals.cases import Case, is_headline, mark, okr_case
from evals.dataset import Dataset
from evals.metrics import Metric, f1, false_alarms, precision, recall
from evals.scorers import CLEAN, score_findings
from evals.solvers.product import RulesSolver
from evals.solvers.words import KeywordLists
from evals.task import Sample, Task


def samples(dataset: Dataset) -> list[Sample[Case]]:
    """Every OKR on which all findings are labelled."""
    groups = dataset.groups()
    return [
        Sample(
            okr.id,
            okr_case(okr),
            tuple(sorted({mark(rule, place) for rule, place in okr.findings if not is_headline(rule)})),
            okr.org,
            {CLEAN: "no" if okr.findings else "yes", **groups.get(okr.id, {})},
        )
        for okr in dataset.okrs
        if okr.findings is not None
    ]


def metrics() -> tuple[Metric, ...]:
    """Over all findings together, then by rule."""
    found = [
        precision("all", gated=True, sliced=True),
        recall("all", gated=True, sliced=True),
        f1("all"),
        false_alarms("clean-okrs", "of the OKRs a coach would pass, the share with any finding", gated=True),
    ]
    for rule in load_rules():
        if not is_headline(rule.id):
            found += [precision(rule.id), recall(rule.id)]
    return tuple(found)


TASK = Task(
    name="rules",
    question="Do the rules find what a coach finds on whole OKRs, and nothing else?",
    samples=samples,
    solvers={"rules": RulesSolver, "keywords": KeywordLists},
    scorer=score_findings,
    metrics=metrics(),
)
