"""Rewriting on the page: ask, answer, fill in, apply, undo, copy; and without JavaScript."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from .conftest import Open
from .site import DRAFT as EMOJI_DRAFT
from .site import HOSTILE

WITH_AND_WITHOUT = pytest.mark.parametrize("scripts", [True, False], ids=["with-js", "without-js"])
LAUNCH = "Launch the reminder app"
DRAFT = EMOJI_DRAFT.replace("Launch the 🎯", "Launch the").replace("clinic", "clinic 🎯 👩‍👩‍👧")
KEEP = "Keep the phone line answered within two minutes"


def review(page: Page, draft: str = DRAFT) -> None:
    page.get_by_label("Your draft").fill(draft)
    page.get_by_role("button", name="Review the draft").click()
    page.wait_for_load_state()
    expect(page.locator("#headline")).to_be_visible()


def ask(page: Page, line: str) -> Locator:
    """Press the button on the card of a line; the desk that opens."""
    page.locator(".row", has_text=line).get_by_role("button", name="Suggest a rewrite").first.click()
    desk = page.locator("#desk")
    expect(desk).to_be_visible()
    return desk


def draft_of(page: Page) -> str:
    return page.get_by_label("Your draft").input_value()


def wording(option: Locator) -> str:
    """What an option puts in the place of the line, its fields as brackets."""
    text: str = option.locator(".wording").evaluate(
        """(node) => {
          const copy = node.cloneNode(true);
          for (const gone of copy.querySelectorAll("del, .vh")) gone.remove();
          for (const field of copy.querySelectorAll("input")) field.replaceWith(`[${field.dataset.blank}]`);
          return copy.textContent.replace(/ +/g, " ").trim();
        }"""
    )
    return text


def test_ask_skip_fill_apply_undo(open_page: Open) -> None:
    page = open_page()
    review(page)
    desk = ask(page, LAUNCH)
    expect(desk.get_by_label("What will be different for whom when this is done?")).to_be_focused()
    assert desk.locator(".option").count() == 0
    desk.get_by_role("button", name="Skip").click()
    options = desk.locator(".option[data-kind=line]")
    expect(options.first).to_be_visible()
    assert options.count() >= 2
    assert "a guess" in options.first.inner_text()
    expect(options.first.locator(".gain")).to_have_text(re.compile(r"Grade.*\d+ → \d+ when filled"))
    first = wording(options.first)
    assert "[current %]" in first
    options.first.get_by_label("current %").fill("31")
    options.first.get_by_role("button", name="Use this wording").click()
    used = page.locator(".used")
    expect(used).to_be_focused()
    expect(used).to_contain_text("Rewritten, with a blank to fill in the draft.")
    assert draft_of(page) == DRAFT.replace(LAUNCH, first.replace("[current %]", "31 %"))
    expect(page.locator(".row", has=used).locator(".said")).to_contain_text("31 %")
    expect(page.locator(".change")).to_contain_text("since your last try")
    used.get_by_role("button", name="Undo").click()
    expect(page.locator(".row", has_text=LAUNCH).get_by_role("button", name="Suggest a rewrite")).to_be_focused()
    assert draft_of(page) == DRAFT
    expect(used).to_have_count(0)


def test_an_answer_is_used_and_kept(open_page: Open) -> None:
    page = open_page()
    review(page)
    desk = ask(page, LAUNCH)
    box = desk.get_by_label("What will be different")
    box.fill("patients book their check-ups without calling us")
    box.press("Control+Enter")
    first = desk.locator(".option").first
    expect(first).to_contain_text("uses your answer")
    assert "patients who book their check-ups without calling us" in wording(first)
    expect(first.locator(".guess")).not_to_be_visible()
    page.keyboard.press("Escape")
    expect(desk).to_have_count(0)
    again = ask(page, LAUNCH)
    expect(again.locator(".option").first).to_contain_text("uses your answer")
    expect(again.get_by_label("What will be different")).to_have_value(
        "patients book their check-ups without calling us"
    )


def test_the_answer_may_hold_markup(open_page: Open) -> None:
    page = open_page()
    review(page)
    desk = ask(page, LAUNCH)
    desk.get_by_label("What will be different").fill(
        "patients <img src=x onerror=\"document.title='owned'\"> come back"
    )
    desk.get_by_role("button", name="Use my answer").click()
    expect(desk.locator(".option").first).to_be_visible()
    assert desk.locator("img").count() == 0
    assert "owned" not in page.title()


def test_a_move_takes_the_line_out_and_numbers_the_rest(open_page: Open) -> None:
    page = open_page()
    review(page)
    desk = ask(page, LAUNCH)
    desk.get_by_role("button", name="Skip").click()
    move = desk.locator(".option[data-kind=move]")
    expect(move).to_contain_text("belongs on the roadmap")
    move.get_by_role("button", name="Take it out of the OKR").click()
    expect(page.locator(".used")).to_contain_text("Taken out: it belongs on the roadmap.")
    assert draft_of(page) == DRAFT.replace(f"KR2: {LAUNCH}\n", "").replace("KR3:", "KR2:").replace("KR4:", "KR3:")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".used")).to_have_count(0)
    assert draft_of(page) == DRAFT


def test_a_whole_okr_is_applied_and_copied(open_page: Open, site: str) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    review(page, DRAFT.replace(KEEP, "Keep satisfaction above 95 %"))
    page.get_by_role("button", name="Rewrite the whole OKR").first.click()
    option = page.locator("#desk .option")
    expect(option).to_have_count(1)
    expect(option.locator(".gain")).to_have_text(re.compile("→ 100"))
    fields = option.locator("input.blank")
    assert fields.count() >= 4
    fields.first.fill("44")
    named = fields.first.get_attribute("data-blank")
    other = option.locator(
        f'input.blank[data-blank="{named}"]:not([data-row="{fields.first.get_attribute("data-row")}"])'
    )
    assert other.count() >= 1
    expect(other.first).to_have_value("")
    lines = wording(option).split("\n")
    option.get_by_role("button", name="Use this OKR").click()
    expect(page.locator(".used")).to_be_visible()
    draft = draft_of(page)
    assert draft.startswith(
        "Team: Riverside clinic 🎯 👩‍👩‍👧\nQ3 2026\n\nO: Patients with diabetes feel in charge of their week\nKR1:"
    )
    assert [line.partition(": ")[2] for line in draft.split("\n")[5:8]][1:] == lines[3:5]
    page.get_by_role("button", name="Copy the improved OKR").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "\n".join(draft.split("\n")[3:8]) + "\n"


def test_an_edited_draft_is_not_overwritten(open_page: Open) -> None:
    page = open_page()
    review(page)
    desk = ask(page, LAUNCH)
    desk.get_by_role("button", name="Skip").click()
    expect(desk.locator(".option").first).to_be_visible()
    page.get_by_label("Your draft").fill(DRAFT + "\nKR: more")
    desk.get_by_role("button", name="Use this wording").first.click()
    expect(desk).to_contain_text("edited after this review")
    assert draft_of(page) == DRAFT + "\nKR: more"


def test_a_server_that_is_gone_says_so_on_the_desk(open_page: Open) -> None:
    page = open_page()
    review(page)
    page.route("**/v1/rewrites", lambda route: route.abort())
    expect(ask(page, LAUNCH)).to_contain_text("can’t be reached")


def test_the_keyboard_alone_is_enough(open_page: Open) -> None:
    page = open_page()
    review(page)
    page.locator(".row", has_text=LAUNCH).get_by_role("button", name="Suggest a rewrite").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#desk-answer")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#desk")).to_be_focused()
    page.locator("#desk input.blank").first.focus()
    page.keyboard.insert_text("12 %")
    page.keyboard.press("Enter")
    expect(page.locator(".used")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".used")).to_have_count(0)
    assert draft_of(page) == DRAFT


def test_without_scripts_the_server_shows_the_rewrites(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    review(page)
    desk = ask(page, LAUNCH)
    assert page.url.endswith("#desk")
    assert page.locator(".row", has=page.locator("#desk")).locator(".said").inner_text().startswith(f"KR2: {LAUNCH}")
    options = desk.locator(".option")
    assert options.count() >= 3
    expect(options.first.locator("ins").first).to_contain_text("put in: ")
    expect(desk).to_contain_text("belongs on the roadmap")
    assert draft_of(page) == DRAFT
    desk.get_by_label("What will be different").fill("patients book their check-ups without calling us")
    desk.get_by_role("button", name="Use my answer").click()
    expect(page.locator("#desk .option").first).to_contain_text("uses your answer")
    expect(page.locator("#desk .option").first).to_contain_text("patients who book their check-ups")
    page.get_by_role("button", name="Rewrite the whole OKR").first.click()
    expect(page.locator("#desk .option")).to_have_count(1)
    expect(page.locator(".okr").first.locator("> #desk")).to_be_visible()


@WITH_AND_WITHOUT
@pytest.mark.parametrize(
    ("line", "at"), [(LAUNCH, (0, 1)), (KEEP, (0, 2)), ("Better leaflets", (0, 3)), ("80 %", (1, 0))]
)
def test_both_ways_offer_the_same(open_page: Open, site: str, line: str, at: tuple[int, int], scripts: bool) -> None:
    """The server's part and the browser's are each held to the API's answer."""
    page = open_page(java_script_enabled=scripts)
    review(page)
    api = page.request.post(site + "/v1/rewrites", data={"text": DRAFT}).json()["rewrites"]
    mine = [one for one in api if (one["target"]["objective"], one["target"]["key_result"]) == at]
    desk = ask(page, line)
    expect(desk).not_to_have_attribute("aria-busy", "true")
    skip = desk.get_by_role("button", name="Skip")
    if scripts and skip.is_visible():
        skip.click()
    expect(desk.locator(".option").first).to_be_visible()
    assert [wording(option) for option in desk.locator(".option").all()] == [one["text"] for one in mine]


