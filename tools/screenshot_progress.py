"""Takes the picture of the dashboard of a plan under way into docs/images/, from a made-up hotel.

.venv/bin/python tools/screenshot_progress.py
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright
from screenshot_map import opened
from screenshots import FLAGS, save, served
from sqlalchemy import select

from app.config import Settings
from app.services.store import Database
from app.services.store.tables import Okr, now
from app.services.store.tracking.tables import CheckIn
from app.workspace_cli import database_in

PILLARS = ("Guests come back", "Less waste, lower bills", "A place where people like to work")
PLAN = {
    "Front desk": (
        "Guests feel at home from the first call",
        {
            "Repeat stays from 20 % to 35 %": ((21, 0.5), (24, 0.6), (27, 0.8)),
            "Complaints from 40 to 12 a month": ((38, 0.6), (35, 0.4), (29, 0.5)),
            "Raise same-day answers to 80 %": ((61, 0.5), (66, 0.6), (70, 0.6)),
        },
    ),
    "Kitchen": (
        "Breakfast is a reason to come back",
        {
            "Breakfast rating from 3.9 to 4.6": ((3.9, 0.7), (4.1, 0.7), (4.3, 0.9)),
            "Food thrown away from 55 to 25 kg a week": ((50, 0.5), (41, 0.6), (33, 0.8)),
        },
    ),
    "Housekeeping": (
        "Every room is ready when its guest is",
        {
            "Rooms ready by two from 60 % to 95 %": ((62, 0.7), (64, 0.5), (64, 0.3)),
            "Time to turn a room from 48 to 32 minutes": (),
        },
    ),
}


def filled(base: str, workspace: str, key: str) -> str:
    """Put the plan and its check-ins into a workspace: the path of its dashboard."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"{base}/v1/workspaces/{workspace}", headers=headers, timeout=60) as client:

        def post(path: str, body: object) -> str:
            return str(client.post(path, json=body).raise_for_status().json().get("id", ""))

        cycle = post("/cycles", {"name": "Q3 2026"})
        for name in PILLARS:
            post("/pillars", {"name": name})
        for team, (objective, results) in PLAN.items():
            team_id = post("/teams", {"name": team})
            body = {"objective": objective, "key_results": list(results), "cycle_id": cycle, "team_id": team_id}
            okr = post("/okrs", body)
            for place, told in enumerate(results.values()):
                for value, sure in told:
                    said = {"key_result": place, "value": value, "confidence": sure, "role": "lead"}
                    post(f"/okrs/{okr}/check-ins", said)
        post(f"/cycles/{cycle}/commitments", {})
    return f"/workspaces/{workspace}/cycles/{cycle}/progress"


async def aged(url: str) -> None:
    """Spread what was said over the weeks before."""
    database = Database(url)
    async with database.writing() as session:
        for okr in await session.scalars(select(Okr)):
            okr.created_at = now() - timedelta(days=40)
        trails: dict[tuple[str, int], list[CheckIn]] = defaultdict(list)
        for row in await session.scalars(select(CheckIn).order_by(CheckIn.id.desc())):
            trails[row.okr_id, row.key_result].append(row)
        for trail in trails.values():
            for weeks, row in enumerate(trail):
                row.at = now() - timedelta(weeks=weeks, days=1)
    await database.close()


def main() -> None:
    """The dashboard on a desktop in light."""
    chromium = os.environ.get("OKR_COACH_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder:
        url = database_in(Path(folder))
        workspace, key = asyncio.run(opened(url))
        with (
            served(Settings(database_url=url)) as base,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser,
        ):
            path = filled(base, workspace, key)
            with ThreadPoolExecutor(1) as beside:
                beside.submit(asyncio.run, aged(url)).result()
            page = browser.new_page(
                viewport={"width": 1240, "height": 1150}, device_scale_factor=2, reduced_motion="reduce"
            )
            page.set_default_timeout(180_000)
            page.goto(base + path)
            page.get_by_label("Key").fill(key)
            page.get_by_role("button", name="Sign in").click()
            page.locator("#pillars").wait_for()
            page.evaluate("document.querySelector('#pillars').scrollIntoView()")
            save(page, "progress.png")


if __name__ == "__main__":
    main()
