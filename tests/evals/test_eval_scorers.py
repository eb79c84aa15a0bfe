from __future__ import annotations

import pytest
from eval_bench import task

from app.coach.nouns import Line, Okr
from evals.cases import Case, mark
from evals.scorers import CLEAN, score_clean_okr, score_findings, score_label
from evals.task import Answer, Cost, Marks, NoAnswer, Sample, Score, Status

ACTIVITY, KPI = "activity-not-outcome", "kpi-as-okr"
CASE = Case(Okr(Line.whole("Calmer mornings"), (Line.whole("Queue at nine from 30 to 12"),)), asked=1)


def sample(target: Marks | None, **slices: str) -> Sample[Case]:
    return Sample("s", CASE, target, "org", slices)


def costs(score: Score) -> list[Cost]:
    return [mistake.cost for mistake in score.mistakes]


@pytest.mark.parametrize(
    ("target", "given", "expected"),
    [
        ((), (), []),
        ((ACTIVITY,), (ACTIVITY,), []),
        ((), (KPI,), [Cost.FALSE_ALARM]),
        ((KPI,), (), [Cost.MISS]),
        ((KPI,), (ACTIVITY,), [Cost.MIX_UP]),
    ],
)
def test_mistakes_on_a_line_are_named_by_cost(target: Marks, given: Marks, expected: list[Cost]) -> None:
    assert costs(score_label(sample(target), Answer(given))) == expected


def test_a_mix_up_counts_against_both_labels() -> None:
    tally = score_label(sample((KPI,)), Answer((ACTIVITY,))).tally
    assert (tally[f"{KPI}.missed"], tally[f"{ACTIVITY}.false"]) == (1, 1)


def test_only_clean_lines_count_towards_false_alarms() -> None:
    assert "clean-lines.quiet" in score_label(sample(()), Answer(())).tally
    assert not any(name.startswith("clean") for name in score_label(sample((KPI,)), Answer((KPI,))).tally)


def test_one_flag_spoils_a_clean_okr_once_but_every_flag_is_a_mistake() -> None:
    score = score_clean_okr(sample(()), Answer((f"{ACTIVITY}@kr0", f"{KPI}@kr1")))
    assert score.tally == {"clean-okrs.flagged": 1}
    assert costs(score) == [Cost.FALSE_ALARM, Cost.FALSE_ALARM]


def test_the_place_of_a_line_finding_matters() -> None:
    wrong_place = Answer((mark("missing-baseline", 2),))
    score = score_findings(sample((mark("missing-baseline", 1),)), wrong_place)
    assert costs(score) == [Cost.FALSE_ALARM, Cost.MISS]


def test_the_place_of_a_finding_on_the_whole_okr_does_not() -> None:
    assert mark("duplicate-key-result", 0) == mark("duplicate-key-result", 2)


def test_clean_okrs_are_those_labelled_so() -> None:
    answer = Answer(("vanity-metric@kr0",))
    assert "clean-okrs.flagged" in score_findings(sample((), **{CLEAN: "yes"}), answer).tally
    assert "clean-okrs.flagged" not in score_findings(sample((), **{CLEAN: "no"}), answer).tally


def test_no_answer_and_no_label_are_unscored_and_neither_right_nor_wrong() -> None:
    critic = task("critic-local")
    for score in (
        critic.score(sample(None), Answer(())),
        critic.score(sample(()), NoAnswer(Status.UNSCORED, "reply not recorded")),
    ):
        assert score.status is Status.UNSCORED
        assert score.reason
        assert not score.wrong
        assert not score.tally


def test_full_confidence_falls_into_the_last_bin() -> None:
    assert score_label(sample(()), Answer((), 1.0)).tally["bin9.n"] == 1
