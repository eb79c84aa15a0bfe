"""What the extension does and what it leaves alone, in a real browser against the real service."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from playwright.sync_api import BrowserContext, Page
from web.site import served

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app

from .browser import OKR, Card, allow, underlined, until, worker_of

Open = Callable[..., Page]
FLAGGED = {"Launch the reminder app", "Better", "Better leaflets"}
EMAIL = "Hi Ines,\n\ncould you look at the invoice from last week?\n\nBest regards,\nTom\n"


def write(page: Page, selector: str, text: str = OKR) -> None:
    page.wait_for_timeout(400)
    page.click(selector)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


@pytest.mark.parametrize("selector", ["#password", "#readonly", "#out"])
def test_some_fields_are_never_read(selector: str, open_page: Open) -> None:
    page = open_page("plain.html")
    page.wait_for_timeout(400)
    page.eval_on_selector(selector, "(field, text) => { field.value = text; }", OKR)
    page.click(selector)
    page.keyboard.insert_text(OKR.replace("\n", " "))
    page.wait_for_timeout(1500)
    assert underlined(page) == []
    assert Card(page).words() == ""


def test_one_line_fields_are_read(open_page: Open) -> None:
    page = open_page("plain.html")
    write(page, "#input", "KR1: Launch the reminder app")
    until(page, page, {"Launch the reminder app"})


def test_an_email_gets_nothing_and_isn_t_sent(open_page: Open, profile: BrowserContext) -> None:
    page = open_page("plain.html")
    worker = worker_of(profile)
    worker.evaluate(
        "() => { globalThis.calls = 0; const real = fetch;"
        " globalThis.fetch = (...all) => { calls += 1; return real(...all); }; }"
    )
    write(page, "#textarea", EMAIL)
    page.wait_for_timeout(1500)
    assert underlined(page) == []
    assert worker.evaluate("calls") == 0
    write(page, "#textarea", OKR.replace("31", "37"))
    until(page, page, FLAGGED)
    assert worker.evaluate("calls") == 1


def test_two_fields_at_once(open_page: Open) -> None:
    page = open_page("plain.html")
    write(page, "#textarea")
    until(page, page, FLAGGED)
    write(page, "#second", OKR.replace("Better leaflets", "Launch the leaflets"))
    until(page, page, FLAGGED | {"Launch the leaflets"})
    assert len([each for each in underlined(page) if each["words"] == "Launch the reminder app"]) == 2


def test_nothing_in_the_page_changes(open_page: Open) -> None:
    page = open_page("plain.html")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    before = page.evaluate("document.body.outerHTML")
    write(page, "#textarea")
    until(page, page, FLAGGED)
    page.keyboard.press("Alt+Shift+KeyO")
    Card(page).wait("Activity not outcome")
    assert page.evaluate("document.body.outerHTML") == before
    assert page.input_value("#textarea") == OKR
    assert requests == []
    assert page.evaluate("[...document.documentElement.children].map(each => each.shadowRoot)") == [None] * 4
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "textarea"


def test_a_site_that_wasn_t_allowed_is_left_alone(open_page: Open, site: str) -> None:
    page = open_page("plain.html", base=site.replace("127.0.0.1", "localhost"))
    write(page, "#textarea")
    page.wait_for_timeout(2000)
    assert underlined(page) == []
    assert page.evaluate("document.documentElement.children.length") == 2


def test_switching_a_site_off_clears_it_at_once(open_page: Open, site: str, profile: BrowserContext) -> None:
    page = open_page("plain.html")
    write(page, "#textarea")
    until(page, page, FLAGGED)
    page.keyboard.press("Alt+Shift+KeyO")
    card = Card(page)
    card.wait("Not on this site")
    card.click("Not on this site")
    until(page, page, set())
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.children.length") == 2
    allow(worker_of(profile), site)
    write(page, "#textarea", OKR.replace("31", "33"))
    until(page, page, FLAGGED)


def test_a_dismissal_sticks_after_a_reload(open_page: Open, profile: BrowserContext) -> None:
    page = open_page("plain.html")
    write(page, "#textarea")
    until(page, page, FLAGGED)
    page.keyboard.press("Control+Home")
    page.keyboard.press("Alt+Shift+KeyO")
    Card(page).wait("Dismiss…")
    for _ in range(12):
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(100)
        if "Activity not outcome" not in Card(page).words():
            break
    until(page, page, {"Better", "Better leaflets"})
    page.reload()
    write(page, "#textarea", OKR + "\n")
    until(page, page, {"Better", "Better leaflets"})
    worker_of(profile).evaluate("() => chrome.storage.local.remove('dismissed')")


def test_a_single_page_app_may_change_its_view(open_page: Open) -> None:
    page = open_page("spa.html")
    write(page, "textarea")
    until(page, page, FLAGGED)
    page.click("#go")
    until(page, page, set())
    write(page, "textarea")
    until(page, page, FLAGGED)


@pytest.fixture
def late_service(coach: Coach) -> FastAPI:
    return create_app(Settings(), coach)


def test_the_server_may_go_and_come_back(
    open_page: Open, profile: BrowserContext, service: str, late_service: FastAPI
) -> None:
    worker = worker_of(profile)
    with served(late_service) as gone:
        pass
    worker.evaluate("server => chrome.storage.local.set({server})", gone)
    page = open_page("plain.html")
    write(page, "#textarea", OKR.replace("31", "29"))
    Card(page).wait("OKR Coach is offline")
    assert underlined(page) == []
    worker.evaluate("server => chrome.storage.local.set({server})", service)
    until(page, page, FLAGGED)
    assert "offline" not in Card(page).words()


def test_ten_thousand_characters(open_page: Open) -> None:
    page = open_page("plain.html")
    block = "KR{}: Visits that end with a plan for the weeks that follow from {} % to 60 %\n"
    text = OKR + "".join(block.format(at, at % 50) for at in range(4, 140))
    assert len(text) > 10_000
    write(page, "#textarea", text)
    for _ in range(200):
        if {each["words"] for each in underlined(page)} >= FLAGGED:
            break
        page.wait_for_timeout(100)
    assert {each["words"] for each in underlined(page)} >= FLAGGED


def test_the_card_can_be_reached_with_the_mouse(open_page: Open) -> None:
    page = open_page("plain.html")
    write(page, "#editable")
    found = next(each for each in until(page, page, FLAGGED) if each["words"] == "Launch the reminder app")
    page.mouse.move((found["left"] + found["right"]) / 2, (found["top"] + found["bottom"]) / 2)
    card = Card(page)
    said = card.wait("Activity not outcome")
    assert "Send back" in said
    card.click("Whole OKR")
    said = card.wait("activity → roadmap")
    assert "of 100" in said


def test_options_test_the_connection_before_they_save(profile: BrowserContext, service: str) -> None:
    worker = worker_of(profile)
    address = worker.evaluate("chrome.runtime.getURL('options.html')")
    page = profile.new_page()
    page.goto(address)
    page.fill("#server", "http://127.0.0.1:1")
    page.click("text=Test and save")
    page.wait_for_selector("text=Nothing was saved")
    page.fill("#server", service)
    page.click("text=Test and save")
    page.wait_for_selector("text=Connected to OKR Coach")
    assert worker.evaluate("async () => (await chrome.storage.local.get('server')).server") == service
    page.close()


def test_the_side_panel_reviews_what_is_pasted(profile: BrowserContext) -> None:
    page = profile.new_page()
    page.goto(worker_of(profile).evaluate("chrome.runtime.getURL('panel.html')"))
    page.fill("#text", OKR)
    page.click("#review")
    page.wait_for_selector("text=Launch the reminder app")
    assert "of 100" in page.inner_text("h2")
    page.close()
