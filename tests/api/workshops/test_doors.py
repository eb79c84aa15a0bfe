"""Other sites, old sessions, foreign pages, and hostile words: over every route and every page of a workshop."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute
from meeting import Guest, Meeting, meet
from openpyxl import load_workbook
from stores import Office
from who import LEAD, MAY, MEMBER, OBSERVER, SECRET, as_role, call, everything

from app.api.workshops import access
from app.services.store import Scope
from app.web import workshops as pages

CROSS: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {},
)
MARKUP = "</script><img src=x onerror=alert(1)>\"'&"
FORMULA = "=cmd|'/c calc'!A1"
SEEN = {
    "/workshops/{workshop}": {"facilitator", "lead", "member", "observer"},
    "/workshops/{workshop}/board": {"facilitator", "lead", "member", "observer"},
    "/workshops/{workshop}/wall": {"facilitator", "lead", "member", "observer"},
    "/workshops/{workshop}/teams/{team_id}": {"facilitator", "lead", "member"},
    "/workshops/{workshop}/invite": {"facilitator"},
    "/workshops/{workshop}/setup": {"facilitator"},
    "/workshops/{workshop}/links/{link_id}/qr.svg": {"facilitator"},
}


@pytest.fixture
def meeting(office: Office) -> Meeting:
    return meet(office)


def page(guest: Guest, path: str, ids: dict[str, str], token: str | None = None) -> Any:
    """A page with a session cookie, as a browser asks for it."""
    address = path.format(workshop=guest.workshop, **ids)
    shown = {"Cookie": f"okrw_{guest.workshop}={guest.token if token is None else token}"}
    return guest.office.client.get(address, headers=shown, follow_redirects=False)


def test_no_other_site_can_have_a_browser_change_anything(meeting: Meeting) -> None:
    ids = everything(meeting)
    before = meeting.facilitator.get()
    links, people = links_of(meeting), meeting.facilitator.get("/people")
    cookie = {"Cookie": f"okrw_{meeting.workshop}={meeting.facilitator.token}", "Authorization": ""}
    for method, path in MAY:
        if method == "GET":
            continue
        for headers in CROSS:
            answer = call(meeting.facilitator, method, path, ids, headers={**cookie, **headers})
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (method, path, headers)
    after = meeting.facilitator.get()
    assert {**after, "now": ""} == {**before, "now": ""}
    assert (links_of(meeting), meeting.facilitator.get("/people")) == (links, people)


def links_of(meeting: Meeting) -> list[dict[str, Any]]:
    """The links without their tokens, which are signed anew each time."""
    return [{**link, "path": link["path"] is not None} for link in meeting.facilitator.get("/links")]


@pytest.mark.parametrize("headers", CROSS)
def test_forms_of_other_sites_open_no_workshop_and_seat_nobody(meeting: Meeting, headers: dict[str, str]) -> None:
    client = meeting.office.client
    new = {"name": "x", "cycle": "Q3", "facilitator": "x", "key": meeting.office.tokens[Scope.WRITE]}
    come = {"link": meeting.links["member"], "name": "x", "team": "Kitchen"}
    for path, form in (("/workshops/new", new), (f"/workshops/{meeting.workshop}/join", come)):
        answer = client.post(path, data=form, headers=headers, follow_redirects=False)
        assert answer.status_code == 403, path
        assert "set-cookie" not in answer.headers
    assert len(meeting.office.get("/workshops")["items"]) == 1
    assert not meeting.facilitator.get()["teams"]


def test_an_old_session_opens_nothing(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = everything(meeting)
    monkeypatch.setattr(access, "SESSION_LIVES", timedelta(seconds=-1))
    for method, path in MAY:
        answer = call(meeting.facilitator, method, path, ids)
        assert (answer.status_code, answer.json()["code"]) == (401, "session-expired"), (method, path)
    for path in SEEN:
        answer = page(meeting.facilitator, path, ids)
        assert answer.status_code == 401
        assert SECRET not in answer.text


def test_it_is_said_of_every_page_who_sees_it() -> None:
    own = {
        route.path for route in pages.router.routes if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }
    assert {path for path in own if "{workshop}" in path} == SEEN.keys() | {"/workshops/{workshop}/join"}


@pytest.mark.parametrize("role", [LEAD, MEMBER, OBSERVER])
def test_a_role_sees_its_pages_and_no_others(meeting: Meeting, role: str) -> None:
    ids = everything(meeting)
    guest = as_role(meeting, role, ids["team_id"])
    elsewhere = as_role(meeting, role, ids["other"])
    for path, roles in SEEN.items():
        assert page(guest, path, ids).status_code == (403 if role not in roles else 200 if path.count("/") > 2 else 303)
        if "{team_id}" in path:
            answer = page(elsewhere, path, ids)
            assert answer.status_code == 403
            assert SECRET not in answer.text


def test_pages_are_shut_to_strangers(meeting: Meeting) -> None:
    ids = everything(meeting)
    beside = meet(meeting.office)
    for path in SEEN:
        for token in ("", "okrw_x", beside.facilitator.token, "okrw_" + meeting.links["facilitator"]):
            answer = page(meeting.facilitator, path, ids, token)
            assert answer.status_code == 401, (path, token)
            assert SECRET not in answer.text


def test_hostile_words_stay_words_on_every_page_and_in_every_export(office: Office) -> None:
    pillars = [{"name": MARKUP, "text": MARKUP}]
    agenda = [{"name": MARKUP[:80], "kind": "draft", "minutes": 5}]
    meeting = meet(office, name=MARKUP, cycle=f"{FORMULA} {MARKUP}", pillars=pillars, agenda=agenda, facilitator=MARKUP)
    lead = meeting.join(MARKUP, f"{FORMULA} {MARKUP}")
    other = meeting.join(MARKUP, f"{MARKUP} 2")
    lead.draft(f"O: {MARKUP} feel at home\nKR1: {FORMULA}\nKR2: [{MARKUP[9:30]}] from 40 to 12\nLaunch {MARKUP}", 0)
    lead.send("POST", f"/teams/{lead.team}/comments", {"line": 1, "text": MARKUP})
    asked = lead.send("POST", "/requests", {"to_team": other.team, "text": MARKUP, "line": 1})
    agreed = {"state": "agreed", "owner": MARKUP, "reason": MARKUP}
    other.send("POST", f"/requests/{asked['id']}/answer", agreed)
    for kind in ("decision", "not-doing", "homework"):
        meeting.facilitator.send("POST", "/notes", {"kind": kind, "text": MARKUP, "owner": MARKUP})
    blank = {"line": 3, "blank": MARKUP[9:30].strip(), "owner": MARKUP}
    lead.send("PUT", f"/teams/{lead.team}/homework", blank)
    ids = {"team_id": lead.team, "link_id": meeting.facilitator.get("/links")[0]["id"]}
    door = f"/workshops/{meeting.workshop}/join?link={meeting.links['member']}"
    for path in (*SEEN, door):
        answer = page(meeting.facilitator, path, ids)
        assert "<img src=x" not in answer.text, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    for kind in ("html", "markdown"):
        said = lead.ask("GET", f"/export?format={kind}")
        assert "<img" not in said.text, kind
        assert "&lt;img" in said.text
    text = lead.ask("GET", "/export?format=csv").content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(lead.ask("GET", "/export?format=xlsx").content)).active
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    cells += [str(cell.value) for row in book.iter_rows() for cell in row if cell.value is not None]
    assert sum(FORMULA in cell for cell in cells) >= 4
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert not [cell for row in book.iter_rows() for cell in row if cell.data_type == "f"]
