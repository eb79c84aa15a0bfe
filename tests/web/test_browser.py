"""The page in a real Chromium, with JavaScript and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.coach.flow import Coach
from app.coach.parse import parse_text
from app.coach.report import as_markdown
from app.config import Settings
from app.main import create_app

from .conftest import Open
from .site import CLEAN, DRAFT, HOSTILE, scripted_coach, served

WITH_AND_WITHOUT = pytest.mark.parametrize("scripts", [True, False], ids=["with-js", "without-js"])


def review(page: Page, draft: str) -> None:
    page.get_by_label("Your draft").fill(draft)
    page.get_by_role("button", name="Review the draft").click()
    page.wait_for_load_state()
    expect(page.locator("#headline")).to_be_visible()


@WITH_AND_WITHOUT
def test_flagged_words_are_underlined_where_they_stand(open_page: Open, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    review(page, DRAFT)
    expect(page.locator("#headline")).to_have_text("2 things to send back")
    flags = page.locator("a.flag").locator('[data-slot="text"]')
    assert flags.all_text_contents() == [
        "Launch the 🎯 reminder app",
        "Keep the phone line answered within two minutes",
        "Better leaflets",
        "80 %",
    ]
    row = page.locator(".row", has_text="reminder app")
    expect(row.locator(".said")).to_contain_text("KR2: Launch the 🎯 reminder app")
    expect(row.locator(".verdict")).to_have_text("activity → roadmap")
    expect(row.get_by_role("heading", name="Activity not outcome")).to_be_visible()
    line = page.locator("a.flag[data-severity=error]").first.evaluate("e => getComputedStyle(e).textDecorationStyle")
    milder = page.locator("a.flag[data-severity=warning]").first.evaluate(
        "e => getComputedStyle(e).textDecorationStyle"
    )
    assert (line, milder) == ("solid", "dashed")


@WITH_AND_WITHOUT
def test_a_word_leads_to_its_card_and_back(open_page: Open, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    review(page, DRAFT)
    flag = page.locator("a.flag", has_text="Better leaflets")
    card = page.locator(".card", has_text="Not measurable")
    flag.click()
    if scripts:
        expect(card).to_be_focused()
        card.locator(".number").press("Enter")
        expect(flag).to_be_focused()
        expect(card).to_have_class("card linked")
    else:
        assert card.evaluate("e => e.matches(':target')")
        card.locator(".number").click()
        assert flag.evaluate("e => e.matches(':has(:target)')")


@WITH_AND_WITHOUT
def test_the_grade_shows_its_arithmetic_on_demand(open_page: Open, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    review(page, DRAFT)
    sum_ = page.locator(".sum").first
    expect(sum_.locator("table")).not_to_be_visible()
    sum_.locator("summary").click()
    rows = sum_.locator("tr").all_inner_texts()
    lost = [float(row.split("−")[1]) for row in rows if "−" in row]
    assert len(lost) == 3
    assert round(100 - sum(lost)) == int(sum_.locator("summary b").inner_text())


@WITH_AND_WITHOUT
def test_a_clean_draft_is_told_so(open_page: Open, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    review(page, CLEAN)
    expect(page.locator("#headline")).to_have_text("Nothing to send back")
    expect(page.locator(".grade")).to_contain_text("100")
    assert page.locator("#review").locator("a.flag, .card").count() == 0
    assert page.locator("#review .verdict").all_inner_texts() == ["good"] * 3


@WITH_AND_WITHOUT
def test_an_error_keeps_the_draft(open_page: Open, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    draft = "O: much\n" + "KR: " + "more " * 20_000
    page.get_by_label("Your draft").evaluate("(box, text) => { box.value = text }", draft)
    page.get_by_label("Strategy").fill("Stay small")
    page.get_by_role("button", name="Review the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("100,012 characters")
    assert page.get_by_label("Your draft").input_value() == draft
    assert page.get_by_label("Strategy").input_value() == "Stay small"
    if scripts:
        expect(page.locator("#problem")).to_be_focused()


def test_a_server_that_is_gone_keeps_the_draft(open_page: Open) -> None:
    page = open_page()
    page.route("**/v1/reviews", lambda route: route.abort())
    page.get_by_label("Your draft").fill(DRAFT)
    page.get_by_role("button", name="Review the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("can’t be reached")
    assert page.get_by_label("Your draft").input_value() == DRAFT


@WITH_AND_WITHOUT
def test_markup_and_direction_marks_in_a_draft_are_inert(open_page: Open, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    review(page, HOSTILE)
    page.wait_for_load_state("networkidle")
    assert "owned" not in page.title()
    assert page.locator("#review").locator("img, script, b:has-text('bold')").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0
    expect(page.locator(".said").first).to_contain_text("<img src=x onerror=\"document.title='owned'\">")
    expect(page.locator(".row").nth(1)).to_contain_text("Launch {{ 7 * 7 }} <b>bold</b> & &amp; things")
    assert page.locator(".said bdi").first.evaluate("e => getComputedStyle(e).unicodeBidi") == "isolate"


@WITH_AND_WITHOUT
@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_needs_no_sideways_scrolling(open_page: Open, scripts: bool, width: int) -> None:
    page = open_page(java_script_enabled=scripts, viewport={"width": width, "height": 800})
    long_word = "un" * 120 + "able"
    review(page, DRAFT + f"KR: {long_word} from 1 to 2\n" + HOSTILE)
    for path in ("", "/rules", "/rules/kpi-as-okr"):
        if path:
            page.goto(page.url.rstrip("/").split("/rules")[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.go_back()


def test_on_a_phone_a_card_stands_under_its_line(open_page: Open) -> None:
    page = open_page(viewport={"width": 390, "height": 800})
    review(page, DRAFT)
    row = page.locator(".row", has_text="Better leaflets")
    said, card = row.locator(".said").bounding_box(), row.locator(".card").bounding_box()
    assert said
    assert card
    assert card["y"] >= said["y"] + said["height"]


def test_copy_gives_the_same_markdown_as_the_coach(open_page: Open, site: str) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    review(page, DRAFT)
    page.get_by_role("button", name="Copy as Markdown").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == as_markdown(scripted_coach().review(parse_text(DRAFT)))


def test_download_is_a_markdown_file(open_page: Open) -> None:
    page = open_page()
    review(page, DRAFT)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "okr-review.md"
    assert download.value.path().read_text("utf-8").startswith("# OKR review\n")


@WITH_AND_WITHOUT
def test_print_has_the_findings_with_their_reasons_and_no_form(open_page: Open, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    review(page, DRAFT)
    page.emulate_media(media="print")
    expect(page.locator("#ask")).not_to_be_visible()
    for card in page.locator("#review .card").all():
        expect(card.locator(".question")).to_be_visible()
        expect(card.locator('[data-slot="judged"]')).to_be_visible()
    expect(page.locator("a.flag").first).to_be_visible()


def test_the_example_is_one_click_away(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("link", name="Try an example").click()
    page.get_by_role("button", name="Review the draft").click()
    expect(page.locator("#headline")).to_contain_text("to send back")


def test_the_second_try_says_what_it_gained(open_page: Open) -> None:
    page = open_page()
    review(page, DRAFT)
    expect(page.locator(".change")).not_to_be_visible()
    review(page, DRAFT.replace("KR4: Better leaflets\n", ""))
    expect(page.locator(".change")).to_contain_text("since your last try, from 4 remarks to 3")


def test_the_keyboard_alone_is_enough(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.get_by_label("Your draft").focus()
    page.keyboard.insert_text(DRAFT)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#headline")).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("2 things to send back. 4 remarks.")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.className").split(" ")[0])
    assert reached.count("flag") == 4
    assert reached.count("number") == 4


def test_a_guarded_service_asks_for_its_token(open_page: Open) -> None:
    with served(create_app(Settings(tokens=("s3cret",)), scripted_coach())) as base:
        for scripts in (True, False):
            page = open_page(base=base, java_script_enabled=scripts)
            page.get_by_label("Your draft").fill(DRAFT)
            page.get_by_label("Access token").fill("wrong")
            page.get_by_role("button", name="Review the draft").click()
            expect(page.get_by_role("alert")).to_contain_text("token")
            page.get_by_label("Access token").fill("s3cret")
            review(page, DRAFT)


def test_the_real_models_underline_within_the_page(open_page: Open, coach: Coach) -> None:
    with served(create_app(Settings(), coach)) as base:
        page = open_page("/?example=1", base=base)
        page.get_by_role("button", name="Review the draft").click()
        expect(page.locator("#headline")).to_be_visible()
        expect(page.locator(".row", has_text="Launch the new set-up wizard").locator(".verdict")).to_have_text(
            "activity → roadmap"
        )
        expect(page.locator(".judged")).to_contain_text("the rules and the embedded critic")
