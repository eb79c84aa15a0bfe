"""Last cycle's OKRs as drafts: by team, from the start or later, and never over what somebody wrote."""

from __future__ import annotations

import time
from typing import Any

import pytest
from meeting import GOOD, Meeting, meet
from stores import Office

LAST = [
    ("Front desk", "Guests are expected", ["Repeat stays from 10 % to 20 %", "Calls back\nwithin a day from 4 to 1"]),
    ("Front desk", "Rooms are ready at noon", ["Late rooms from 40 to 10 a week"]),
    ("Kitchen", "Breakfast is worth getting up for", ["Breakfast guests from 200 to 300 a week"]),
]


@pytest.fixture
def filled(office: Office) -> Office:
    """A workspace with OKRs of two teams in Q2, and one of the organisation."""
    cycle = office.post("/cycles", {"name": "Q2 2026"})["id"]
    teams = {name: office.post("/teams", {"name": name})["id"] for name in ("Front desk", "Kitchen")}
    for team, objective, results in LAST:
        body = {"objective": objective, "key_results": results, "cycle_id": cycle, "team_id": teams[team]}
        office.post("/okrs", body)
    office.post("/okrs", {"objective": "Guests come back", "key_results": [], "cycle_id": cycle})
    return office


def drafts(meeting: Meeting) -> dict[str, list[str]]:
    """Every team's draft by name."""
    found = {}
    for team in meeting.facilitator.get()["teams"]:
        lines = meeting.facilitator.get(f"/teams/{team['id']}")["draft"]["lines"]
        found[team["name"]] = [line["text"] for line in lines]
    return found


def test_a_workshop_begins_with_the_drafts_of_a_cycle_and_they_are_reviewed(filled: Office) -> None:
    meeting = meet(filled, from_cycle="q2  2026")
    assert drafts(meeting) == {
        "Front desk": [
            "O: Guests are expected",
            "KR1: Repeat stays from 10 % to 20 %",
            "KR2: Calls back within a day from 4 to 1",
            "",
            "O: Rooms are ready at noon",
            "KR1: Late rooms from 40 to 10 a week",
        ],
        "Kitchen": ["O: Breakfast is worth getting up for", "KR1: Breakfast guests from 200 to 300 a week"],
    }
    ines = meeting.join("Ines", "front desk")
    assert (ines.person["role"], len(meeting.facilitator.get()["teams"])) == ("lead", 2)
    kitchen: dict[str, Any] = {}
    for _ in range(600):
        kitchen = meeting.facilitator.get()["teams"][1]
        if kitchen["grade"] is not None:
            break
        time.sleep(0.02)
    assert kitchen["objectives"] == ["Breakfast is worth getting up for"]


def test_later_only_the_empty_drafts_are_filled(filled: Office) -> None:
    meeting = meet(filled)
    ines, omar = meeting.join("Ines", "Front desk"), meeting.join("Omar", "KITCHEN")
    ines.draft(GOOD, 0)
    omar.draft("x", 0)
    omar.draft("  \n", 1)
    cycle = {"cycle": "Q2 2026", "teams": 2, "okrs": 3}
    assert meeting.facilitator.get("/import") == [cycle]
    done = meeting.facilitator.send("POST", "/import", {"from_cycle": "Q2 2026"})
    assert done == {"filled": ["KITCHEN"], "kept": {"Front desk": "has a draft already"}, "okrs": 1}
    assert drafts(meeting)["Front desk"] == GOOD.split("\n")
    assert drafts(meeting)["KITCHEN"][0] == "O: Breakfast is worth getting up for"
    versions = omar.get(f"/teams/{omar.team}/history")
    assert [version["version"] for version in versions] == [3, 2, 1]
    assert "Q2 2026" in versions[0]["by"]
    again = meeting.facilitator.send("POST", "/import", {"from_cycle": "Q2 2026"})
    assert (again["filled"], again["okrs"], set(again["kept"])) == ([], 0, {"KITCHEN", "Front desk"})


def test_a_cycle_without_okrs_is_refused_by_name_and_nothing_is_made(filled: Office) -> None:
    body = {"name": "Planning day", "cycle": "Q3 2026", "from_cycle": "Q1"}
    refused = filled.ask("POST", "/workshops", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "nothing-to-carry")
    assert "Q2 2026" in refused.json()["detail"]
    assert filled.get("/workshops")["items"] == []
    meeting = meet(filled)
    assert meeting.facilitator.ask("POST", "/import", json={"from_cycle": "Q3 2026"}).status_code == 422


def test_a_team_with_more_than_a_draft_holds_is_named_and_the_rest_is_filled(filled: Office) -> None:
    cycle = next(row["id"] for row in filled.get("/cycles")["items"])
    team = filled.post("/teams", {"name": "Grounds"})["id"]
    for at in range(6):
        body = {"objective": f"{at} " + "wide " * 900, "key_results": [], "cycle_id": cycle, "team_id": team}
        filled.post("/okrs", body)
    meeting = meet(filled)
    done = meeting.facilitator.send("POST", "/import", {"from_cycle": "Q2 2026"})
    assert sorted(done["filled"]) == ["Front desk", "Kitchen"]
    assert "20,000" in done["kept"]["Grounds"]


def test_a_frozen_workshop_takes_nothing_in(filled: Office) -> None:
    meeting = meet(filled)
    meeting.facilitator.send("POST", "/freeze")
    refused = meeting.facilitator.ask("POST", "/import", json={"from_cycle": "Q2 2026"})
    assert (refused.status_code, refused.json()["code"]) == (409, "workshop-frozen")
