"""At the table: rewrites taken into the draft, homework, limits, and the whole way by keyboard."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Open
from .rooms import EVIL, opened, seated

LATER = 20_000
DRAFT = "O: Patients feel in charge\nKR1: Raise same-day answers to 80 %\nKR2: Missed check-ups from 31 % to 12 %"


def coached(page: Page, text: str) -> None:
    """Type a draft, and wait for what the coach says of it."""
    page.fill("#draft", text)
    expect(page.locator(".lines .card .question").first).to_be_visible(timeout=LATER)


def test_a_suggested_rewrite_goes_in_as_an_edit_and_its_blank_is_homework(
    open_page: Open, kept: tuple[str, str]
) -> None:
    board, link = opened(open_page, kept)
    table = seated(open_page, kept, link, "Ines", "Clinic")
    other = seated(open_page, kept, link, "Omar", "Clinic")
    coached(table, DRAFT)
    card = table.locator(".lines > li", has_text="same-day").locator(".card").first
    card.get_by_role("button", name="Suggest a rewrite").click()
    desk = table.locator("#desk")
    expect(desk.get_by_label("Where does this figure stand today?")).to_be_focused(timeout=LATER)
    desk.get_by_role("button", name="Skip").click()
    option = desk.locator(".option").first
    expect(option).to_be_visible(timeout=LATER)
    expect(option.locator("ins").first).to_be_visible()
    option.get_by_role("button", name="Use this wording").click()
    expect(table.locator(".used")).to_be_focused(timeout=LATER)
    taken = table.locator("#draft").input_value()
    assert "[" in taken
    expect(other.locator("#draft")).to_have_value(taken, timeout=LATER)
    homework = table.locator('[data-slot="homework"] li')
    expect(homework.first.locator("input")).to_be_visible(timeout=LATER)
    homework.first.locator("input").fill(EVIL)
    homework.first.get_by_role("button").click()
    expect(board.locator('[data-slot="notes"]')).to_contain_text(EVIL, timeout=LATER)
    expect(other.locator('[data-slot="homework"] input').first).to_have_value(EVIL, timeout=LATER)
    assert "owned" not in {board.title(), other.title(), table.title()}
    table.get_by_role("button", name="Undo").click()
    expect(table.locator("#draft")).to_have_value(DRAFT, timeout=LATER)
    expect(other.locator("#draft")).to_have_value(DRAFT, timeout=LATER)


def test_over_the_limits_the_lead_is_told_and_the_facilitator_may_let_it_pass(
    open_page: Open, kept: tuple[str, str]
) -> None:
    board, link = opened(open_page, kept)
    table = seated(open_page, kept, link, "Ines", "Clinic")
    coached(table, DRAFT + "".join(f"\nKR{at}: Letters of kind {at} from {at} to {at + 9}" for at in range(3, 7)))
    expect(table.locator('[data-slot="limits"]')).to_contain_text("6 key results, and there is room for 4")
    table.get_by_role("button", name="Call it ready").click()
    expect(table.locator('[data-slot="problem"]')).to_contain_text("Not ready yet")
    expect(table.get_by_role("button", name="Ready anyway")).to_have_count(0)
    board.get_by_role("link", name="Clinic").click()
    board.get_by_role("button", name="Ready anyway").click()
    expect(table.locator('[data-slot="grade"]')).to_contain_text("Called ready", timeout=LATER)


def test_the_keyboard_alone_is_enough_from_the_door_to_ready(open_page: Open, kept: tuple[str, str]) -> None:
    _, link = opened(open_page, kept)
    page = open_page(link, base=kept[0])
    page.get_by_label("Your name").focus()
    page.keyboard.type("Ines")
    page.keyboard.press("Tab")
    page.keyboard.type("Clinic")
    page.keyboard.press("Enter")
    expect(page.locator("#draft")).to_be_enabled()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    reach(page, "#draft")
    page.keyboard.insert_text(DRAFT)
    expect(page.locator(".lines .card .question").first).to_be_visible(timeout=LATER)
    reach(page, '[aria-label="Confidence 4 of 5"]')
    page.keyboard.press("Enter")
    expect(page.locator('[aria-label="Confidence 4 of 5"]').first).to_have_attribute("aria-pressed", "true")
    expect(page.locator('[aria-label="Confidence 4 of 5"]').first).to_be_focused()
    reach(page, ".talk summary")
    page.keyboard.press("Enter")
    reach(page, '.talk input[aria-label="Comment"]')
    page.keyboard.type("Who are they?")
    page.keyboard.press("Enter")
    expect(page.locator(".talk li").first).to_contain_text("Who are they?")
    reach(page, ".suggest")
    page.keyboard.press("Enter")
    expect(page.locator("#desk .option, #desk textarea").locator("visible=true").first).to_be_visible(timeout=LATER)
    page.keyboard.press("Escape")
    expect(page.locator("#desk")).to_have_count(0)
    reach(page, '[data-do="ready"]', back=True)
    page.keyboard.press("Enter")
    expect(page.locator('[data-slot="grade"]')).to_contain_text("Called ready")
    expect(page.locator('[data-do="ready"]')).to_be_focused()


def reach(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until the focus is on something."""
    for _ in range(120):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{selector} isn't reached by keyboard")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_of_a_workshop_is_accessible_and_fits(
    open_page: Open, kept: tuple[str, str], scheme: str, width: int
) -> None:
    view = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    board, link = opened(lambda *args, **more: open_page(*args, **more, **view), kept)
    room = board.url.rsplit("/", 1)[0]
    other = seated(open_page, kept, link, "Omar", "Front desk")
    other.fill("#draft", "O: Patients wait less\nKR1: Raise same-day answers to 90 %\nKR2: Calls from [today] to 3")
    table = seated(lambda *args, **more: open_page(*args, **more, **view), kept, link, "Ines", "Clinic")
    coached(table, DRAFT + "\n" + "".join(f"KR{at}: Letters {at} from {at} to {at + 9}\n" for at in range(3, 7)))
    table.locator('[data-form="request"] [name="text"]').fill("Send the lists by noon")
    table.get_by_role("button", name="Ask", exact=True).click()
    expect(table.locator('[data-slot="requests"]')).to_contain_text("asked")
    board.fill('[data-form="note"] [name="text"]', "One list for all")
    board.click('[data-form="note"] button')
    expect(board.locator(".notes-list")).to_contain_text("[today]", timeout=LATER)
    table.locator(".suggest").first.click()
    expect(table.locator("#desk .option, #desk textarea").locator("visible=true").first).to_be_visible(timeout=LATER)
    checked(table, width)
    checked(board, width)
    for path in ("/wall", "/invite", "/setup", "/teams/0"):
        board.goto(room + path)
        if path == "/setup":
            expect(board.locator(".links li")).to_have_count(3)
        checked(board, width)
    for path in (link, "/workshops", link[:-4]):
        board.goto(kept[0] + path)
        checked(board, width)


