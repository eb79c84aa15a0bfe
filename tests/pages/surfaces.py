"""The kinds of field that people write in, and how to write in each."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Frame, Page

from .browser import OKR, underlined, wait_for

Open = Callable[..., Page]

FLAGGED = frozenset({"Launch the reminder app", "Better", "Better leaflets"})
AIM = "Launch the reminder app"
ROW = "KR{}: Visits that end with a plan for the weeks that follow from {} % to 60 %\n"
_AT = OKR.index("KR2")
LONG = OKR[:_AT] + "".join(ROW.format(at, at % 50) for at in range(4, 140)) + OKR[_AT:]
ONE_LINE = f"KR1: {AIM}"

ALIKE = {"#textarea": "p:first-of-type textarea", "#input": "p input:not([type])", "#editable": "[contenteditable]"}
"""Selectors for a field and the one that was added beside it."""
_ANOTHER = """field => {
  const made = field.cloneNode(true);
  made.removeAttribute('id');
  (field.closest('label') ?? field).after(made);
}"""
_RENEW = """field => {
  const made = field.cloneNode(true);
  if ('value' in made) made.value = '';
  else made.textContent = '';
  history.pushState({}, '', '#next');
  field.replaceWith(made);
}"""


@dataclass(frozen=True)
class Surface:
    """A field: its page, how to reach it, whether its text is a value, and what is written into it."""

    name: str
    path: str
    selector: str
    value: bool = False
    frame: bool = False
    shadow: str = ""
    npm: bool = False
    redo: str = "Control+Shift+z"
    draft: str = OKR
    flagged: frozenset[str] = FLAGGED
    more: bool = False
    """Whether more than `flagged` is underlined."""

    def open(self, open_page: Open) -> tuple[Page, Page | Frame]:
        page = open_page(self.path)
        if not self.frame:
            return page, page
        page.wait_for_selector("iframe")
        page.frames[1].wait_for_load_state()
        return page, page.frames[1]

    def element(self, where: Page | Frame, at: int = 0) -> Any:
        """The field, or the one that was added."""
        if self.shadow:
            asked = [self.shadow, self.selector, at]
            found = "([root, selector, at]) => roots[root].querySelectorAll(selector)[at]"
            return where.evaluate_handle(found, asked).as_element()
        place = where.locator(ALIKE.get(self.selector, self.selector) if at else self.selector).nth(at)
        place.wait_for()
        return place.element_handle()

    def another(self, where: Page | Frame) -> Any:
        """A second field of the kind on the same page."""
        if self.npm:
            where.evaluate("() => { another(); }")
        else:
            self.element(where).evaluate(_ANOTHER)
        return self.element(where, 1)

    def renew(self, where: Page | Frame) -> Any:
        """What a single-page application does: another view with another field, without a load."""
        if self.npm:
            where.evaluate("renew()")
        else:
            self.element(where).evaluate(_RENEW)
        return self.element(where)

    def write(self, page: Page, where: Page | Frame, text: str | None = None, element: Any = None) -> Any:
        """Types a text as a person would: line by line, but for text boxes. Raises AssertionError if it isn't there."""
        into = element or self.element(where)
        into.click()
        # Only where something stands: Lexical may select what comes next, too, when "select all" came just before.
        if self.text(into).strip():
            page.keyboard.press("Control+a")
        whole = self.draft if text is None else text
        for at, line in enumerate([whole] if self.value else whole.rstrip("\n").split("\n")):
            if at:
                page.keyboard.press("Enter")
            page.keyboard.insert_text(line)
        wait_for(page, lambda: self.text(into).split(), lambda there: there == whole.split())
        return into

    def judged(
        self, page: Page, where: Page | Frame, words: Set[str] = frozenset(), gone: Set[str] = frozenset()
    ) -> None:
        """Waits until `words` (or all that are flagged) are underlined, and `gone` are not."""
        wanted = (words or self.flagged) - gone

        def right(found: set[str]) -> bool:
            return found >= wanted and not found & gone if self.more else found == wanted

        wait_for(page, lambda: {each["words"] for each in underlined(where)}, right)

    def reach(self, page: Page) -> None:
        """Moves the caret to the beginning of the line that says AIM, the last but one."""
        page.keyboard.press("Control+End")
        if self.draft != ONE_LINE:
            for _ in range(2 if self.value else 1):
                page.keyboard.press("ArrowUp")
        page.keyboard.press("Home")

    def text(self, element: Any) -> str:
        said: str = element.evaluate("field => field.value ?? field.innerText")
        return said


TEXTAREA = Surface("textarea", "plain.html", "#textarea", value=True)
LONG_TEXTAREA = replace(TEXTAREA, name="textarea, 10,000 characters", draft=LONG, more=True)
SURFACES = [
    TEXTAREA,
    LONG_TEXTAREA,
    Surface("input", "plain.html", "#input", value=True, draft=ONE_LINE, flagged=frozenset({AIM})),
    Surface("contenteditable", "plain.html", "#editable"),
    Surface("strict policy, textarea", "csp.html", "#textarea", value=True),
    Surface("strict policy, contenteditable", "csp.html", "#editable"),
    Surface("iframe, textarea", "frame.html", "#textarea", value=True, frame=True),
    Surface("iframe, contenteditable", "frame.html", "#editable", frame=True),
    Surface("open shadow root, textarea", "shadow.html", "textarea", value=True, shadow="open"),
    Surface("open shadow root, contenteditable", "shadow.html", "div", shadow="open"),
    Surface("closed shadow root, textarea", "shadow.html", "textarea", value=True, shadow="closed"),
    Surface("closed shadow root, contenteditable", "shadow.html", "div", shadow="closed"),
    Surface("React", "editors.html?react", "textarea", value=True, npm=True),
    Surface("ProseMirror", "editors.html?prosemirror", "[contenteditable]", npm=True),
    Surface("Tiptap", "editors.html?tiptap", "[contenteditable]", npm=True),
    Surface("Quill", "editors.html?quill", "[contenteditable]", npm=True),
    Surface("Lexical", "editors.html?lexical", "[contenteditable]", npm=True),
    Surface("CodeMirror", "editors.html?codemirror", ".cm-content", npm=True, redo="Control+y"),
]
