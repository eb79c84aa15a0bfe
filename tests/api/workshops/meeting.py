"""What the workshop tests share: a workshop, and people in it who ask."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stores import Office

PILLARS = [{"name": "Guests come back", "text": "They return without being asked"}]
WEAK = (
    "O: Guests feel at home from the first call\nKR1: Launch the new booking page\nKR2: Raise same-day answers to 80 %"
)
GOOD = (
    "O: Guests feel at home from the first call\n"
    "KR1: Repeat stays from 20 % to 35 %\nKR2: Complaints from 40 to 12 a month"
)


def until(ask: Callable[[], Any], holds: Callable[[Any], bool]) -> Any:
    """What `ask` says once it is so; fails after a long while."""
    for _ in range(600):
        found = ask()
        if holds(found):
            return found
        time.sleep(0.02)
    raise AssertionError(found)


@dataclass(frozen=True)
class Guest:
    """Somebody in a workshop."""

    office: Office
    workshop: str
    token: str
    person: dict[str, Any]

    @property
    def team(self) -> str:
        return str(self.person["team_id"])

    def ask(self, method: str, path: str = "", **sent: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} | sent.pop("headers", {})
        return self.office.client.request(method, f"/v1/workshops/{self.workshop}{path}", headers=headers, **sent)

    def get(self, path: str = "") -> Any:
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, method: str, path: str, body: object = None) -> Any:
        answer = self.ask(method, path, json=body)
        assert answer.status_code in {200, 201, 204}, answer.text
        return answer.json() if answer.content else None

    def draft(self, text: str, version: int, team: str | None = None) -> Any:
        return self.send("PUT", f"/teams/{team or self.team}/draft", {"version": version, "text": text})


@dataclass(frozen=True)
class Meeting:
    """A workshop with its facilitator and its links by role."""

    office: Office
    workshop: str
    facilitator: Guest
    links: dict[str, str]

    def join(self, name: str, team: str | None = None, role: str = "member", **sent: Any) -> Guest:
        body = {"link": self.links[role], "name": name, **({"team": team} if team else {}), **sent}
        answer = self.office.client.post(f"/v1/workshops/{self.workshop}/join", json=body)
        assert answer.status_code == 201, answer.text
        self.office.client.cookies.clear()
        found = answer.json()
        return Guest(self.office, self.workshop, found["token"], found["person"])


def meet(office: Office, **settings: Any) -> Meeting:
    """A new workshop of this office."""
    body = {"name": "Planning day", "cycle": "Q3 2026", "pillars": PILLARS, **settings}
    made = office.post("/workshops", body)
    workshop = made["workshop"]["id"]
    facilitator = Guest(office, workshop, made["token"], {"team_id": None})
    links = {link["role"]: link["path"].partition("link=")[2] for link in made["links"]}
    return Meeting(office, workshop, facilitator, links)