def checked(page: Page, width: int) -> None:
    """Nothing that axe-core complains of, and no sideways scrolling."""
    found = Axe().run(page)
    assert not found.response["violations"], f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_what_a_workshop_leaves_behind_is_accessible_and_leads_there_and_back(
    open_page: Open, kept: tuple[str, str], scheme: str, width: int
) -> None:
    view = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    board, link = opened(lambda *args, **more: open_page(*args, **more, **view), kept)
    room = board.url.removesuffix("/board")
    table = seated(open_page, kept, link, "Ines", "Clinic")
    table.fill("#draft", DRAFT)
    expect(board.locator(".teams")).to_contain_text("Patients", timeout=LATER)
    board.fill('[data-form="note"] [name="text"]', "One list for all")
    board.click('[data-form="note"] button')
    onward = board.get_by_role("link", name="How the OKRs go")
    expect(board.locator(".notes-list")).to_contain_text("One list for all")
    expect(onward).to_have_count(0)
    board.get_by_role("button", name="Freeze").click()
    expect(onward).to_be_visible()
    checked(board, width)
    board.goto(room.replace("/workshops/", "/v1/workshops/") + "/export?format=html")
    checked(board, width)
    board.locator(".onward a").click()
    board.get_by_label("Key").fill(kept[1])
    board.get_by_role("button", name="Sign in").click()
    expect(board.locator("h1")).to_contain_text("where we stand")
    checked(board, width)
    board.locator(".origin a").click()
    board.get_by_role("button", name="Reopen").click()
    table.fill("#draft", DRAFT.replace("feel", "are").replace("12 %", "15 %"))
    expect(board.locator(".teams")).to_contain_text("Patients are in charge", timeout=LATER)
    board.get_by_label("Why it changes").fill("Two clinics closed")
    checked(board, width)
    board.get_by_role("button", name="Freeze").click()
    expect(board.get_by_label("Why it changes")).to_be_hidden()
    onward.click()
    board.get_by_role("link", name="Ledger").click()
    expect(board.locator("main")).to_contain_text("Two clinics closed")
