from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from eval_bench import Bench, ToldCritic, critic_task, new_bench, task, truth

from app.coach.critic import Judgement, Kind
from app.coach.flow import Coach
from app.coach.rules.rule import LineView
from evals.solvers.product import CriticSolver, RulesSolver
from evals.task import Answer, AnyTask, NoAnswer, Sample, Status

DAY = date(2026, 11, 22)


def broken_critic(bench: Bench, organisations: int) -> tuple[AnyTask, list[str]]:
    """A critic that takes the KPI of so many organisations for an activity, and the ids it gets wrong."""
    kinds = truth(bench.corpus)
    lines = [json.loads(line) for line in (bench.corpus / "lines.jsonl").read_text("utf-8").splitlines()]
    wrong = [line for line in lines if line["label"] == "kpi"][:organisations]
    for line in wrong:
        kinds[line["text"]] = Kind.ACTIVITY
    return critic_task(kinds), [line["id"] for line in wrong]


def accepted(tmp_path: Path) -> Bench:
    bench = new_bench(tmp_path)
    assert bench.run([critic_task(truth(bench.corpus))], accept="first run", today=DAY) == 0
    return bench


def failed_checks(bench: Bench) -> list[str]:
    checks = json.loads(bench.report("report.json"))["gate"]["checks"]
    return [check["name"] for check in checks if not check["passed"]]


def test_the_accepted_run_passes_against_itself(tmp_path: Path) -> None:
    bench = accepted(tmp_path)
    assert bench.run([critic_task(truth(bench.corpus))]) == 0
    assert "Gate passed" in bench.said


def test_a_run_equals_itself_to_the_last_digit_after_it_was_stored(tmp_path: Path) -> None:
    class Wavering(ToldCritic):
        def judge(self, lines: Sequence[tuple[LineView, str]]) -> list[Judgement]:
            return [Judgement(Kind.NEITHER, 2 / 3 + len(line.text) / 997) for line, _ in lines]

    bench = new_bench(tmp_path)
    wavering = replace(task("critic-local"), solvers={"local": lambda: CriticSolver(Coach(critic=Wavering()))})
    bench.run([wavering], accept="first run")
    comparisons = json.loads(bench.report("report.json"))["gate"]["comparisons"]
    assert {comparison["delta"] for comparison in comparisons} == {0}
    assert {comparison["p"] for comparison in comparisons} == {1}


def test_a_significant_regression_fails_and_names_the_samples_in_markdown(tmp_path: Path) -> None:
    bench = accepted(tmp_path)
    broken, wrong = broken_critic(bench, 8)
    assert bench.run([broken]) == 1
    assert "regression kpi-as-okr.f1" in failed_checks(bench)
    markdown = bench.report("report.md")
    assert "gate failed" in markdown
    assert all(f"`{sample_id}`" in markdown for sample_id in wrong)
    assert "1.000 → 0.500" in markdown
    assert all(sample_id in bench.said for sample_id in wrong)


def test_a_change_too_small_to_prove_passes_but_its_sample_is_named(tmp_path: Path) -> None:
    bench = accepted(tmp_path)
    broken, wrong = broken_critic(bench, 1)
    assert bench.run([broken]) == 0
    assert f"`{wrong[0]}`" in bench.report("report.md")
    assert "smallest detectable change" in bench.said


