"""Overlaps between teams: which pairs of lines are related, and as what."""

from __future__ import annotations

from collections.abc import Sequence

from app.coach.overlap import RELATIONS, Relation
from app.training.plans import PlanSample
from evals.dataset import Dataset
from evals.metrics import average_precision, calibration_error, f1, false_alarms, macro_f1, precision, rank_bin, recall
from evals.metrics import share as share_of
from evals.pairs import RELATED, SHOWN, PairCase
from evals.scorers import calibration
from evals.solvers.overlaps import Cosine, SharedTerms, overlap_solver
from evals.solvers.pairs import PairOpinionSolver, PlainPairSolver
from evals.task import Answer, Cost, Mistake, Sample, Score, Task

UNRELATED = Relation.UNRELATED.value


def samples(dataset: Dataset) -> list[Sample[PairCase]]:
    """Every labelled pair of the plans."""
    return pair_samples(dataset.plans)


def pair_samples(plans: Sequence[PlanSample]) -> list[Sample[PairCase]]:
    """Every labelled pair of `plans`."""
    return [
        Sample(
            pair.id,
            PairCase(plan, pair.a, pair.b),
            () if pair.type is Relation.UNRELATED else (pair.type.value,),
            plan.org,
            {
                "hard": pair.hard,
                "sector": plan.sector,
                "of": "objectives" if pair.a.is_objective else "key results",
            },
        )
        for plan in plans
        for pair in plan.pairs
    ]


def score(sample: Sample[PairCase], answer: Answer) -> Score:
    """Related or not, by type, and where the pair ranks; a wrong type of a related pair is a mix-up."""
    target = sample.target or ()
    meant, said = (target or (UNRELATED,))[0], next((mark for mark in answer.marks if mark != SHOWN), UNRELATED)
    related = answer.confidence if answer.marks else 1 - answer.confidence if answer.confidence is not None else None
    told_right = bool(target) == bool(answer.marks)
    tally = {**calibration(answer, right=told_right)}
    if target or answer.marks:
        tally[f"{RELATED}.{'hit' if target and answer.marks else 'missed' if target else 'false'}"] = 1
    if SHOWN in answer.marks:
        tally[f"{SHOWN}.{'hit' if target else 'false'}"] = 1
    if not target:
        tally["unrelated-pairs.flagged" if SHOWN in answer.marks else "unrelated-pairs.quiet"] = 1
    if related is not None:
        tally[f"{RELATED}.rank{rank_bin(related)}.{'yes' if target else 'no'}"] = 1
    if said == meant:
        tally[f"{meant}.hit"] = 1
    else:
        tally[f"{meant}.missed"] = tally[f"{said}.false"] = 1
    if target and answer.marks:
        tally["types.right" if said == meant else "types.wrong"] = 1
    if said == meant:
        return Score.of(tally)
    if not target:
        return Score.of(tally, [Mistake(Cost.FALSE_ALARM, said)])
    if not answer.marks:
        return Score.of(tally, [Mistake(Cost.MISS, meant)])
    return Score.of(tally, [Mistake(Cost.MIX_UP, f"{said}, is {meant}")])


TASK = Task(
    name="overlap",
    question="Which lines of different teams are related, and as what?",
    samples=samples,
    solvers={
        "local": overlap_solver,
        "cosine": Cosine,
        "tf-idf": SharedTerms,
        "llm": PairOpinionSolver,
        "plain": PlainPairSolver,
    },
    scorer=score,
    metrics=(
        average_precision(RELATED, gated=True),
        f1(RELATED, gated=True, sliced=True),
        precision(SHOWN, gated=True),
        precision(RELATED),
        recall(RELATED),
        macro_f1([relation.value for relation in RELATIONS], gated=True),
        false_alarms("unrelated-pairs", "of the unrelated pairs, the share shown", sliced=True),
        share_of("types.accuracy", "types.right", "types.wrong", "of the related pairs found, the share typed right"),
        *(f1(relation.value) for relation in RELATIONS),
        calibration_error(gated=True),
    ),
)
