"""Overlaps and coverage of a stored cycle, with the real models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from stores import Office, new_office

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app


@pytest.fixture(scope="module")
def judged(coach: Coach, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service that keeps workspaces and has its models."""
    url = f"sqlite:///{tmp_path_factory.mktemp('maps') / 'okrs.db'}"
    with TestClient(create_app(Settings(database_url=url), coach)) as client:
        yield client


def planned(office: Office) -> dict[str, str]:
    """Ids of a cycle with the plans of three teams, and of two of their OKRs."""
    cycle = office.post("/cycles", {"name": "Q3"})["id"]
    teams = {name: office.post("/teams", {"name": name})["id"] for name in ("Sales", "Marketing", "Depot")}
    made = {
        name: office.post(
            "/okrs", {"objective": objective, "key_results": results, "cycle_id": cycle, "team_id": teams[name]}
        )["id"]
        for name, objective, results in (
            (
                "Sales",
                "Mid-size firms buy without a visit",
                ["First orders from mid-size firms from 40 to 70", "Hire 2 sellers"],
            ),
            (
                "Marketing",
                "Mid-size firms ask us first",
                ["First orders of mid-size firms rise from 40 to 70", "Fill the two open writer roles"],
            ),
            ("Depot", "Nobody is hurt on the night shift", ["Forklift near misses from 9 a month to 3"]),
        )
    }
    return {"cycle": cycle, **made}


@pytest.fixture
def plan(judged: TestClient) -> tuple[Office, dict[str, str]]:
    office = new_office(judged)
    return office, planned(office)


def body_of(office: Office, okr_id: str) -> dict[str, Any]:
    """A stored OKR as a body to change."""
    okr = office.get(f"/okrs/{okr_id}")
    return {name: okr[name] for name in ("objective", "key_results", "cycle_id", "team_id")}


def test_the_pairs_of_a_cycle_name_the_okrs_they_are_of(plan: tuple[Office, dict[str, str]]) -> None:
    office, ids = plan
    answer = office.get(f"/cycles/{ids['cycle']}/overlaps")
    first = answer["pairs"][0]
    sides = [answer["okrs"][first[side]["okr"]] for side in "ab"]
    assert {side["id"] for side in sides} == {ids["Sales"], ids["Marketing"]}
    assert first["type"] == "duplicate"
    for side, quote, place in zip(sides, first["quotes"], (first["a"], first["b"]), strict=True):
        assert side["key_results"][place["key_result"]] == quote
    assert set(answer["clusters"][0]["teams"]) == {"Sales", "Marketing"}
    assert answer["clusters"][0]["owner"] in {"Sales", "Marketing"}
    assert answer["okrs"][0]["version"] == 1
    assert all(pair["score"] >= answer["shown"] for pair in answer["pairs"])


def test_an_okr_and_the_one_above_it_are_aligned_not_overlapping(plan: tuple[Office, dict[str, str]]) -> None:
    office, ids = plan
    copied = {**body_of(office, ids["Sales"]), "parent_id": ids["Marketing"]}
    copied["key_results"] = ["First orders of mid-size firms rise from 40 to 70", "Hire 2 sellers"]
    office.put(f"/okrs/{ids['Sales']}", copied)
    answer = office.get(f"/cycles/{ids['cycle']}/overlaps")
    assert answer["pairs"] == []
    assert answer["clusters"] == []
    [copy] = answer["copied_from_parent"]
    assert answer["okrs"][copy["place"]["okr"]]["id"] == ids["Sales"]


def test_what_repeats_the_organisations_own_okr_is_a_copy_and_its_okr_is_no_team(
    plan: tuple[Office, dict[str, str]],
) -> None:
    office, ids = plan
    own = {
        "objective": "We grow",
        "key_results": ["Forklift near misses from 9 a month to 3"],
        "cycle_id": ids["cycle"],
    }
    own_id = office.post("/okrs", own)["id"]
    answer = office.get(f"/cycles/{ids['cycle']}/overlaps")
    assert own_id not in {okr["id"] for okr in answer["okrs"]}
    assert [copy["quote"] for copy in answer["copied_from_parent"]] == own["key_results"]


