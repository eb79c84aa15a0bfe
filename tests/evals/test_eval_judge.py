"""The judge of blind preferences: only a verdict that survives the swap counts, and silence is never a verdict."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from llm_script import ScriptedModel

from app.services.language_model import LlmError
from evals.judge import Judged, judge
from evals.preferences import EMBEDDED, REFERENCE, Preference
from evals.task import NoAnswer

PAIR = Preference(
    "one",
    "org",
    "Launch the booking app",
    "Guests come back",
    {EMBEDDED: "Raise the share of guests who use the app", REFERENCE: "Raise guests who book again by themselves"},
    REFERENCE,
    "language model, rubric given",
)


def prefers(text: str) -> Any:
    def script(request: dict[str, Any]) -> Any:
        asked = request["messages"][-1]["content"]
        return {"better": "first" if f"First rewrite: {text}" in asked else "second"}

    return script


def verdict(script: Any) -> Judged | NoAnswer:
    return asyncio.run(judge(ScriptedModel(script), PAIR))


@pytest.mark.parametrize("writer", [EMBEDDED, REFERENCE])
def test_a_verdict_is_the_writer_preferred_in_both_orders(writer: str) -> None:
    assert verdict(prefers(PAIR.texts[writer])) == Judged(PAIR, writer)


@pytest.mark.parametrize("said", ["first", "second", "neither"])
def test_the_place_alone_decides_nothing(said: str) -> None:
    assert verdict(lambda _: {"better": said}) == Judged(PAIR, None)


def test_no_answer_is_no_verdict() -> None:
    assert isinstance(verdict(lambda _: LlmError("llm-junk", "No JSON")), NoAnswer)
