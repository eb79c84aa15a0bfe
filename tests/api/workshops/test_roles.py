"""Who may do what, for every route of the application: by role, by team, by workshop, by link.

The routes are taken from the application, so a new one fails here until it is said who may use it.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from itsdangerous import URLSafeTimedSerializer
from meeting import GOOD, Guest, Meeting, meet
from stores import Office, new_office
from who import LEAD, MAY, MEMBER, OBSERVER, SECRET, as_role, call, everything

from app.config import Settings
from app.main import create_app
from app.services.store.tables import now
from app.services.store.workshops.tables import WorkshopLink


@pytest.fixture
def meeting(office: Office) -> Meeting:
    return meet(office)


@pytest.fixture
def ids(meeting: Meeting) -> dict[str, str]:
    return everything(meeting)


def test_it_is_said_of_every_route_who_may_use_it() -> None:
    prefix = "/v1/workshops/{workshop}"
    paths = create_app(Settings()).openapi()["paths"]
    routes = {
        (method.upper(), path.removeprefix(prefix))
        for path, methods in paths.items()
        if path.startswith("/v1/workshops")
        for method in methods
    }
    assert routes == MAY.keys() | {("POST", "/join")}


@pytest.mark.parametrize("role", [LEAD, MEMBER, OBSERVER])
def test_a_role_may_do_what_it_may_and_no_more(meeting: Meeting, ids: dict[str, str], role: str) -> None:
    guest = as_role(meeting, role, ids["team_id"])
    for (method, path), roles in MAY.items():
        if role not in roles:
            answer = call(guest, method, path, ids)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (method, path)
        elif path != "/events":
            assert call(guest, method, path, ids).status_code not in {401, 422, 500}, (method, path)


@pytest.mark.parametrize("role", [LEAD, MEMBER])
def test_another_teams_table_is_shut(meeting: Meeting, ids: dict[str, str], role: str) -> None:
    guest = as_role(meeting, role, ids["other"])
    for method, path in MAY:
        if path.startswith("/teams/"):
            answer = call(guest, method, path, ids)
            assert answer.status_code == 403, (method, path)
            assert GOOD.split("\n")[1] not in answer.text
    if role == LEAD:
        own = {"from_team": ids["team_id"], "to_team": ids["other"], "text": "x"}
        assert guest.ask("POST", "/requests", json=own).status_code == 403
        asked = guest.send("POST", "/requests", {"to_team": ids["team_id"], "text": "x"})
        answer = guest.ask("POST", f"/requests/{asked['id']}/answer", json={"state": "agreed"})
        assert answer.status_code == 403
        assert guest.ask("DELETE", f"/notes/{ids['note_id']}").status_code == 403


def test_nobody_comes_in_from_elsewhere(meeting: Meeting, ids: dict[str, str]) -> None:
    elsewhere = meet(new_office(meeting.office.client))
    beside = meet(meeting.office)
    person = meeting.facilitator.get("/people")[0]["id"]
    forged = "okrw_" + URLSafeTimedSerializer("guessed", salt=f"session:{meeting.workshop}").dumps(person)
    removed = meeting.join("Gone", "Kitchen")
    meeting.facilitator.send("DELETE", f"/people/{removed.person['id']}")
    strangers = {
        "another workspace's": elsewhere.facilitator.token,
        "another workshop's": beside.facilitator.token,
        "forged": forged,
        "cut": meeting.facilitator.token[:-3],
        "a link's": "okrw_" + meeting.links["facilitator"],
        "a key": next(iter(meeting.office.tokens.values())),
        "none": "",
        "removed": removed.token,
    }
    before = meeting.facilitator.get()
    for method, path in MAY:
        for whose, token in strangers.items():
            answer = call(Guest(meeting.office, meeting.workshop, token, {}), method, path, ids)
            assert answer.status_code == 401, (method, path, whose)
            assert SECRET not in answer.text
    after = meeting.facilitator.get()
    assert {**after, "now": ""} == {**before, "now": ""}
    for method, path in MAY:
        if "{" in path:
            answer = call(elsewhere.facilitator, method, path, ids)
            assert answer.status_code == 404, (method, path, answer.text)


def test_a_link_that_is_forged_expired_revoked_or_anothers_opens_nothing(meeting: Meeting) -> None:
    client = meeting.office.client

    def tried(token: str) -> tuple[int, str]:
        body = {"link": token, "name": "Ines", "team": "Kitchen"}
        answer = client.post(f"/v1/workshops/{meeting.workshop}/join", json=body)
        page = client.get(f"/workshops/{meeting.workshop}/join", params={"link": token})
        assert page.status_code == answer.status_code
        return answer.status_code, answer.json()["code"]

    made = meeting.facilitator.send("POST", "/links", {"role": "lead"})
    token = made["path"].partition("link=")[2]
    age(client, made["id"])
    assert tried(token) == (401, "link-expired")
    meeting.facilitator.send("DELETE", f"/links/{made['id']}")
    for bad in (
        token,
        token[:-2],
        "x",
        "",
        meet(meeting.office).links["facilitator"],
        meeting.facilitator.token.removeprefix("okrw_"),
        URLSafeTimedSerializer("guessed", salt=f"link:{meeting.workshop}").dumps(made["id"]),
    ):
        assert tried(bad) == (401, "link-invalid"), bad
    assert not meeting.facilitator.get()["teams"]


def age(client: TestClient, link_id: str) -> None:
    """Let a link's time be over."""

    async def act() -> None:
        from sqlalchemy import update

        async with client.app.state.database.writing() as session:  # type: ignore[attr-defined]
            gone = now() - timedelta(seconds=1)
            await session.execute(update(WorkshopLink).where(WorkshopLink.id == link_id).values(expires_at=gone))

    assert client.portal
    client.portal.call(act)


