"""The page with a language model: named before the click, never waited for, and faded in when it speaks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Route, expect

from app.coach.critic.answers import CriticAnswer
from app.coach.critic.llm import LlmCritic
from app.config import Settings
from app.main import create_app
from app.services.language_model import AnswerT, Hear, LlmError, Prompt, Tally

from .conftest import Open
from .site import DRAFT, scripted_coach, served


class PatientModel:
    """Flags the launch as soon as it is let speak; fails if it is told to."""

    name = "patient"
    settings: Mapping[str, object] = {}

    def __init__(self, *, fails: bool = False) -> None:
        self.may_speak = threading.Event()
        self.asked = 0
        self._fails = fails

    async def prepare(self) -> None:
        """Always ready."""

    async def ask(
        self, prompt: Prompt, schema: type[AnswerT], tally: Tally, *, max_tokens: int, hear: Hear | None = None
    ) -> AnswerT:
        self.asked += 1
        await asyncio.to_thread(self.may_speak.wait, 20)
        if self._fails:
            raise LlmError("llm-down", "The LLM can't be reached")
        verdict = {"line": 3, "kind": "activity", "confidence": 0.9, "quote": "Launch", "why": "It is work."}
        return schema.model_validate({"verdicts": [verdict] if schema is CriticAnswer else []})

    async def close(self) -> None:
        """Nothing to let go of."""


def configured(**more: object) -> Settings:
    return Settings.model_validate({"llm_model": "tiny-1", "OPENAI_BASE_URL": "https://llm.example:8443/v1", **more})


def test_the_host_is_named_before_the_click() -> None:
    model = PatientModel()
    with TestClient(create_app(configured(), scripted_coach(LlmCritic(model)))) as client:
        page = client.get("/").text
    assert "<b>tiny-1</b> at <b>llm.example:8443</b>" in page
    assert "are sent to llm.example:8443" in page


def test_without_a_model_the_page_says_that_nothing_leaves() -> None:
    with TestClient(create_app(Settings(llm_model=""), scripted_coach(LlmCritic(PatientModel())))) as client:
        page = client.get("/").text
    assert "nothing is sent anywhere else" in page
    assert 'name="llm"' not in page


@pytest.mark.parametrize("scripts", [True, False], ids=["with-js", "without-js"])
def test_unticked_the_model_is_not_asked(open_page: Open, scripts: bool) -> None:
    model = PatientModel()
    with served(create_app(configured(), scripted_coach(LlmCritic(model)))) as base:
        page = open_page(base=base, java_script_enabled=scripts)
        page.get_by_label("Your draft").fill(DRAFT)
        page.get_by_role("checkbox").uncheck()
        page.get_by_role("button", name="Review the draft").click()
        expect(page.locator(".judged")).to_contain_text("Judged by the rules and the embedded critic in")
    assert model.asked == 0


def test_findings_stand_before_the_model_has_spoken_and_its_word_is_added(open_page: Open) -> None:
    model = PatientModel()
    with served(create_app(configured(), scripted_coach(LlmCritic(model)))) as base:
        page = open_page(base=base)
        page.get_by_label("Your draft").fill(DRAFT)
        page.get_by_role("button", name="Review the draft").click()
        expect(page.locator("#headline")).to_have_text("2 things to send back")
        expect(page.locator(".progress")).to_contain_text("reading too")
        card = page.locator(".card", has_text="Activity not outcome").filter(visible=True)
        card.locator("summary").click()
        expect(card.locator('[data-slot="judged"]')).to_have_text("the embedded critic, 93 % sure")
        model.may_speak.set()
        expect(card.locator('[data-slot="judged"]')).to_have_text(
            "the embedded critic and the language model, 93 % sure"
        )
        expect(card.locator("details")).to_have_attribute("open", "")
        expect(page.locator(".progress")).not_to_be_visible()


def test_a_model_that_fails_leaves_the_review_and_a_note(open_page: Open) -> None:
    model = PatientModel(fails=True)
    model.may_speak.set()
    with served(create_app(configured(), scripted_coach(LlmCritic(model)))) as base:
        page = open_page(base=base)
        page.get_by_label("Your draft").fill(DRAFT)
        page.get_by_role("button", name="Review the draft").click()
        expect(page.get_by_role("region", name="Worth knowing")).to_contain_text("The LLM can't be reached")
        expect(page.locator("#headline")).to_have_text("2 things to send back")


def test_a_stream_that_breaks_off_leaves_the_review(open_page: Open) -> None:
    page = open_page()

    def cut(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().split("event: done")[0])

    page.route("**/v1/reviews", cut)
    page.get_by_label("Your draft").fill(DRAFT)
    page.get_by_role("button", name="Review the draft").click()
    expect(page.locator("#headline")).to_have_text("2 things to send back")
    expect(page.locator(".progress")).to_contain_text("broke off")
    expect(page.locator("#problem")).not_to_be_visible()


def test_a_plain_json_answer_does_as_well_and_says_who_judged_otherwise(open_page: Open) -> None:
    page = open_page()
    finding = {
        "id": "0123456789abcdef",
        "rule": "activity-not-outcome",
        "severity": "error",
        "start": 4,
        "end": 14,
        "quote": "Launch it ",
        "message": "Work.",
        "question": "And then?",
        "sources": ["llm"],
        "confidence": 0.8,
        "help_url": "/rules/activity-not-outcome",
        "target": {"objective": 0, "key_result": 0},
        "details": {
            "disagree": [{"source": "local", "verdict": "neither", "confidence": 0.7, "why": "<b>It moves</b>."}]
        },
    }
    answer = {
        "objectives": [
            {
                "team": None,
                "cycle": None,
                "text": None,
                "start": None,
                "end": None,
                "key_results": [{"text": "Launch it now", "start": 4, "end": 17, "verdict": "activity"}],
                "verdict": None,
                "grade": None,
                "deductions": [],
            }
        ],
        "findings": [finding],
        "grade": None,
        "profile": "house",
        "notes": [],
        "engine": {"version": "", "models": {}, "tiers": ["rule", "llm"], "milliseconds": {}},
    }
    page.route("**/v1/reviews", lambda route: route.fulfill(json=answer))
    page.get_by_label("Your draft").fill("KR: Launch it now")
    page.get_by_role("button", name="Review the draft").click()
    card = page.locator("#review .card")
    card.locator("summary").click()
    expect(card.locator('[data-slot="otherwise"]')).to_have_text(
        "the embedded critic: neither activity nor KPI, 70 % sure. <b>It moves</b>."
    )
    expect(page.locator(".judged")).to_contain_text("the rules and the language model")
