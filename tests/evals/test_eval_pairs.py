"""A language model as solver of pairs: what isn't recorded is unscored, and what is said is scored as said."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from llm_script import ScriptedModel

from app.coach.critic.llm import LlmCritic
from app.services.language_model import LlmError
from evals.dataset import corpus
from evals.pairs import SHOWN, PairCase
from evals.solvers import pairs
from evals.solvers.asking import Meter, asking_settings, metered_critic
from evals.solvers.pairs import ONE_IN, PairOpinionSolver, PlainPairSolver, drawn
from evals.task import Answer, NoAnswer, Sample, Status
from evals.tasks.overlap import samples

NUMBER = re.compile(r"^Pair (\d+)$", re.MULTILINE)
Solver = PairOpinionSolver | PlainPairSolver


@pytest.fixture(scope="module")
def asked() -> list[Sample[PairCase]]:
    return samples(corpus("dev"))[:60]


def answering(monkeypatch: pytest.MonkeyPatch, kind: Callable[[], Solver], script: Any) -> tuple[Solver, ScriptedModel]:
    model = ScriptedModel(script)
    monkeypatch.setattr(pairs, "metered_critic", lambda *_: (LlmCritic(model, timeout=60), Meter()))
    return kind(), model


def closed(request: dict[str, Any]) -> Any:
    numbers = NUMBER.findall(request["messages"][-1]["content"])
    return {"verdicts": [{"pair": int(n), "type": "conflict", "confidence": 0.7, "why": "x"} for n in numbers]}


@pytest.mark.parametrize(
    ("kind", "script", "sure"),
    [(PairOpinionSolver, closed, 0.7), (PlainPairSolver, lambda _: {"relation": "conflict"}, None)],
    ids=["llm", "plain"],
)
def test_drawn_pairs_are_asked_about_and_the_others_are_unscored(
    monkeypatch: pytest.MonkeyPatch, asked: list[Sample[PairCase]], kind: Any, script: Any, sure: float | None
) -> None:
    solver, model = answering(monkeypatch, kind, script)
    answers = solver.solve(asked)
    for sample, answer in zip(asked, answers, strict=True):
        if drawn(sample.id):
            assert answer == Answer(("conflict", SHOWN), sure)
        else:
            assert isinstance(answer, NoAnswer)
            assert answer.status is Status.UNSCORED
    assert model.prompts
    assert 0 < sum(drawn(sample.id) for sample in asked) < len(asked) * 2 / ONE_IN


@pytest.mark.parametrize("kind", [PairOpinionSolver, PlainPairSolver])
def test_a_model_that_fails_leaves_the_sample_unscored(
    monkeypatch: pytest.MonkeyPatch, asked: list[Sample[PairCase]], kind: Any
) -> None:
    solver, _ = answering(monkeypatch, kind, lambda _: LlmError("llm-junk", "No JSON"))
    answers = solver.solve(asked)
    assert {answer.status for answer in answers if isinstance(answer, NoAnswer)} == {Status.UNSCORED}
    assert all(isinstance(answer, NoAnswer) for answer in answers)


@pytest.mark.parametrize("kind", [PairOpinionSolver, PlainPairSolver])
def test_what_is_not_recorded_is_unscored_and_says_how_to_record_it(
    monkeypatch: pytest.MonkeyPatch, asked: list[Sample[PairCase]], kind: Any, tmp_path: Path
) -> None:
    nothing = asking_settings("overlap").model_copy(update={"llm_replies": tmp_path / "none.jsonl"})
    monkeypatch.setattr(pairs, "metered_critic", lambda _: metered_critic(nothing))
    answers = [answer for sample, answer in zip(asked, kind().solve(asked), strict=True) if drawn(sample.id)]
    assert answers
    assert all(isinstance(answer, NoAnswer) and answer.status is Status.UNSCORED for answer in answers)
    assert all("Record it with" in answer.reason for answer in answers if isinstance(answer, NoAnswer))
