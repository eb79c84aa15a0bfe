"""Who may do what in a workshop, by role, for every route below `/v1/workshops/{workshop}`; and how each is called."""

from __future__ import annotations

import re
from typing import Any

from meeting import GOOD, WEAK, Guest, Meeting, until

SECRET = "Sealed envelope 7391"
FACILITATOR, LEAD, MEMBER, OBSERVER = ROLES = "facilitator", "lead", "member", "observer"
ALL, SEATED, LEADING, RUNNING = set(ROLES), {FACILITATOR, LEAD, MEMBER}, {FACILITATOR, LEAD}, {FACILITATOR}
MAY = {
    ("GET", ""): ALL,
    ("GET", "/map"): ALL,
    ("GET", "/events"): ALL,
    ("PUT", "/agenda"): RUNNING,
    ("POST", "/stage"): RUNNING,
    ("POST", "/timer"): RUNNING,
    ("POST", "/here"): RUNNING,
    ("GET", "/links"): RUNNING,
    ("POST", "/links"): RUNNING,
    ("DELETE", "/links/{link_id}"): RUNNING,
    ("POST", "/links/{link_id}/renew"): RUNNING,
    ("PUT", "/limits"): RUNNING,
    ("GET", "/people"): RUNNING,
    ("PUT", "/people/{person_id}"): RUNNING,
    ("DELETE", "/people/{person_id}"): RUNNING,
    ("GET", "/teams/{team_id}"): SEATED,
    ("PUT", "/teams/{team_id}/draft"): SEATED,
    ("GET", "/teams/{team_id}/history"): SEATED,
    ("POST", "/teams/{team_id}/ready"): LEADING,
    ("POST", "/teams/{team_id}/findings/{finding_id}"): SEATED,
    ("POST", "/teams/{team_id}/comments"): SEATED,
    ("POST", "/teams/{team_id}/comments/{comment_id}/resolve"): SEATED,
    ("PUT", "/teams/{team_id}/votes"): SEATED,
    ("POST", "/teams/{team_id}/reveal"): LEADING,
    ("POST", "/teams/{team_id}/rewrites"): SEATED,
    ("PUT", "/teams/{team_id}/homework"): SEATED,
    ("POST", "/requests"): LEADING,
    ("POST", "/requests/{request_id}/answer"): LEADING,
    ("POST", "/notes"): LEADING,
    ("DELETE", "/notes/{note_id}"): LEADING,
    ("GET", "/import"): RUNNING,
    ("POST", "/import"): RUNNING,
    ("POST", "/freeze"): RUNNING,
    ("POST", "/reopen"): RUNNING,
    ("GET", "/export"): SEATED,
}
BODIES: dict[str, Any] = {
    "/agenda": {"agenda": [{"name": "Draft", "kind": "draft", "minutes": 5}]},
    "/stage": {"stage": 0},
    "/timer": {"action": "pause"},
    "/here": {"place": ""},
    "/links": {"role": "member"},
    "/links/{link_id}/renew": {"hours": 1},
    "/limits": {"max_objectives": 3, "max_key_results": 4},
    "/people/{person_id}": {"role": "observer"},
    "/teams/{team_id}/draft": {"version": 1, "text": WEAK},
    "/teams/{team_id}/ready": {"ready": True},
    "/teams/{team_id}/findings/{finding_id}": {"verdict": "accept"},
    "/teams/{team_id}/comments": {"line": 1, "text": "x"},
    "/teams/{team_id}/rewrites": {"version": 1, "targets": [{"objective": 0}]},
    "/teams/{team_id}/homework": {"line": 1, "blank": "x", "owner": "y"},
    "/teams/{team_id}/votes": {"line": 1, "kind": "support", "value": 1},
    "/teams/{team_id}/reveal": {"line": 1},
    "/requests/{request_id}/answer": {"state": "agreed"},
    "/notes": {"kind": "decision", "text": "x"},
    "/import": {"from_cycle": "Q2"},
}


def everything(meeting: Meeting) -> dict[str, str]:
    """A team in which every kind of thing exists."""
    lead = meeting.join("Ines", SECRET)
    lead.draft(f"O: {SECRET}\n{GOOD}", 0)
    until(meeting.facilitator.get, lambda state: state["teams"][0]["reviewed_version"] >= 1)
    until(lambda: meeting.facilitator.get("/map"), lambda drawn: drawn.get("places"))
    comment = lead.send("POST", f"/teams/{lead.team}/comments", {"line": 1, "text": SECRET})
    other = meeting.join("Omar", "Kitchen")
    request = lead.send("POST", "/requests", {"to_team": other.team, "text": "x"})
    note = meeting.facilitator.send("POST", "/notes", {"kind": "decision", "text": "x"})
    return {
        "team_id": lead.team,
        "other": other.team,
        "comment_id": comment["id"],
        "request_id": request["id"],
        "note_id": note["id"],
        "person_id": lead.person["id"],
        "link_id": meeting.facilitator.get("/links")[0]["id"],
        "finding_id": "0",
    }


def call(guest: Guest, method: str, path: str, ids: dict[str, str], **sent: Any) -> Any:
    body = {"to_team": ids["other"], "text": "x"} if path == "/requests" else BODIES.get(path)
    full = re.sub(r"\{(\w+)\}", lambda found: ids[found.group(1)], path)
    return guest.ask(method, full, **({"json": body} if method in {"POST", "PUT"} else {}), **sent)


def as_role(meeting: Meeting, role: str, team: str) -> Guest:
    """Somebody of a role, at that team's table where the role sits at one."""
    if role == FACILITATOR:
        return meeting.facilitator
    if role == OBSERVER:
        return meeting.join("Wall", role=OBSERVER)
    guest = meeting.join("Somebody", team_id=team)
    meeting.facilitator.send("PUT", f"/people/{guest.person['id']}", {"role": role, "team_id": team})
    return guest
