"""A browser with the extension, the service it asks, and the pages people write in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright
from web.site import FLAGS, chromium_path, served

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app

from .browser import ROOT, allow, pages, unpacked, worker_of

Open = Callable[..., Page]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> str:
    path = chromium_path(playwright)
    if path is None:
        reason = "no Chromium: run tools/get-chromium.sh, or name one in OKR_COACH_CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="package")
def service(coach: Coach) -> Iterator[str]:
    with served(create_app(Settings(), coach)) as address:
        yield address


@pytest.fixture(scope="package")
def site() -> Iterator[str]:
    with pages(ROOT / "build" / "editors" / "site") as address:
        yield address


@pytest.fixture(scope="package")
def editors() -> None:
    if not (ROOT / "build" / "editors" / "site" / "editors.js").is_file():
        pytest.skip("the editors aren't bundled: run tools/get-editors.sh where there is npm")


@pytest.fixture(scope="package")
def profile(
    playwright: Playwright, chromium: str, service: str, site: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A browser whose extension knows the service and may read the test pages."""
    folder = tmp_path_factory.mktemp("profile")
    extension = unpacked(folder)
    context = playwright.chromium.launch_persistent_context(
        folder / "data",
        executable_path=chromium,
        headless=True,
        viewport={"width": 1000, "height": 900},
        args=[*FLAGS, f"--load-extension={extension}", f"--disable-extensions-except={extension}"],
    )
    worker = worker_of(context)
    worker.evaluate("server => chrome.storage.local.set({server})", service)
    allow(worker, site)
    yield context
    context.close()


@pytest.fixture
def open_page(profile: BrowserContext, site: str) -> Iterator[Open]:
    """Opens a test page; at the end nothing may have been thrown in it, nor its policy broken."""
    opened: list[Page] = []
    wrong: list[str] = []

    def opener(path: str, base: str = site) -> Page:
        page = profile.new_page()
        opened.append(page)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if "Content Security" in message.text else None)
        page.goto(f"{base}/{path}")
        return page

    yield opener
    for page in opened:
        page.close()
    assert not wrong
