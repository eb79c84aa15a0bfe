"""A draft reviewed with its workspace hears of what other teams have planned for the same cycle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from stores import Office, new_office
from test_maps import planned

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app

LINE = "First orders of mid-size companies go from 40 to 70"


@pytest.fixture(scope="module", params=["memory", "chroma"])
def judged(request: pytest.FixtureRequest, coach: Coach, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A service with its models that keeps vectors in memory, and in Chroma."""
    folder: Path = tmp_path_factory.mktemp("neighbours")
    vectors = str(folder / "vectors") if request.param == "chroma" else ""
    with TestClient(create_app(Settings(database_url=f"sqlite:///{folder / 'okrs.db'}", vectors=vectors), coach)) as it:
        yield it
    assert (folder / "vectors").exists() == (request.param == "chroma")


@pytest.fixture
def plan(judged: TestClient) -> tuple[Office, dict[str, str]]:
    office = new_office(judged)
    return office, planned(office)


def review(office: Office, team: str | None, **body: Any) -> Any:
    sent = {"text": f"O: Firms of middling size come to us\nKR1: {LINE}", "workspace": office.workspace, **body}
    return office.post("/v1/reviews", {**sent, "context": {"team": team}})["overlaps"]


def test_other_teams_lines_come_with_both_quotes_and_the_other_team(plan: tuple[Office, dict[str, str]]) -> None:
    office, ids = plan
    found = [item for item in review(office, "Partners") if item["target"]["key_result"] == 0]
    assert {item["other"]["team"] for item in found} == {"Sales", "Marketing"}
    assert {item["other"]["okr_id"] for item in found} == {ids["Sales"], ids["Marketing"]}
    assert all(item["quote"] == LINE and "First orders" in item["other"]["text"] for item in found)
    assert all(item["type"] != "unrelated" and item["why"] for item in found)


def test_ones_own_team_is_no_other(plan: tuple[Office, dict[str, str]]) -> None:
    office, _ = plan
    assert {item["other"]["team"] for item in review(office, " sales ")} == {"Marketing"}


def test_the_okr_above_is_not_held_against_a_draft(plan: tuple[Office, dict[str, str]]) -> None:
    office, ids = plan
    found = review(office, "Partners", parent_okr=ids["Sales"])
    assert {item["other"]["team"] for item in found} == {"Marketing"}


def test_without_team_or_cycle_nobody_can_say_who_the_others_are(plan: tuple[Office, dict[str, str]]) -> None:
    office, _ = plan
    assert review(office, None) is None
    office.post("/cycles", {"name": "Q4"})
    assert review(office, "Partners") is None
    assert office.client.post("/v1/reviews", json={"text": "O: Grow\nKR: x from 1 to 2"}).json()["overlaps"] is None


def test_a_change_by_another_team_is_heard_of_in_the_next_review(plan: tuple[Office, dict[str, str]]) -> None:
    office, ids = plan
    for team in ("Sales", "Marketing"):
        office.ask("DELETE", f"/okrs/{ids[team]}", headers={"If-Match": "*"})
    assert review(office, "Partners") == []
    depot = office.get(f"/okrs/{ids['Depot']}")
    body = {name: depot[name] for name in ("objective", "cycle_id", "team_id")}
    office.put(f"/okrs/{ids['Depot']}", {**body, "key_results": ["First orders of mid-size firms rise from 40 to 70"]})
    assert [item["other"]["team"] for item in review(office, "Partners")] == ["Depot"]


def test_a_streamed_review_brings_them_too(plan: tuple[Office, dict[str, str]]) -> None:
    office, _ = plan
    body = {"text": f"O: Firms\nKR1: {LINE}", "workspace": office.workspace, "context": {"team": "Partners"}}
    answer = office.ask("POST", "/v1/reviews", json=body, headers={"Accept": "text/event-stream"})
    events = [part.split("\n") for part in answer.text.replace("\r", "").strip().split("\n\n")]
    by_name = {lines[0].removeprefix("event: "): lines[1].removeprefix("data: ") for lines in events}
    for name in ("findings", "done"):
        assert {item["other"]["team"] for item in json.loads(by_name[name])["overlaps"]} == {"Sales", "Marketing"}


def test_a_team_that_was_renamed_is_heard_of_under_its_new_name(plan: tuple[Office, dict[str, str]]) -> None:
    office, ids = plan
    assert {item["other"]["team"] for item in review(office, "Partners")} == {"Sales", "Marketing"}
    team = office.get(f"/okrs/{ids['Marketing']}")["team_id"]
    office.put(f"/teams/{team}", {"name": "Brand"})
    assert {item["other"]["team"] for item in review(office, "Partners")} == {"Sales", "Brand"}
    assert {item["other"]["team"] for item in review(office, "Marketing")} == {"Sales", "Brand"}


def test_the_rest_of_the_cycle_is_read_ahead(plan: tuple[Office, dict[str, str]], judged: TestClient) -> None:
    office, ids = plan
    depot = office.get(f"/okrs/{ids['Depot']}")
    for at in range(20):
        far = {"objective": f"Yard {at} is tidy", "key_results": [f"Pallets of yard {at}, row {n}" for n in range(4)]}
        office.post("/okrs", {**far, "cycle_id": depot["cycle_id"], "team_id": depot["team_id"]})
    review(office, "Partners")
    neighbours = judged.app.state.neighbours  # type: ignore[attr-defined]
    assert judged.portal
    judged.portal.call(neighbours.read)
    (shelf,) = [kept.shelf for (workspace, _), kept in neighbours.kept.items() if workspace == office.workspace]
    every = [item["id"] for item in office.get("/okrs")["items"] if item["team_id"]]
    assert len(shelf.plan(every)[1]) == len(every) >= 23


def test_they_can_be_left_out(plan: tuple[Office, dict[str, str]]) -> None:
    office, _ = plan
    assert review(office, "Partners", overlaps=False) is None
    assert review(office, "Partners", overlaps=True)
