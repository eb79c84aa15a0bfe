"""Takes the picture of the map of a plan of thirty teams into docs/images/, from the made-up plans of corpus/.

.venv/bin/python tools/screenshot_map.py
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, sync_playwright
from screenshots import FLAGS, save, served

from app.config import Settings
from app.services.store import Database, Scope, keys, workspaces
from app.workspace_cli import database_in

PLANS = Path(__file__).resolve().parents[1] / "corpus" / "plans.jsonl"
TEAMS = 30
PILLARS = (
    "Customers get started without our help",
    "Running costs grow slower than revenue",
    "Nobody is hurt at work",
    "New markets abroad",
    "Customers stay",
)


def thirty_teams() -> list[dict[str, Any]]:
    """OKRs of thirty teams of several organisations, as if they were one."""
    rows: dict[str, dict[str, Any]] = {}
    for line in PLANS.read_text("utf-8").splitlines():
        for team in json.loads(line)["teams"]:
            rows.setdefault(team["team"], {key: team[key] for key in ("team", "objective", "key_results")})
            if len(rows) == TEAMS:
                return list(rows.values())
    return list(rows.values())


async def opened(url: str) -> tuple[str, str]:
    """A new workspace and a key to it."""
    database = Database(url)
    await database.open()
    async with database.writing() as session:
        workspace = await workspaces.create(session, "Thirty teams")
        _, key = await keys.issue(session, workspace.id, "pictures", Scope.WRITE)
    await database.close()
    return workspace.id, key


def filled(base: str, workspace: str, key: str) -> str:
    """Put the plan into a workspace: the path of its map."""
    with httpx.Client(base_url=f"{base}/v1/workspaces/{workspace}", headers={"Authorization": f"Bearer {key}"}) as call:
        cycle = call.post("/cycles", json={"name": "Q3 2026"}).raise_for_status().json()["id"]
        for name in PILLARS:
            call.post("/pillars", json={"name": name}).raise_for_status()
        okrs = {"okrs": [{**row, "cycle": "Q3 2026"} for row in thirty_teams()]}
        call.post("/import", json=okrs, timeout=60).raise_for_status()
    return f"/workspaces/{workspace}/cycles/{cycle}/map"


def signed_in(browser: Browser, address: str, key: str, *, width: int, height: int, dark: bool) -> Page:
    """The map, after its door."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        device_scale_factor=2,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.goto(address)
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Show the map").click()
    page.locator("#coverage").wait_for()
    return page


def main() -> None:
    """Desktop in light; with a folder as argument, more views into it to look at."""
    with tempfile.TemporaryDirectory() as folder:
        url = database_in(Path(folder))
        workspace, key = asyncio.run(opened(url))
        take(url, workspace, key)


def take(url: str, workspace: str, key: str) -> None:
    """Fill the workspace and look at it."""
    chromium = os.environ.get("OKR_COACH_CHROMIUM") or shutil.which("chromium")
    with (
        served(Settings(database_url=url)) as base,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser,
    ):
        path = filled(base, workspace, key)
        page = signed_in(browser, base + path, key, width=1240, height=1100, dark=False)
        for out in sys.argv[1:]:
            page.screenshot(path=f"{out}/map-full.png", full_page=True)
            other = signed_in(browser, base + path, key, width=390, height=900, dark=True)
            other.screenshot(path=f"{out}/map-phone.png", full_page=True)
        page.locator("#overlaps").scroll_into_view_if_needed()
        page.evaluate("document.querySelector('#overlaps').scrollIntoView()")
        save(page, "map.png")


if __name__ == "__main__":
    main()
