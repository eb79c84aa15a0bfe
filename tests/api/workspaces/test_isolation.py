"""No route of a workspace opens with another workspace's key, nor without a valid one of the right scope.

The routes are taken from the application, so that a new one is tested as soon as it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from stores import Office, new_office

from app.api.workspaces.routes import ROUTERS
from app.config import Settings
from app.main import create_app
from app.services.store import Scope, keys

SECRET = "Sealed envelope 7391"
OF_CYCLES = ("check-ins", "grades", "carry-over", "ledger")
BODIES: dict[str, dict[str, Any]] = {
    "check-ins": {"key_result": 0, "value": 1},
    "grades": {"scores": [0.5], "learned": "x"},
    "commitments": {},
    "carry-over": {"why": "x"},
}
"""What routes of a plan under way take, by the part of the path that tells them."""
ROUTES = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods or ())
]


def mounted(app: object) -> Iterator[tuple[str, str]]:
    """Every route that the application serves for workspaces, from its own description."""
    for path, methods in app.openapi()["paths"].items():  # type: ignore[attr-defined]
        for method in methods:
            if path.startswith("/v1/workspaces") or path == "/v1/feedback":
                yield method.upper(), path


def test_every_route_of_the_application_is_walked() -> None:
    assert sorted(mounted(create_app(Settings()))) == sorted(ROUTES)
    assert len(ROUTES) > 30


@pytest.fixture
def full(office: Office) -> dict[str, str]:
    """A workspace in which every kind of thing exists; ids by the name that paths give them."""
    cycle = office.post("/cycles", {"name": SECRET})["id"]
    team = office.post("/teams", {"name": SECRET})["id"]
    pillar = office.post("/pillars", {"name": SECRET})["id"]
    kpi = office.post("/kpis", {"name": SECRET})["id"]
    office.put(f"/kpis/{kpi}/values/2026-07-01", {"value": 7391})
    okr = {"objective": SECRET, "key_results": [SECRET], "cycle_id": cycle, "team_id": team}
    made = office.post("/okrs", okr)["id"]
    office.post(f"/okrs/{made}/review", None)
    answer = {"rule": "kpi-as-okr", "quote": SECRET, "verdict": "dismiss", "reason": SECRET}
    dismissed = office.post("/v1/feedback", answer)["content"]
    office.post(f"/cycles/{cycle}/commitments", {})
    office.post(f"/okrs/{made}/check-ins", {"key_result": 0, "value": 7391, "note": SECRET})
    office.put(f"/okrs/{made}", {**okr, "key_results": [f"{SECRET} 2"], "why": SECRET})
    office.post(f"/okrs/{made}/grades", {"scores": [0.7391], "learned": SECRET})
    office.ask("PUT", f"/cycles/{cycle}/carry-over/{made}", json={"why": SECRET})
    return {
        "workspace": office.workspace,
        "cycle_id": cycle,
        "team_id": team,
        "pillar_id": pillar,
        "kpi_id": kpi,
        "on": date(2026, 7, 1).isoformat(),
        "okr_id": made,
        "dismissal": dismissed,
    }


def call(client: TestClient, method: str, path: str, ids: dict[str, str], token: str | None) -> Any:
    """A call with whatever a caller needs but the right key; the body is of no consequence before that."""
    headers = {"If-Match": "*"} | ({"Authorization": f"Bearer {token}"} if token is not None else {})
    full_path = re.sub(r"\{(\w+)\}", lambda found: ids[found.group(1)], path)
    body = {"json": {"finding_id": "0", "verdict": "accept"}} if path == "/v1/feedback" else {"json": {}}
    sent = body if method in {"POST", "PUT"} else {}
    return client.request(method, full_path, headers=headers, **sent)  # type: ignore[arg-type]


def contents(office: Office) -> list[object]:
    lists = ["", "/cycles", "/teams", "/pillars", "/kpis", "/okrs", "/history", "/dismissals"]
    own = [f"/cycles/{cycle['id']}/{what}" for cycle in office.get("/cycles")["items"] for what in OF_CYCLES]
    return [office.get(path) for path in [*lists, *own]]


def test_no_route_opens_with_another_key(office: Office, full: dict[str, str]) -> None:
    before = contents(office)
    other = new_office(office.client)
    own_revoked = revoke_a_new_key(office)
    strangers = {
        "another workspace's": other.tokens[Scope.ADMIN],
        "none": None,
        "empty": "",
        "no key": "s3cret",
        "made up": "okrc_0123456789abcdef_" + "A" * 43,
        "right id, wrong secret": office.tokens[Scope.ADMIN][:-4] + "AAAA",
        "right id, no secret": office.tokens[Scope.ADMIN].rpartition("_")[0] + "_",
        "revoked": own_revoked,
    }
    for method, path in ROUTES:
        for whose, token in strangers.items():
            answer = call(office.client, method, path, full, token)
            place = method, path, whose
            expected = 404 if whose == "another workspace's" else 401
            assert answer.status_code == expected, (place, answer.text)
            assert answer.headers["content-type"] == "application/problem+json", place
            assert SECRET not in answer.text, place
            assert "7391" not in answer.text, place
    assert contents(office) == before
    for path in ("/okrs", "/cycles", "/teams", "/pillars", "/kpis", "/history", "/dismissals"):
        assert other.get(path)["items"] == []


def test_a_key_opens_what_its_scope_allows_and_no_more(office: Office, full: dict[str, str]) -> None:
    for method, path in ROUTES:
        reads = call(office.client, method, path, full, office.tokens[Scope.READ])
        if method == "GET":
            assert reads.status_code == 200, (path, reads.text)
        else:
            assert (reads.status_code, reads.json()["code"]) == (403, "forbidden"), (method, path)
    settings_of = {"cycles", "teams", "pillars", "kpis"}
    for method, path in ROUTES:
        parts = path.split("/")
        own = path.endswith("{workspace}") and method == "PUT"
        if own or (method == "DELETE" and len(parts) == 6 and parts[4] in settings_of):
            answer = call(office.client, method, path, full, office.tokens[Scope.WRITE])
            assert answer.status_code == 403, (method, path)


def test_ids_of_another_workspace_lead_nowhere(office: Office, full: dict[str, str]) -> None:
    """The right workspace in the path, and in path or body the id of something in another one."""
    other = new_office(office.client)
    mixed = {**full, "workspace": other.workspace}
    for method, path in ROUTES:
        if "{workspace}/" in path and path.count("{") > 1:
            bodies = {"objective": "x", "key_results": [], "cycle_id": full["cycle_id"], "value": 1, "name": "x"}
            body = {name: value for name, value in bodies.items() if _takes(path, name)}
            body = next((own for part, own in BODIES.items() if part in path.split("/")), body)
            answer = other.ask(
                method,
                re.sub(r"\{(\w+)\}", lambda found: mixed[found.group(1)], path),
                scope=Scope.ADMIN,
                headers={"If-Match": "*"},
                **({"json": body} if method in {"PUT", "POST"} else {}),
            )
            assert answer.status_code in {404, 422}, (method, path, answer.text)
            assert SECRET not in answer.text
    cycle = other.post("/cycles", {"name": "Q3"})["id"]
    base = {"objective": "x", "key_results": [], "cycle_id": cycle}
    for field in ("cycle_id", "team_id", "parent_id"):
        value = full["okr_id"] if field == "parent_id" else full[field]
        assert other.ask("POST", "/okrs", json={**base, field: value}).status_code == 422
    assert other.ask("POST", "/pillars", json={"name": "x", "cycle_id": full["cycle_id"]}).status_code == 422
    assert other.get("/okrs", params={"cycle": full["cycle_id"]})["items"] == []


def _takes(path: str, name: str) -> bool:
    if path.endswith("/values/{on}"):
        return name == "value"
    if path.endswith("{okr_id}"):
        return name in {"objective", "key_results", "cycle_id"}
    return name == "name" and path.endswith("_id}")


def test_a_review_opens_no_other_workspace(office: Office, full: dict[str, str]) -> None:
    other = new_office(office.client)
    body = {"text": "O: Grow\nKR: x from 1 to 2", "workspace": office.workspace}
    for token, status in ((other.tokens[Scope.ADMIN], 404), ("", 401), ("okrc_x_y", 401)):
        headers = {"Authorization": f"Bearer {token}"}
        answer = office.client.post("/v1/reviews", json=body, headers=headers)
        assert answer.status_code == status
        assert SECRET not in answer.text
    own = {**body, "workspace": other.workspace, "parent_okr": full["okr_id"]}
    assert other.ask("POST", "/v1/reviews", json=own).status_code == 404


def revoke_a_new_key(office: Office) -> str:
    """An admin key of this workspace that no longer counts."""

    async def make(app: object) -> str:
        database = app.state.database  # type: ignore[attr-defined]
        async with database.writing() as session:
            row, token = await keys.issue(session, office.workspace, "old", Scope.ADMIN)
            await keys.revoke(session, row.id)
        return token

    assert office.client.portal
    return office.client.portal.call(make, office.client.app)
