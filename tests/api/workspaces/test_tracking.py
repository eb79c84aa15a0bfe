"""A plan under way: commitments, check-ins followed through changes, grades, carry-over, and the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from stores import Office, new_office

from app.services.store.tables import Okr, now
from app.services.store.tracking import grades

STAYS, CALLS = "Repeat stays from 20 % to 40 %", "Complaints from 40 to 12 a month"


class Plan:
    """A cycle with one OKR of a team."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.cycle = office.post("/cycles", {"name": "Q3 2026"})["id"]
        self.team = office.post("/teams", {"name": "Front desk"})["id"]
        self.okr = office.post("/okrs", self.body(STAYS, CALLS))["id"]

    def body(self, *key_results: str, **more: Any) -> dict[str, Any]:
        base = {"objective": "Guests feel at home", "cycle_id": self.cycle, "team_id": self.team}
        return {**base, "key_results": list(key_results), **more}

    def commit(self) -> int:
        return int(self.office.post(f"/cycles/{self.cycle}/commitments", {})["committed"])

    def change(self, *key_results: str, **more: Any) -> Any:
        return self.office.ask(
            "PUT", f"/okrs/{self.okr}", json=self.body(*key_results, **more), headers={"If-Match": "*"}
        )

    def say(self, key_result: int, **said: Any) -> Any:
        return self.office.post(f"/okrs/{self.okr}/check-ins", {"key_result": key_result, **said})

    def stands(self) -> Any:
        return self.office.get(f"/cycles/{self.cycle}/progress")["okrs"][0]

    def ledger(self) -> Any:
        return self.office.get(f"/cycles/{self.cycle}/ledger")["items"]


@pytest.fixture
def plan(office: Office) -> Plan:
    return Plan(office)


def test_check_ins_are_kept_by_version_and_make_progress(plan: Plan) -> None:
    assert plan.stands()["share"] is None
    first = plan.say(0, value=25, confidence=0.6, note="two weeks in", role="lead")
    assert (first["okr_version"], first["kind"], first["role"]) == (1, "weekly", "lead")
    plan.say(0, value=30, confidence=0.8)
    plan.say(1, kind="halfway", confidence=0.3)
    stands = plan.stands()
    one, two = stands["key_results"]
    assert (one["start"], one["goal"], one["unit"], one["value"], one["share"]) == (20, 40, "percent", 30, 0.5)
    assert [point["confidence"] for point in one["trend"]] == [0.6, 0.8]
    assert (two["share"], two["confidence"], two["note"]) == (None, 0.3, "No value was noted yet.")
    assert (stands["share"], stands["told"], stands["confidence"]) == (0.5, 1, 0.3)
    assert [row["id"] for row in plan.office.get(f"/okrs/{plan.okr}/check-ins")["items"]][-1] == first["id"]
    page = plan.office.get(f"/cycles/{plan.cycle}/check-ins?limit=2")
    rest = plan.office.get(f"/cycles/{plan.cycle}/check-ins?limit=2&after={page['next']}")
    assert len(page["items"] + rest["items"]) == 3


@pytest.mark.parametrize(
    "said",
    [
        {"key_result": 2, "value": 1},
        {"key_result": 0},
        {"key_result": 0, "kind": "note", "value": 1, "note": "x"},
        {"key_result": 0, "kind": "halfway", "value": 3},
        {"key_result": 0, "confidence": 1.1},
        {"key_result": 0, "value": "3"},
        {"key_result": 0, "value": 3, "role": "Ines"},
        {"key_result": 0, "value": 3, "by": "Ines"},
        {"key_result": 0, "note": "\x00"},
    ],
)
def test_what_says_nothing_or_names_a_person_is_refused(plan: Plan, said: dict[str, Any]) -> None:
    answer = plan.office.ask("POST", f"/okrs/{plan.okr}/check-ins", json=said)
    assert answer.status_code == 422, answer.text
    assert plan.office.get(f"/okrs/{plan.okr}/check-ins")["items"] == []


