"""The LLM critic beside the embedded one and a plain prompt, on the lines and links of the same OKRs."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from app.coach.findings import HEADLINE
from evals.cases import LINK_RULE, RULE_OF_LABEL, Case, okr_case
from evals.dataset import UNDECIDED, UNLABELLED, Dataset
from evals.metrics import f1, false_alarms, precision, recall
from evals.scorers import score_label
from evals.solvers.llm import PlainPromptSolver, by_line, by_review, local_alone, local_and_llm
from evals.task import Answer, Sample, Score, Task
from evals.tasks.strategy import score as score_link

ACTIVITY, KPI = HEADLINE
ONE_IN = 6
"""Of the split's OKRs, drawn by a hash of their ids: asking takes seconds a line, and a changed prompt asks anew."""


def samples(dataset: Dataset) -> list[Sample[Case]]:
    """Objective and key results of the chosen OKRs, and each OKR with its pillars."""
    labels = {line.id: line.label for line in dataset.lines}
    found = []
    for okr in (each for each in dataset.okrs if _drawn(each.id)):
        case = okr_case(okr)
        places = [f"{okr.id}/o", *(f"{okr.id}/kr{at}" for at in range(len(okr.key_results)))]
        for asked, place in enumerate(places):
            label = labels.get(place, UNDECIDED)
            rule = RULE_OF_LABEL.get(label)
            target = None if label == UNDECIDED else ((rule,) if rule else ())
            found.append(Sample(place, replace(case, asked=asked), target, okr.org))
        if okr.link != UNLABELLED and okr.pillars:
            found.append(Sample(okr.id, case, () if okr.linked else (LINK_RULE,), okr.org, {"link": okr.link}))
    return found


def _drawn(okr: str) -> bool:
    return hashlib.blake2b(okr.encode(), digest_size=4).digest()[0] % ONE_IN == 0


def score(sample: Sample[Case], answer: Answer) -> Score:
    """Lines by their label, OKRs by their link."""
    return score_link(sample, answer) if sample.input.asked is None else score_label(sample, answer)


TASK = Task(
    name="critic-llm",
    question="Does a language model, asked for closed verdicts, judge better than one asked plainly, and than none?",
    samples=samples,
    solvers={
        "llm-line": by_line,
        "llm-review": by_review,
        "plain": PlainPromptSolver,
        "local": local_alone,
        "local+llm": local_and_llm,
    },
    scorer=score,
    metrics=(
        f1(ACTIVITY, gated=True),
        precision(ACTIVITY),
        recall(ACTIVITY),
        f1(KPI, gated=True),
        precision(KPI),
        recall(KPI),
        false_alarms("clean-lines", "of the lines that are neither, the share flagged", gated=True),
        f1(LINK_RULE),
        precision(LINK_RULE),
        recall(LINK_RULE),
        false_alarms("linked-okrs", "of the OKRs that serve a pillar, the share flagged"),
    ),
)
