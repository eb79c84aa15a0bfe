"""The extension signed in to a workspace: settings, and what other teams plan, in real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Page, Worker
from stores import settle_in, within
from web.site import served

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app
from app.services.store import Scope

from .browser import OKR, Card, set_up, until
from .surfaces import FLAGGED, Open

THEIRS = "Cut missed check-ups from 31 % to 12 %"
OURS = "Missed check-ups from 31 % to 12 %"


@dataclass(frozen=True)
class Kept:
    """A service that keeps a workspace in which another team plans nearly the same."""

    address: str
    workspace: str
    key: str


@pytest.fixture(scope="module")
def kept(coach: Coach, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    url = f"sqlite:///{tmp_path_factory.mktemp('workspace') / 'okrs.db'}"
    # Playwright's loop runs in this thread already.
    with ThreadPoolExecutor(1) as aside:
        workspace, tokens = aside.submit(within, url, settle_in).result()
    with (
        served(create_app(Settings(database_url=url), coach)) as address,
        httpx.Client(
            base_url=f"{address}/v1/workspaces/{workspace}",
            headers={"Authorization": f"Bearer {tokens[Scope.WRITE]}"},
            trust_env=False,
            timeout=60,
        ) as office,
    ):

        def made(path: str, **body: object) -> str:
            answer = office.post(path, json=body)
            assert answer.status_code == 201, answer.text
            return str(answer.json()["id"])

        cycle = made("/cycles", name="Q3 2026")
        made("/teams", name="Riverside clinic")
        team = made("/teams", name="Outpatient desk")
        made(
            "/okrs",
            objective="Nobody with a chronic illness falls through the net",
            key_results=[THEIRS],
            cycle_id=cycle,
            team_id=team,
        )
        yield Kept(address, workspace, tokens[Scope.READ])


def fill(page: Page, **settings: str) -> str:
    """Fills the settings in, tests them, and gives back what the page says."""
    for name, value in settings.items():
        page.fill(f"#{name}", value)
    page.click("text=Test and save")
    page.wait_for_selector("text=aved.")
    return page.inner_text("#said")


def test_signing_in_is_tested_before_it_is_kept(own_page: Open, worker: Worker, kept: Kept) -> None:
    stored = "() => chrome.storage.local.get(['workspace', 'team', 'key'])"
    page = own_page("options.html")
    said = fill(page, server=kept.address, workspace=kept.workspace, key="", team="Riverside clinic")
    assert "wants its key" in said
    assert "Nothing was saved" in said
    assert "no such workspace" in fill(page, workspace="0" * 26, key=kept.key)
    assert worker.evaluate(stored).get("workspace", "") == ""
    said = fill(page, workspace=kept.workspace)
    assert "workspace Harbour Trust" in said
    assert worker.evaluate(stored) == {"workspace": kept.workspace, "team": "Riverside clinic", "key": kept.key}
    said = fill(page, team="Riverbed clinic")
    assert "knows no team “Riverbed clinic”; its teams: Riverside clinic, Outpatient desk" in said
    page.reload()
    assert page.input_value("#workspace") == kept.workspace


def test_the_panel_shows_what_other_teams_plan_with_both_quotes(
    open_page: Open, own_page: Open, worker: Worker, kept: Kept
) -> None:
    set_up(worker, server=kept.address, workspace=kept.workspace, key=kept.key)
    page = open_page("plain.html")
    page.click("#textarea")
    page.keyboard.insert_text(OKR)
    until(page, page, FLAGGED)
    card = Card(page)
    card.wait("OKR ")
    card.click("OKR ")
    said = card.wait("Other teams plan for the same cycle")
    assert "Outpatient desk" in said
    assert THEIRS in said
    assert f"You:  {OURS}" in said


def test_the_team_in_the_settings_stands_in_for_one_that_the_draft_doesn_t_name(
    own_page: Open, worker: Worker, kept: Kept
) -> None:
    nameless = OKR.replace("Team: Riverside clinic\n", "")
    set_up(worker, server=kept.address, workspace=kept.workspace, key=kept.key)
    page = own_page("panel.html")
    page.fill("#text", nameless)
    page.click("#review")
    page.wait_for_selector("text=name your team")
    set_up(worker, team="Riverside clinic")
    page.click("#review")
    page.wait_for_selector(f"text={THEIRS}")
    set_up(worker, team="Outpatient desk")
    page.click("#review")
    page.wait_for_selector("text=No other team plans anything near this")


def test_without_a_workspace_the_panel_says_nothing_of_others(open_page: Open, worker: Worker, service: str) -> None:
    sent = """() => { globalThis.bodies = []; globalThis.real ??= fetch;
      globalThis.fetch = (url, init) => { bodies.push(JSON.parse(init.body ?? '{}')); return real(url, init); }; }"""
    worker.evaluate(sent)
    page = open_page("plain.html")
    page.click("#textarea")
    page.keyboard.insert_text(OKR.replace("31", "34"))
    until(page, page, FLAGGED)
    card = Card(page)
    card.click("OKR ")
    said = card.wait("activity → roadmap")
    assert "team" not in said
    assert [sorted(body) for body in worker.evaluate("bodies")] == [["text"]]
    worker.evaluate("() => { globalThis.fetch = real; }")
