"""What the facilitator changes while it runs: agenda, limits, people, links."""

from __future__ import annotations

import time
from typing import Any

import pytest
from meeting import Meeting, meet
from stores import Office

STAGES = [
    {"name": "Draft", "kind": "draft", "minutes": 20},
    {"name": "Lunch", "kind": "break", "minutes": 45},
    {"name": "Commit", "kind": "commit", "minutes": 10},
]


@pytest.fixture
def meeting(office: Office) -> Meeting:
    return meet(office, template="ninety-minutes")


def changed(meeting: Meeting, agenda: list[dict[str, Any]], **more: int) -> Any:
    return meeting.facilitator.send("PUT", "/agenda", {"agenda": agenda, **more})


def test_the_room_stays_in_its_stage_wherever_that_goes(meeting: Meeting) -> None:
    meeting.facilitator.send("POST", "/stage", {"stage": 1})
    ends = meeting.facilitator.get()["workshop"]["timer_ends_at"]
    room = changed(meeting, STAGES, stage=2)
    assert [stage["name"] for stage in room["agenda"]] == ["Draft", "Lunch", "Commit"]
    assert (room["stage"], room["timer_ends_at"]) == (2, ends)
    assert changed(meeting, STAGES[:1])["stage"] == 0
    assert changed(meeting, STAGES[:2], stage=29)["stage"] == 1


@pytest.mark.parametrize(
    "agenda",
    [[], [{**STAGES[0], "minutes": 0}], [{**STAGES[0], "kind": "party"}], [{**STAGES[0], "name": " "}], STAGES * 11],
    ids=["none", "no time", "no such kind", "no name", "too many"],
)
def test_an_agenda_that_cannot_be_is_refused(meeting: Meeting, agenda: list[dict[str, Any]]) -> None:
    before = meeting.facilitator.get()["workshop"]["agenda"]
    assert meeting.facilitator.ask("PUT", "/agenda", json={"agenda": agenda}).status_code == 422
    assert meeting.facilitator.get()["workshop"]["agenda"] == before


def test_a_renewed_link_opens_and_the_old_one_does_not(meeting: Meeting) -> None:
    lead = meeting.join("Ines", "Kitchen")
    pinned = meeting.facilitator.send("POST", "/links", {"role": "member", "team_id": lead.team})
    renewed = meeting.facilitator.send("POST", f"/links/{pinned['id']}/renew", {"hours": 1})
    assert (renewed["role"], renewed["team_id"]) == ("member", lead.team)
    known = {link["id"]: link for link in meeting.facilitator.get("/links")}
    assert known[pinned["id"]]["path"] is None
    door = f"/v1/workshops/{meeting.workshop}/join"
    for link, status in ((pinned, 401), (renewed, 201)):
        sent = {"link": link["path"].partition("link=")[2], "name": "Omar"}
        assert meeting.office.client.post(door, json=sent).status_code == status
        meeting.office.client.cookies.clear()
    assert meeting.facilitator.ask("POST", "/links/0/renew", json={}).status_code == 404


def test_somebody_always_runs_the_workshop(meeting: Meeting) -> None:
    own = meeting.facilitator.get("/people")[0]["id"]
    lead = meeting.join("Ines", "Kitchen")
    for method, body in (("DELETE", None), ("PUT", {"role": "member", "team_id": lead.team})):
        refused = meeting.facilitator.ask(method, f"/people/{own}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "last-facilitator")
    meeting.facilitator.send("PUT", f"/people/{lead.person['id']}", {"role": "facilitator"})
    meeting.facilitator.send("DELETE", f"/people/{own}")
    assert [person["name"] for person in lead.get("/people")] == ["Ines"]


def test_limits_are_changed_for_every_team(meeting: Meeting) -> None:
    lead = meeting.join("Ines", "Kitchen")
    lead.draft("O: Guests come back\nKR1: Repeat stays from 20 % to 35 %\n\nO: Rooms are ready", 0)
    for _ in range(600):
        if meeting.facilitator.get()["teams"][0]["reviewed_version"]:
            break
        time.sleep(0.02)
    assert not meeting.facilitator.get()["teams"][0]["over_limit"]
    meeting.facilitator.send("PUT", "/limits", {"max_objectives": 1, "max_key_results": 4})
    state = meeting.facilitator.get()
    assert (state["workshop"]["max_objectives"], state["teams"][0]["over_limit"]) == (1, True)
    assert (
        meeting.facilitator.ask("PUT", "/limits", json={"max_objectives": 0, "max_key_results": 4}).status_code == 422
    )
