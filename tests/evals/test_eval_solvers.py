from __future__ import annotations

import numpy as np
import pytest
from encoders import SharedWordsEncoder
from eval_bench import ToldCritic

from app.coach.critic import Kind
from app.coach.flow import JUDGED_LINES, Coach
from app.coach.nouns import Line, Okr, Pillar
from app.coach.strategy import Linkage, LinkHead
from app.errors import ModelError
from evals.cases import LINK_RULE, Case
from evals.solvers.product import CriticSolver, LinkageSolver
from evals.solvers.words import KeywordLists, SharedWords, VerbLists
from evals.task import Answer, NoAnswer, Sample, Status

ACTIVITY, KPI = "activity-not-outcome", "kpi-as-okr"
PILLARS = (Pillar("Harbour", "Ships turn round fast."),)


ONE = np.ones((1, 1), np.float32)
HEAD = LinkHead(ONE, np.zeros(1, np.float32), 20 * ONE, np.array([-8.0], np.float32), (1.0, 0.0, 0.0, 0.0), 0.5)


def line(text: str, objective: str | None = None) -> Sample[Case]:
    above = Line.whole(objective) if objective else None
    return Sample(text, Case(Okr(above, (Line.whole(text),)), asked=1 if above else 0), (), "org")


def okr(*lines: str, cycle: str | None = "Q3 2026") -> Sample[Case]:
    first, *rest = map(Line.whole, lines)
    return Sample(lines[0], Case(Okr(first, tuple(rest), cycle=cycle), PILLARS), (), "org")


def test_the_critic_answers_for_the_line_asked_about_and_not_for_its_objective() -> None:
    critic = CriticSolver(Coach(critic=ToldCritic({"New crane": Kind.ACTIVITY})))
    samples = [
        line("Turn-round from 9 to 6 hours", "New crane"),
        line("New crane"),
        line("New crane", "Fast ships"),
    ]
    answers = critic.solve(samples)
    assert [answer.marks for answer in answers if isinstance(answer, Answer)] == [
        (),
        (ACTIVITY,),
        (ACTIVITY,),
    ]
    assert answers[0] == Answer((), 0.95)


def test_the_critic_answers_for_every_line_of_a_whole_okr() -> None:
    critic = CriticSolver(Coach(critic=ToldCritic({"New crane": Kind.ACTIVITY, "Steady berths": Kind.KPI})))
    (answer,) = critic.solve([okr("Steady berths", "Turn-round from 9 to 6 hours", "New crane")])
    assert answer == Answer((f"{ACTIVITY}@kr1", KPI))


def test_lines_that_the_review_did_not_get_to_are_unscored() -> None:
    critic = CriticSolver(Coach(critic=ToldCritic()))
    answers = critic.solve([line("New crane")] * (JUDGED_LINES + 1))
    assert isinstance(answers[JUDGED_LINES - 1], Answer)
    last = answers[JUDGED_LINES]
    assert isinstance(last, NoAnswer)
    assert last.status is Status.UNSCORED


def test_the_linkage_is_as_sure_of_silence_as_of_a_finding() -> None:
    linkage = Linkage(SharedWordsEncoder(), HEAD)
    solver = LinkageSolver(Coach(linkage=linkage))
    near, far = solver.solve([okr("Ships turn round fast harbour", "Faster ships"), okr("Zzz", "Qqq")])
    assert isinstance(near, Answer)
    assert isinstance(far, Answer)
    assert (near.marks, far.marks) == ((), (LINK_RULE,))
    assert near.confidence is not None
    assert far.confidence is not None
    assert near.confidence > 0.5
    assert far.confidence > 0.99


def test_a_coach_without_models_cannot_be_asked() -> None:
    for solver in (CriticSolver, LinkageSolver):
        with pytest.raises(ModelError):
            solver(Coach())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Launch the crane app", (ACTIVITY,)),
        ("We will publish a tide table", (ACTIVITY,)),
        ("Crane app rolled out", (ACTIVITY,)),
        ("Launch berth booking so that half of all skippers stop phoning", ()),
        ("Keep berth use above 80 %", (KPI,)),
        ("Complaints ≤ 5", (KPI,)),
        ("Raise berth use from 60 to at least 80 %", ()),
        ("Skippers recommend us", ()),
        ("", ()),
    ],
)
def test_verb_lists_judge_by_words_alone(text: str, expected: tuple[str, ...]) -> None:
    assert VerbLists().solve([line(text)]) == [Answer(expected)]


def test_keyword_lists_find_what_keywords_can_find() -> None:
    sample = okr("2 harbours", "Improve berths", "Increase calls by 5 %", "Bonus for 3 crews", cycle=None)
    marks = KeywordLists().solve([sample])[0].marks
    assert set(marks) == {
        "metric-in-objective",
        "missing-baseline@kr1",
        "missing-deadline",
        "not-measurable@kr0",
        "tied-to-pay@kr2",
        "vague-wording@kr0",
    }


def test_shared_words_link_by_any_telling_word() -> None:
    linked, unlinked = SharedWords().solve([okr("A ship", "in time"), okr("The canteen", "our soup")])
    assert (linked.marks, unlinked.marks) == ((), (LINK_RULE,))
