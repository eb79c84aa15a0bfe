"""`POST /v1/overlaps` end to end with the real models."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app

SALES = {
    "team": "Sales",
    "objective": "Mid-size firms buy without a visit",
    "key_results": ["First orders from mid-size firms from 40 to 70", "", "Hire 2 sellers"],
}
MARKETING = {
    "team": "Marketing",
    "objective": "Mid-size firms ask us first",
    "key_results": ["First orders of mid-size firms rise from 40 to 70", "Fill the two open writer roles"],
}


def post(client: TestClient, **body: Any) -> dict[str, Any]:
    response = client.post("/v1/overlaps", json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def refused(client: TestClient, status: int, **body: Any) -> dict[str, Any]:
    response = client.post("/v1/overlaps", json=body)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    answer: dict[str, Any] = response.json()
    return answer


def test_related_lines_come_typed_with_indices_and_quotes_as_sent(client: TestClient) -> None:
    answer = post(client, okrs=[SALES, MARKETING])
    first = answer["pairs"][0]
    assert (first["a"], first["b"]) == ({"okr": 0, "key_result": 0}, {"okr": 1, "key_result": 0})
    assert first["type"] == "duplicate"
    assert first["quotes"] == [SALES["key_results"][0], MARKETING["key_results"][0]]
    assert answer["threshold"] <= answer["shown"] <= first["score"] <= 1
    assert answer["clusters"][0]["teams"] == ["Sales", "Marketing"]
    assert answer["coverage"] is None


def test_all_returns_every_pair_and_blank_lines_keep_their_place(client: TestClient) -> None:
    answer = post(client, okrs=[SALES, MARKETING], all=True)
    places = {
        (pair["a"]["key_result"], pair["b"]["key_result"])
        for pair in answer["pairs"]
        if pair["a"]["key_result"] is not None
    }
    assert places == {(0, 0), (0, 1), (2, 0), (2, 1)}
    for pair in answer["pairs"]:
        assert (pair["type"] == "unrelated") == (pair["score"] < answer["threshold"])


def test_strategy_gives_the_matrix_and_what_serves_nothing(client: TestClient) -> None:
    pillars = ["Mid-size firms become our main customers", {"name": "Nobody gets hurt at work"}]
    answer = post(client, okrs=[SALES, MARKETING], strategy=pillars)
    rows = answer["coverage"]["pillars"]
    assert [row["state"] for row in rows] == ["served", "unserved"]
    assert [cell["team"] for cell in rows[0]["cells"]] == ["Sales", "Marketing"]
    assert answer["coverage"]["serving_nothing"] == []


def test_a_team_may_send_pasted_text(client: TestClient) -> None:
    text = "O: Mid-size firms ask us first\nKR: First orders of mid-size firms rise from 40 to 70\n\n"
    text += "O: Calm\nKR: Errors 9 to 3\n"
    answer = post(client, okrs=[SALES, {"team": "Marketing", "text": text}])
    assert [okr["team"] for okr in answer["okrs"]] == ["Sales", "Marketing", "Marketing"]
    assert answer["pairs"][0]["quotes"][1] == "First orders of mid-size firms rise from 40 to 70"


def test_a_copy_of_the_parent_is_named_as_one(client: TestClient) -> None:
    parent = {"objective": "We grow", "key_results": [SALES["key_results"][0]]}
    answer = post(client, okrs=[SALES, MARKETING], parent=parent)
    assert answer["copied_from_parent"][0]["place"] == {"okr": 0, "key_result": 0}


def test_what_cannot_be_compared_is_refused_with_what_to_do(client: TestClient) -> None:
    missing = refused(client, 422, okrs=[SALES, {"objective": "No team here", "key_results": []}])
    assert missing["code"] == "team-missing"
    assert "okrs[1]" in missing["detail"]
    many = [{"team": str(at), "key_results": ["x"] * 67} for at in range(3)]
    assert refused(client, 413, okrs=many, all=True)["code"] == "too-large"
    assert refused(client, 422, okrs=[SALES, {"team": "x", "text": "\n"}])["code"] == "no-okrs"
    assert refused(client, 422, okrs=[{"team": "x", "text": "O: a", "objective": "b"}])["code"] == "invalid-request"
    assert refused(client, 422, okrs=[SALES], surprise=1)["code"] == "invalid-request"


def test_the_route_is_guarded_and_bounded_like_the_others(coach: Coach) -> None:
    settings = Settings(tokens=("secret",), max_plan_chars=1_000)
    with TestClient(create_app(settings, coach)) as client:
        assert client.post("/v1/overlaps", json={"okrs": [SALES]}).status_code == 401
        client.headers["Authorization"] = "Bearer secret"
        long = {**SALES, "key_results": ["y" * 900]}
        assert refused(client, 413, okrs=[long, MARKETING])["code"] == "too-large"
