"""`okr-coach workspace`, `key`, `import`, `export`, `feedback` on a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select
from stores import within
from typer.testing import CliRunner

from app.cli import app
from app.coach.dismissals import content
from app.config import settings
from app.errors import CoachError
from app.services.chroma import ChromaStore
from app.services.store import Database, Granted, feedback, keys
from app.services.store.feedback import Words
from app.services.store.tables import Base
from app.workspace_cli import database_in, vectors_in
from evals.import_set import read_set


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("OKR_COACH_DATABASE_URL", raising=False)
    settings.cache_clear()
    return tmp_path / "a folder % with spaces"


def run(*arguments: str | Path, fails: int = 0) -> str:
    """What a command prints."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == fails, done.output
    return done.output.strip()


def test_workspaces_and_keys_are_made_listed_and_revoked(data: Path) -> None:
    workspace = run("workspace", "create", "Harbour Trust", "--data", data)
    assert run("workspace", "list", "--data", data) == f"{workspace}  Harbour Trust"
    token = run("key", "create", "-w", workspace, "--scope", "write", "--name", "ci", "--data", data)
    listed = run("key", "list", "-w", workspace, "--data", data)
    assert "write" in listed
    assert "valid" in listed
    assert token.split("_", 2)[2] not in listed

    async def granted(database: Database) -> Granted | None:
        async with database.reading() as session:
            return await keys.verify(session, token)

    assert within(database_in(data), granted)
    run("key", "revoke", token.split("_")[1], "--data", data)
    assert within(database_in(data), granted) is None
    assert "revoked" in run("key", "list", "-w", workspace, "--data", data)


@pytest.mark.parametrize(
    "arguments",
    [
        ["workspace", "list"],
        ["key", "list", "-w", "0123"],
        ["key", "create", "-w", "0123", "--data", "DATA"],
        ["key", "revoke", "0123", "--data", "DATA"],
        ["workspace", "create", " ", "--data", "DATA"],
        ["workspace", "delete", "0123", "--yes", "--data", "DATA"],
        ["import", "corpus/sample-draft.md", "-w", "0123", "--data", "DATA"],
        ["import", "nowhere.csv", "-w", "0123", "--data", "DATA"],
        ["export", "-w", "0123", "x.pdf", "--data", "DATA"],
    ],
)
def test_what_cannot_be_done_is_a_coded_error(data: Path, arguments: list[str]) -> None:
    with pytest.raises(CoachError):
        run(*(str(data) if argument == "DATA" else argument for argument in arguments))


def test_files_are_imported_together_or_not_at_all(data: Path, tmp_path: Path) -> None:
    workspace = run("workspace", "create", "Harbour Trust", "--data", data)
    good, bad = tmp_path / "wards.md", tmp_path / "kitchen.csv"
    good.write_text("# Team: Wards\n## Objective: Patients see the same face\n- KR: Changes from 40 to 15\n")
    bad.write_text("team,objective,key result\nKitchen,,Cold plates from 30 % to 5 %\n")
    into: list[str | Path] = ["-w", workspace, "--cycle", "Q3 2026", "--data", data]
    refused = run("import", good, bad, *into, fails=2)
    assert f"{bad}, line 2: " in refused
    bad.write_text("team,objective,key result\nKitchen,Meals come warm,Cold plates from 30 % to 5 %\n")
    assert run("import", good, bad, *into).startswith("2 OKRs imported, 0 updated, 0 unchanged, new cycle Q3 2026")
    out = tmp_path / "okrs.json"
    assert run("export", "-w", workspace, out, "--data", data) == f"2 OKRs written to {out}"
    assert [okr["team"] for okr in json.loads(out.read_text())["okrs"]] == ["Wards", "Kitchen"]
    assert run("import", out, "-w", workspace, "--data", data).startswith("0 OKRs imported, 0 updated, 2 unchanged")


def test_feedback_becomes_samples_that_the_evals_read(data: Path, tmp_path: Path) -> None:
    workspace = run("workspace", "create", "Harbour Trust", "--data", data)

    def words(rule: str, line: str) -> Words:
        return Words(rule, line, line, content(rule, line, line), "Guests come back")

    async def answer(database: Database) -> None:
        async with database.writing() as session:
            for rule, line, verdict in (
                ("activity-not-outcome", "Launch the app", "accept"),
                ("kpi-as-okr", "Occupancy 80 %", "dismiss"),
                ("kpi-as-okr", "Run six tastings", "dismiss"),
                ("activity-not-outcome", "Run six tastings", "accept"),
                ("kpi-as-okr", "Churn", "dismiss"),
                ("kpi-as-okr", "Churn", "accept"),
                ("missing-baseline", "Raise stays to 40 %", "accept"),
            ):
                await feedback.give(session, workspace, words(rule, line), verdict, "because", "tests")

    within(database_in(data), answer)
    out = tmp_path / "samples.jsonl"
    assert run("feedback", "export", "-w", workspace, out, "--data", data).startswith("4 samples")
    read = read_set(out)
    assert {line.text: line.label for line in read.lines} == {
        "Launch the app": "activity",
        "Occupancy 80 %": "neither",
        "Run six tastings": "activity",
        "Churn": "kpi",
    }
    assert {(line.org, line.objective) for line in read.lines} == {(workspace, "Guests come back")}


def test_a_deleted_workspace_leaves_nothing_but_word_to_the_index(data: Path, tmp_path: Path) -> None:
    workspace = run("workspace", "create", "Harbour Trust", "--data", data)
    run("key", "create", "-w", workspace, "--data", data)
    plan = tmp_path / "plan.md"
    plan.write_text("# Team: Wards\n## Objective: Patients see the same face\n- KR: Changes from 40 to 15\n")
    run("import", plan, "-w", workspace, "--cycle", "Q3", "--data", data)
    run("workspace", "delete", workspace, "--yes", "--data", data)

    async def left(database: Database) -> dict[str, int]:
        async with database.reading() as session:
            counts = {
                table.name: await session.scalar(select(func.count()).select_from(table))
                for table in Base.metadata.sorted_tables
            }
        return {name: count for name, count in counts.items() if count}

    assert within(database_in(data), left) == {"pending_vectors": 1}


def test_without_a_setting_no_file_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    from app.config import Settings
    from app.wiring import open_database

    monkeypatch.chdir(tmp_path)
    assert asyncio.run(open_database(Settings())) is None
    assert list(tmp_path.iterdir()) == []


def test_reindex_makes_the_vectors_agree_with_the_database(data: Path, tmp_path: Path) -> None:
    workspace = run("workspace", "create", "Harbour Trust", "--data", data)
    draft = tmp_path / "sales.md"
    draft.write_text("Team: Sales\nQ3 2026\n\nO: Firms buy\n- First orders from 40 to 70\n", "utf-8")
    run("import", draft, "-w", workspace, "--data", data)
    assert run("reindex", "--data", data) == "2 lines written, 0 forgotten"
    assert run("reindex", "--data", data) == "0 lines written, 0 forgotten"
    run("workspace", "delete", workspace, "--yes", "--data", data)
    run("reindex", "--data", data)
    store = ChromaStore(vectors_in(data))
    assert store.names() == []
    store.close()
    with pytest.raises(CoachError, match="Say where vectors are kept"):
        run("reindex")