def test_coverage_has_a_row_a_pillar_and_a_cell_a_team(plan: tuple[Office, dict[str, str]]) -> None:
    office, ids = plan
    growth = office.post("/pillars", {"name": "Mid-size firms become our main customers"})["id"]
    later = office.post("/cycles", {"name": "Q4"})["id"]
    office.post("/pillars", {"name": "Only later", "cycle_id": later})
    office.post("/pillars", {"name": "Nobody gets hurt at work", "cycle_id": ids["cycle"]})
    office.post("/pillars", {"name": "Our archive of films is restored"})
    answer = office.get(f"/cycles/{ids['cycle']}/coverage")
    assert [(row["pillar"], row["state"]) for row in answer["pillars"]] == [
        ("Mid-size firms become our main customers", "served"),
        ("Nobody gets hurt at work", "thin"),
        ("Our archive of films is restored", "unserved"),
    ]
    assert answer["pillars"][0]["pillar_id"] == growth
    assert [cell["team"] for cell in answer["pillars"][0]["cells"]] == answer["teams"]
    served = {answer["okrs"][at]["id"] for cell in answer["pillars"][0]["cells"] for at in cell["okrs"]}
    assert served == {ids["Sales"], ids["Marketing"]}
    assert [cell["okrs"] for cell in answer["pillars"][1]["cells"] if cell["okrs"]] == [
        [at for at, okr in enumerate(answer["okrs"]) if okr["id"] == ids["Depot"]]
    ]
    office.put(f"/okrs/{ids['Depot']}", {**body_of(office, ids["Depot"]), "objective": "x", "key_results": []})
    counted = office.get(f"/cycles/{ids['cycle']}/coverage")
    serving = [at for row in counted["pillars"] for cell in row["cells"] for at in cell["okrs"]]
    assert sorted(serving + counted["serving_nothing"]) == [0, 1, 2]
    assert answer["note"] is None


def test_without_pillars_the_organisations_own_objectives_are_the_strategy(
    plan: tuple[Office, dict[str, str]],
) -> None:
    office, ids = plan
    answer = office.get(f"/cycles/{ids['cycle']}/coverage")
    assert answer["pillars"] == []
    assert "add pillars" in answer["note"]
    office.post("/okrs", {"objective": "Mid-size firms choose us", "key_results": [], "cycle_id": ids["cycle"]})
    [row] = office.get(f"/cycles/{ids['cycle']}/coverage")["pillars"]
    assert (row["pillar_id"], row["pillar"], row["state"]) == (None, "Mid-size firms choose us", "served")


def test_a_plan_that_has_not_changed_is_not_worked_out_twice(plan: tuple[Office, dict[str, str]]) -> None:
    office, ids = plan
    maps = office.client.app.state.maps  # type: ignore[attr-defined]
    asked: list[int] = []
    find = maps.finder.find

    def counted(*args: Any, **kwargs: Any) -> Any:
        asked.append(1)
        return find(*args, **kwargs)

    object.__setattr__(maps.finder, "find", counted)
    try:
        path = f"/cycles/{ids['cycle']}/overlaps"
        only_here = ["Forklift near misses from 11 a month to 2"]
        office.put(f"/okrs/{ids['Depot']}", {**body_of(office, ids["Depot"]), "key_results": only_here})
        first = office.ask("GET", path)
        again = office.ask("GET", path)
        assert len(asked) == 1
        assert (again.json(), again.headers["etag"]) == (first.json(), first.headers["etag"])
        seen = office.ask("GET", path, headers={"If-None-Match": first.headers["etag"]})
        assert (seen.status_code, seen.content) == (304, b"")
        same = {"key_results": ["First orders from mid-size firms from 40 to 70"]}
        office.put(f"/okrs/{ids['Depot']}", {**body_of(office, ids["Depot"]), **same})
        changed = office.ask("GET", path, headers={"If-None-Match": first.headers["etag"]})
        assert changed.status_code == 200
        assert len(asked) == 2
        assert "Depot" in {team for cluster in changed.json()["clusters"] for team in cluster["teams"]}
    finally:
        object.__delattr__(maps.finder, "find")


def test_a_service_without_models_says_that_it_cannot_judge(office: Office) -> None:
    cycle = planned(office)["cycle"]
    office.post("/pillars", {"name": "Growth"})
    answer = office.get(f"/cycles/{cycle}/coverage")
    assert answer["pillars"] == []
    assert "without the model" in answer["note"]
