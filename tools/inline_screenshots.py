"""Takes the pictures of the extension at work into docs/images/. Run it when the extension changes.

.venv/bin/python tools/inline_screenshots.py
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright, sync_playwright
from screenshots import FLAGS, save, served

EXTENSION = Path(__file__).resolve().parents[1] / "extension"
SITE = "http://127.0.0.1:9"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Wiki</title><style>
:root{color-scheme:light dark}body{font:16px/1.6 sans-serif;margin:28px 36px;background:light-dark(#fff,#16191d);
color:light-dark(#1c2227,#e8ecef)}h1{font-size:22px}article{outline:0;max-width:640px}</style>
<h1>Riverside clinic: our plan</h1><article contenteditable="true"><p>Q3 2026</p>
<h2>Objective: Patients with diabetes feel in charge of their week</h2><ul>
<li>KR1: Missed check-ups from 31 % to 12 %</li><li>KR2: Launch the reminder app</li>
<li>KR3: Raise same-day answers to 80 %</li><li>KR4: Better leaflets</li></ul></article>"""


def browser(playwright: Playwright, folder: str, *, dark: bool, server: str) -> BrowserContext:
    """A browser that holds the extension, which knows the server and may read the page."""
    chromium = os.environ.get("OKR_COACH_CHROMIUM") or shutil.which("chromium")
    context = playwright.chromium.launch_persistent_context(
        folder,
        executable_path=chromium,
        headless=True,
        viewport={"width": 760, "height": 740},
        device_scale_factor=2,
        color_scheme="dark" if dark else "light",
        args=[*FLAGS, f"--load-extension={EXTENSION}", f"--disable-extensions-except={EXTENSION}"],
    )
    context.route(f"{SITE}/**", lambda route: route.fulfill(body=PAGE, content_type="text/html; charset=utf-8"))
    worker = context.service_workers[0] if context.service_workers else context.wait_for_event("serviceworker")
    worker.evaluate("server => chrome.storage.local.set({server})", server)
    worker.evaluate("site => coach.allow(site, true)", SITE)
    return context


def main() -> None:
    """The same page in light and in dark, with the card of the first finding."""
    with served() as server, sync_playwright() as playwright:
        for name, dark in (("inline.png", False), ("inline-dark.png", True)):
            with tempfile.TemporaryDirectory() as folder:
                context = browser(playwright, folder, dark=dark, server=server)
                page = context.new_page()
                page.goto(f"{SITE}/wiki")
                page.wait_for_timeout(1_000)
                page.click("text=Launch the reminder app")
                page.keyboard.press("Control+End")
                page.wait_for_function(
                    "() => CSS.highlights.get('okr-coach-error')?.size > 1", timeout=60_000, polling=200
                )
                page.keyboard.press("Alt+Shift+KeyO")
                page.wait_for_timeout(4_000)
                save(page, name)
                context.close()


if __name__ == "__main__":
    main()
