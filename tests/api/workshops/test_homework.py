"""Blanks become homework with an owner, limits keep a draft from being ready, and rewrites go in as edits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from meeting import GOOD, WEAK, Guest, Meeting, meet
from stores import Office

from app.api.workshops.blanks import MOST, blanks_of

BLANK = GOOD.replace("from 20 %", "from [current share of repeat stays]") + "\nKR3: [date] of the [date]"


@pytest.fixture
def meeting(office: Office) -> Meeting:
    return meet(office, max_objectives=1, max_key_results=2)


def told(guest: Guest, version: int) -> Any:
    """The table once a version is reviewed."""
    for _ in range(2_000):
        table = guest.get(f"/teams/{guest.team}")
        if table["report"]["version"] >= version:
            return table
    raise AssertionError(table)


def test_blanks_are_what_is_worded_and_stays_open() -> None:
    lines = [
        {"id": 3, "text": "- [x] KR: from [ current NPS ] to 60 [1] by [date], see [page](https://example.org) [date]"},
        {"id": 4, "text": "[ ] [] [[nested]] [n/a]"},
        {"id": 5, "text": "[unclosed and ] [a\x00b] [\u202ebidi\u202c]"},
    ]
    found = [(one["line"], one["blank"]) for one in blanks_of(lines)]
    assert found[:2] == [(3, "current NPS"), (3, "date")]
    assert (4, "nested") in found
    assert (4, "n/a") in found
    assert len(blanks_of([{"id": 1, "text": " ".join(f"[blank {at}]" for at in range(2 * MOST))}])) == MOST


def test_a_blank_is_homework_until_it_is_filled_and_keeps_its_owner(meeting: Meeting) -> None:
    ines, omar = meeting.join("Ines", "Front desk"), meeting.join("Omar", "Kitchen")
    ines.draft(BLANK, 0)
    table = told(ines, 1)
    blank = {"line": 2, "blank": "current share of repeat stays"}
    assert table["team"]["blanks"] == [blank, {"line": 4, "blank": "date"}]
    path = f"/teams/{ines.team}/homework"
    owned = ines.send("PUT", path, {**blank, "owner": "Zoë"})
    assert owned == {"team": ines.team, **blank, "owner": "Zoë"}
    ines.send("PUT", path, {**blank, "owner": "Mira"})
    state = omar.get()
    assert state["owners"] == [{"team": ines.team, **blank, "owner": "Mira"}]
    assert state["notes"] == []
    whole = json.loads(omar.ask("GET", "/export?format=json").text)
    assert [(note["kind"], note["owner"], note["team"]) for note in whole["notes"]] == [
        ("homework", "Mira", "Front desk"),
        ("homework", "", "Front desk"),
    ]
    for kind in ("markdown", "html"):
        said = omar.ask("GET", f"/export?format={kind}").text
        assert "current share of repeat stays" in said
        assert "Mira" in said
    assert ines.ask("PUT", path, json={**blank, "line": 3, "owner": "x"}).status_code == 404
    assert omar.ask("PUT", path, json={**blank, "owner": "x"}).status_code == 403
    ines.draft(GOOD, 1)
    assert json.loads(omar.ask("GET", "/export?format=json").text)["notes"] == []
    ines.draft(BLANK, 2)
    ines.send("PUT", path, {**blank, "owner": ""})
    assert omar.get()["owners"] == []


def test_over_the_limits_a_draft_is_not_ready_unless_the_facilitator_lets_it_pass(meeting: Meeting) -> None:
    ines = meeting.join("Ines", "Front desk")
    ines.draft(GOOD + "\nKR3: Late rooms from 40 to 10\n\nO: Rooms are ready at noon", 0)
    over = told(ines, 1)["team"]["over"]
    assert over == [
        "2 objectives, and this workshop has room for 1 a team.",
        "“Guests feel at home from the first call” has 3 key results, and there is room for 2.",
    ]
    path = f"/teams/{ines.team}/ready"
    refused = ines.ask("POST", path, json={"ready": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "over-limit")
    assert over[0] in refused.json()["detail"]
    assert ines.ask("POST", path, json={"ready": True, "anyway": True}).status_code == 403
    assert meeting.facilitator.ask("POST", path, json={"ready": True}).status_code == 409
    assert meeting.facilitator.send("POST", path, {"ready": True, "anyway": True})["state"] == "ready"
    assert ines.send("POST", path, {"ready": False})["state"] != "ready"
    ines.draft(GOOD, 1)
    assert ines.send("POST", path, {"ready": True})["state"] == "ready"


def test_a_suggested_rewrite_is_taken_as_an_edit(meeting: Meeting) -> None:
    ines = meeting.join("Ines", "Front desk")
    ines.draft(WEAK, 0)
    table = told(ines, 1)
    finding = next(one for one in table["report"]["findings"] if one["rule"] == "missing-baseline")
    path = f"/teams/{ines.team}/rewrites"
    found = ines.send("POST", path, {"version": 1, "targets": [finding["target"]]})
    best = found["rewrites"][0]
    assert best["target"] == finding["target"]
    assert "".join(change["text"] for change in best["diff"] if change["op"] != "out") == best["text"]
    assert best["blanks"]
    assert {one["writer"] for one in found["rewrites"]} == {"embedded"}
    ines.draft(WEAK.replace("Raise same-day answers to 80 %", best["text"]), 1)
    assert told(ines, 2)["team"]["blanks"]
    stale = ines.ask("POST", path, json={"version": 1, "targets": [finding["target"]]})
    assert (stale.status_code, stale.json()["code"]) == (409, "draft-changed")
    assert ines.ask("POST", path, json={"version": 2, "targets": []}).status_code == 422
    nothing = ines.send("POST", path, {"version": 2, "targets": [{"objective": 7, "key_result": 3}]})
    assert nothing["rewrites"] == []
