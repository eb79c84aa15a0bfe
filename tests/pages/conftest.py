"""A browser with the extension, the service it asks, and the pages people write in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Playwright, Worker, sync_playwright
from web.site import FLAGS, chromium_path, served

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app

from .browser import ROOT, allow, pages, set_up, unpacked, worker_of
from .surfaces import SURFACES, Surface

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
    set_up(worker, server=service)
    allow(worker, site)
    yield context
    context.close()


@pytest.fixture
def worker(profile: BrowserContext, service: str) -> Iterator[Worker]:
    """The extension's worker; settings and dismissals are as they were once the test is over."""
    found = worker_of(profile)
    yield found
    set_up(found, server=service, key="", workspace="", team="")
    found.evaluate("() => chrome.storage.local.remove('dismissed')")


@pytest.fixture
def open_page(profile: BrowserContext, site: str) -> Iterator[Open]:
    """Opens a test page in the browser's one tab; nothing may be thrown in it, nor its policy broken."""
    page = profile.pages[0]
    wrong: list[str] = []

    def thrown(error: Error) -> None:
        wrong.append(str(error))

    def logged(message: ConsoleMessage) -> None:
        if "Content Security" in message.text:
            wrong.append(message.text)

    def opener(path: str, base: str = site) -> Page:
        page.goto(f"{base}/{path}")
        return page

    page.on("pageerror", thrown)
    page.on("console", logged)
    yield opener
    page.goto("about:blank")
    page.remove_listener("pageerror", thrown)
    page.remove_listener("console", logged)
    assert not wrong


@pytest.fixture
def own_page(open_page: Open, worker: Worker) -> Open:
    """Opens a page of the extension itself."""
    return lambda path: open_page(path, base=worker.evaluate("chrome.runtime.getURL('')").rstrip("/"))


@pytest.fixture(params=SURFACES, ids=lambda surface: surface.name)
def surface(request: pytest.FixtureRequest) -> Surface:
    """Every kind of field in turn."""
    found: Surface = request.param
    if found.npm:
        request.getfixturevalue("editors")
    return found
