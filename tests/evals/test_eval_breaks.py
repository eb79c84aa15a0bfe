"""The real gate on the real corpus: what is broken on purpose is caught, and its samples are named."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from eval_bench import task
from rich.console import Console

from app.coach.critic import guidance
from app.coach.critic.local import Head, LocalCritic
from app.coach.flow import Coach
from app.coach.rules import load_rules
from app.services import prompts
from app.services.embeddings import load_encoder, model_folder
from evals.run import Options, run
from evals.solvers.product import CriticSolver, RulesSolver
from evals.task import AnyTask


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def gate(broken: AnyTask, out: Path) -> tuple[int, str, list[str]]:
    """Exit status, what was printed, and the ids that the report calls newly wrong."""
    said = io.StringIO()
    status = run([broken], [broken.subject], Options(out=out), Console(file=said, width=240))
    regressions = json.loads((out / "report.json").read_text("utf-8"))["gate"]["regressions"]
    return status, said.getvalue(), [change["id"] for change in regressions]


def test_a_rule_that_is_lost_fails_the_gate(out: Path) -> None:
    rules = {rule.id: rule for rule in load_rules() if rule.id != "missing-baseline"}
    broken = replace(task("rules"), solvers={"rules": lambda: RulesSolver(Coach(rules=rules))})
    status, said, wrong = gate(broken, out)
    assert status == 1
    assert wrong
    assert wrong[0] in said
    assert f"`{wrong[0]}`" in (out / "report.md").read_text("utf-8")


def test_a_model_that_is_damaged_fails_the_gate(out: Path) -> None:
    head = Head.load(model_folder("critic") / "head.npz")
    critic = LocalCritic(load_encoder("critic"), replace(head, thresholds=np.full_like(head.thresholds, 0.9999)))
    broken = replace(task("critic-local"), solvers={"local": lambda: CriticSolver(Coach(critic=critic))})
    status, said, wrong = gate(broken, out)
    assert status == 1
    assert wrong
    assert wrong[0] in said


@pytest.fixture
def changed_prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "prompts"
    shutil.copytree(prompts.PROMPTS, folder)
    template = folder / "critic_line.jinja"
    template.write_text(template.read_text("utf-8").replace("seasoned", "grumpy"), "utf-8")
    caches = (prompts.environment, prompts._template, guidance.line_shots, guidance.review_shots, guidance.link_shots)
    monkeypatch.setattr(prompts, "PROMPTS", folder)
    for cached in caches:
        cached.cache_clear()
    yield
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("changed_prompt")
def test_a_prompt_that_was_changed_without_asking_again_fails_the_gate(out: Path) -> None:
    critic_llm = task("critic-llm")
    status, said, _ = gate(critic_llm, out)
    assert status == 1
    assert "prompt, model or settings have changed since it was recorded" in said
    from evals.dataset import corpus

    first = critic_llm.samples(corpus("test"))[0]
    assert first.id in said
