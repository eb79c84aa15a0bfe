"""`POST /v1/reviews` with an LLM endpoint: events in order, faults as notes, disconnects that hang up."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient
from llm_endpoint import Endpoint, Manner, sensible, serving

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app
from app.wiring import build_llm

DRAFT = "Q3 2026\nO: Guests come back\n- Launch the app\n- NPS stays above 60\n- Repeat bookings from 9 to 14 %\n"
BODY = {"text": DRAFT, "context": {"strategy": ["Loyal guests"]}}
STREAM = {"Accept": "text/event-stream"}
IMPATIENT = 1.5

Events = list[tuple[str, dict[str, Any]]]


def configured(url: str, **more: Any) -> Settings:
    return Settings(openai_base_url=url, llm_model="test-model", **{"llm_timeout": 60} | more)


@contextmanager
def service(coach: Coach, url: str, **more: Any) -> Iterator[TestClient]:
    settings = configured(url, **more)
    with TestClient(create_app(settings, replace(coach, llm=build_llm(settings)))) as client:
        yield client


def read_events(text: str) -> Events:
    found: Events = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def stream(client: TestClient, **more: Any) -> Events:
    response = client.post("/v1/reviews", json=BODY | more, headers=STREAM)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    return read_events(response.text)


@pytest.mark.parametrize("calls", ["review", "line"])
def test_events_come_in_order(coach: Coach, calls: str) -> None:
    with serving() as endpoint, service(coach, endpoint.url, llm_calls=calls) as client:
        events = stream(client)
        plain = client.post("/v1/reviews", json=BODY).json()
    assert [name for name, _ in events] == ["parsed", "findings", *["critic"] * 5, "done"]
    parsed, findings, done = events[0][1], events[1][1], events[-1][1]
    (okr,) = parsed["objectives"]
    assert okr["objective"]["text"] == "Guests come back"
    assert [DRAFT[line["start"] : line["end"]] for line in okr["key_results"]] == [
        line["text"] for line in okr["key_results"]
    ]
    assert findings["engine"]["tiers"] == ["rule", "local"]
    assert findings["engine"]["usage"] is None
    assert done["engine"]["tiers"] == ["rule", "local", "llm"]
    assert done["findings"] == plain["findings"]
    activity = next(f for f in done["findings"] if f["rule"] == "activity-not-outcome")
    assert activity["sources"] == ["local", "llm"]
    assert done["engine"]["usage"] | {"cost": 0} == {
        "model": "test-model",
        "calls": 2 if calls == "review" else 5,
        "input_tokens": 200 if calls == "review" else 500,
        "output_tokens": 40 if calls == "review" else 100,
        "cost": 0,
        "dropped_quotes": 0,
    }


def test_a_verdict_says_which_line_and_which_words(coach: Coach) -> None:
    with serving() as endpoint, service(coach, endpoint.url) as client:
        verdicts = [data for name, data in stream(client) if name == "critic"]
    launch = next(v for v in verdicts if v["kind"] == "activity")
    assert launch["target"] == {"objective": 0, "key_result": 0}
    assert DRAFT[launch["start"] : launch["end"]] == launch["quote"] == "Launch the app"
    linked = next(v for v in verdicts if v["kind"] == "linked")
    assert (linked["target"], linked["pillar"]) == ({"objective": 0, "key_result": None}, 0)


def test_without_an_llm_the_events_are_the_same_less_the_critic(client: TestClient) -> None:
    assert [name for name, _ in stream(client)] == ["parsed", "findings", "done"]


def test_the_llm_alone_is_allowed_where_it_is_configured(coach: Coach) -> None:
    with serving() as endpoint, service(coach, endpoint.url) as client:
        answer = client.post("/v1/reviews", json=BODY | {"critic": "llm"}).json()
        assert client.get("/readyz").json()["models"]["llm"] == "test-model"
    assert answer["engine"]["tiers"] == ["rule", "llm"]


@pytest.mark.parametrize("body", [{"critic": "llm"}, {"profile": "marx"}, {"text": ""}, {"text": 5}])
def test_what_is_refused_is_refused_with_a_status(client: TestClient, body: dict[str, Any]) -> None:
    response = client.post("/v1/reviews", json=BODY | body, headers=STREAM)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


def alien(request: dict[str, Any]) -> Any:
    answer = sensible(request)
    for verdict in answer.get("verdicts", [answer]):
        verdict |= {"quote": "words from another planet", "kind": "activity", "pillar": 40}
    return answer


FAULTS: list[tuple[str, Manner, set[str]]] = [
    ("slow", Manner(seconds=60), {"llm-timeout"}),
    ("trickling", Manner(pause=5), {"llm-timeout"}),
    ("429", Manner(status=429), {"llm-rate-limited"}),
    ("429 for a minute", Manner(status=429, headers={"Retry-After": "60"}), {"llm-rate-limited"}),
    ("500", Manner(status=500), {"llm-down"}),
    ("401", Manner(status=401), {"llm-refused"}),
    ("junk", Manner(text=lambda _: "Sure! Great OKRs."), {"llm-junk"}),
    ("HTML", Manner(body="<p>no</p>", headers={"Content-Type": "text/html"}), {"llm-junk"}),
    ("truncated", Manner(text=lambda text: text[:40]), {"llm-junk"}),
    ("truncated at the cap", Manner(text=lambda text: text[:40], finish="length"), {"llm-truncated"}),
    ("connection cut", Manner(text=lambda text: text[:40], cut=True), {"llm-junk", "llm-truncated"}),
    ("wrong schema", Manner(answer=lambda _: {"findings": [{"rule": "kpi"}]}), {"llm-junk"}),
    ("alien quotes", Manner(answer=alien), {"llm-incomplete"}),
]


@pytest.mark.parametrize("calls", ["review", "line"])
@pytest.mark.parametrize(("manner", "codes"), [(m, c) for _, m, c in FAULTS], ids=[name for name, _, _ in FAULTS])
def test_with_a_bad_endpoint_the_other_tiers_review_in_time(
    coach: Coach, client: TestClient, manner: Manner, codes: set[str], calls: str
) -> None:
    without = client.post("/v1/reviews", json=BODY).json()
    more = {"llm_timeout": IMPATIENT} if "llm-timeout" in codes else {}
    with serving(manner) as endpoint, service(coach, endpoint.url, llm_calls=calls, **more) as bad:
        answer = bad.post("/v1/reviews", json=BODY).json()
        if manner.seconds:
            assert endpoint.gone.wait(30)
            assert not endpoint.answered.is_set()
    assert answer["findings"] == without["findings"]
    assert answer["objectives"] == without["objectives"]
    assert answer["grade"] == without["grade"]
    assert answer["engine"]["tiers"] == ["rule", "local"]
    notes = {note["code"]: note["message"] for note in answer["notes"]}
    assert notes.keys() - {note["code"] for note in without["notes"]} <= codes
    assert codes & notes.keys()
    assert all(message.endswith(".") for message in notes.values())
    assert answer["engine"]["usage"]["calls"] >= 1
    if codes == {"llm-incomplete"}:
        assert answer["engine"]["usage"]["dropped_quotes"] == 4


def test_nobody_listening_is_a_note(coach: Coach) -> None:
    with serving() as endpoint:
        url = endpoint.url
    with service(coach, url) as client:
        answer = client.post("/v1/reviews", json=BODY).json()
    assert "llm-down" in {note["code"] for note in answer["notes"]}


def test_verdicts_that_came_before_the_fault_count(coach: Coach) -> None:
    def two(text: str) -> str:
        third = text.find('{"line": 3')
        return text[:third] if third > 0 else text

    with serving(Manner(text=two)) as endpoint, service(coach, endpoint.url) as client:
        events = stream(client)
    assert len([name for name, data in events if name == "critic" and data["kind"] != "linked"]) == 2
    notes = {note["code"]: note["message"] for note in events[-1][1]["notes"]}
    assert "2 of 4 lines" in notes["llm-junk"]


@contextmanager
def running(coach: Coach, settings: Settings) -> Iterator[str]:
    """The service on a real socket, whose other end can hang up."""
    app = create_app(settings, replace(coach, llm=build_llm(settings)))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def slow() -> Iterator[Endpoint]:
    with serving(Manner(seconds=30)) as endpoint:
        yield endpoint


def test_the_first_events_wait_for_no_llm(coach: Coach, slow: Endpoint) -> None:
    with running(coach, configured(slow.url)) as url:
        httpx.post(f"{url}/v1/reviews", json=BODY | {"critic": "local"})
        seen: list[str] = []
        with httpx.stream("POST", f"{url}/v1/reviews", json=BODY, headers=STREAM) as response:
            for line in response.iter_lines():
                if line.startswith("event: "):
                    seen.append(line[7:])
                if "findings" in seen:
                    break
            assert not slow.answered.is_set()
    assert seen == ["parsed", "findings"]


def test_a_disconnect_hangs_up_on_the_llm(coach: Coach, slow: Endpoint) -> None:
    with running(coach, configured(slow.url)) as url:
        with httpx.stream("POST", f"{url}/v1/reviews", json=BODY, headers=STREAM) as response:
            lines = response.iter_lines()
            assert "event: findings" in iter(lambda: next(lines), None)
            assert slow.asked.wait(30)
            assert not slow.gone.is_set()
        assert slow.gone.wait(30)


def test_an_unexpected_error_ends_the_stream_with_a_problem(coach: Coach, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        source = coach.critic.source if coach.critic else None
        name = "broken"

        def judge(self, _: object) -> list[Any]:
            raise ZeroDivisionError

    broken = replace(coach, critic=Broken())  # type: ignore[arg-type]
    with TestClient(create_app(Settings(), broken)) as client:
        events = stream(client)
    assert [name for name, _ in events] == ["parsed", "error"]
    assert (events[-1][1]["status"], events[-1][1]["code"]) == (500, "internal-error")
    assert "Launch the app" not in caplog.text
