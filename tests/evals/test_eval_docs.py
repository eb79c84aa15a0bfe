from __future__ import annotations

import json
import re
from pathlib import Path

import typer
import yaml

from evals.cli import eval_app
from evals.import_set import read_set
from evals.reports.markdown import MARKER
from evals.tasks import load_tasks

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "evals.md").read_text("utf-8")


def test_the_page_names_every_option() -> None:
    command = typer.main.get_command(eval_app)
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {name for name in options if name.startswith("--")} >= {"--task", "--no-gate"}
    for name in options:
        assert f"`{name}`" in PAGE, name


def test_the_page_names_every_task_and_solver() -> None:
    table = [line for line in PAGE.splitlines() if line.startswith("| `")]
    for task in load_tasks():
        row = next(line for line in table if line.startswith(f"| `{task.name}` |"))
        assert all(f"`{name}`" in row for name in task.solvers), task.name


def test_the_rows_on_the_page_can_be_read(tmp_path: Path) -> None:
    rows = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
    path = tmp_path / "page.jsonl"
    path.write_text("\n".join(json.dumps(json.loads(row)) for row in rows), "utf-8")
    found = read_set(path)
    assert (len(found.lines), len(found.okrs)) == (2, 1)


def test_the_pipelines_parse_and_find_the_comment_by_its_marker() -> None:
    for name in ("github-actions.yml", "gitlab-ci.yml"):
        text = (DOCS / "ci" / name).read_text("utf-8")
        assert yaml.safe_load(text)
        assert "make test" in text
        assert MARKER in text
        assert f"(ci/{name})" in PAGE
