"""Drafts: findings after a save, edits that meet, and what is told of them."""

from __future__ import annotations

from typing import Any

import pytest
from meeting import GOOD, WEAK, Guest, Meeting, meet, until
from stores import Office


@pytest.fixture
def meeting(office: Office) -> Meeting:
    return meet(office)


def reviewed(guest: Guest, version: int) -> Any:
    path = f"/teams/{guest.team}"
    return until(lambda: guest.get(path), lambda table: table["report"]["version"] >= version)


def test_a_saved_draft_is_reviewed_and_its_findings_name_their_lines(meeting: Meeting) -> None:
    ines = meeting.join("Ines", "Front desk")
    saved = ines.draft(WEAK, 0)
    assert (saved["version"], saved["merged"]) == (1, False)
    table = reviewed(ines, 1)
    by_rule = {finding["rule"]: finding for finding in table["report"]["findings"]}
    assert by_rule["missing-baseline"]["line"] == saved["lines"][2]["id"]
    assert "missing-deadline" not in by_rule
    state = meeting.facilitator.get()
    assert state["teams"][0]["findings"] == len(table["report"]["findings"])
    assert state["teams"][0]["state"] == "findings"
    assert state["cycle"] == "Q3 2026"


def test_edits_of_other_lines_meet_and_of_the_same_line_are_told(meeting: Meeting) -> None:
    ines, omar = meeting.join("Ines", "Front desk"), meeting.join("Omar", "front  DESK")
    assert ines.team == omar.team
    ines.draft(GOOD, 0)
    lines = GOOD.split("\n")
    ines.draft("\n".join([lines[0], "KR1: Repeat stays from 20 % to 30 %", lines[2]]), 1)
    both = omar.draft("\n".join([*lines[:2], "KR2: Complaints from 40 to 10 a month"]), 1)
    assert both["merged"]
    assert [line["text"] for line in both["lines"]] == [
        lines[0],
        "KR1: Repeat stays from 20 % to 30 %",
        "KR2: Complaints from 40 to 10 a month",
    ]
    assert [line["id"] for line in both["lines"]] == [1, 2, 3]
    late = omar.ask("PUT", f"/teams/{omar.team}/draft", json={"version": 1, "text": GOOD.replace("35 %", "50 %")})
    assert (late.status_code, late.json()["code"]) == (409, "edit-clash")
    clash, standing = late.json()["errors"][0], late.json()["errors"][-1]
    assert (clash["yours"], clash["theirs"]) == (
        "KR1: Repeat stays from 20 % to 50 %",
        "KR1: Repeat stays from 20 % to 30 %",
    )
    assert standing["version"] == 3
    assert ines.get(f"/teams/{ines.team}")["draft"]["version"] == 3
    versions = ines.get(f"/teams/{ines.team}/history")
    assert [(version["version"], version["by"]) for version in versions] == [(3, "Omar"), (2, "Ines"), (1, "Ines")]
    assert ines.get(f"/teams/{ines.team}/history?before=3") == versions[1:]
    assert ines.get(f"/teams/{ines.team}/history?before=1") == []
    assert ines.ask("GET", f"/teams/{ines.team}/history?before={2**40}").status_code == 422


def test_an_edit_sent_again_changes_nothing(meeting: Meeting) -> None:
    ines = meeting.join("Ines", "Front desk")
    ines.draft(WEAK, 0)
    assert ines.draft(WEAK, 0)["version"] == 1
    typed_on = {"version": 0, "base": WEAK, "text": WEAK + "\nKR3: x from 1 to 2"}
    assert ines.send("PUT", f"/teams/{ines.team}/draft", typed_on)["version"] == 2


def test_a_dismissed_finding_goes_with_its_reason_and_an_accepted_one_comes_back(meeting: Meeting) -> None:
    ines = meeting.join("Ines", "Front desk")
    ines.draft(WEAK, 0)
    table = reviewed(ines, 1)
    finding = next(one for one in table["report"]["findings"] if one["rule"] == "missing-baseline")
    path = f"/teams/{ines.team}/findings/{finding['id']}"
    assert ines.ask("POST", path, json={"verdict": "dismiss"}).status_code == 422
    ines.send("POST", path, {"verdict": "dismiss", "reason": "We have never counted them"})
    silent = until(lambda: ines.get(f"/teams/{ines.team}"), lambda now: now["report"]["dismissed"])
    assert silent["report"]["dismissed"][0]["reason"] == "We have never counted them"
    ines.send("POST", path, {"verdict": "accept"})
    until(lambda: ines.get(f"/teams/{ines.team}"), lambda now: not now["report"]["dismissed"])
