"""The real client against a server on loopback that answers well and badly."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from llm_endpoint import Endpoint, Manner, serving
from pydantic import BaseModel

from app.services.language_model import LlmError, Prompt, Tally, estimate
from app.services.llm import Endpoint as Settings
from app.services.llm import OpenAIModel

PROMPT = Prompt("test", "You judge.", (("line: one", '{"kind": "kpi"}'),), "line: Launch the wizard")
DRAFT_WORDS = "Launch the wizard"


class Answer(BaseModel):
    kind: str
    why: str


BASE = Settings(model="test-model", timeout=60.0, options={"temperature": 0})


def settings(url: str, **more: Any) -> Settings:
    return replace(BASE, base_url=url, **more)


def ask(chosen: Settings, tally: Tally | None = None, hear: Callable[[str], None] | None = None) -> Answer:
    async def run() -> Answer:
        model = OpenAIModel(chosen)
        try:
            return await model.ask(PROMPT, Answer, tally or Tally(10_000), max_tokens=50, hear=hear)
        finally:
            await model.close()

    return asyncio.run(run())


def fault(chosen: Settings, tally: Tally | None = None) -> LlmError:
    with pytest.raises(LlmError) as caught:
        ask(chosen, tally)
    return caught.value


@pytest.mark.parametrize("mode", ["json_schema", "tools"])
@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
def test_an_answer_comes_validated_and_is_paid_for(mode: str, stream: bool) -> None:
    heard: list[str] = []
    tally = Tally(10_000)
    with serving() as endpoint:
        answer = ask(settings(endpoint.url, mode=mode, stream=stream), tally, heard.append)
    assert (answer.kind, answer.why) == ("activity", "It is activity.")
    assert (tally.calls, tally.input_tokens, tally.output_tokens) == (1, 100, 20)
    assert bool(heard) == stream
    request = endpoint.requests[0]
    assert [message["role"] for message in request["messages"]] == ["system", "user", "assistant", "user"]
    assert (request["temperature"], request["max_tokens"]) == (0, 50)
    assert ("tools" in request) == (mode == "tools")
    assert ("response_format" in request) == (mode == "json_schema")


def test_an_endpoint_that_counts_no_tokens_is_estimated() -> None:
    tally = Tally(10_000)
    with serving(Manner(usage=False)) as endpoint:
        ask(settings(endpoint.url), tally)
    assert tally.input_tokens >= estimate(PROMPT.user)
    assert tally.output_tokens > 0


BAD: list[tuple[str, Manner, str]] = [
    ("429", Manner(status=429), "llm-rate-limited"),
    ("429 for a minute", Manner(status=429, headers={"Retry-After": "60"}), "llm-rate-limited"),
    ("500", Manner(status=500), "llm-down"),
    ("401", Manner(status=401), "llm-refused"),
    ("400", Manner(status=400), "llm-refused"),
    ("404", Manner(status=404), "llm-refused"),
    ("a page of HTML", Manner(body="<h1>hello</h1>", headers={"Content-Type": "text/html"}), "llm-junk"),
    ("JSON of another kind", Manner(body='{"hello": 1}'), "llm-junk"),
    ("broken JSON around it", Manner(body='{"choices": ['), "llm-junk"),
    ("prose", Manner(text=lambda _: "Sure! Your OKRs look great."), "llm-junk"),
    ("nothing", Manner(text=lambda _: ""), "llm-junk"),
    ("half an answer", Manner(text=lambda text: text[: len(text) // 2]), "llm-junk"),
    ("the cap reached", Manner(text=lambda text: text[:20], finish="length"), "llm-truncated"),
    ("another schema", Manner(answer=lambda _: {"findings": []}), "llm-junk"),
    ("a list", Manner(answer=lambda _: [1, 2]), "llm-junk"),
    ("deep nesting", Manner(text=lambda _: "[" * 5_000), "llm-junk"),
    ("a lone surrogate", Manner(text=lambda _: '{"kind": "\\ud800"}'), "llm-junk"),
]


@pytest.mark.parametrize(("manner", "code"), [(m, c) for _, m, c in BAD], ids=[name for name, _, _ in BAD])
@pytest.mark.parametrize("mode", ["json_schema", "tools"])
def test_whatever_it_answers_is_a_coded_fault(manner: Manner, code: str, mode: str) -> None:
    tally = Tally(10_000)
    with serving(manner) as endpoint:
        error = fault(settings(endpoint.url, mode=mode), tally)
    assert error.code == code
    assert 1 <= tally.calls == len(endpoint.requests) <= 2


@pytest.mark.parametrize(
    "manner",
    [Manner(cut=True, text=lambda text: text[:30]), Manner(text=lambda text: text[:30], finish="length")],
    ids=["connection cut", "cap reached"],
)
def test_a_stream_that_breaks_off_is_a_coded_fault(manner: Manner) -> None:
    with serving(manner) as endpoint, pytest.raises(LlmError) as caught:
        ask(settings(endpoint.url), hear=lambda _: None)
    assert caught.value.code in {"llm-truncated", "llm-junk"}


def test_nobody_there_is_a_coded_fault() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert fault(settings(f"http://127.0.0.1:{port}/v1", retries=0)).code == "llm-down"


def test_too_slow_is_a_coded_fault_in_time() -> None:
    with serving(Manner(seconds=60)) as endpoint:
        assert fault(settings(endpoint.url, timeout=0.3)).code == "llm-timeout"
        assert endpoint.gone.wait(10)
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("manner", [m for _, m, _ in BAD if m.status in {200, 500}])
def test_a_passing_fault_is_asked_again(manner: Manner) -> None:
    passing = Manner(**{**vars(manner), "only_first": True})
    with serving(passing) as endpoint:
        if manner.finish == "length":
            assert fault(settings(endpoint.url)).code == "llm-truncated"
        else:
            assert ask(settings(endpoint.url)).kind == "activity"
            assert len(endpoint.requests) == 2


def test_a_budget_stops_the_next_call() -> None:
    with serving(Manner(text=lambda _: "junk")) as endpoint:
        tally = Tally(estimate("".join(m["content"] for m in PROMPT.messages)) + 100)
        error = fault(settings(endpoint.url, retries=3), tally)
        assert error.code == "llm-budget"
        assert len(endpoint.requests) == 1
        assert fault(settings(endpoint.url), Tally(10)).code == "llm-budget"
        assert len(endpoint.requests) == 1


def test_no_more_calls_at_once_than_wanted() -> None:
    async def run(endpoint: Endpoint) -> float:
        model = OpenAIModel(settings(endpoint.url, concurrency=2))
        await model.ask(PROMPT, Answer, Tally(10_000), max_tokens=50)
        began = time.monotonic()
        await asyncio.gather(*(model.ask(PROMPT, Answer, Tally(10_000), max_tokens=50) for _ in range(6)))
        await model.close()
        return time.monotonic() - began

    with serving(Manner(seconds=0.1)) as endpoint:
        assert asyncio.run(run(endpoint)) >= 0.3


def test_one_model_serves_one_event_loop_after_another() -> None:
    with serving() as endpoint:
        model = OpenAIModel(settings(endpoint.url))

        async def run() -> str:
            answer = await model.ask(PROMPT, Answer, Tally(10_000), max_tokens=50)
            await model.close()
            return answer.kind

        assert [asyncio.run(run()) for _ in range(3)] == ["activity"] * 3


def test_cancelling_hangs_up_and_counts_what_was_sent() -> None:
    tally = Tally(10_000)

    async def run(endpoint: Endpoint) -> None:
        model = OpenAIModel(settings(endpoint.url))
        asking = asyncio.create_task(model.ask(PROMPT, Answer, tally, max_tokens=50))
        assert await asyncio.to_thread(endpoint.asked.wait, 30)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await model.close()

    with serving(Manner(seconds=30)) as endpoint:
        asyncio.run(run(endpoint))
        assert endpoint.gone.wait(30)
    assert (tally.calls, tally.input_tokens > 0) == (1, True)


def test_no_log_holds_the_draft(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with serving(Manner(text=lambda _: f'{{"quote": "{DRAFT_WORDS}"}}')) as endpoint:
        fault(settings(endpoint.url))
    assert DRAFT_WORDS not in caplog.text


@pytest.mark.parametrize("code", ["import app.cli, app.terminal", "import app.main; app.main.create_app()"])
def test_nobody_pays_for_the_vendor_before_the_first_question(code: str) -> None:
    check = f"import sys; {code}; print([m for m in ('openai', 'instructor', 'httpx2') if m in sys.modules])"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


FIRST_QUESTION = """
import asyncio, sys
from pydantic import BaseModel
from app.services.language_model import LlmError, Prompt, Tally
from app.services.llm import Endpoint, OpenAIModel

class Answer(BaseModel):
    kind: str

async def run():
    model = OpenAIModel(Endpoint("test-model", "http://127.0.0.1:1/v1", retries=0))
    await model.prepare()
    before = set(sys.modules)
    try:
        await model.ask(Prompt("test", "You judge.", (), "x"), Answer, Tally(10_000), max_tokens=50)
    except LlmError as error:
        print(error.code, len([m for m in set(sys.modules) - before if m.startswith(("openai", "instructor"))]))

asyncio.run(run())
"""


def test_the_first_question_s_time_does_not_go_into_imports() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", FIRST_QUESTION], capture_output=True, text=True, check=True, cwd=root)
    code, imported = done.stdout.split()
    assert code == "llm-down"
    assert int(imported) < 20
