"""The gate decides alike in the browser and in the service, and its copy is current."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Playwright
from web.site import FLAGS

from app.coach.parse.gate import weigh

from .browser import ROOT

CASES = [case["text"] for case in json.loads((ROOT / "corpus" / "gate-cases.json").read_text("utf-8"))]
EVERYDAY = [json.loads(row)["text"] for row in (ROOT / "corpus" / "everyday.jsonl").read_text("utf-8").splitlines()]
ODD = [
    "",
    "\ufeffO: Win\r\nKR1: 5\u2028KR2: 6",
    "🎯" * 400 + "\nO: a\nKR: b",
    "\n" * 4000 + "KR: late",
    "\u0130KR: x",
    "\x00\t- a",
]


@pytest.fixture(scope="module")
def weighed(playwright: Playwright, chromium: str) -> list[dict[str, object]]:
    with playwright.chromium.launch(executable_path=chromium, args=list(FLAGS)) as browser:
        page = browser.new_page()
        for name in ("gate-data.js", "gate.js"):
            page.add_script_tag(path=ROOT / "extension" / name)
        found: list[dict[str, object]] = page.evaluate(
            "texts => texts.map(text => ({...OkrCoach.gate.weigh(text), holds: OkrCoach.gate.holds(text)}))",
            [*CASES, *EVERYDAY, *ODD],
        )
        return found


def test_both_languages_weigh_every_text_alike(weighed: list[dict[str, object]]) -> None:
    for text, found in zip([*CASES, *EVERYDAY, *ODD], weighed, strict=True):
        here = weigh(text)
        assert (found["shape"], found["holds"]) == (here.shape, here.holds), text[:80]
        assert found["score"] == pytest.approx(here.score), text[:80]


def test_ordinary_texts_are_not_even_asked_about(weighed: list[dict[str, object]]) -> None:
    everyday = weighed[len(CASES) : len(CASES) + len(EVERYDAY)]
    assert sum(bool(found["holds"]) for found in everyday) <= 0.01 * len(EVERYDAY)