def test_an_improvement_passes(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    broken, wrong = broken_critic(bench, 8)
    bench.run([broken], accept="a poor start")
    assert bench.run([critic_task(truth(bench.corpus))]) == 0
    assert "Newly right" in bench.said
    assert wrong[0] in bench.said


def test_a_broken_floor_fails_even_if_nothing_got_worse(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    bench.edit_baseline(floors={"critic-local": {"kpi-as-okr.f1": 0.9}})
    broken, _ = broken_critic(bench, 8)
    assert bench.run([broken], accept="a poor start") == 1
    assert failed_checks(bench) == ["floor kpi-as-okr.f1"]


def test_the_floor_of_a_cost_is_a_ceiling(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    bench.edit_baseline(floors={"critic-local": {"false-alarms.clean-lines": 0.05}})
    assert bench.run([critic_task(truth(bench.corpus))], accept="first run") == 0


def test_a_floor_that_cannot_be_measured_fails(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    bench.edit_baseline(floors={"critic-local": {"no-such-metric": 0.5}})
    assert bench.run([critic_task(truth(bench.corpus))], accept="first run") == 1


def test_a_rule_that_falls_silent_fails_however_few_its_samples(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    bench.edit_baseline(largest_drop={"rules": {"*.recall": 0.5}})
    rules = task("rules")
    assert bench.run([rules], accept="first run") == 0
    coach = Coach()
    without = {name: rule for name, rule in coach.rules.items() if name != "too-few-key-results"}
    silent = replace(rules, solvers={"rules": lambda: RulesSolver(Coach(rules=without))})
    assert bench.run([silent]) == 1
    assert "drop too-few-key-results.recall" in failed_checks(bench)
    assert "`org-03-2`" in bench.report("report.md")


def test_a_task_that_was_never_accepted_fails(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    assert bench.run([task("rules")]) == 1
    assert "--update-baseline" in bench.said


class Moody:
    """Answers, except for the samples of one organisation."""

    def __init__(self, status: Status) -> None:
        self.status = status

    def solve(self, samples: Sequence[Sample[Any]]) -> list[Answer | NoAnswer]:
        if self.status is Status.ERRORED and any(sample.org == "org-05" for sample in samples):
            raise RuntimeError("no idea")
        silence = NoAnswer(Status.UNSCORED, "reply not recorded")
        return [silence if sample.org == "org-05" else Answer(sample.target or ()) for sample in samples]


def moody_task(status: Status) -> AnyTask:
    return replace(task("strategy"), solvers={"local": lambda: Moody(status)})


def test_unscored_samples_fail_the_gate_and_are_not_counted_as_wrong(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    assert bench.run([moody_task(Status.UNSCORED)]) == 1
    run = json.loads(bench.report("report.json"))["runs"][0]
    assert (run["unscored"], run["errored"]) == (2, 0)
    assert run["metrics"]["missing-strategy-link.f1"]["value"] == 1.0
    assert "unscored" in failed_checks(bench)


def test_an_allowed_share_of_unscored_samples_passes(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    bench.edit_baseline(allowed={"unscored": 0.1, "errored": 0.0, "unpaired": 0.5})
    assert bench.run([moody_task(Status.UNSCORED)], accept="first run") == 0


def test_a_solver_that_fails_loses_only_the_samples_it_fails_on(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    assert bench.run([moody_task(Status.ERRORED)]) == 1
    outcomes = json.loads(bench.report("report.json"))["runs"][0]["outcomes"]
    errored = [outcome for outcome in outcomes if outcome["status"] == "errored"]
    assert [outcome["org"] for outcome in errored] == ["org-05", "org-05"]
    assert errored[0]["reason"] == "RuntimeError: no idea"
    assert "errored" in failed_checks(bench)


def test_a_run_with_errors_is_not_accepted_as_baseline(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    before = bench.baseline.read_text("utf-8")
    assert bench.run([moody_task(Status.ERRORED)], accept="whatever") == 2
    assert "can't be accepted" in bench.said
    assert bench.baseline.read_text("utf-8") == before


def test_a_baseline_needs_a_reason_which_is_stored_with_the_date(tmp_path: Path) -> None:
    bench = accepted(tmp_path)
    kinds = truth(bench.corpus)
    assert bench.run([critic_task(kinds)], update_baseline=True, reason="  ") == 2
    assert "--reason" in bench.said
    bench.run([critic_task(kinds)], accept="relabelled\ntwo lines", today=date(2026, 12, 1))
    assert json.loads(bench.baseline.read_text("utf-8"))["updates"] == [
        {"date": "2026-11-22", "reason": "first run"},
        {"date": "2026-12-01", "reason": "relabelled two lines"},
    ]


def test_accepting_one_task_keeps_the_others_and_the_floors(tmp_path: Path) -> None:
    bench = accepted(tmp_path)
    bench.edit_baseline(floors={"rules": {"all.recall": 0.1}})
    bench.run([task("rules")], accept="rules as well")
    data = json.loads(bench.baseline.read_text("utf-8"))
    assert sorted(data["runs"]) == ["critic-local/local", "rules/rules"]
    assert data["floors"] == {"rules": {"all.recall": 0.1}}


def test_a_corrected_label_is_held_against_both_runs(tmp_path: Path) -> None:
    bench = accepted(tmp_path)
    kinds = truth(bench.corpus)
    place = bench.corpus / "lines.jsonl"
    place.write_text(place.read_text("utf-8").replace('"label": "kpi"', '"label": "activity"'), "utf-8")
    assert bench.run([critic_task(kinds)]) == 0
    assert json.loads(bench.report("report.json"))["gate"]["regressions"] == []


def test_an_answer_to_another_text_is_not_compared(tmp_path: Path) -> None:
    bench = accepted(tmp_path)
    for name in ("lines.jsonl", "okrs.jsonl"):
        place = bench.corpus / name
        place.write_text(place.read_text("utf-8").replace("ock", "uay"), "utf-8")
    assert bench.run([critic_task(truth(bench.corpus))]) == 0
    bench.edit_baseline(allowed={"unscored": 0, "errored": 0, "unpaired": 0.1})
    assert bench.run([critic_task(truth(bench.corpus))]) == 1
    assert failed_checks(bench) == ["paired"]
