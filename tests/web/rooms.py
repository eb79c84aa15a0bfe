"""What the tests of workshop pages share: a workshop opened by its form, and people who come in by its link."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .conftest import Open

EVIL = "<img src=x onerror=\"document.title='owned'\"> & {{ 7 * 7 }}"


def opened(open_page: Open, kept: tuple[str, str]) -> tuple[Page, str]:
    """The facilitator's board and the teams' link."""
    page = open_page("/workshops", base=kept[0])
    for name, text in (("name", EVIL), ("cycle", "Q3 2026"), ("facilitator", "Noor"), ("key", kept[1])):
        page.fill(f"#{name}", text)
    page.click("button.go")
    link = str(page.locator(".codes a").first.get_attribute("href")).removeprefix(kept[0])
    expect(page.locator(".codes img").first).to_have_js_property("complete", value=True)
    page.click("a.go")
    expect(page.locator("h1")).to_contain_text(EVIL)
    return page, link


def seated(open_page: Open, kept: tuple[str, str], link: str, name: str, team: str) -> Page:
    page = open_page(link, base=kept[0])
    page.fill("#name", name)
    page.fill("#team", team)
    page.click("button.go")
    expect(page.locator("#draft")).to_be_enabled()
    return page
