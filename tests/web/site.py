"""What the page tests share: a coach whose critic is scripted, a site that serves it, and a browser."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Playwright

from app.coach.critic import Judgement, Kind
from app.coach.critic.llm import LlmCritic
from app.coach.flow import Coach
from app.coach.nouns import Source
from app.coach.rules import load_rules
from app.coach.rules.rule import LineView

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

DRAFT = """\
Team: Riverside clinic
Q3 2026

O: Patients with diabetes feel in charge of their week
KR1: Missed check-ups from 31 % to 12 %
KR2: Launch the 🎯 reminder app
KR3: Keep the phone line answered within two minutes
KR4: Better leaflets

Objective 2: Families get a straight answer the same day
- Raise same-day answers to 80 %
- Complaints about waiting from 40 a month to 15
"""
RULES = {
    "activity-not-outcome",
    "kpi-as-okr",
    "missing-baseline",
    "missing-strategy-link",
    "not-measurable",
    "too-few-key-results",
}
CLEAN = """\
Q3 2026
O: Night-shift nurses get home on time
KR1: Cut overtime after night shifts from 9 to 3 hours a month
KR2: Raise handovers finished by seven from 60 % to 90 %, with errors in them still under 2 %
"""
HOSTILE = """\
Q3 2026
O: <img src=x onerror="document.title='owned'"> Patients </bdi></textarea><script>document.title='owned'</script>
KR1: \u202eesrever\u2066 Launch {{ 7 * 7 }} <b>bold</b> & &amp; things
KR2: Better <a href="javascript:document.title='owned'">leaflets</a>
"""


class ScriptedCritic:
    """Judges by the first word, so that page tests don't move with the model."""

    source = Source.LOCAL
    name = "scripted"

    def judge(self, lines: Sequence[tuple[LineView, str]]) -> list[Judgement]:
        return [Judgement(self._kind(line.text), 0.925) for line, _ in lines]

    def _kind(self, text: str) -> Kind:
        if "Launch" in text:
            return Kind.ACTIVITY
        return Kind.KPI if text.startswith("Keep") else Kind.NEITHER


def scripted_coach(llm: LlmCritic | None = None) -> Coach:
    """Few rules and a scripted critic, so that what the page shows changes only with the page."""
    return Coach(critic=ScriptedCritic(), llm=llm, rules={rule.id: rule for rule in load_rules() if rule.id in RULES})


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of the app, served on loopback for as long as the block runs."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=30)
        assert not thread.is_alive(), "the server did not stop"


def chromium_path(playwright: Playwright) -> str | None:
    """A Chromium to drive: the one in the setting, one on the PATH, or Playwright's own."""
    named = os.environ.get("OKR_COACH_CHROMIUM")
    installed = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    own: str = playwright.chromium.executable_path
    return next((path for path in (named, *installed, own) if path and Path(path).is_file()), None)
