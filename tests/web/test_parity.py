"""The review that scripts draw is the one that the server draws."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Open
from .site import CLEAN, DRAFT, HOSTILE

TABLE = """\
| Team | Objective | Key result |
|---|---|---|
| Depot | Depots run themselves | Missed pickups a week from 31 to 10 |
| Depot | Depots run themselves | Launch the depot handbook |
| Line | Drivers stay with us | Better shifts |
"""
MANY = (
    "O: Readers find us\n"
    + "".join(f"- Launch edition {n} in 1{n} towns\n" for n in range(9))
    + "\n".join("chat" * 3 for _ in range(12))
)
LONE = "Launch the wizard\nBetter help\nIncrease revenue by 20 %"
MAIL = "Hi Jo,\n\nthanks for lunch. I'll send the invoice on Monday.\n\nBest,\nSam"
ODD = "\ufeffO: a\x01b\x0b 👩‍👩‍👧 grow\r\nKR: better\tthings\n\n\n   KR:  better\n"

DRAFTS = {
    "draft": DRAFT,
    "clean": CLEAN,
    "hostile": HOSTILE,
    "table": TABLE,
    "many": MANY,
    "lone": LONE,
    "mail": MAIL,
    "odd": ODD,
}


# Only scripts can serve the buttons; the rest of what may differ is white space, the time taken and what
# the pointer happens to rest on.
OUTLINE = """(node) => {
  const lines = [];
  const walk = (at, depth) => {
    if (at.nodeType === Node.TEXT_NODE) {
      const text = at.data.replace(/\\s+/gu, " ").trim();
      if (text) lines.push(" ".repeat(depth) + JSON.stringify(text));
      return;
    }
    if (at.matches("button, textarea, .progress, .change")) return;
    const written = ({ name, value }) => `${name}=${JSON.stringify(value.replace(" linked", ""))}`;
    const attributes = [...at.attributes].map(written).sort();
    lines.push(" ".repeat(depth) + [at.localName, ...attributes].join(" "));
    at.normalize();
    for (const child of at.childNodes) walk(child, depth + 1);
  };
  walk(node, 0);
  return lines.join("\\n");
}"""


def drawn(page: Page, draft: str) -> tuple[str, str]:
    # Set rather than typed, since a browser would drop what it can't type.
    page.get_by_label("Your draft").evaluate("(box, text) => { box.value = text }", draft)
    page.get_by_label("Strategy").fill("One thing\n\nAnother")
    page.get_by_role("button", name="Review the draft").click()
    expect(page.locator("#headline")).to_be_visible()
    outline: str = page.locator("#review").evaluate(OUTLINE)
    markdown = page.locator('[data-slot="markdown"]').input_value()
    return re.sub(r"in \d+ ms", "in … ms", outline), markdown


@pytest.mark.parametrize("name", DRAFTS)
def test_scripts_draw_what_the_server_draws(open_page: Open, name: str) -> None:
    with_scripts, without = (drawn(open_page(java_script_enabled=on), DRAFTS[name]) for on in (True, False))
    assert with_scripts[0].splitlines() == without[0].splitlines()
    assert with_scripts[1] == without[1]
