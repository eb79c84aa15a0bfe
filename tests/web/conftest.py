"""A browser and a site for the page tests; without a Chromium they skip, and on CI they fail."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from stores import settle_in, within

from app.config import Settings
from app.main import create_app
from app.services.store import Scope

from .site import FLAGS, chromium_path, scripted_coach, served

Open = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = chromium_path(playwright)
        if path is None:
            reason = "no Chromium: run tools/get-chromium.sh, or name one in OKR_COACH_CHROMIUM"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        with playwright.chromium.launch(executable_path=path, args=list(FLAGS)) as launched:
            yield launched


@pytest.fixture(scope="package")
def site() -> Iterator[str]:
    with served(create_app(Settings(), scripted_coach())) as address:
        yield address


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A site that keeps workspaces, and a key to write in one."""
    url = f"sqlite:///{tmp_path / 'okrs.db'}"
    # The browser's own event loop runs in this thread already.
    with ThreadPoolExecutor(1) as beside:
        _, tokens = beside.submit(within, url, settle_in).result()
    with served(create_app(Settings(database_url=url), scripted_coach())) as address:
        yield address, tokens[Scope.WRITE]


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Open]:
    """Opens a path of the site; at the end nothing may have broken the page's own policy or thrown."""
    contexts = []
    wrong: list[str] = []

    def opened(path: str = "/", *, base: str = site, **options: Any) -> Page:
        context = (
            browser.new_context(viewport={"width": 1280, "height": 900}, **options)
            if "viewport" not in options
            else browser.new_context(**options)
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console", lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None
        )
        page.goto(base + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong
