"""Plays the planning workshop of docs/workshop.md with six fictional teams in real browsers, from a cold start.

It does what the facilitator's guide says, in that order, stops where the guide is wrong, and takes the guide's
pictures into docs/images/ (with --out DIR into another folder). Run it when the workshop's pages change.

.venv/bin/python tools/workshop_playthrough.py
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import screenshots
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300_000
PILLARS = """\
Punctual crossings: people and goods leave and arrive when the timetable says
Guests come back: they choose us again without being asked
Full night boats: the ships earn money while the coast sleeps"""
LAST_CYCLE = """\
Team,Cycle,Objective,Key result
Fleet operations,Q2 2026,The timetable holds,Departures within five minutes of it from 64 % to 71 %
Terminals,Q2 2026,Cars are on board when the ship should leave,Departures delayed by loading from 30 % to 22 %
"""
TEAMS = {
    "Booking": ("Ines", """\
O: Travellers book a crossing without calling us
KR1: Bookings finished online without help from 61 % to 80 %
KR2: Launch the new booking page
KR3: Calls about a booking from 420 to 180 a week"""),
    "Digital": ("Omar", """\
O: Booking online takes a minute
KR1: Raise bookings finished online without help from 61 % to 75 %
KR2: Median time to book from 4 minutes to 90 seconds
KR3: Improve the app"""),
    "Terminals": ("Signe", """\
O: Cars are on board when the ship should leave
KR1: Departures delayed by loading from 22 % to 8 %
KR2: Time from last car to ramp up from 14 to 9 minutes"""),
    "Fleet operations": ("Tom", """\
O: The timetable holds in all weather
KR1: Departures within five minutes of the timetable from 71 % to 88 %
KR2: Keep fuel use under 40 tonnes a day"""),
    "Onboard service": ("Aylin", """\
O: Families look forward to the crossing
KR1: Families who book again within a year from 24 % to 35 %
KR2: Raise satisfaction with breakfast to 90 %"""),
    "Freight": ("Jonas", """\
O: Hauliers choose the night boat
KR1: Night crossings with a full lorry deck from 9 to 20 a month
KR2: Check-in of lorries from 35 to 20 minutes"""),
}  # fmt: skip


class Play:
    """The people of the workshop: each has a browser of their own."""

    def __init__(self, browser: Browser, base: str, pictures: Path) -> None:
        self.browser, self.base, self.pictures = browser, base, pictures
        self.tables: dict[str, Page] = {}

    def person(self, path: str, *, width: int = 1240, height: int = 1000, dark: bool = False) -> Page:
        """Somebody opens a page."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            device_scale_factor=1 if width > 1500 else 2,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: fail(f"{page.url}: {error}"))
        page.goto(self.base + path)
        return page

    def picture(self, page: Page, name: str, at: str = ".top") -> None:
        """What is seen from the element `at` on."""
        page.mouse.move(0, 0)
        page.evaluate("at => (document.querySelector(at) ?? document.body).scrollIntoView()", at)
        page.wait_for_timeout(300)
        screenshots.IMAGES = self.pictures
        screenshots.save(page, name)

    def join(self, link: str, name: str, team: str) -> Page:
        """Somebody opens the link, says a name and a team, and is at their table."""
        page = self.person(link)
        page.get_by_label("Your name").fill(name)
        page.get_by_label("Your team").fill(team)
        page.get_by_role("button", name="Come in").click()
        expect(page.locator("#draft")).to_be_enabled()
        return page


def fail(message: str) -> None:
    """Stop the play."""
    raise AssertionError(message)


