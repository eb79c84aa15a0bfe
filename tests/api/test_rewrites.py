"""`POST /v1/rewrites`, and rewrites beside a review."""

from __future__ import annotations

import json
from typing import Any

from fastapi.testclient import TestClient

DRAFT = (
    "Q3 2026\nO: New customers feel at home in their first week\n"
    "KR1: Cut median time to first invoice from 9 days to 3\n"
    "KR2: Launch the new setup wizard\nKR3: Support satisfaction stays above 95 %\n"
    "KR4: Raise customers who renew from 61 % to 75 %\n"
)


def post(client: TestClient, **body: Any) -> dict[str, Any]:
    response = client.post("/v1/rewrites", json={"text": DRAFT, **body})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_flagged_lines_get_rewrites_questions_and_grades(client: TestClient) -> None:
    answer = post(client)
    kinds = {(r["target"]["key_result"], r["kind"]) for r in answer["rewrites"]}
    assert kinds == {(None, "okr"), (1, "line"), (1, "move"), (2, "line"), (2, "move")}
    for rewrite in answer["rewrites"]:
        assert rewrite["writer"] == "embedded"
        assert rewrite["grade_after"] >= rewrite["grade_before"]
        assert all(f"[{blank}]" in rewrite["text"] for blank in rewrite["blanks"])
        assert rewrite["answers_findings"]
    kpi = next(r for r in answer["rewrites"] if r["target"]["key_result"] == 2)
    assert kpi["text"] == "Raise support satisfaction from [current %] to 95 %"
    assert "".join(change["text"] for change in kpi["diff"] if change["op"] != "out") == kpi["text"]
    assert {q["target"]["key_result"] for q in answer["questions"]} == {1, 2}


def test_targets_answers_and_n_are_heeded(client: TestClient) -> None:
    target = {"objective": 0, "key_result": 2}
    answer = post(client, targets=[target], n=1, answers=[{"target": target, "blank": "[current %]", "text": "88 %"}])
    lines = [r for r in answer["rewrites"] if r["kind"] == "line"]
    assert [r["text"] for r in lines] == ["Raise support satisfaction from 88 % to 95 %"]
    assert lines[0]["answered"] == ["88 %"]


def test_structured_drafts_are_rewritten_too(client: TestClient) -> None:
    body = {"okrs": [{"objective": "Guests come back", "key_results": ["Keep NPS above 50"], "cycle": "Q3 2026"}]}
    response = client.post("/v1/rewrites", json=body)
    assert "Raise NPS from [current number] to 50" in {r["text"] for r in response.json()["rewrites"]}


def test_an_llm_that_is_not_there_is_a_problem(client: TestClient) -> None:
    response = client.post("/v1/rewrites", json={"text": DRAFT, "writer": "llm"})
    assert response.status_code == 422
    assert response.json()["code"] == "llm-not-configured"


def test_bad_requests_are_refused(client: TestClient) -> None:
    for body in ({"n": 0}, {"writer": "poet"}, {"targets": [{"objective": -1}]}, {"answers": [{"text": "x"}]}):
        assert client.post("/v1/rewrites", json={"text": DRAFT, **body}).status_code == 422
    assert client.post("/v1/rewrites", json={}).status_code == 422


def test_a_review_brings_them_along_when_asked(client: TestClient) -> None:
    plain = client.post("/v1/reviews", json={"text": DRAFT}).json()
    assert plain["rewrites"] is None
    asked = client.post("/v1/reviews", json={"text": DRAFT, "rewrites": True}).json()
    assert asked["rewrites"] == post(client)["rewrites"]
    assert asked["questions"]


def test_a_stream_sends_them_before_it_is_done(client: TestClient) -> None:
    response = client.post(
        "/v1/reviews", json={"text": DRAFT, "rewrites": True}, headers={"Accept": "text/event-stream"}
    )
    events = [block.split("\n") for block in response.text.strip().split("\n\n")]
    named = {lines[0].removeprefix("event: "): json.loads(lines[1].removeprefix("data: ")) for lines in events}
    assert list(named) == ["parsed", "findings", "rewrites", "done"]
    assert named["rewrites"]["rewrites"] == named["done"]["rewrites"]