@WITH_AND_WITHOUT
def test_a_hostile_draft_stays_text(open_page: Open, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    review(page, HOSTILE)
    for button in range(page.get_by_role("button", name="Suggest a rewrite").count()):
        page.get_by_role("button", name="Suggest a rewrite").nth(button).click()
        desk = page.locator("#desk")
        expect(desk).to_be_visible()
        expect(desk).not_to_have_attribute("aria-busy", "true")
        if desk.get_by_role("button", name="Skip").is_visible():
            desk.get_by_role("button", name="Skip").click()
        expect(desk.locator("[data-slot=said]")).to_have_text(re.compile("suggestion|No wording"))
        assert desk.locator("img, script, a[href^=javascript], b:has-text('bold')").count() == 0
        for option in desk.locator(".wording bdi").all():
            assert option.evaluate("e => getComputedStyle(e).unicodeBidi") == "isolate"
    assert "owned" not in page.title()


@pytest.mark.parametrize(
    "rewrite", ["0", "9/9", "x/y", "0/99999", "99999/*", "0/1/2", "\u0661/\u0662", "0/" + "9" * 400]
)
def test_a_made_up_name_of_a_line_is_harmless(open_page: Open, site: str, rewrite: str) -> None:
    page = open_page(java_script_enabled=False)
    answer = page.request.post(site + "/", multipart={"draft": DRAFT, "rewrite": rewrite, "answer": "\u202e" * 2_000})
    assert answer.status == 200
    assert 'id="headline"' in answer.text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (True, 390), (False, 390)])
