"""What the extension does and what it leaves alone, in a real browser against the real service."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Worker

from .browser import OKR, Card, allow, nobody_there, pages, underlined, until, wait_for
from .surfaces import AIM, FLAGGED, ONE_LINE, Open

DEBOUNCE = 400
EMAIL = "Hi Ines,\n\ncould you look at the invoice from last week?\n\nBest regards,\nTom\n"


def write(page: Page, selector: str, text: str = OKR) -> None:
    page.click(selector)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


@pytest.mark.parametrize("selector", ["#password", "#readonly", "#out"])
def test_some_fields_are_never_read(selector: str, open_page: Open) -> None:
    page = open_page("plain.html")
    page.eval_on_selector(selector, "(field, text) => { field.value = text; }", OKR)
    page.click(selector)
    page.keyboard.insert_text(OKR.replace("\n", " "))
    write(page, "#input", ONE_LINE)
    until(page, page, {AIM})
    assert Card(page).words().count("OKR") == 1, "the mark of the one field that is read"


def test_an_email_gets_nothing_and_isn_t_sent(open_page: Open, worker: Worker) -> None:
    page = open_page("plain.html")
    worker.evaluate(
        "() => { globalThis.calls = 0; globalThis.real ??= fetch;"
        " globalThis.fetch = (...all) => { calls += 1; return real(...all); }; }"
    )
    write(page, "#second", EMAIL)
    write(page, "#textarea", OKR.replace("31", "37"))
    until(page, page, FLAGGED)
    assert worker.evaluate("calls") == 1
    worker.evaluate("() => { globalThis.fetch = real; }")


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


def worlds(page: Page) -> list[str]:
    """Names of everything that runs scripts in a page."""
    tools = page.context.new_cdp_session(page)
    found: list[str] = []
    tools.on("Runtime.executionContextCreated", lambda event: found.append(event["context"]["name"]))
    tools.send("Runtime.enable")
    tools.detach()
    return found


def test_a_site_that_wasn_t_allowed_holds_nothing_of_ours(open_page: Open, site: str) -> None:
    page = open_page("plain.html")
    assert "OKR Coach" in worlds(page)
    page = open_page("plain.html", base=site.replace("127.0.0.1", "localhost"))
    assert "OKR Coach" not in worlds(page)


def test_another_port_of_an_allowed_host_is_left_alone(open_page: Open) -> None:
    with pages(None) as elsewhere:
        page = open_page("plain.html", base=elsewhere)
        write(page, "#textarea")
        page.wait_for_timeout(DEBOUNCE + 600)
        assert underlined(page) == []
        assert page.evaluate("document.documentElement.children.length") == 2


def test_switching_a_site_off_clears_it_at_once(open_page: Open, site: str, worker: Worker) -> None:
    page = open_page("plain.html")
    write(page, "#textarea")
    until(page, page, FLAGGED)
    page.keyboard.press("Alt+Shift+KeyO")
    card = Card(page)
    card.wait("Not on this site")
    card.click("Not on this site")
    until(page, page, set())
    wait_for(page, lambda: page.evaluate("document.documentElement.children.length"), lambda count: count == 2)
    allow(worker, site)
    write(page, "#textarea", OKR.replace("31", "33"))
    until(page, page, FLAGGED)


def test_the_card_can_be_reached_with_the_mouse(open_page: Open) -> None:
    page = open_page("plain.html")
    write(page, "#editable")
    found = next(each for each in until(page, page, FLAGGED) if each["words"] == "Launch the reminder app")
    page.mouse.move((found["left"] + found["right"]) / 2, (found["top"] + found["bottom"]) / 2)
    card = Card(page)
    said = card.wait("Activity not outcome")
    assert "Send back" in said
    card.wait("Accept")
    card.click("Whole OKR")
    said = card.wait("activity → roadmap")
    assert "of 100" in said


def test_options_test_the_connection_before_they_save(own_page: Open, worker: Worker, service: str) -> None:
    page = own_page("options.html")
    with nobody_there() as gone:
        page.fill("#server", gone)
        page.click("text=Test and save")
        page.wait_for_selector("text=Nothing was saved")
    page.fill("#server", service)
    page.click("text=Test and save")
    page.wait_for_selector("text=Connected to OKR Coach")
    assert worker.evaluate("async () => (await chrome.storage.local.get('server')).server") == service


def test_the_side_panel_reviews_what_is_pasted(own_page: Open) -> None:
    page = own_page("panel.html")
    page.fill("#text", OKR)
    page.click("#review")
    page.wait_for_selector("text=Launch the reminder app")
    assert "of 100" in page.inner_text("h2")
