"""Takes the README's pictures of the page, as it is, into docs/images/. Run it when the page or its models change.

.venv/bin/python tools/screenshots.py
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from app.config import Settings
from app.main import create_app

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
LARGEST = 150_000


@contextmanager
def served(settings: Settings | None = None) -> Iterator[str]:
    """The real service on a free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(settings or Settings()), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)


def reviewed(browser: Browser, base: str, *, width: int, height: int, dark: bool, at: str) -> Page:
    """The page with the example reviewed, scrolled to what the selector `at` names."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        device_scale_factor=2,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{base}/?example=1")
    page.get_by_role("button", name="Review the draft").click()
    page.locator("#headline").wait_for()
    page.mouse.move(0, 0)
    page.evaluate("at => document.querySelector(at).scrollIntoView()", at)
    return page


def rewriting(browser: Browser, base: str) -> Page:
    """The same with the desk of a line open, and one of its blanks filled."""
    page = reviewed(browser, base, width=1240, height=760, dark=False, at=".top")
    row = page.locator(".row", has_text="set-up wizard")
    row.get_by_role("button", name="Suggest a rewrite").click()
    page.get_by_role("button", name="Skip").click()
    page.locator(".option").first.wait_for()
    page.locator("input.blank").first.fill("41")
    page.mouse.move(0, 0)
    row.evaluate("row => row.scrollIntoView()")
    return page


def save(page: Page, name: str) -> None:
    """The visible part, in as few colours as the size asks for. Raises ValueError if it stays too large."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 128, 64):
        held = io.BytesIO()
        picture.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(held, "PNG", optimize=True)
        if held.tell() <= LARGEST:
            (IMAGES / name).write_bytes(held.getvalue())
            return
    raise ValueError(f"{name} is larger than {LARGEST:,} bytes")


def main() -> None:
    """Desktop in light, phone in dark."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("OKR_COACH_CHROMIUM") or shutil.which("chromium")
    with (
        served() as base,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser,
    ):
        save(reviewed(browser, base, width=1240, height=1000, dark=False, at=".top"), "review.png")
        save(reviewed(browser, base, width=390, height=900, dark=True, at=".row:has(.card)"), "review-phone.png")
        save(rewriting(browser, base), "rewrite.png")


if __name__ == "__main__":
    main()
