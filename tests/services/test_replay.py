"""Recorded replies: written once, found by everything that was asked, and loud when there is none."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from llm_endpoint import Manner, serving
from pydantic import BaseModel

from app.services.language_model import AnswerT, Exchange, Hear, LanguageModel, LlmError, Overheard, Prompt, Tally
from app.services.llm import Endpoint, OpenAIModel
from app.services.replay import NotRecordedError, ReplayModel, key_of, recording

SETTINGS = {"mode": "json_schema", "options": {"temperature": 0}}
PROMPT = Prompt("critic_line", "You judge.", (), "line: Launch the wizard")
COMMAND = "make record"


class Answer(BaseModel):
    kind: str
    why: str


class OtherAnswer(BaseModel):
    kind: str


def ask(model: LanguageModel, prompt: Prompt, schema: type[AnswerT], tally: Tally, hear: Hear | None = None) -> AnswerT:
    async def run() -> AnswerT:
        try:
            return await model.ask(prompt, schema, tally, max_tokens=50, hear=hear)
        finally:
            await model.close()

    return asyncio.run(run())


def recorded(path: Path, manner: Manner | None = None, epoch: int = 0) -> Tally:
    tally = Tally(10_000)
    with serving(manner) as endpoint:
        live = OpenAIModel(Endpoint("small", endpoint.url, options={"temperature": 0}))
        ask(recording(live, path, epoch=epoch), PROMPT, Answer, tally)
    return tally


def replay(path: Path, name: str = "small", epoch: int = 0, **settings: object) -> ReplayModel:
    return ReplayModel(name, {**SETTINGS, **settings}, path, record_with=COMMAND, epoch=epoch)


def test_what_was_recorded_is_replayed_with_what_it_took(tmp_path: Path) -> None:
    path = tmp_path / "replies" / "critic.jsonl"
    spent = recorded(path)
    tally, heard = Tally(10_000), list[str]()
    answer = ask(replay(path), PROMPT, Answer, tally, heard.append)
    assert (answer.kind, answer.why) == ("activity", "It is activity.")
    assert (tally.calls, tally.input_tokens, tally.output_tokens) == (1, 100, 20)
    assert tally == spent
    assert json.loads(heard[0])["kind"] == "activity"


def test_the_later_reply_stands(tmp_path: Path) -> None:
    path = tmp_path / "critic.jsonl"
    recorded(path)
    recorded(path, Manner(answer=lambda _: {"kind": "kpi", "why": "Changed its mind."}))
    assert len(path.read_text("utf-8").splitlines()) == 2
    assert ask(replay(path), PROMPT, Answer, Tally(10_000)).kind == "kpi"


def test_an_answer_that_was_bad_is_replayed_as_the_fault_it_was(tmp_path: Path) -> None:
    path = tmp_path / "critic.jsonl"
    with pytest.raises(LlmError):
        recorded(path, Manner(text=lambda _: "Sure!"))
    tally = Tally(10_000)
    with pytest.raises(LlmError) as caught:
        ask(replay(path), PROMPT, Answer, tally)
    assert caught.value.code == "llm-junk"
    assert tally.calls == 2


def test_an_endpoint_that_was_down_is_not_recorded(tmp_path: Path) -> None:
    path = tmp_path / "critic.jsonl"
    with pytest.raises(LlmError):
        recorded(path, Manner(status=503))
    assert not path.exists()


ANOTHER = Prompt("critic_line", "You judge.", (), "line: Launch the wizards")
OTHERWISE = Prompt("critic_line", "You judge well.", (), "line: Launch the wizard")
SHOWN = Prompt("critic_line", "You judge.", (("line: a", "{}"),), "line: Launch the wizard")


@pytest.mark.parametrize("prompt", [ANOTHER, OTHERWISE, SHOWN], ids=["draft", "system", "examples"])
def test_another_prompt_is_not_recorded(tmp_path: Path, prompt: Prompt) -> None:
    path = tmp_path / "critic.jsonl"
    recorded(path)
    with pytest.raises(NotRecordedError) as caught:
        ask(replay(path), prompt, Answer, Tally(10_000))
    assert COMMAND in caught.value.message
    assert str(path) in caught.value.message


def test_another_model_setting_schema_or_epoch_is_not_recorded(tmp_path: Path) -> None:
    path = tmp_path / "critic.jsonl"
    recorded(path)
    for model in (replay(path, "large"), replay(path, mode="tools"), replay(path, epoch=1)):
        with pytest.raises(NotRecordedError):
            ask(model, PROMPT, Answer, Tally(10_000))
    with pytest.raises(NotRecordedError):
        ask(replay(path), PROMPT, OtherAnswer, Tally(10_000))


def test_a_reply_of_each_epoch(tmp_path: Path) -> None:
    path = tmp_path / "critic.jsonl"
    recorded(path, epoch=1)
    assert ask(replay(path, epoch=1), PROMPT, Answer, Tally(10_000)).kind == "activity"


def test_no_file_is_as_loud_as_no_reply(tmp_path: Path) -> None:
    with pytest.raises(NotRecordedError):
        ask(replay(tmp_path / "none.jsonl"), PROMPT, Answer, Tally(10_000))


def test_a_reply_that_no_longer_fits_the_schema_is_loud(tmp_path: Path) -> None:
    path = tmp_path / "critic.jsonl"
    key = key_of(PROMPT, "small", SETTINGS, Answer)
    usage = {"calls": 1, "input_tokens": 1, "output_tokens": 1}
    path.write_text(json.dumps({"key": key, "answer": {"kind": 5}, "usage": usage}), "utf-8")
    with pytest.raises(NotRecordedError):
        ask(replay(path), PROMPT, Answer, Tally(10_000))


def test_every_exchange_is_heard_of_and_costs_once(tmp_path: Path) -> None:
    heard: list[Exchange] = []
    tally = Tally(10_000)
    with serving(None) as endpoint:
        live = OpenAIModel(Endpoint("small", endpoint.url, options={"temperature": 0}))
        ask(Overheard(recording(live, tmp_path / "critic.jsonl"), heard.append), PROMPT, Answer, tally)
    (one,) = heard
    assert one.answer
    assert one.answer.model_dump() == {"kind": "activity", "why": "It is activity."}
    assert (one.prompt, one.schema, one.fault) == (PROMPT, Answer, None)
    assert one.spent.input_tokens == tally.input_tokens == 100


def test_a_fault_is_heard_of_as_well() -> None:
    heard: list[Exchange] = []
    with serving(Manner(status=503)) as endpoint, pytest.raises(LlmError):
        ask(Overheard(OpenAIModel(Endpoint("small", endpoint.url)), heard.append), PROMPT, Answer, Tally(10_000))
    assert [(one.answer, one.fault and one.fault.code) for one in heard] == [(None, "llm-down")]


def test_odd_text_has_a_key() -> None:
    assert len(key_of(Prompt("t", "s", (), "\ud800\x00"), "m", SETTINGS, Answer)) == 64
