"""Last cycle's OKRs as drafts: by team, from the start or later, and never over what somebody wrote."""

from __future__ import annotations

import time
from typing import Any

import pytest
from meeting import GOOD, Meeting, meet
from stores import Office

from app.services.store import Scope

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
    cycle = {"cycle": "Q2 2026", "teams": 2, "okrs": 3, "chosen": 0}
    assert meeting.facilitator.get("/import") == [cycle]
    done = meeting.facilitator.send("POST", "/import", {"from_cycle": "Q2 2026"})
    assert (done["filled"], done["kept"], done["okrs"]) == (["KITCHEN"], {"Front desk": "has a draft already"}, 1)
    assert (done["carried_over"], done["left"]) == (False, 0)
    assert omar.get(f"/teams/{omar.team}")["comments"] == []
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


def chosen(office: Office, objective: str, why: str = "", learned: str = "") -> None:
    """Put an OKR on its cycle's carry-over list, graded where there is a lesson."""
    okr = next(one for one in office.get("/okrs")["items"] if one["objective"] == objective)
    if learned:
        scores = [0.4] + [None] * (len(okr["key_results"]) - 1)
        office.post(f"/okrs/{okr['id']}/grades", {"scores": scores, "learned": learned})
    path = f"/cycles/{okr['cycle_id']}/carry-over/{okr['id']}"
    assert office.ask("PUT", path, json={"why": why}).status_code == 204


def test_of_a_cycle_with_a_carry_over_list_only_what_is_on_it_is_taken_with_its_lesson(filled: Office) -> None:
    chosen(filled, "Rooms are ready at noon", "Half-way <b>", "Laundry comes first")
    chosen(filled, "Guests come back")
    meeting = meet(filled)
    ines = meeting.join("Ines", "Front desk")
    assert meeting.facilitator.get("/import") == [{"cycle": "Q2 2026", "teams": 2, "okrs": 3, "chosen": 1}]
    heard = ines.get()["last_event"]
    done = meeting.facilitator.send("POST", "/import", {"from_cycle": "Q2 2026"})
    assert (done["filled"], done["okrs"], done["carried_over"], done["left"]) == (["Front desk"], 1, True, 2)
    assert "2 others" in done["note"]
    assert drafts(meeting) == {"Front desk": ["O: Rooms are ready at noon", "KR1: Late rooms from 40 to 10 a week"]}
    [said] = ines.get(f"/teams/{ines.team}")["comments"]
    assert said["quote"] == "O: Rooms are ready at noon"
    for words in ("Q2 2026", "graded 0.4", "Half-way <b>", "Laundry comes first"):
        assert words in said["text"]
    portal, desk = filled.client.portal, filled.client.app.state.desk  # type: ignore[attr-defined]
    assert portal
    told = portal.call(desk.rooms.of(filled.workspace, meeting.workshop).after, heard)
    assert {"team", "draft", "comment"} <= {event.kind for event in told}


def test_every_objective_that_goes_on_says_so_at_its_own_line(filled: Office) -> None:
    chosen(filled, "Rooms are ready at noon", "noon matters")
    chosen(filled, "Guests are expected")
    made = filled.post("/workshops", {"name": "Planning day", "cycle": "Q3 2026", "from_cycle": "Q2 2026"})
    assert (made["carried"]["carried_over"], made["carried"]["left"], made["carried"]["okrs"]) == (True, 1, 2)
    headers = {"Authorization": f"Bearer {made['token']}"}
    room = f"/v1/workshops/{made['workshop']['id']}"
    [team] = filled.client.get(room, headers=headers).json()["teams"]
    comments = filled.client.get(f"{room}/teams/{team['id']}", headers=headers).json()["comments"]
    by_quote = {one["quote"]: one["text"] for one in comments}
    assert set(by_quote) == {"O: Rooms are ready at noon", "O: Guests are expected"}
    assert "noon matters" in by_quote["O: Rooms are ready at noon"]


def test_a_list_of_the_organisation_alone_leaves_the_teams_all_they_had(filled: Office) -> None:
    chosen(filled, "Guests come back", "it is never done")
    done = meet(filled).facilitator.send("POST", "/import", {"from_cycle": "Q2 2026"})
    assert (done["okrs"], done["carried_over"], done["left"]) == (3, False, 0)
    assert "All OKRs" in done["note"]


@pytest.mark.parametrize(
    ("listed", "said"),
    [(False, "3 OKRs of the earlier cycle are in the drafts. All OKRs"), (True, "1 OKR of the earlier cycle is in")],
)
def test_who_opens_a_workshop_by_the_form_reads_which_okrs_were_taken(
    filled: Office, *, listed: bool, said: str
) -> None:
    if listed:
        chosen(filled, "Rooms are ready at noon")
    form = {"name": "Planning day", "cycle": "Q3 2026", "facilitator": "Noor", "from_cycle": "Q2 2026"}
    form["key"] = filled.tokens[Scope.WRITE]
    page = filled.client.post("/workshops/new", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    again = filled.client.get(page.url.path)
    filled.client.cookies.clear()
    assert said in page.text
    assert ("2 others" in page.text) is listed
    assert "in the drafts" not in again.text
