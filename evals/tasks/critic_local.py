"""The embedded critic on single lines, and its silence on OKRs that a coach would pass."""

from __future__ import annotations

from app.coach.findings import HEADLINE
from app.training.data import LineSample
from evals.cases import RULE_OF_LABEL, Case, line_case, okr_case
from evals.dataset import UNDECIDED, Dataset
from evals.metrics import calibration_error, f1, false_alarms, precision, recall
from evals.scorers import score_clean_okr, score_label
from evals.solvers.product import critic_solver
from evals.solvers.words import VerbLists
from evals.task import Answer, Marks, Sample, Score, Task

ACTIVITY, KPI = HEADLINE
WHOLE_OKR = "clean OKR"


def samples(dataset: Dataset) -> list[Sample[Case]]:
    """Every labelled line, and every fully labelled OKR without a finding as a whole."""
    groups = dataset.groups()
    found = [Sample(line.id, line_case(line), _target(line), line.org, _slices(line)) for line in dataset.lines]
    found += [
        Sample(okr.id, okr_case(okr), (), okr.org, {"kind": WHOLE_OKR, **groups.get(okr.id, {})})
        for okr in dataset.okrs
        if okr.findings == ()
    ]
    return found


def score(sample: Sample[Case], answer: Answer) -> Score:
    """Lines by their label, whole OKRs by whether they are left in peace."""
    return score_clean_okr(sample, answer) if sample.input.asked is None else score_label(sample, answer)


def _target(line: LineSample) -> Marks | None:
    if line.label == UNDECIDED:
        return None
    rule = RULE_OF_LABEL.get(line.label)
    return (rule,) if rule else ()


def _slices(line: LineSample) -> dict[str, str]:
    return {
        "kind": "objective" if line.is_objective else "key result",
        "form": line.form,
        "function": line.function,
        "sector": line.sector,
        "hard pair": "yes" if line.pair else "no",
    }


TASK = Task(
    name="critic-local",
    question="Does the embedded critic tell activities and KPIs from results, and leave good work alone?",
    samples=samples,
    solvers={"local": critic_solver, "verbs": VerbLists},
    scorer=score,
    metrics=(
        f1(ACTIVITY, gated=True, sliced=True),
        precision(ACTIVITY),
        recall(ACTIVITY),
        f1(KPI, gated=True, sliced=True),
        precision(KPI),
        recall(KPI),
        false_alarms("clean-lines", "of the lines that are neither, the share flagged", gated=True, sliced=True),
        false_alarms("clean-okrs", "of the OKRs a coach would pass, the share with any flag", gated=True),
        calibration_error(gated=True),
    ),
)
