"""axe-core finds nothing to complain of, in light and in dark, empty, reviewed, refused."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Open
from .site import CLEAN, DRAFT

SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


def assert_clean(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@SCHEMES
@pytest.mark.parametrize("path", ["/", "/?example=1", "/rules", "/rules/kpi-as-okr", "/rules/no-such"])
def test_pages_are_accessible(open_page: Open, scheme: str, path: str) -> None:
    assert_clean(open_page(path, color_scheme=scheme))


@SCHEMES
@pytest.mark.parametrize("draft", [DRAFT, CLEAN, " "], ids=["flagged", "clean", "refused"])
@pytest.mark.parametrize("width", [1280, 390])
def test_reviews_are_accessible(open_page: Open, scheme: str, draft: str, width: int) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.get_by_label("Your draft").fill(draft)
    page.get_by_role("button", name="Review the draft").click()
    expect(page.locator("#headline, #problem").filter(visible=True).first).to_be_visible()
    for details in page.locator("details:visible").all():
        details.evaluate("e => { e.open = true }")
    assert_clean(page)
