from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from eval_bench import critic_task, new_bench, truth
from typer.testing import CliRunner

from app.coach.critic import Kind
from evals.cli import eval_app
from evals.reports.terminal import WORST
from evals.reports.text import code, printable

NASTY = "<script>alert('x')</script> @everyone closes #1 | `tick` \\| \x1b[31m \u202e $x$ ]]> &amp; \x00"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Reports on lines that try to break them."""
    rows = [{"text": NASTY, "label": "activity", "sector": NASTY, "id": f"<b>{at}</b>"} for at in range(12)]
    path = tmp_path / "nasty.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    result = CliRunner().invoke(eval_app, ["--dataset", str(path), "--solver", "verbs", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert "\x1b[31m" not in result.output
    return tmp_path / "out"


def test_the_page_escapes_the_text_of_samples_and_loads_nothing(out: Path) -> None:
    page = (out / "report.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<b>0</b>" not in page
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)""", page)
    assert "\x1b" not in page


def test_the_page_holds_every_sample_and_its_plots(out: Path) -> None:
    page = (out / "report.html").read_text("utf-8")
    assert page.count('class="sample"') == 12
    assert 'data-state="wrong"' in page
    assert page.count("<svg") >= 1


def test_without_matplotlib_the_page_comes_without_plots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    rows = tmp_path / "set.jsonl"
    rows.write_text('{"text": "Keep calm", "label": "kpi"}\n', "utf-8")
    words = ["--dataset", str(rows), "--solver", "verbs", "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(eval_app, words).exit_code == 0
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "Plots need matplotlib" in page
    assert "<svg" not in page


def test_markdown_keeps_the_text_of_samples_in_code_spans(out: Path) -> None:
    markdown = (out / "report.md").read_text("utf-8")
    outside = re.sub(r"(`+).*?\1", "", markdown)
    assert "<script>" not in outside
    assert "@everyone" not in outside
    assert markdown.startswith("<!-- okr-coach-eval -->\n")


def test_every_row_of_a_markdown_table_has_as_many_cells_as_its_head(out: Path) -> None:
    widths: list[int] = []
    for line in (out / "report.md").read_text("utf-8").splitlines():
        if line.startswith("|"):
            widths.append(len(re.split(r"(?<!\\)\|", line)))
            assert widths[-1] == widths[0]
        else:
            widths = []


@pytest.mark.parametrize("text", ["plain", "`", "``a`", "a|b", "a\\|b", "`|`", ""])
def test_a_code_span_shows_any_text_as_it_is(text: str) -> None:
    span = code(text)
    fence = re.match(r"`*", span)
    assert fence is not None
    assert span.count(fence.group()) >= 2 or not text
    assert not re.search(r"(?<!\\)\|", span)


def test_controls_are_written_out() -> None:
    assert printable("a\x1b\u202e\ud800\nb") == "a\\u001b\\u202e\\ud800 b"
    assert printable("a\nb", lines=True) == "a\nb"


def test_junit_is_well_formed_and_counts_its_cases(out: Path) -> None:
    root = ET.fromstring((out / "junit.xml").read_text("utf-8"))
    assert root.tag == "testsuites"
    for suite in root:
        assert int(suite.get("tests", "")) == len(list(suite.iter("testcase")))


def test_junit_fails_regressions_and_passes_known_mistakes(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    kinds = truth(bench.corpus)
    known = {text: kind for text, kind in kinds.items() if text != "Lock 3 open on 99 % of days"}
    bench.run([critic_task(known)], accept="one mistake is known")
    regressed = {text: kind for text, kind in known.items() if text != "Lock 4 open on 99 % of days"}
    bench.run([critic_task(regressed)])
    root = ET.fromstring(bench.report("junit.xml"))
    cases = {case.get("name"): case for case in root.iter("testcase")}
    failed = {name for name, case in cases.items() if case.find("failure") is not None}
    assert "org-04-L1" in failed
    assert "org-03-L1" not in failed
    assert (cases["org-03-L1"].findtext("system-out") or "").startswith("known mistake: miss: kpi-as-okr")


def test_json_has_null_for_what_was_not_measured(out: Path) -> None:
    text = (out / "report.json").read_text("utf-8")
    assert "NaN" not in text
    run = json.loads(text)["runs"][0]
    assert run["metrics"]["kpi-as-okr.recall"]["value"] is None
    assert run["outcomes"][0]["mistakes"] == [{"cost": "miss", "what": "activity-not-outcome"}]


def test_mistakes_are_listed_the_dearest_first(tmp_path: Path) -> None:
    bench = new_bench(tmp_path)
    bench.run([critic_task({})], gate=False, out=bench.out)
    costs = [line.split()[0] for line in bench.said.splitlines() if line.startswith(("  f", "  m"))]
    assert costs == ["miss"] * WORST
    flags = {text: Kind.ACTIVITY for text in truth(bench.corpus) if "complaint" in text.lower()}
    bench.run([critic_task(flags)], gate=False)
    costs = [line[2:14].rstrip() for line in bench.said.splitlines() if line.startswith(("  f", "  m"))]
    assert costs[:WORST] == ["false alarm"] * WORST
