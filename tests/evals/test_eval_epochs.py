"""Epochs: a model that changes its mind is shown to, each answer is recorded, and figures stay those of the first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eval_bench import Bench, new_bench, task
from llm_endpoint import Manner, serving

from app.config import settings
from evals.run import UNUSABLE
from evals.solvers import asking
from evals.solvers.llm import PlainPromptSolver, local_alone
from evals.task import AnyTask

MOODY: AnyTask = replace(task("critic-llm"), solvers={"plain": PlainPromptSolver})


class Moody:
    """Flags the key result of every OKR that it is asked about for the first time, and nothing when asked again."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __call__(self, request: dict[str, Any]) -> Any:
        question = request["messages"][-1]["content"]
        new = question not in self.asked
        self.asked.add(question)
        return {"findings": [{"line": 2, "problem": "activity-not-outcome", "why": "Work."}] if new else []}


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(asking, "REPLIES", tmp_path)
    monkeypatch.setenv("OKR_COACH_LLM_MODEL", asking.RECORDED_MODEL)
    settings.cache_clear()
    yield new_bench(tmp_path)
    monkeypatch.undo()
    settings.cache_clear()


def record(bench: Bench, monkeypatch: pytest.MonkeyPatch, epochs: int) -> None:
    with serving(Manner(answer=Moody())) as endpoint, monkeypatch.context() as live:
        live.setenv("OPENAI_BASE_URL", endpoint.url)
        live.setenv("OKR_COACH_LLM_RECORD", "true")
        settings.cache_clear()
        assert bench.run([MOODY], gate=False, baseline=None, epochs=epochs) == 0
    settings.cache_clear()


def run_of(bench: Bench) -> dict[str, Any]:
    (found,) = json.loads(bench.report("report.json"))["runs"]
    return dict(found)


def test_what_changes_between_epochs_is_counted_and_replayed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    record(bench, monkeypatch, epochs=2)
    live = run_of(bench)
    assert bench.run([MOODY], gate=False, baseline=None, epochs=2) == 0
    replayed = run_of(bench)
    assert replayed["repeated"] == live["repeated"]
    assert replayed["metrics"] == live["metrics"]
    seen = replayed["repeated"]
    assert seen["epochs"] == 2
    assert seen["scored"] == replayed["samples"]
    first, second = seen["metrics"]["false-alarms.clean-lines"]
    assert first == replayed["metrics"]["false-alarms.clean-lines"]["value"] > second == 0
    changed = sum(each["id"].endswith("/kr0") for each in replayed["outcomes"])
    assert seen["scored"] - seen["alike"] == changed > 0
    assert f"2 epochs: {seen['alike']} of {seen['scored']}" in " ".join(bench.said.split())
    assert "2 epochs" in bench.report("report.md")


def test_an_epoch_that_was_not_recorded_scores_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    record(bench, monkeypatch, epochs=1)
    assert bench.run([MOODY], gate=False, baseline=None, epochs=2) == 0
    seen = run_of(bench)
    assert seen["unscored"] == 0
    assert seen["repeated"] == {"epochs": 2, "scored": 0, "alike": 0, "metrics": {}}


def test_what_asks_no_model_has_nothing_to_repeat(bench: Bench) -> None:
    quiet: AnyTask = replace(MOODY, solvers={"local": local_alone})
    assert bench.run([quiet], gate=False, baseline=None, epochs=3) == UNUSABLE
    assert "--epochs" in bench.said
