"""The same kinds of field over time: dismissals, a server that goes, a second field, another view."""

from __future__ import annotations

from playwright.sync_api import Worker

from .browser import Card, nobody_there, set_up, underlined, until, wait_for
from .surfaces import AIM, Open, Surface


def test_a_dismissal_sticks_after_a_reload(surface: Surface, open_page: Open, worker: Worker) -> None:
    page, where = surface.open(open_page)
    surface.write(page, where)
    surface.judged(page, where)
    card = Card(page)
    findings = [each["words"] for each in underlined(where)].count(AIM)
    for left in reversed(range(findings)):
        surface.reach(page)
        page.keyboard.press("Alt+Shift+KeyO")
        card.wait("Dismiss…")
        card.dismiss()
        wait_for(page, lambda: [each["words"] for each in underlined(where)].count(AIM), lambda count: count == left)  # noqa: B023
    kept = "async () => Object.values((await chrome.storage.local.get({dismissed: {}})).dismissed).flat().length"
    wait_for(page, lambda: worker.evaluate(kept), lambda count: count == findings)
    page, where = surface.open(open_page)
    surface.write(page, where)
    card.wait("OKR ")
    if surface.flagged - {AIM}:
        surface.judged(page, where, gone={AIM})
    else:
        assert underlined(where) == []


def test_the_server_may_go_and_come_back(surface: Surface, open_page: Open, worker: Worker, service: str) -> None:
    page, where = surface.open(open_page)
    with nobody_there() as gone:
        set_up(worker, server=gone)
        surface.write(page, where)
        Card(page).wait("OKR Coach is offline")
        assert underlined(where) == []
        set_up(worker, server=service)
        surface.judged(page, where)
    assert "offline" not in Card(page).words()


def test_two_fields_at_once(surface: Surface, open_page: Open) -> None:
    page, where = surface.open(open_page)
    other = surface.another(where)
    surface.write(page, where)
    surface.write(page, where, surface.draft.replace(AIM, "Launch the clinic's website"), other)
    surface.judged(page, where, surface.flagged | {"Launch the clinic's website"})
    shown = [each["words"] for each in underlined(where)]
    if not surface.more:
        assert shown.count("Better") == 2 * ("Better" in surface.flagged), "what both hold is underlined in both"


def test_another_view_of_a_single_page_application(surface: Surface, open_page: Open) -> None:
    page, where = surface.open(open_page)
    surface.write(page, where)
    surface.judged(page, where)
    element = surface.renew(where)
    until(page, where, set())
    surface.write(page, where, element=element)
    surface.judged(page, where)
