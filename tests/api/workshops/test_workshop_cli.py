"""`okr-coach workshop`: a workshop from the command line, beside a service on the same database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from meeting import GOOD, Guest
from stores import Office
from typer.testing import CliRunner

from app import workshop_cli
from app.api.workshops.desk import Desk
from app.cli import app
from app.coach.flow import Coach
from app.config import Settings, settings
from app.errors import CoachError
from app.main import create_app
from app.workspace_cli import database_in


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("OKR_COACH_DATABASE_URL", raising=False)
    settings.cache_clear()
    return tmp_path / "kept"


@pytest.fixture
def workspace(data: Path) -> str:
    return run("workspace", "create", "Harbour Trust", "--data", data)


@pytest.fixture
def client(data: Path, rules_only: Coach) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=database_in(data)), rules_only)) as running:
        yield running


def run(*arguments: str | Path) -> str:
    """What a command prints."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output.strip()


def created(data: Path, workspace: str, *more: str) -> tuple[str, dict[str, str]]:
    """A workshop's id, and the tokens of its links by role."""
    printed = run("workshop", "create", "Planning day", "-w", workspace, "--cycle", "Q3", *more, "--data", data)
    workshop, *rows = printed.split("\n")
    return workshop, {row.split()[1]: row.partition("link=")[2] for row in rows}


def joined(client: TestClient, workshop: str, link: str) -> Guest:
    answer = client.post(f"/v1/workshops/{workshop}/join", json={"link": link, "name": "Ines", "team": "Front desk"})
    assert answer.status_code == 201, answer.text
    client.cookies.clear()
    return Guest(Office(client, "", {}), workshop, answer.json()["token"], answer.json()["person"])


def told(client: TestClient, guest: Guest, after: int) -> set[str]:
    """The kinds of events that the room's listeners hear after a number."""
    assert client.portal
    desk: Desk = client.app.state.desk  # type: ignore[attr-defined]
    heard = client.portal.call(desk.rooms.of("", guest.workshop).after, after)
    return {event.kind for event in heard or ()}


def test_what_is_created_here_is_played_there_frozen_and_exported_here(
    data: Path, workspace: str, client: TestClient, tmp_path: Path
) -> None:
    workshop, links = created(data, workspace, "--pillar", "Guests come back: unasked", "--agenda", "two-hours")
    assert set(links) == {"member", "observer", "facilitator"}
    ines = joined(client, workshop, links["member"])
    state = ines.get()["workshop"]
    assert state["pillars"] == [{"name": "Guests come back", "text": "unasked"}]
    assert len(state["agenda"]) == 6
    ines.draft(GOOD, 0)
    before = ines.get()["last_event"]
    assert re.match(
        rf"{workshop}  [\d-]+  open    Planning day", run("workshop", "list", "-w", workspace, "--data", data)
    )
    site = ("--address", "https://okr.example/")
    said = run("workshop", "freeze", workshop, "--by", "Noor", "--why", "Agreed by post", *site, "--data", data)
    assert said.startswith("1 OKRs kept")
    progress = re.search(r"https://okr.example/workspaces/\w+/cycles/\w+/progress$", said)
    assert progress
    key = run("key", "create", "-w", workspace, "--scope", "read", "--data", data)
    kept = client.get(f"/v1/workspaces/{workspace}/okrs", headers={"Authorization": f"Bearer {key}"}).json()["items"]
    history = client.get(
        f"/v1/workspaces/{workspace}/okrs/{kept[0]['id']}/history", headers={"Authorization": f"Bearer {key}"}
    ).json()["items"]
    assert (history[0]["by"], history[0]["why"]) == ("Noor (workshop)", "Agreed by post")
    refused = ines.ask("PUT", f"/teams/{ines.team}/draft", json={"version": 1, "text": ""})
    assert refused.json()["code"] == "workshop-frozen"
    meanwhile = joined(client, workshop, links["facilitator"])
    assert {"frozen", "joined"} <= told(client, meanwhile, before)
    following, later = created(data, workspace, "--from-cycle", "q3")
    carried = joined(client, following, later["member"])
    assert [line["text"] for line in carried.get(f"/teams/{carried.team}")["draft"]["lines"]] == GOOD.split("\n")
    more = ("-w", workspace, "--cycle", "Q5", "--from-cycle", "Q3", "--data", data)
    assert "no carry-over list" in run("workshop", "create", "Planning day", *more)
    run("workshop", "export", workshop, tmp_path / "out.json", *site, "--data", data)
    out = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert out["teams"][0]["okrs"][0]["objective"] == "Guests feel at home from the first call"
    assert out["frozen_at"]
    assert out["progress"] == progress.group()
    assert [row["pillar"] for row in out["coverage"]] == ["Guests come back"]
    for name in ("out.md", "out.html", "out.csv", "out.xlsx"):
        run("workshop", "export", workshop, tmp_path / name, "--data", data)
        assert (tmp_path / name).stat().st_size > 100


def test_links_are_made_and_revoked(data: Path, workspace: str, client: TestClient) -> None:
    workshop, links = created(data, workspace)
    ines = joined(client, workshop, links["member"])
    more = run("workshop", "links", workshop, "--new", "lead", "--team", "front DESK", "--hours", "1", "--data", data)
    lead = more.split("\n")[-1]
    assert lead.split()[1] == "lead"
    sent = {"link": lead.partition("link=")[2], "name": "Omar"}
    assert client.post(f"/v1/workshops/{workshop}/join", json=sent).json()["person"]["team_id"] == ines.team
    client.cookies.clear()
    member = more.split("\n")[0].split()[0]
    assert "revoked" in run("workshop", "links", workshop, "--revoke", member, "--data", data).split("\n")[0]
    shut = client.post(f"/v1/workshops/{workshop}/join", json={**sent, "link": links["member"]})
    assert shut.json()["code"] == "link-invalid"


def test_the_code_of_the_teams_link_stands_in_a_terminal(
    data: Path, workspace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    created_ = ["workshop", "create", "Planning day", "-w", workspace, "--cycle", "Q3", "--data", str(data)]
    assert "█" not in run(*created_)
    monkeypatch.setattr(workshop_cli, "in_terminal", lambda: True)
    printed = run(*created_, "--address", "https://okr.example/")
    assert printed.count("https://okr.example/workshops/") == 3
    assert "█" in printed


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["links", "nothing"], "not-found"),
        (["freeze", "nothing"], "not-found"),
        (["export", "nothing", "out.md"], "not-found"),
        (["export", "nothing", "out.doc"], "invalid-input"),
        (["list", "-w", "nothing"], "not-found"),
        (["create", "x", "-w", "nothing", "--cycle", "Q3"], "not-found"),
        (["create", "x", "-w", "nothing", "--cycle", "Q3", "--max-objectives", "99"], "invalid-input"),
    ],
)
def test_what_cannot_be_is_said(data: Path, workspace: str, arguments: list[str], code: str) -> None:
    with pytest.raises(CoachError) as refused:
        run("workshop", *arguments, "--data", data)
    assert refused.value.code == code


def test_without_pillars_the_workspaces_count(data: Path, workspace: str, client: TestClient) -> None:
    key = run("key", "create", "-w", workspace, "--scope", "write", "--data", data)
    answer = client.post(
        f"/v1/workspaces/{workspace}/pillars",
        json={"name": "Guests come back"},
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 201, answer.text
    workshop, links = created(data, workspace)
    assert joined(client, workshop, links["member"]).get()["workshop"]["pillars"][0]["name"] == "Guests come back"
