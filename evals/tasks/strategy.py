"""Strategy linkage: OKRs that serve no pillar, told from those with an indirect but real link."""

from __future__ import annotations

from evals.cases import LINK_RULE, Case, okr_case
from evals.dataset import UNLABELLED, Dataset
from evals.metrics import calibration_error, f1, false_alarms, precision, recall, share
from evals.scorers import agreement, calibration
from evals.solvers.product import linkage_solver
from evals.solvers.words import SharedWords
from evals.task import Answer, Cost, Mistake, Sample, Score, Task

LINK_KINDS = {"direct": True, "indirect": True, "trap": False, "none": False}
"""Kinds of link, and whether the OKR is linked; `trap` shares words with a pillar that it doesn't serve."""


def samples(dataset: Dataset) -> list[Sample[Case]]:
    """Every OKR with pillars and a judged link."""
    groups = dataset.groups()
    return [
        Sample(
            okr.id,
            okr_case(okr),
            () if okr.linked else (LINK_RULE,),
            okr.org,
            {"link": okr.link, **groups.get(okr.id, {})},
        )
        for okr in dataset.okrs
        if okr.link != UNLABELLED and okr.pillars
    ]


def score(sample: Sample[Case], answer: Answer) -> Score:
    """Linked or not, also by kind of link."""
    target = sample.target or ()
    right = answer.marks == target
    tally = {**agreement(target, answer.marks), **calibration(answer, right=right)}
    if not target:
        tally["linked-okrs.flagged" if answer.marks else "linked-okrs.quiet"] = 1
    tally[f"{sample.slices['link']}.{'right' if right else 'wrong'}"] = 1
    if right:
        return Score.of(tally)
    return Score.of(tally, [Mistake(Cost.MISS if target else Cost.FALSE_ALARM, LINK_RULE)])


TASK = Task(
    name="strategy",
    question="Does the linkage judge find the OKRs that serve no pillar?",
    samples=samples,
    solvers={"local": linkage_solver, "words": SharedWords},
    scorer=score,
    metrics=(
        f1(LINK_RULE, gated=True, sliced=True),
        precision(LINK_RULE),
        recall(LINK_RULE),
        false_alarms("linked-okrs", "of the OKRs that serve a pillar, the share flagged", gated=True, sliced=True),
        *(
            share(
                f"right.{kind}",
                f"{kind}.right",
                f"{kind}.wrong",
                f"of the {'linked' if linked else 'unlinked'} OKRs of kind “{kind}”, the share judged so",
            )
            for kind, linked in LINK_KINDS.items()
        ),
        calibration_error(),
    ),
)