def test_a_check_in_of_an_older_version_is_told(plan: Plan) -> None:
    assert plan.change(CALLS, STAYS).status_code == 200
    said = {"key_result": 0, "value": 30, "okr_version": 1}
    assert plan.office.ask("POST", f"/okrs/{plan.okr}/check-ins", json=said).status_code == 412


def test_check_ins_follow_their_key_result_when_the_okr_changes(plan: Plan) -> None:
    plan.say(0, value=30)
    plan.say(1, value=26)
    plan.change("Rating from 3.9 to 4.5", CALLS, "Repeat stays from 20 % to 30 %")
    assert [one["value"] for one in plan.stands()["key_results"]] == [None, 26, 30]
    assert plan.stands()["key_results"][2]["share"] == 1.0


def test_what_a_team_committed_to_changes_with_a_reason_only(plan: Plan) -> None:
    assert plan.change("Repeat stays from 20 % to 38 %", CALLS).status_code == 200
    assert plan.change(STAYS, CALLS).status_code == 200
    assert plan.ledger() == []
    assert (plan.commit(), plan.commit()) == (1, 0)
    assert plan.change(STAYS.upper(), CALLS, objective="Guests are at home").status_code == 200
    for texts in (["Repeat stays from 20 % to 30 %", CALLS], [STAYS], [STAYS, CALLS, "Rating from 3.9 to 4.5"]):
        refused = plan.change(*texts)
        assert (refused.status_code, refused.json()["code"]) == (422, "reason-needed")
        assert refused.json()["errors"][0]["at"].startswith("key_results/")
    other = plan.office.post("/cycles", {"name": "Q4 2026"})["id"]
    moved = plan.change(STAYS, CALLS, cycle_id=other)
    assert moved.json()["errors"][0]["message"] == "moved: Q3 2026 → Q4 2026"
    gone = plan.office.ask("DELETE", f"/okrs/{plan.okr}", headers={"If-Match": "*"})
    assert gone.json()["code"] == "reason-needed"
    assert plan.ledger() == []
    assert plan.stands()["key_results"][0]["text"] == STAYS.upper()
    done = plan.change("Repeat stays from 20 % to 30 %", "Rating from 3.9 to 4.5", why="the east wing stays shut")
    assert done.status_code == 200
    entries = plan.ledger()
    assert {(one["kind"], one["before"], one["after"], tuple(one["moved"])) for one in entries} == {
        ("changed", STAYS.upper(), "Repeat stays from 20 % to 30 %", ("target",)),
        ("removed", CALLS, None, ()),
        ("added", None, "Rating from 3.9 to 4.5", ()),
    }
    assert {one["reason"] for one in entries} == {"the east wing stays shut"}
    assert plan.office.get(f"/okrs/{plan.okr}/ledger")["items"] == entries
    assert plan.stands()["changes"] == 3


def test_an_import_needs_a_reason_as_well(plan: Plan) -> None:
    plan.commit()
    rows = "team,cycle,objective,key result\nFront desk,Q3 2026,Guests feel at home,Repeat stays from 20 % to 30 %\n"
    path, kind = "/import?replace=true", {"Content-Type": "text/csv"}
    refused = plan.office.ask("POST", path, content=rows, headers=kind)
    assert refused.status_code == 422
    assert "committed to" in refused.json()["errors"][0]["message"]
    assert plan.office.ask("POST", path + "&why=half%20the%20rooms", content=rows, headers=kind).status_code == 200
    assert {one["reason"] for one in plan.ledger()} == {"half the rooms"}


def test_only_what_is_named_is_committed_to(plan: Plan) -> None:
    second = plan.office.post("/okrs", plan.body(STAYS, objective="Second"))["id"]
    path = f"/cycles/{plan.cycle}/commitments"
    assert plan.office.post(path, {"okr_ids": [second]})["committed"] == 1
    assert plan.change(CALLS).status_code == 200
    assert plan.office.ask("POST", path, json={"okr_ids": ["nowhere"]}).status_code == 422


