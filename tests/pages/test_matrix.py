"""One set of cases in every kind of field that people write in."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Frame, Page

from .browser import OKR, Card, underlined, until

Open = Callable[..., Page]
FLAGGED = {"Launch the reminder app", "Better", "Better leaflets"}


@dataclass(frozen=True)
class Surface:
    """A field: its page, how to reach it, and whether its text is a value."""

    name: str
    path: str
    selector: str
    value: bool = False
    frame: bool = False
    shadow: str = ""
    npm: bool = False
    redo: str = "Control+Shift+z"

    def open(self, open_page: Open) -> tuple[Page, Page | Frame]:
        page = open_page(self.path)
        where: Page | Frame = page
        if self.frame:
            page.wait_for_selector("iframe")
            where = page.frames[1]
        where.wait_for_load_state()
        page.wait_for_timeout(500)
        return page, where

    def element(self, where: Page | Frame) -> Any:
        if not self.shadow:
            return where.wait_for_selector(self.selector)
        return where.evaluate_handle(
            "([root, selector]) => roots[root].querySelector(selector)", [self.shadow, self.selector]
        ).as_element()

    def write(self, page: Page, where: Page | Frame, text: str) -> Any:
        """Types a text as a person would, line by line."""
        element = self.element(where)
        element.click()
        page.keyboard.press("Control+a")
        lines = text.rstrip("\n").split("\n")
        for at, line in enumerate(lines):
            if at:
                page.keyboard.press("Enter")
            page.keyboard.insert_text(line)
        return element

    def text(self, element: Any) -> str:
        said: str = element.evaluate("field => field.value ?? field.innerText")
        return said


SURFACES = [
    Surface("textarea", "plain.html", "#textarea", value=True),
    Surface("contenteditable", "plain.html", "#editable"),
    Surface("strict policy, textarea", "csp.html", "#textarea", value=True),
    Surface("strict policy, contenteditable", "csp.html", "#editable"),
    Surface("iframe, textarea", "frame.html", "#textarea", value=True, frame=True),
    Surface("iframe, contenteditable", "frame.html", "#editable", frame=True),
    Surface("open shadow root, textarea", "shadow.html", "textarea", value=True, shadow="open"),
    Surface("open shadow root, contenteditable", "shadow.html", "div", shadow="open"),
    Surface("closed shadow root, textarea", "shadow.html", "textarea", value=True, shadow="closed"),
    Surface("React", "editors.html?react", "textarea", value=True, npm=True),
    Surface("ProseMirror", "editors.html?prosemirror", "[contenteditable]", npm=True),
    Surface("Tiptap", "editors.html?tiptap", "[contenteditable]", npm=True),
    Surface("Quill", "editors.html?quill", "[contenteditable]", npm=True),
    Surface("Lexical", "editors.html?lexical", "[contenteditable]", npm=True),
    Surface("CodeMirror", "editors.html?codemirror", ".cm-content", npm=True, redo="Control+y"),
]


@pytest.fixture(params=SURFACES, ids=lambda surface: surface.name)
def surface(request: pytest.FixtureRequest) -> Surface:
    found: Surface = request.param
    if found.npm:
        request.getfixturevalue("editors")
    return found


def shot(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def pixels(picture: Image.Image, box: tuple[float, float, float, float]) -> Iterator[tuple[int, int, int]]:
    part = picture.crop((round(box[0]), round(box[1]), round(box[2]), round(box[3]))).tobytes()
    return zip(part[0::3], part[1::3], part[2::3], strict=True)


def ink(picture: Image.Image, box: tuple[float, float, float, float]) -> int:
    """Dark, colourless pixels (letters) in a box."""
    return sum(max(pixel) < 120 and max(pixel) - min(pixel) < 40 for pixel in pixels(picture, box))


def red(picture: Image.Image, box: tuple[float, float, float, float]) -> int:
    """Pixels of the underline of errors in a box."""
    return sum(r > 180 and g < 160 and b < 170 for r, g, b in pixels(picture, box))


def aligned(page: Page, where: Page | Frame, words: str) -> None:
    """The letters on the screen begin and end where the underline does."""
    left, top = (0.0, 0.0)
    if where is not page:
        box = page.query_selector("iframe").bounding_box()  # type: ignore[union-attr]
        assert box
        left, top = box["x"] + 2, box["y"] + 2
    found = next(each for each in underlined(where) if each["words"] == words)
    x0, y0, x1, y1 = found["left"] + left, found["top"] + top, found["right"] + left, found["bottom"] + top
    picture = shot(page)
    assert ink(picture, (x0, y0, x0 + 9, y1)), "letters begin at the underline"
    assert ink(picture, (x1 - 9, y0, x1, y1)), "letters end with it"
    assert not ink(picture, (x1 + 2, y0, x1 + 8, y1 - 2)), "and no letters follow it"
    assert red(picture, (x0, y1 - 6, x1, y1 + 4)) > (x1 - x0) / 2, "and it is drawn under them"


def test_underlines_stand_under_the_words(surface: Surface, open_page: Open) -> None:
    page, where = surface.open(open_page)
    surface.write(page, where, OKR)
    until(page, where, FLAGGED)
    page.wait_for_timeout(200)
    aligned(page, where, "Launch the reminder app")
    assert Card(page).wait("OKR 4")


def test_an_emoji_before_moves_them_along(surface: Surface, open_page: Open) -> None:
    page, where = surface.open(open_page)
    surface.write(page, where, OKR.replace("check-ups", "🎯 check-ups 👩‍⚕️"))
    until(page, where, FLAGGED)
    before = {each["words"] for each in underlined(where)}
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("🎯 ")
    page.wait_for_timeout(150)
    assert {each["words"] for each in underlined(where)} == before
    aligned(page, where, "Launch the reminder app")


def test_typing_inside_a_span_takes_its_line_away(surface: Surface, open_page: Open) -> None:
    page, where = surface.open(open_page)
    surface.write(page, where, OKR)
    until(page, where, FLAGGED)
    page.keyboard.press("Control+End")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.insert_text("x")
    page.wait_for_timeout(150)
    assert {each["words"] for each in underlined(where)} <= {"Launch the reminder app", "Better"}
    judged_again(page, where, "x")


def judged_again(page: Page, where: Page | Frame, letter: str) -> None:
    for _ in range(200):
        if any(letter in each["words"] for each in underlined(where)):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the changed line wasn't judged again")


def test_accepting_can_be_undone_and_redone(surface: Surface, open_page: Open) -> None:
    page, where = surface.open(open_page)
    element = surface.write(page, where, OKR)
    until(page, where, FLAGGED)
    page.wait_for_timeout(600)
    before = surface.text(element)
    page.keyboard.press("Control+Home")
    page.keyboard.press("Alt+Shift+KeyO")
    card = Card(page)
    card.wait("Activity not outcome")
    card.wait("Accept")
    card.click("Accept")
    page.wait_for_timeout(300)
    after = surface.text(element)
    assert "Launch the reminder app" not in after
    assert "Missed check-ups" in after
    assert "Better leaflets" in after
    if surface.name == "React":
        assert page.inner_text("#state").split() == after.split()
    element.focus()
    page.keyboard.press("Control+z")
    page.wait_for_timeout(200)
    assert surface.text(element).split() == before.split()
    page.keyboard.press(surface.redo)
    page.wait_for_timeout(200)
    assert surface.text(element).split() == after.split()


def test_underlines_follow_scrolling_resizing_and_zoom(open_page: Open) -> None:
    surface = SURFACES[0]
    page, where = surface.open(open_page)
    element = surface.write(page, where, OKR + "\n" * 14)
    until(page, where, FLAGGED)
    element.evaluate("field => field.scrollTop = 30")
    page.wait_for_timeout(150)
    aligned(page, where, "Launch the reminder app")
    page.evaluate("scrollTo(0, 25)")
    page.wait_for_timeout(150)
    aligned(page, where, "Launch the reminder app")
    element.evaluate("field => field.style.width = '260px'")
    page.wait_for_timeout(200)
    assert [each["words"] for each in underlined(where)]
    element.evaluate("field => { field.style.width = ''; document.body.style.zoom = '1.25'; }")
    page.wait_for_timeout(300)
    aligned(page, where, "Launch the reminder app")
