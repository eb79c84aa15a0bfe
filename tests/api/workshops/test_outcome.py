"""What a workshop leaves behind: frozen versions, and files that are safe to open."""

from __future__ import annotations

import csv
import io
import json

import pytest
from meeting import GOOD, WEAK, Meeting, meet
from openpyxl import load_workbook
from stores import Office

FORMULA = "=SUM(A1:A9)*2 from 4 to 9"
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def meeting(office: Office) -> Meeting:
    return meet(office)


def test_frozen_drafts_are_versions_and_freezing_again_makes_the_next(meeting: Meeting) -> None:
    ines = meeting.join("Ines", "Front desk")
    ines.draft(GOOD, 0)
    done = meeting.facilitator.send("POST", "/freeze")
    assert len(done["created"]) == 1
    refused = ines.ask("PUT", f"/teams/{ines.team}/draft", json={"version": 1, "text": WEAK})
    assert (refused.status_code, refused.json()["code"]) == (409, "workshop-frozen")
    meeting.facilitator.send("POST", "/reopen")
    ines.draft(GOOD.replace("feel at home", "are at home"), 1)
    again = meeting.facilitator.send("POST", "/freeze")
    assert (again["created"], again["updated"]) == ([], done["created"])
    okr = meeting.office.get(f"/okrs/{done['created'][0]}")
    assert okr["objective"] == "Guests are at home from the first call"
    assert okr["key_results"] == ["Repeat stays from 20 % to 35 %", "Complaints from 40 to 12 a month"]
    history = meeting.office.get(f"/okrs/{okr['id']}/history")["items"]
    assert [one["change"] for one in history] == ["changed", "created"]
    assert "Planning day" in history[0]["why"]


def test_every_format_holds_the_outcome_and_runs_nothing(meeting: Meeting) -> None:
    ines, omar = meeting.join("Ines", f"Front {MARKUP}"), meeting.join("Omar", "Kitchen")
    ines.draft(WEAK.replace("Guests feel", f"{MARKUP} feel"), 0)
    meeting.facilitator.send("POST", "/stage", {"stage": 2})
    ines.draft(f"O: {MARKUP} feel at home from the first call\nKR1: {FORMULA}\nKR2: Complaints from 40 to 12", 1)
    ines.send("POST", "/requests", {"to_team": omar.team, "text": MARKUP})
    asked = ines.get()["requests"][0]
    omar.send("POST", f"/requests/{asked['id']}/answer", {"state": "declined", "reason": FORMULA})
    meeting.facilitator.send("POST", "/notes", {"kind": "decision", "text": MARKUP, "owner": MARKUP})
    page = ines.ask("GET", "/export?format=html")
    assert "<img" not in page.text
    assert "&lt;img src=x" in page.text
    assert "Changed since the draft" in page.text
    said = ines.ask("GET", "/export").text
    assert "<img" not in said
    assert "## Decisions" in said
    whole = json.loads(ines.ask("GET", "/export?format=json").text)
    assert whole["notes"][0]["text"] == MARKUP
    assert whole["dependencies"][0]["state"] == "declined"
    assert whole["teams"][0]["changed"]
    rows = list(csv.reader(io.StringIO(ines.ask("GET", "/export?format=csv").content.decode("utf-8-sig"))))
    assert rows[1][-1] == f"'{FORMULA}"
    sheet = load_workbook(io.BytesIO(ines.ask("GET", "/export?format=xlsx").content)).active
    assert sheet.cell(2, len(rows[0])).data_type == "s"
    assert sheet.cell(2, len(rows[0])).value == f"'{FORMULA}"