def test_the_last_grade_counts_and_earlier_ones_stay(plan: Plan) -> None:
    path = f"/okrs/{plan.okr}/grades"
    for scores, learned in (([0.2, None], "too early to tell"), ([0.7, 0.4], "Ask guests in the first hour")):
        plan.office.post(path, {"scores": scores, "learned": learned, "role": "lead"})
    found = plan.office.get(path)["items"]
    assert [one["score"] for one in found] == [pytest.approx(0.55), 0.2]
    [counts] = plan.office.get(f"/cycles/{plan.cycle}/grades")
    assert counts == found[0]
    assert (plan.stands()["learned"], plan.stands()["key_results"][1]["score"]) == (counts["learned"], 0.4)
    for wrong in (
        {"scores": [0.7], "learned": "x"},
        {"scores": [0.7, 1.2], "learned": "x"},
        {"scores": [0.7, 0.4], "learned": " "},
        {"scores": [0.7, 0.4]},
    ):
        assert plan.office.ask("POST", path, json=wrong).status_code == 422


def test_what_is_carried_over_goes_with_its_lesson(plan: Plan) -> None:
    own = plan.office.post("/okrs", {**plan.body("Beds from 80 to 100"), "team_id": None, "objective": "We grow"})["id"]
    plan.office.post(f"/okrs/{plan.okr}/grades", {"scores": [0.7, None], "learned": "Ask early"})
    path = f"/cycles/{plan.cycle}/carry-over"
    for okr in (plan.okr, own, plan.okr):
        assert plan.office.ask("PUT", f"{path}/{okr}", json={"why": "half-way there"}).status_code == 204
    first, second = plan.office.get(path)
    assert (first["team"], first["objective"], first["scores"]) == (None, "We grow", [])
    assert (second["team"], second["key_results"], second["learned"]) == ("Front desk", [STAYS, CALLS], "Ask early")
    assert plan.office.ask("DELETE", f"{path}/{own}").status_code == 204
    assert plan.office.ask("DELETE", f"{path}/{own}").status_code == 404

    async def kept(app: Any) -> Any:
        async with app.state.database.reading() as session:
            return await grades.carried_over(session, plan.office.workspace, plan.cycle)

    assert plan.office.client.portal
    [carried] = plan.office.client.portal.call(kept, plan.office.client.app)
    assert (carried.team, carried.key_results, carried.why) == ("Front desk", (STAYS, CALLS), "half-way there")
    elsewhere = plan.office.post("/cycles", {"name": "Q4"})["id"]
    assert plan.office.ask("PUT", f"/cycles/{elsewhere}/carry-over/{plan.okr}", json={}).status_code == 422


def test_what_is_silent_is_stale_while_the_cycle_runs(plan: Plan) -> None:
    assert plan.stands()["is_stale"] is False

    async def age(app: Any) -> None:
        async with app.state.database.writing() as session:
            where = Okr.workspace_id == plan.office.workspace
            await session.execute(update(Okr).where(where).values(created_at=now() - timedelta(days=30)))

    assert plan.office.client.portal
    plan.office.client.portal.call(age, plan.office.client.app)
    assert plan.stands()["is_stale"] is True
    plan.say(0, value=22)
    assert [one["is_stale"] for one in plan.stands()["key_results"]] == [False, True]
    plan.say(1, kind="note", note="a note is no check-in")
    assert plan.stands()["is_stale"] is True
    over = {"name": "Q3 2020", "starts_on": "2020-07-01", "ends_on": "2020-09-30"}
    plan.office.put(f"/cycles/{plan.cycle}", over)
    assert plan.stands()["is_stale"] is False


def test_nothing_of_it_is_seen_from_another_workspace(plan: Plan) -> None:
    plan.commit()
    plan.say(0, value=30, note="sealed")
    other = Plan(new_office(plan.office.client))
    assert other.office.get(f"/cycles/{other.cycle}/check-ins")["items"] == []
    for path in (f"/cycles/{plan.cycle}/progress", f"/okrs/{plan.okr}/check-ins", f"/cycles/{plan.cycle}/ledger"):
        assert other.office.ask("GET", path).status_code == 404
    taken = other.office.ask("POST", f"/cycles/{other.cycle}/commitments", json={"okr_ids": [plan.okr]})
    assert taken.status_code == 422
