"""A workshop in a browser: from the form to the board, with hostile text, a lost connection and two wordings."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import Open
from .rooms import EVIL, opened, seated

LATER = 20_000
DRAFT = (
    f"O: Patients {EVIL} feel in charge\nKR1: Raise same-day answers to 80 %\nKR2: Missed check-ups from 31 % to 12 %"
)


def test_what_is_typed_is_saved_coached_and_seen_on_the_board(open_page: Open, kept: tuple[str, str]) -> None:
    board, link = opened(open_page, kept)
    table = seated(open_page, kept, link, EVIL, f"Team {EVIL}")
    table.fill("#draft", DRAFT)
    expect(table.locator(".lines .card .question").first).to_be_visible()
    expect(table.locator(".flag")).not_to_have_count(0)
    table.locator(".talk summary").first.click()
    table.locator(".talk input").first.fill(EVIL)
    table.locator(".talk button", has_text="Say").first.click()
    expect(table.locator(".talk li").first).to_contain_text(EVIL)
    expect(board.locator(".teams li")).to_contain_text("Patients")
    board.fill('[data-form="note"] [name="text"]', EVIL)
    board.click('[data-form="note"] button')
    expect(board.locator(".notes-list li")).to_contain_text(EVIL)
    for page in (board, table):
        assert page.title() != "owned"
        assert page.locator("main img").count() == 0
    table.reload()
    expect(table.locator("#draft")).to_have_value(DRAFT)
    expect(table.locator(".talk li").first).to_contain_text(EVIL)


def test_text_typed_without_a_connection_is_sent_on_return(open_page: Open, kept: tuple[str, str]) -> None:
    _, link = opened(open_page, kept)
    table = seated(open_page, kept, link, "Ines", "Clinic")
    other = seated(open_page, kept, link, "Omar", "Clinic")
    table.fill("#draft", "O: One\nKR1: x from 1 to 2\nKR2: y from 1 to 2")
    expect(other.locator("#draft")).to_have_value("O: One\nKR1: x from 1 to 2\nKR2: y from 1 to 2")
    table.context.set_offline(offline=True)
    table.fill("#draft", "O: One\nKR1: x from 1 to 7\nKR2: y from 1 to 2")
    expect(table.locator('[data-slot="saved"]')).to_contain_text("kept in this browser")
    other.fill("#draft", "O: One\nKR1: x from 1 to 2\nKR2: y from 1 to 9")
    expect(other.locator('[data-slot="saved"]')).to_have_text("Saved")
    table.context.set_offline(offline=False)
    both = "O: One\nKR1: x from 1 to 7\nKR2: y from 1 to 9"
    for page in (table, other):
        expect(page.locator("#draft")).to_have_value(both, timeout=20_000)


@pytest.mark.parametrize("mine", [True, False])
def test_two_wordings_of_one_line_are_shown_and_one_is_chosen(
    open_page: Open, kept: tuple[str, str], *, mine: bool
) -> None:
    _, link = opened(open_page, kept)
    table = seated(open_page, kept, link, "Ines", "Clinic")
    other = seated(open_page, kept, link, "Omar", "Clinic")
    table.fill("#draft", "O: One\nKR1: x from 1 to 2")
    expect(other.locator("#draft")).to_have_value("O: One\nKR1: x from 1 to 2")
    table.context.set_offline(offline=True)
    table.fill("#draft", "O: One\nKR1: x from 1 to 7")
    expect(table.locator('[data-slot="saved"]')).to_contain_text("kept in this browser")
    other.fill("#draft", "O: One\nKR1: x from 1 to 5")
    expect(other.locator('[data-slot="saved"]')).to_have_text("Saved")
    table.context.set_offline(offline=False)
    clash = table.locator('[data-slot="clash"]')
    expect(clash).to_contain_text("KR1: x from 1 to 7", timeout=20_000)
    expect(clash).to_contain_text("KR1: x from 1 to 5")
    clash.get_by_role("button", name="Keep mine" if mine else "Take theirs").click()
    chosen = f"O: One\nKR1: x from 1 to {7 if mine else 5}"
    for page in (table, other):
        expect(page.locator("#draft")).to_have_value(chosen, timeout=20_000)


def test_where_nothing_meets_any_more_the_board_says_what_was_settled(open_page: Open, kept: tuple[str, str]) -> None:
    board, link = opened(open_page, kept)
    pairs = board.locator('[data-slot="pairs"]')
    expect(pairs).to_contain_text("Nothing yet")
    clinic = seated(open_page, kept, link, "Ines", "Clinic")
    lab = seated(open_page, kept, link, "Omar", "Lab")
    for table in (clinic, lab):
        table.fill("#draft", "O: Patients feel in charge\nKR1: Missed check-ups from 31 % to 12 %")
    expect(pairs).to_contain_text("Clinic and Lab: the same", timeout=LATER)
    lab.fill("#draft", "O: Samples arrive whole\nKR1: Broken tubes from 40 to 5 a month")
    for page in (board, clinic, lab):
        expect(page.locator('[data-slot="pairs"]')).to_contain_text("settled: 1", timeout=LATER)
    expect(pairs.locator("li").last).to_have_text("Clinic and Lab no longer: the same")


def test_what_was_settled_stands_below_what_is_open(open_page: Open, kept: tuple[str, str]) -> None:
    board, link = opened(open_page, kept)
    pairs = board.locator('[data-slot="pairs"]')
    tables = [
        seated(open_page, kept, link, name, team)
        for name, team in (("Ines", "Clinic"), ("Omar", "Lab"), ("Ada", "Desk"))
    ]
    for table in tables:
        table.fill("#draft", "O: Patients feel in charge\nKR1: Missed check-ups from 31 % to 12 %")
    expect(pairs).to_contain_text("Clinic and Lab: the same", timeout=LATER)
    tables[1].fill("#draft", "O: Samples arrive whole\nKR1: Broken tubes from 40 to 5 a month")
    expect(pairs).to_contain_text("Clinic and Lab no longer: the same", timeout=LATER)
    expect(pairs).to_contain_text("Clinic and Desk: the same")
    expect(pairs).not_to_contain_text("Nothing is open here")
