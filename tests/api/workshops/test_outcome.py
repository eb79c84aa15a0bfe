"""What a workshop leaves behind: frozen versions, and files that are safe to open."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from html.parser import HTMLParser

import pytest
from meeting import GOOD, WEAK, Meeting, meet
from openpyxl import load_workbook
from stores import Office

from app.api.workshops.outcome import changes
from app.services.store import Scope

FORMULA = "=SUM(A1:A9)*2 from 4 to 9"
OKR = {"objective", "key_results", "cycle_id", "team_id", "parent_id"}
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


def test_freezing_commits_and_freezing_again_goes_into_the_ledger(meeting: Meeting) -> None:
    ines = meeting.join("Ines", "Front desk")
    ines.draft(GOOD, 0)
    [okr] = meeting.facilitator.send("POST", "/freeze")["created"]
    office = meeting.office
    body = {key: value for key, value in office.get(f"/okrs/{okr}").items() if key in OKR}
    body["key_results"] = ["Repeat stays from 20 % to 30 %", *body["key_results"][1:]]
    refused = office.ask("PUT", f"/okrs/{okr}", json=body, headers={"If-Match": "*"})
    assert (refused.status_code, refused.json()["code"]) == (422, "reason-needed")
    meeting.facilitator.send("POST", "/reopen")
    ines.draft(GOOD.replace("35 %", "30 %"), 1)
    meeting.facilitator.send("POST", "/freeze")
    [entry] = office.get(f"/okrs/{okr}/ledger")["items"]
    assert (entry["moved"], entry["reason"]) == (["target"], "agreed in the workshop Planning day")


def test_who_freezes_again_may_say_why_and_the_ledger_keeps_it(meeting: Meeting) -> None:
    ines = meeting.join("Ines", "Front desk")
    ines.draft(GOOD, 0)
    assert meeting.facilitator.get()["committed"] is False
    [okr] = meeting.facilitator.send("POST", "/freeze", {"why": "  "})["created"]
    assert meeting.office.get(f"/okrs/{okr}/history")["items"][0]["why"] == "agreed in the workshop Planning day"
    meeting.facilitator.send("POST", "/reopen")
    assert meeting.facilitator.get()["committed"] is True
    ines.draft(GOOD.replace("35 %", "30 %"), 1)
    refused = meeting.facilitator.ask("POST", "/freeze", json={"why": "x" * 2_001})
    assert refused.status_code == 422
    meeting.facilitator.send("POST", "/freeze", {"why": f" The survey came late {MARKUP} "})
    [entry] = meeting.office.get(f"/okrs/{okr}/ledger")["items"]
    assert (entry["moved"], entry["reason"]) == (["target"], f"The survey came late {MARKUP}")


def test_what_was_frozen_leads_to_how_it_goes_and_back(meeting: Meeting) -> None:
    ines = meeting.join("Ines", "Front desk")
    ines.draft(GOOD, 0)
    before = [ines.ask("GET", f"/export?format={kind}").text for kind in ("html", "json", "markdown")]
    assert not any("/progress" in page for page in before)
    client, base = meeting.office.client, f"/workspaces/{meeting.office.workspace}"
    path = meeting.facilitator.send("POST", "/freeze")["progress"]
    assert path.startswith(f"{base}/cycles/")
    address = str(client.base_url).rstrip("/") + path
    assert f'href="{address}"' in ines.ask("GET", "/export?format=html").text
    assert ines.ask("GET", "/export?format=json").json()["progress"] == address
    assert f"<{address}>" in ines.ask("GET", "/export").text
    board = client.get(f"/workshops/{meeting.workshop}/board", headers={"Authorization": f"Bearer {ines.token}"})
    assert f'href="{path}"' in board.text
    other = meet(meeting.office, name="Never frozen")
    sent = {"key": meeting.office.tokens[Scope.READ], "to": path}
    assert client.post(f"{base}/door", data=sent, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    page = client.get(path).text
    client.cookies.clear()
    assert f'href="/workshops/{meeting.workshop}/board"' in page
    assert other.workshop not in page


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        (
            ["O: Stay", "KR1: Fewer"],
            ["O: Nobody leaves", "KR1: Rota", "KR2: x"],
            [("O: Stay", "O: Nobody leaves"), ("KR1: Fewer", "KR1: Rota"), ("", "KR2: x")],
        ),
        (["one two three", "four five six"], ["four five six"], [("one two three", "")]),
        (["four five six"], ["one two three", "", "four five six"], [("", "one two three")]),
        (["first of all", "second of them"], ["second of them", "first of all"], []),
        (
            ["Raise answers to 80 %"],
            ["Raise answers from 61 % to 80 %"],
            [("Raise answers to 80 %", "Raise answers from 61 % to 80 %")],
        ),
        ([], ["x"], [("", "x")]),
        (["x"], [], [("x", "")]),
    ],
)
def test_changes_are_told_line_by_line(before: list[str], after: list[str], pairs: list[tuple[str, str]]) -> None:
    found = changes(before, after)
    assert [(one["was"], one["is"]) for one in found] == pairs
    for one in found:
        words = one["words"]
        assert "".join(part["text"] for part in words if part["op"] != "in").split() == one["was"].split()
        assert "".join(part["text"] for part in words if part["op"] != "out").split() == one["is"].split()


def test_the_report_stands_alone_and_shows_who_serves_and_who_waits(meeting: Meeting) -> None:
    ines, omar = meeting.join("Ines", f"Front {MARKUP}"), meeting.join("Omar", "Kitchen")
    ines.draft(WEAK, 0)
    ines.draft(GOOD, 1)
    omar.draft(GOOD.replace("Guests feel", "Cooks feel"), 0)
    asks = [("Towels by noon", "agreed", {"owner": "Floor lead"}), ("A new oven", "declined", {"reason": "No money"})]
    for text, state, more in asks:
        ines.send("POST", "/requests", {"to_team": omar.team, "text": text})
        asked = next(one for one in omar.get()["requests"] if one["text"] == text)
        omar.send("POST", f"/requests/{asked['id']}/answer", {"state": state, **more})
    meeting.facilitator.send("POST", "/notes", {"kind": "not-doing", "text": "No loyalty card"})
    # As after a restart: nothing is drawn yet.
    meeting.office.client.app.state.desk._maps.pop(meeting.workshop, None)  # type: ignore[attr-defined]
    whole = json.loads(ines.ask("GET", "/export?format=json").text)
    assert whole["meetings"]
    assert whole["summary"]["agreed"] == 1
    assert whole["teams"][0]["changed"][0]["is"] == "KR1: Repeat stays from 20 % to 35 %"
    answer = ines.ask("GET", "/export?format=html")
    page = answer.text
    for said in ("Towels by noon", "Floor lead", "No money", "No loyalty card", "Changed since the draft"):
        assert said in page
    assert page.count('class="edge"') == 1
    assert len(re.findall(r"[=∩≠→]\d+</text>", page)) == 2
    assert not re.search(r'(src|href)="[^#]', page)
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]
    assert "'self'" not in answer.headers["content-security-policy"]
    reader = Balance()
    reader.feed(page)
    assert reader.open == []


class Balance(HTMLParser):
    """Checks that what is opened is closed."""

    EMPTY = frozenset({"meta", "br", "rect", "path"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in self.EMPTY or self.open.pop() == tag


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
