"""OKRs of a workspace: versions, ETags, history, pages."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from stores import Office

from app.services.store import Scope


def okr(office: Office, objective: str = "Patients see the same face", **fields: object) -> dict[str, object]:
    return {"objective": objective, "key_results": ["Change of carer from 40 % to 15 %"], **fields}


@pytest.fixture
def cycle(office: Office) -> str:
    made: str = office.post("/cycles", {"name": "Q3 2026"})["id"]
    return made


def test_an_okr_is_read_back_as_written(office: Office, cycle: str) -> None:
    team = office.post("/teams", {"name": "Wards", "function": "care"})["id"]
    body = okr(office, "Patients 👩‍⚕️ feel “at home”\nin every ward", cycle_id=cycle, team_id=team)
    made = office.post("/okrs", body)
    assert {key: made[key] for key in body} == body
    answer = office.ask("GET", f"/okrs/{made['id']}", scope=Scope.READ)
    assert answer.json() == made
    assert answer.headers["etag"] == '"1"'
    again = office.ask("GET", f"/okrs/{made['id']}", headers={"If-None-Match": '"1"'})
    assert (again.status_code, again.content) == (304, b"")


def test_a_change_names_the_version_it_changes(office: Office, cycle: str) -> None:
    path = f"/okrs/{office.post('/okrs', okr(office, cycle_id=cycle))['id']}"
    body = okr(office, "Patients know their nurse", cycle_id=cycle, by="Ines", why="clearer")
    assert office.ask("PUT", path, json=body).json()["code"] == "if-match-required"
    for wrong in ['"2"', 'W/"1"', "1", "", '"x"']:
        answer = office.ask("PUT", path, json=body, headers={"If-Match": wrong})
        assert (answer.status_code, answer.json()["code"]) == (412, "stale"), wrong
    changed = office.ask("PUT", path, json=body, headers={"If-Match": '"7", "1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert office.put(path, body, "*")["version"] == 3
    assert office.ask("DELETE", path).status_code == 428
    assert office.ask("DELETE", path, headers={"If-Match": '"1"'}).status_code == 412
    assert office.ask("DELETE", path, headers={"If-Match": '"3"'}, params={"why": "dropped"}).status_code == 204
    assert office.ask("GET", path).status_code == 404
    assert office.ask("PUT", path, json=body, headers={"If-Match": "*"}).status_code == 404
    assert office.get("/okrs")["items"] == []
    versions = office.get(f"{path}/history")["items"]
    assert [(v["version"], v["change"], v["by"], v["why"]) for v in versions] == [
        (4, "deleted", "write key", "dropped"),
        (3, "changed", "Ines (write key)", "clearer"),
        (2, "changed", "Ines (write key)", "clearer"),
        (1, "created", "write key", ""),
    ]
    assert versions[-1]["objective"] == "Patients see the same face"


def test_of_many_writers_at_once_one_wins_and_nobody_is_overwritten(office: Office, cycle: str) -> None:
    path = f"/okrs/{office.post('/okrs', okr(office, cycle_id=cycle))['id']}"

    def write(number: int) -> int:
        body = okr(office, f"Objective of writer {number}", cycle_id=cycle)
        return int(office.ask("PUT", path, json=body, headers={"If-Match": '"1"'}).status_code)

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(write, range(8)))
    assert sorted(codes) == [200] + [412] * 7
    assert office.get(path)["objective"] == f"Objective of writer {codes.index(200)}"
    assert len(office.get(f"{path}/history")["items"]) == 2


@pytest.mark.parametrize("field", ["cycle_id", "team_id", "parent_id"])
def test_a_reference_that_leads_nowhere_is_named(office: Office, cycle: str, field: str) -> None:
    answer = office.ask("POST", "/okrs", json=okr(office, **{"cycle_id": cycle, field: "0123456789"}))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
    assert field in answer.json()["detail"]


def test_an_okr_cannot_hang_under_itself(office: Office, cycle: str) -> None:
    top = office.post("/okrs", okr(office, "Top", cycle_id=cycle))["id"]
    low = office.post("/okrs", okr(office, "Low", cycle_id=cycle, parent_id=top))["id"]
    for parent in (low, top):
        body = okr(office, "Top", cycle_id=cycle, parent_id=parent)
        assert office.ask("PUT", f"/okrs/{top}", json=body, headers={"If-Match": "*"}).status_code == 422
    gone = office.ask("DELETE", f"/okrs/{top}", headers={"If-Match": "*"})
    assert (gone.status_code, gone.json()["code"]) == (409, "in-use")
    assert office.get(f"/okrs/{top}")["version"] == 1


def test_lists_come_in_pages(office: Office, cycle: str) -> None:
    other = office.post("/cycles", {"name": "Q4 2026"})["id"]
    made = [office.post("/okrs", okr(office, f"Objective {n}", cycle_id=cycle))["id"] for n in range(5)]
    office.post("/okrs", okr(office, "Later", cycle_id=other))
    seen, after = [], ""
    while after is not None:
        page = office.get("/okrs", params={"cycle": cycle, "limit": 2, "after": after})
        assert len(page["items"]) <= 2
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
    assert seen == made
    first = office.get("/history", params={"limit": 4})
    rest = office.get("/history", params={"limit": 4, "after": first["next"]})
    assert [v["objective"] for v in first["items"] + rest["items"]] == [
        "Later",
        *(f"Objective {n}" for n in reversed(range(5))),
    ]
    assert rest["next"] is None


@pytest.mark.parametrize(
    "fields",
    [
        {"objective": ""},
        {"objective": "  "},
        {"objective": "a\x00b"},
        {"objective": "a\x1bb"},
        {"key_results": [""]},
        {"key_results": ["x"] * 201},
        {"objective": "x" * 10_001},
        {"stranger": 1},
        {"cycle_id": "../x"},
        {"why": "a\x00"},
    ],
)
def test_what_no_database_should_hold_is_refused(office: Office, cycle: str, fields: dict[str, object]) -> None:
    answer = office.ask("POST", "/okrs", json={**okr(office, cycle_id=cycle), **fields})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


def test_a_lone_surrogate_is_refused(office: Office, cycle: str) -> None:
    body = json.dumps({"objective": "a\ud800b", "key_results": [], "cycle_id": cycle})
    headers = {"Content-Type": "application/json"}
    assert office.ask("POST", "/okrs", content=body, headers=headers).status_code == 422