def test_the_desk_is_accessible_and_fits(open_page: Open, scheme: str, scripts: bool, width: int) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    if not scripts:  # axe itself is a script, so that only the page's own are left out
        page.route("**/static/page.js", lambda route: route.abort())
        page.reload()
    review(page)
    desk = ask(page, LAUNCH)
    if scripts:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        desk.get_by_role("button", name="Skip").click()
    expect(desk.locator(".option").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    if scripts:
        desk.get_by_role("button", name="Use this wording").first.click()
        expect(page.locator(".used")).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


TABLE = """\
| Team | Objective | Key result |
|---|---|---|
| Depot | Depots run themselves | Missed pickups a week from 31 to 10 |
| Depot | Depots run themselves | Launch the depot handbook |
"""
LIST = "1. Grow\n  1.1 Cut churn from 4 % to 2 % (owner: Jo)\n  1.2 Raise NPS from 🎯 3 to 9"
REVISED = """async ([text, rewrite, wording]) => {
  const { revised } = await import("/static/revise.js");
  const asked = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }) };
  return revised(text, await (await fetch("/v1/reviews", asked)).json(), rewrite, wording);
}"""


@pytest.mark.parametrize(
    ("text", "at", "kind", "wording", "revised"),
    [
        ("O: Grow 🎯\nKR1: a app\nKR2: b bee", 0, "line", "A\nB", "O: Grow 🎯\nKR1: A\nKR2: B\nKR3: b bee"),
        (
            "O: Grow\nKR: a app\nKR: b bee\n\nBye",
            None,
            "line",
            "Big\nnew",
            "O: Big\nKR: a app\nKR: b bee\nKR: new\n\nBye",
        ),
        ("O: Grow\nKR1: a app\nKR2: b bee\n", 1, "move", "b bee", "O: Grow\nKR1: a app\n"),
        ("O: Grow\nKR1: a app\nKR2: b bee", 1, "move", "b bee", "O: Grow\nKR1: a app"),
        ("O: Grow\nKR1: a app\nKR2: b bee", 0, "move", "a app", "O: Grow\nKR1: b bee"),
        ("O: Grow\nKR1: a app\nKR2: b bee", None, "move", "Grow", None),
        ("O: Grow\nKR1: a app", None, "okr", "Big\na app\nc sea", "O: Big\nKR1: a app\nKR1: c sea"),
        (
            "O: Grow\nKR1: a app\nKR2: b bee\nKR3: c sea",
            None,
            "okr",
            "Grow\nb BEE\nc sea",
            "O: Grow\nKR1: b BEE\nKR2: c sea",
        ),
        (
            TABLE,
            1,
            "line",
            "One\nTwo",
            TABLE.replace("Launch the depot handbook |", "One |\n| Depot | Depots run themselves | Two |"),
        ),
        (TABLE, 1, "line", "One", TABLE.replace("Launch the depot handbook", "One")),
    ],
)
def test_lines_go_in_where_they_belong(
    open_page: Open, text: str, at: int | None, kind: str, wording: str, revised: str | None
) -> None:
    rewrite = {"kind": kind, "target": {"objective": 0, "key_result": at}}
    assert open_page().evaluate(REVISED, [text, rewrite, wording]) == revised
