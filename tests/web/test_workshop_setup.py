"""The facilitator's set-up page: agenda, people, links, limits and last cycle's OKRs, changed under way."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .conftest import Open
from .rooms import EVIL, opened, seated


def setup(board: Page) -> Page:
    board.get_by_role("link", name="Set up").click()
    expect(board.locator(".agenda li").first).to_be_visible()
    return board


def test_the_agenda_is_changed_by_keyboard_and_the_room_hears_it(open_page: Open, kept: tuple[str, str]) -> None:
    board, link = opened(open_page, kept)
    table = seated(open_page, kept, link, "Ines", "Clinic")
    page = setup(board)
    names = page.locator(".agenda li > input")
    first = names.first.input_value()
    page.get_by_role("button", name="Later: stage 1", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Later: stage 2", exact=True)).to_be_focused()
    assert names.nth(1).input_value() == first
    page.get_by_label("Name of stage 2", exact=True).fill(EVIL)
    page.get_by_label("Minutes of stage 2").fill("7")
    page.get_by_role("button", name="Remove stage 3").press("Enter")
    page.get_by_role("button", name="Add a stage").press("Enter")
    page.keyboard.type("Thanks")
    expect(page.locator('[data-slot="agenda-state"]')).to_contain_text("Not saved yet")
    page.get_by_role("button", name="Save the agenda").press("Enter")
    expect(page.locator('[data-slot="agenda-state"]')).to_contain_text("Saved")
    expect(table.locator('[data-slot="stage"]')).to_have_text(f"2/7 {EVIL}")
    assert page.title() != "owned"
    page.reload()
    expect(names.last).to_have_value("Thanks")
    page.get_by_label("Ready agenda").select_option("two-hours")
    page.get_by_role("button", name="Fill in").click()
    expect(page.locator(".agenda li")).to_have_count(6)


def test_people_are_moved_and_removed(open_page: Open, kept: tuple[str, str]) -> None:
    board, link = opened(open_page, kept)
    ines = seated(open_page, kept, link, "Ines", "Clinic")
    omar = seated(open_page, kept, link, EVIL, f"Lab {EVIL}")
    page = setup(board)
    row = page.locator(".people-table tbody tr", has=page.locator("th", has_text="onerror"))
    expect(row.locator("td").first).to_have_text("here", timeout=15_000)
    row.get_by_role("combobox").select_option(label="member, Clinic")
    expect(omar.locator("h1")).to_have_text("Clinic")
    page.get_by_role("button", name="Remove Ines").click()
    page.get_by_role("button", name="Really remove Ines?").click()
    expect(ines.locator("h1")).to_have_text("This door is shut")
    expect(page.locator(".people-table tbody tr")).to_have_count(2)
    assert page.locator("main img").count() == 0


def test_a_link_is_renewed_revoked_and_made_for_a_team(open_page: Open, kept: tuple[str, str]) -> None:
    board, link = opened(open_page, kept)
    seated(open_page, kept, link, "Ines", "Clinic")
    page = setup(board)
    expect(page.locator(".links li")).to_have_count(3)
    page.get_by_role("button", name="Code of the link for member").click()
    expect(page.locator(".links img")).to_have_js_property("complete", value=True)
    page.get_by_role("button", name="Renew the link for member").click()
    expect(page.locator(".links li")).to_have_count(4)
    assert "This door is shut" in open_page(link, base=kept[0]).locator("h1").inner_text()
    renewed = str(page.locator(".links .address a").last.get_attribute("href"))
    expect(open_page(renewed, base=kept[0]).locator("#team")).to_be_visible()
    page.get_by_role("button", name="Revoke the link for observer").click()
    expect(page.locator(".links li", has_text="observer")).to_contain_text("revoked")
    page.locator('[data-form="link"] [name="team_id"]').select_option(label="Clinic")
    page.get_by_role("button", name="Make it").click()
    pinned = page.locator(".links li", has_text="member, Clinic").locator(".address a")
    expect(open_page(str(pinned.get_attribute("href")), base=kept[0]).locator("main")).to_contain_text(
        "You join the team Clinic"
    )
