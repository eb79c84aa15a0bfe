from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from eval_bench import Bench, critic_task, new_bench, task, truth
from typer.testing import CliRunner

from app.errors import ModelError
from evals.cli import eval_app
from evals.run import Options, run
from evals.solvers.product import CriticSolver
from evals.tasks import TaskFileError, discover, load_tasks

ROWS = [
    {"text": "Keep the lift running 99 % of the day", "label": "kpi", "org": "a"},
    {"text": "New lift brochure", "label": "activity", "org": "b"},
]


def command(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(eval_app, list(words))
    return result.exit_code, " ".join(result.output.split())


def own_set(tmp_path: Path) -> Path:
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    return path


def test_every_task_file_is_found() -> None:
    assert {task.name for task in load_tasks()} >= {"critic-local", "rules", "strategy"}


def test_every_task_has_a_subject_gated_metrics_and_a_question() -> None:
    for each in load_tasks():
        assert each.solvers
        assert each.question.endswith("?")
        assert any(metric.gated for metric in each.metrics)
        names = [metric.name for metric in each.metrics]
        assert len(names) == len(set(names))
        assert all(len(metric.slip) == len(metric.terms) for metric in each.metrics)


def test_every_task_can_be_asked_about_every_corpus(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    baselines = ["verbs", "keywords", "words"]
    options = Options(corpus=bench.corpus, out=bench.out, gate=False)
    assert run(load_tasks(), baselines, options) == 0


def test_your_own_set_is_measured_and_not_gated(tmp_path: Path) -> None:
    status, said = command("--dataset", str(own_set(tmp_path)), "--solver", "verbs", "--out", str(tmp_path / "out"))
    assert status == 0
    assert "own.jsonl" in said
    assert "Gate" not in said
    names = {"report.json", "report.md", "report.html", "junit.xml"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--task", "nonsense"), "critic-local"),
        (("--solver", "nonsense"), "verbs"),
        (("--task", "rules", "--update-baseline"), "--reason"),
        (("--dataset", "/nowhere/set.jsonl", "--solver", "verbs"), "No such file"),
        (("--task", "rules", "--baseline", "/nowhere/base.json"), "no baseline"),
        (("--solver", "verbs", "--gate"), "first solver"),
        (("--split", "train"), "train"),
    ],
)
def test_what_cannot_be_run_exits_with_two_and_says_what_to_do(
    words: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    status, said = command(*words, "--out", str(tmp_path / "out"))
    assert status == 2
    assert expected in said


def test_a_set_without_rows_for_a_task_says_so(tmp_path: Path) -> None:
    status, said = command("--dataset", str(own_set(tmp_path)), "--task", "strategy", "--out", str(tmp_path))
    assert status == 2
    assert "no sample for strategy" in said


def test_a_missing_model_exits_with_two(tmp_path: Path) -> None:
    def gone() -> CriticSolver:
        raise ModelError("There is no encoder: run `make train`.")

    bench = new_bench(tmp_path)
    assert bench.run([replace(task("critic-local"), solvers={"local": gone})]) == 2
    assert "make train" in bench.said


def test_a_crash_does_not_pass_for_a_result(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    (bench.corpus / "orgs.jsonl").write_text('{"org": "other", "split": "test"}\n')
    assert bench.run([task("rules")]) == 2


def test_two_runs_with_one_seed_say_the_same(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    metrics = []
    for _ in range(2):
        bench.run([critic_task(truth(bench.corpus))], gate=False)
        metrics.append([run["metrics"] for run in json.loads(bench.report("report.json"))["runs"]])
    assert metrics[0] == metrics[1]


def test_the_critic_is_asked_through_the_review(tmp_path: Path) -> None:
    bench: Bench = new_bench(tmp_path)
    bench.run([critic_task(truth(bench.corpus))], gate=False)
    local, verbs = json.loads(bench.report("report.json"))["runs"]
    assert (local["subject"], verbs["subject"]) == (True, False)
    assert local["metrics"]["activity-not-outcome.f1"]["value"] == 1.0
    assert local["metrics"]["calibration-error"]["value"] == pytest.approx(0.05)
    assert verbs["metrics"]["calibration-error"]["value"] is None
    assert {group["slice"] for group in local["slices"]} >= {"kind", "form", "function", "sector"}


def test_a_module_without_a_task_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "odd_tasks"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "helper.py").write_text("TASK = None\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    import odd_tasks  # type: ignore[import-not-found]

    with pytest.raises(TaskFileError, match=r"helper\.py: exports no TASK"):
        discover(odd_tasks)