def test_a_cookie_serves_the_own_site_alone(meeting: Meeting, ids: dict[str, str]) -> None:
    client = meeting.office.client
    name = f"okrw_{meeting.workshop}"
    path = f"/v1/workshops/{meeting.workshop}/notes"
    body = {"kind": "decision", "text": "x"}
    for headers, status in (
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
    ):
        shown = {"Cookie": f"{name}={meeting.facilitator.token}", **headers}
        assert client.post(path, json=body, headers=shown).status_code == status, headers
    joined = client.post(
        f"/v1/workshops/{meeting.workshop}/join",
        json={"link": meeting.links["member"], "name": "Ines", "team_id": ids["team_id"]},
    )
    client.cookies.clear()
    assert "HttpOnly" in joined.headers["set-cookie"]
    assert "samesite=lax" in joined.headers["set-cookie"].lower()


def test_votes_stay_blind_until_they_are_shown_and_name_nobody(meeting: Meeting) -> None:
    lead, omar = meeting.join("Ines", "Kitchen"), meeting.join("Omar", "Kitchen")
    lead.draft(GOOD, 0)
    vote = {"line": 2, "kind": "confidence"}
    lead.send("PUT", f"/teams/{lead.team}/votes", {**vote, "value": 2})
    seen = omar.send("PUT", f"/teams/{lead.team}/votes", {**vote, "value": 5})
    assert (seen["voted"], seen["spread"], seen["yours"]) == (2, None, {"confidence": 5})
    assert omar.ask("POST", f"/teams/{lead.team}/reveal", json={"line": 2}).status_code == 403
    lead.send("POST", f"/teams/{lead.team}/reveal", {"line": 2})
    tally = omar.get(f"/teams/{lead.team}")["votes"][0]
    assert tally["spread"] == [0, 1, 0, 0, 1]
    assert "Ines" not in str(tally)
    late = omar.ask("PUT", f"/teams/{lead.team}/votes", json={**vote, "value": 1})
    assert (late.status_code, late.json()["code"]) == (409, "revealed")
    lead.send("POST", f"/teams/{lead.team}/reveal", {"line": 2, "open": False})
    assert omar.get(f"/teams/{lead.team}")["votes"] == []
