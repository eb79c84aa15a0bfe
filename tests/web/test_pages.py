"""The pages without a browser: headers, forms of other sites, refusals, and what stands in the rule pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.coach.rules import load_rules
from app.config import Settings
from app.main import create_app

from .site import DRAFT, HOSTILE, scripted_coach


@pytest.fixture
def pages() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), scripted_coach())) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/rules", "/rules/kpi-as-okr", "/healthz", "/static/base.css", "/rules/no-such"])
def test_every_response_has_the_security_headers(pages: TestClient, path: str) -> None:
    headers = pages.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_api_pages_have_a_policy_of_their_own(pages: TestClient) -> None:
    policy = pages.get("/docs").headers["content-security-policy"]
    assert "https://cdn.jsdelivr.net" in policy
    assert "frame-ancestors 'none'" in policy


def test_nothing_is_cached_and_nothing_is_set(pages: TestClient) -> None:
    response = pages.post("/", data={"draft": DRAFT})
    assert response.headers["cache-control"] == "no-store"
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_forms_of_other_sites_are_refused(pages: TestClient, headers: dict[str, str], status: int) -> None:
    response = pages.post("/", data={"draft": DRAFT}, headers=headers)
    assert response.status_code == status
    assert ("from another site" in response.text) == (status == 403)


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"draft": ""}, 422, "nothing to review"),
        ({"draft": "O: x\nKR: y", "profile": "marx"}, 422, "marx"),
        ({"draft": "O: x\nKR: y", "team": "t" * 501}, 422, "team"),
        ({"draft": "O: x\nKR: y", "strategy": "\n".join("pillar" for _ in range(51))}, 422, "strategy"),
        ({"draft": "x" * 100_001}, 413, "100,001 characters"),
    ],
)
def test_what_cannot_be_reviewed_comes_back_with_the_reason(
    pages: TestClient, form: dict[str, str], status: int, said: str
) -> None:
    response = pages.post("/", data=form)
    assert response.status_code == status
    alert = response.text.split('role="alert"')[1].split("</div>")[0]
    assert said in alert
    assert form["draft"] in response.text


def test_line_ends_of_a_form_do_not_move_the_findings(pages: TestClient) -> None:
    unix, windows = (pages.post("/", data={"draft": DRAFT.replace("\n", end)}).text for end in ("\n", "\r\n"))
    assert unix.split("Judged by")[0] == windows.split("Judged by")[0]


def test_drafts_are_escaped(pages: TestClient) -> None:
    text = pages.post("/", data={"draft": HOSTILE, "team": '"><script>'}).text
    assert "<img" not in text
    assert "</bdi></textarea>" not in text
    assert text.count("<script") == 2


def test_tokens_guard_the_form_as_they_guard_the_api() -> None:
    with TestClient(create_app(Settings(tokens=("s3cret",)), scripted_coach())) as client:
        assert 'name="token"' in client.get("/").text
        assert client.post("/", data={"draft": DRAFT}).status_code == 401
        assert client.post("/", data={"draft": DRAFT, "token": "s3cret"}).status_code == 200


def test_the_rate_limit_holds_for_the_form() -> None:
    with TestClient(create_app(Settings(rate_limit="1/minute"), scripted_coach())) as client:
        codes = [client.post("/", data={"draft": DRAFT}).status_code for _ in range(2)]
    assert codes == [200, 429]


def test_the_catalogue_leads_to_every_rule(pages: TestClient) -> None:
    catalogue = pages.get("/rules").text
    for rule in load_rules():
        assert f'href="/rules/{rule.id}"' in catalogue
        page = pages.get(f"/rules/{rule.id}")
        assert page.status_code == 200
        for heading in ("Finds", "Why it matters", "Do this instead", "Sources", "Who agrees"):
            assert f">{heading}</h2>" in page.text


def test_a_rule_page_says_who_differs(pages: TestClient) -> None:
    page = pages.get("/rules/individual-goal").text
    assert "would not raise it" in page
    assert "What Matters maps OKRs to individuals" in page


def test_an_unknown_rule_is_a_page_too(pages: TestClient) -> None:
    response = pages.get("/rules/<script>")
    assert response.status_code == 404
    assert "no rule of that name" in response.text