def step(text: str) -> None:
    """Say where in the guide we are."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def command(*arguments: str) -> str:
    """What an `okr-coach` command prints."""
    called = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(called, check=True, capture_output=True, text=True, cwd=ROOT).stdout.strip()  # noqa: S603


def ready(base: str) -> bool:
    """Whether the service answers by now."""
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{base}/readyz") as answer:  # noqa: S310
        return bool(answer.status == 200)
    return False


@contextmanager
def service(data: Path) -> Iterator[str]:
    """The service as the guide starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    called = [sys.executable, "-m", "app.cli", "serve", "--port", port, "--data", str(data)]
    process = subprocess.Popen(called, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    base = f"http://127.0.0.1:{port}"
    try:
        while not ready(base):
            if process.poll() is not None:
                fail("the service did not start")
            time.sleep(0.2)
        yield base
    finally:
        process.terminate()
        process.wait()


def before(play: Play, workspace: str, key: str) -> tuple[Page, str, str]:
    """Open the workshop by the form; the facilitator's board, the teams' link and the wall's."""
    page = play.person("/workshops")
    page.get_by_label("Name", exact=True).fill("Planning day Q3")
    page.get_by_label("Cycle", exact=True).fill("Q3 2026")
    page.get_by_label("Strategy").fill(PILLARS)
    page.get_by_label("Begin with the OKRs of an earlier cycle").fill("Q2 2026")
    page.get_by_label("Agenda").select_option("two-hours")
    page.get_by_label("Your name").fill("Noor")
    page.get_by_label("Key of the workspace").fill(key)
    page.get_by_role("button", name="Open the workshop").click()
    expect(page.locator(".codes img")).to_have_count(3)
    play.picture(page, "workshop-invite.png")
    member, wall = (str(page.locator(".codes a").nth(at).get_attribute("href")) for at in (0, 1))
    page.get_by_role("link", name="To the board").click()
    expect(page.locator(".teams li")).to_have_count(2)
    return page, member.removeprefix(play.base), wall.removeprefix(play.base)


def set_up(play: Play, board: Page) -> None:
    """Rename a stage under way, and see who is here."""
    board.get_by_role("link", name="Set up").click()
    board.get_by_label("Name of stage 4").fill("Overlaps, together at the board")
    board.get_by_role("button", name="Save the agenda").click()
    expect(board.locator('[data-slot="agenda-state"]')).to_contain_text("Saved")
    expect(board.locator(".people-table tbody tr")).to_have_count(len(TEAMS) + 3)
    expect(board.locator(".people-table tbody tr", has_text="Jonas")).to_contain_text("here")
    expect(board.locator(".people-table tbody tr", has_text="Noor")).to_contain_text("here")
    play.picture(board, "workshop-setup.png")
    board.get_by_role("link", name="Board", exact=True).click()
    expect(board.locator(".teams li")).to_have_count(len(TEAMS))


def stage(board: Page, at: int) -> None:
    """Go to a stage of the agenda."""
    board.locator('[data-slot="stages"]').select_option(str(at))
    expect(board.locator('[data-slot="stage"]')).to_contain_text(f"{at + 1}/")


def drafting(play: Play) -> None:
    """Everybody writes; two find their OKRs of the last cycle and write over them. One reloads in the middle."""
    fleet = play.tables["Fleet operations"].locator("#draft")
    expect(fleet).to_have_value("O: The timetable holds\nKR1: Departures within five minutes of it from 64 % to 71 %")
    for team, (_, draft) in TEAMS.items():
        page = play.tables[team]
        page.locator("#draft").fill(draft)
    for team, (_, draft) in TEAMS.items():
        page = play.tables[team]
        expect(page.locator('[data-slot="grade"]')).to_contain_text("Grade", timeout=PATIENCE)
        expect(page.locator("#draft")).to_have_value(draft)
    freight = play.tables["Freight"]
    typed = TEAMS["Freight"][1] + "\nKR3: Lorry drivers who sleep well on board from 55 % to 80 %"
    freight.locator("#draft").fill(typed)
    freight.reload()
    expect(freight.locator("#draft")).to_have_value(typed)
    expect(freight.locator(".lines > li", has_text="sleep well")).to_be_visible()


def coaching(play: Play) -> None:
    """Take a rewrite, dismiss a finding with a reason, name who finds out a blank."""
    booking = play.tables["Booking"]
    line = booking.locator(".lines > li", has_text="Launch the new booking page")
    expect(line.locator(".flag")).not_to_have_count(0)
    line.get_by_role("button", name="Suggest a rewrite").first.click()
    answer = booking.get_by_label("What will be different for whom when this is done?")
    answer.fill("travellers change their booking themselves")
    booking.get_by_role("button", name="Use my answer").click()
    option = booking.locator("#desk .option").first
    expect(option).to_be_visible()
    play.picture(booking, "workshop-table.png", at=".lines > li:has(#desk)")
    option.get_by_role("button", name="Use this wording").click()
    expect(booking.locator(".used")).to_be_visible()
    expect(booking.locator('[data-slot="homework"] input')).not_to_have_count(0)
    owner = booking.locator('[data-slot="homework"] input').first
    owner.fill("Mira")
    owner.press("Enter")
    fleet = play.tables["Fleet operations"]
    card = fleet.locator(".lines > li", has_text="Keep fuel use").locator(".card").first
    card.get_by_label("Why it doesn’t count here").fill("We hold it while the timetable gets tighter")
    card.get_by_role("button", name="Dismiss").click()
    expect(fleet.locator(".lines")).to_contain_text("Dismissed:")


def overlaps(play: Play, board: Page, wall: Page) -> None:
    """Bring everyone to the board, where two teams find that they want the same."""
    board.get_by_role("button", name="Bring everyone here").click()
    for page in play.tables.values():
        expect(page.locator('[data-room="board"]')).to_be_visible()
    pair = board.locator(".pairs li", has_text="Booking").filter(has_text="Digital").first
    expect(pair).to_contain_text("finished online without help")
    expect(wall.locator(".pairs li").first).to_be_visible()
    expect(board.locator(".cover li")).to_have_count(3)
    play.picture(wall, "workshop-wall.png", at=".room")


def negotiating(play: Play, board: Page) -> None:
    """Ask, agree, decline; decide who owns what both wanted, and change the draft that gives way."""
    board.get_by_role("button", name="Back to the tables").click()
    for page in play.tables.values():
        expect(page.locator("#draft")).to_be_enabled()
    for asking, asked, what in (
        ("Freight", "Terminals", "A second lane for lorries from 17:00"),
        ("Onboard service", "Fleet operations", "Dock ten minutes later on Saturdays, so that breakfast isn’t rushed"),
    ):
        form = play.tables[asking].locator('[data-form="request"]')
        form.locator("select").select_option(label=asked)
        form.get_by_label("for").fill(what)
        form.get_by_role("button", name="Ask").click()
    agreeing = play.tables["Terminals"].locator(".asks-list li", has_text="second lane")
    agreeing.get_by_label("Owner").fill("Signe")
    agreeing.get_by_role("button", name="Agree").click()
    declining = play.tables["Fleet operations"].locator(".asks-list li", has_text="Saturdays")
    declining.get_by_label("Reason").fill("The pilots’ times are fixed until autumn")
    declining.get_by_role("button", name="Decline").click()
    for kind, text, owner in (
        ("decision", "Booking owns bookings finished online; Digital takes the speed of the page", "Ines"),
        ("not-doing", "A loyalty card this quarter", ""),
    ):
        form = board.locator('[data-form="note"]')
        form.get_by_label("Note").select_option(kind)
        form.get_by_label("What").fill(text)
        form.get_by_label("Owner").fill(owner)
        form.get_by_role("button", name="Put down").click()
        expect(board.locator(".notes-list")).to_contain_text(text)
    digital = play.tables["Digital"]
    digital.locator("#draft").fill(
        "O: Booking online takes a minute\n"
        "KR1: Median time to book from 4 minutes to 90 seconds\n"
        "KR2: Pages that load within two seconds on a phone from 48 % to 90 %"
    )
    expect(digital.locator('[data-slot="saved"]')).to_have_text("Saved")
    pair = (
        board.locator(".pairs li", has_text="Booking").filter(has_text="Digital").filter(has_text="from 61 % to 75 %")
    )
    expect(pair).to_have_count(0)
    expect(board.locator(".asks-list")).to_contain_text("declined")
    expect(board.locator('[data-slot="pairs"]')).to_contain_text("Booking and Digital no longer:")
    play.picture(board, "workshop-board.png")


def committing(play: Play, board: Page, second: Page) -> None:
    """Vote blind, show, talk, call it ready."""
    booking = play.tables["Booking"]
    for page, value in ((booking, 4), (second, 2)):
        line = page.locator(".lines > li", has_text="Calls about a booking")
        line.get_by_role("button", name=f"Confidence {value} of 5").click()
    line = booking.locator(".lines > li", has_text="Calls about a booking")
    expect(line).to_contain_text("2 voted")
    line.get_by_role("button", name="Show").click()
    expect(second.locator(".spread")).to_contain_text("0 · 1 · 0 · 1 · 0")
    for page in play.tables.values():
        page.get_by_role("button", name="Call it ready").click()
        expect(page.locator('[data-slot="grade"]')).to_contain_text("Called ready")
    expect(board.locator('.teams li[data-state="ready"]')).to_have_count(len(TEAMS))


def after(play: Play, board: Page, folder: Path, key: str) -> None:
    """Freeze, take the outcome home, and see where the plan stands from now on."""
    board.get_by_role("button", name="Freeze").click()
    expect(board.get_by_role("button", name="Reopen")).to_be_visible()
    address = str(board.get_by_role("link", name="report").get_attribute("href"))
    report = board.context.new_page()
    report.set_viewport_size({"width": 900, "height": 760})
    report.goto(play.base + address)
    for text in (*TEAMS, "Booking owns bookings", "A loyalty card", "second lane", "Signe", "Mira", "pilots’ times"):
        expect(report.locator("body")).to_contain_text(text)
    play.picture(report, "workshop-report.png", at="body")
    report.pdf(path=folder / "report.pdf")
    for name in ("Markdown", "CSV", "XLSX", "JSON"):
        with board.expect_download() as file:
            board.get_by_role("link", name=name).click()
        file.value.save_as(folder / file.value.suggested_filename)
        if (folder / file.value.suggested_filename).stat().st_size < 200:
            fail(f"{name} is empty")
    board.get_by_role("link", name="How the OKRs go").click()
    board.get_by_label("Key").fill(key)
    board.get_by_role("button", name="Sign in").click()
    expect(board.locator("h1")).to_contain_text("where we stand")
    board.get_by_role("link", name="Planning day Q3").click()
    expect(board.get_by_role("button", name="Reopen")).to_be_visible()


def main() -> None:
    """The whole day."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--out", type=Path, default=screenshots.IMAGES, help="folder for the pictures")
    options.add_argument("--files", type=Path, help="folder to keep the exports in")
    chosen = options.parse_args()
    expect.set_options(timeout=PATIENCE)
    chosen.out.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("OKR_COACH_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as kept:
        data = Path(kept) / "data"
        files = chosen.files or Path(kept)
        files.mkdir(parents=True, exist_ok=True)
        step("Before: service, workspace, key, last cycle's OKRs")
        with service(data) as base, sync_playwright() as playwright:
            workspace = command("workspace", "create", "Lindholm Ferries", "--data", str(data))
            key = command(
                "key", "create", "-w", workspace, "--scope", "write", "--name", "planning", "--data", str(data)
            )
            (Path(kept) / "q2.csv").write_text(LAST_CYCLE, "utf-8")
            command("import", str(Path(kept) / "q2.csv"), "-w", workspace, "--data", str(data))
            with playwright.chromium.launch(executable_path=chromium, args=screenshots.FLAGS) as browser:
                play = Play(browser, base, chosen.out)
                step("Open the workshop, join six teams, put up the wall")
                board, link, wall_link = before(play, workspace, key)
                play.tables = {team: play.join(link, name, team) for team, (name, _) in TEAMS.items()}
                second = play.join(link, "Mira", "Booking")
                wall = play.person(wall_link, width=1920, height=1080, dark=True)
                wall.get_by_label("Your name").fill("Wall")
                wall.get_by_role("button", name="Come in").click()
                expect(wall.locator(".teams li")).to_have_count(len(TEAMS))
                set_up(play, board)
                step("Draft")
                stage(board, 1)
                drafting(play)
                step("Coach")
                stage(board, 2)
                coaching(play)
                step("Overlaps")
                stage(board, 3)
                overlaps(play, board, wall)
                step("Negotiate")
                stage(board, 4)
                negotiating(play, board)
                step("Commit")
                stage(board, 5)
                committing(play, board, second)
                step("After: freeze and export")
                after(play, board, files, key)
    step("Played through.")


if __name__ == "__main__":
    main()
