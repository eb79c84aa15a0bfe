"""One set of cases in every kind of field that people write in: what stands where, and what an edit does to it."""

from __future__ import annotations

import time

from playwright.sync_api import Frame, Page

from .browser import Card, underlined, wait_for
from .pixels import aligned
from .surfaces import AIM, Open, Surface

UNDO_STEP = 0.6
"""Seconds after which editors begin a new step to undo."""


def words(where: Page | Frame) -> set[str]:
    return {each["words"] for each in underlined(where)}


def test_underlines_stand_under_the_words(surface: Surface, open_page: Open) -> None:
    page, where = surface.open(open_page)
    surface.write(page, where)
    surface.judged(page, where)
    settled(page)
    aligned(page, where, AIM)
    assert Card(page).wait("OKR ")


def test_they_follow_scrolling_resizing_and_zoom(surface: Surface, open_page: Open) -> None:
    page, where = surface.open(open_page)
    element = surface.write(page, where)
    surface.judged(page, where)
    where.evaluate("scrollBy(0, 25)")
    settled(page)
    aligned(page, where, AIM)
    element.evaluate("field => Object.assign(field.style, {width: '330px', height: '130px', overflow: 'auto'})")
    element.evaluate("field => { field.scrollTop = field.scrollHeight; field.scrollIntoView({block: 'nearest'}); }")
    settled(page)
    aligned(page, where, AIM)
    element.evaluate("field => { field.scrollTop -= 12; }")
    settled(page)
    aligned(page, where, AIM)
    where.evaluate("document.body.style.zoom = '1.25'")
    element.evaluate("field => field.scrollIntoView({block: 'nearest'})")
    settled(page)
    aligned(page, where, AIM)


def test_an_emoji_before_moves_them_along(surface: Surface, open_page: Open) -> None:
    page, where = surface.open(open_page)
    surface.write(page, where, surface.draft.replace("Missed", "🎯 Missed 👩‍⚕️").replace(f": {AIM}", f": 👩‍⚕️ {AIM}"))
    wait_for(page, lambda: words(where), lambda found: any(AIM in each for each in found))
    before = words(where)
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("🎯 ")
    page.keyboard.press("Control+End")
    settled(page)
    assert words(where) == before
    aligned(page, where, next(each for each in before if AIM in each))


def test_typing_inside_a_span_takes_its_line_away(surface: Surface, open_page: Open) -> None:
    page, where = surface.open(open_page)
    surface.write(page, where)
    surface.judged(page, where)
    last = "leaflets" if "leaflets" in surface.draft else AIM
    page.keyboard.press("Control+End")
    for _ in range(3 + (surface.value and surface.draft.endswith("\n"))):
        page.keyboard.press("ArrowLeft")
    page.keyboard.insert_text("x")
    # For one frame the browser's own range grows with what is typed.
    settled(page)
    assert not any(each.endswith(last) or "x" in each for each in words(where)), "gone at once, not judged again yet"
    wait_for(page, lambda: words(where), lambda found: any("x" in each for each in found))


def test_accepting_can_be_undone_and_redone(surface: Surface, open_page: Open) -> None:
    page, where = surface.open(open_page)
    element = surface.write(page, where)
    written = time.monotonic()
    surface.judged(page, where)
    before = surface.text(element)
    page.wait_for_timeout(max(0, 1000 * (written + UNDO_STEP - time.monotonic())))
    surface.reach(page)
    page.keyboard.press("Alt+Shift+KeyO")
    card = Card(page)
    card.wait("Activity not outcome")
    card.wait("Accept")
    card.click("Accept")
    others = [line.split(": ")[-1] for line in surface.draft.split("\n") if line and AIM not in line]
    after = wait_for(
        page, lambda: surface.text(element), lambda text: AIM not in text and all(line in text for line in others)
    )
    assert after.split() != before.split()
    if surface.name == "React":
        wait_for(page, lambda: page.inner_text("#state"), lambda state: state.split() == after.split())
    element.focus()
    page.keyboard.press("Control+z")
    wait_for(page, lambda: surface.text(element), lambda text: text.split() == before.split())
    page.keyboard.press(surface.redo)
    wait_for(page, lambda: surface.text(element), lambda text: text.split() == after.split())


def settled(page: Page) -> None:
    """Two frames later everything has been drawn where it belongs."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
