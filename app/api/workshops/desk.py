"""The coach's desk: reviews drafts as they are saved, and lays all of them side by side.

Both run behind the requests. A team's reviews never queue up: of several saves the last is reviewed. The map of
overlaps is drawn again after changes, with a pause so that it takes a bounded share of the machine, and reviews go
first.
"""

from __future__ import annotations

import asyncio
import logging
import time
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from app.api.overlap_schemas import OverlapsOut
from app.api.schemas import ReviewOut
from app.api.workshops.blanks import blanks_of
from app.api.workshops.limits import exceeded
from app.api.workshops.rooms import Room, Rooms
from app.api.workshops.settled import Meetings, meetings, met, news, settled
from app.api.workspaces.access import Seat
from app.api.workspaces.background import Backdrop, backdrop, filled
from app.coach.flow import Coach
from app.coach.nouns import Context, Okr, Pillar
from app.coach.overlap import Overlaps
from app.coach.parse import parse_text
from app.coach.report import Review
from app.errors import ConflictError
from app.services.giving_way import Urgent
from app.services.store import Database, Granted, Scope
from app.services.store.tables import Cycle
from app.services.store.workshops import drafts, rooms
from app.services.store.workshops.merge import Row, rows_of, text_of
from app.services.store.workshops.tables import Workshop, WorkshopTeam

PAUSE, LONGEST_PAUSE = 3.0, 12.0
"""Seconds between two drawings of the map: `SHARE` times as long as the last one took, within these bounds, so that few
reviews have to share the processor with it."""
SHARE = 20
AT_ONCE = 2
FRESH = 2.0
"""Seconds for which pillars, KPIs and dismissals of the workspace that somebody else changed may be unknown here."""
log = logging.getLogger("okr_coach")


@dataclass
class Desk:
    """What works behind the requests, for all workshops of this process."""

    database: Database
    coach: Coach
    overlaps: Overlaps | None
    urgent: Urgent = field(default_factory=Urgent)
    rooms: Rooms = field(init=False)
    _maps: dict[str, dict[str, Any]] = field(default_factory=dict)
    _met: dict[str, Meetings] = field(default_factory=dict)
    _backdrops: dict[str, tuple[float, Backdrop]] = field(default_factory=dict)
    _tasks: dict[tuple[str, str], asyncio.Task[None]] = field(default_factory=dict)
    _again: set[tuple[str, str]] = field(default_factory=set)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _pen: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.rooms = Rooms(self.database)

    async def close(self) -> None:
        """Stop what is under way; what wasn't reviewed is when its team comes back."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def read(self, room: Room, team_id: str) -> None:
        """Have a team's draft reviewed, soon."""
        self._start((room.workshop, team_id), room)

    def catch_up(self, room: Room, teams: Iterable[Mapping[str, Any]]) -> None:
        """Have those drafts reviewed that aren't: imported ones, and what a server left undone that was stopped."""
        for team in teams:
            if team["reviewed_version"] < team["version"] and (room.workshop, team["id"]) not in self._tasks:
                self.read(room, team["id"])

    def compare(self, room: Room) -> None:
        """Have the map drawn again, soon."""
        self._start((room.workshop, ""), room)

    def map_of(self, workshop: str) -> dict[str, Any] | None:
        """The map as drawn last; None before the first."""
        return self._maps.get(workshop)

    def _start(self, job: tuple[str, str], room: Room) -> None:
        if job in self._tasks:
            self._again.add(job)
            return
        self._tasks[job] = asyncio.create_task(self._work(job, room))

    async def _work(self, job: tuple[str, str], room: Room) -> None:
        try:
            while True:
                self._again.discard(job)
                if job[1]:
                    await self._review(room, job[1])
                else:
                    took = await self.draw(room)
                    await asyncio.sleep(min(max(PAUSE, SHARE * took), LONGEST_PAUSE))
                if job not in self._again:
                    return
        except Exception:
            log.exception("a workshop's background work failed")
        finally:
            self._tasks.pop(job, None)
            self._again.discard(job)

    @asynccontextmanager
    async def reviewed(self, room: Room, team_id: str, version: int) -> AsyncIterator[tuple[Review, Context]]:
        """A draft's review with what it was made in, for whoever works on it next; one at a time.

        Raises `ConflictError` if the draft isn't at `version` any more.
        """
        async with self._pen:
            review, context, team, _ = await self._read(room, team_id)
            if team.version != version:
                raise ConflictError(
                    "The draft has changed since: look at what the coach says of it now, and ask again.",
                    code="draft-changed",
                )
            yield review, context

    async def _review(self, room: Room, team_id: str) -> None:
        review, _, team, workshop = await self._read(room, team_id)
        rows, version = rows_of(team.lines), team.version
        report = report_of(review, rows)
        async with room.turn() as turn:
            kept = await drafts.keep_review(turn, team_id, version, review.grade, report)
            if kept:
                findings = {"team": team_id, "version": version, **report}
                await turn.say_all([("findings", findings, team_id), ("team", summary(kept, workshop), None)])
        self.compare(room)

    async def _read(self, room: Room, team_id: str) -> tuple[Review, Context, WorkshopTeam, Workshop]:
        """Review a draft as it stands, in the workshop's context."""
        async with self.database.reading() as session:
            workshop = await rooms.get(session, room.workspace, room.workshop)
            cycle = await session.get_one(Cycle, (room.workspace, workshop.cycle_id))
            team = await drafts.team(session, room.workspace, room.workshop, team_id)
        draft = parse_text(text_of(rows_of(team.lines)))
        context = Context(team=team.name, cycle=cycle.name, strategy=pillars_of(workshop))
        context = filled(await self._backdrop(workshop, cycle.name), draft, context, cycle.name)
        async with self._slots:
            with self.urgent.work():
                review = await asyncio.to_thread(self.coach.review, draft, context, workshop.profile, "auto")
        return review, context, team, workshop

    async def _backdrop(self, workshop: Workshop, cycle: str) -> Backdrop:
        """What the workspace holds, read again when it is older than `FRESH` or was said to have changed."""
        held = self._backdrops.get(workshop.id)
        if held and time.monotonic() - held[0] < FRESH:
            return held[1]
        seat = Seat(self.database, Granted(workshop.id, workshop.name, workshop.workspace_id, Scope.READ))
        began = time.monotonic()
        read = await backdrop(seat, cycle)
        self._backdrops[workshop.id] = began, read
        return read

    def forget(self, workshop: str) -> None:
        """What a workshop's workspace holds has changed: dismissals count from the next review on."""
        self._backdrops.pop(workshop, None)

    async def draw(self, room: Room) -> float:
        """Draw the map of all drafts as they stand; the seconds that it took."""
        async with self.database.reading() as session:
            workshop = await rooms.get(session, room.workspace, room.workshop)
            teams = await rooms.teams(session, room.workspace, room.workshop)
        okrs, places = plan_of(teams)
        began = time.perf_counter()
        drawn: dict[str, Any] = {}
        if okrs and self.overlaps:
            laid = await asyncio.to_thread(self.overlaps.find, okrs, pillars_of(workshop))
            drawn = {**OverlapsOut.of(okrs, laid, self.overlaps).model_dump(mode="json"), "places": places}
        took = time.perf_counter() - began
        before, found = await self._met_in(room), meetings(drawn)
        if drawn:
            drawn["settled"] = settled(before, found, {team.id: team.name for team in teams})
        if drawn != self._maps.get(room.workshop):
            self._maps[room.workshop] = drawn
            async with room.turn() as turn:
                await turn.say("overlaps", {"pairs": len(drawn.get("pairs", ())), "meet": news(before, found)})
        self._met[room.workshop] = before | found
        return took

    async def _met_in(self, room: Room) -> Meetings:
        """Where teams of a room have met so far."""
        if room.workshop not in self._met:
            async with self.database.reading() as session:
                self._met[room.workshop] = await met(session, room.workspace, room.workshop)
        return self._met[room.workshop]


def plan_of(teams: Iterable[WorkshopTeam]) -> tuple[list[Okr], list[dict[str, Any]]]:
    """The OKRs of all drafts, and for each its team and its line ids."""
    okrs: list[Okr] = []
    places: list[dict[str, Any]] = []
    for team in teams:
        rows = rows_of(team.lines)
        at = Lines(rows)
        for okr in parse_text(text_of(rows)).okrs:
            okrs.append(Okr(okr.objective, okr.key_results, team.name))
            places.append(
                {
                    "team": team.id,
                    "objective": at.line(okr.objective.start) if okr.objective else None,
                    "key_results": [at.line(line.start) for line in okr.key_results],
                }
            )
    return okrs, places


def pillars_of(workshop: Workshop) -> tuple[Pillar, ...]:
    """The workshop's pillars as the flow's values."""
    return tuple(Pillar(item["name"], item.get("text", "")) for item in workshop.pillars)


class Lines:
    """Which line of a draft an offset falls in."""

    def __init__(self, rows: list[Row]) -> None:
        self._ends: list[int] = []
        self._rows = rows
        at = 0
        for row in rows:
            at += len(row.text) + 1
            self._ends.append(at)

    def line(self, offset: int) -> int | None:
        """The id of the line at a code point."""
        at = bisect_right(self._ends, offset)
        return self._rows[at].id if at < len(self._rows) else None


def report_of(review: Review, rows: list[Row]) -> dict[str, Any]:
    """A review as the table shows it: findings and OKRs by line."""
    at = Lines(rows)
    out = ReviewOut.of(review).model_dump(mode="json", exclude={"engine", "rewrites", "dropped", "questions"})
    for finding in [*out["findings"], *out["dismissed"]]:
        finding["line"] = at.line(finding["start"])
    for okr in out["objectives"]:
        okr["line"] = at.line(okr["start"]) if okr["start"] is not None else None
        for result in okr["key_results"]:
            result["line"] = at.line(result["start"])
    return out


def summary(team: WorkshopTeam, workshop: Workshop) -> dict[str, Any]:
    """How a team stands, for the board."""
    report: Mapping[str, Any] = team.report or {}
    findings = report.get("findings", [])
    okrs = report.get("objectives", [])
    ready = team.ready_version is not None and team.ready_version == team.version
    over = exceeded(((okr["text"], len(okr["key_results"])) for okr in okrs), workshop)
    return {
        "id": team.id,
        "name": team.name,
        "state": "ready" if ready else "findings" if findings else "drafting" if team.version else "waiting",
        "version": team.version,
        "reviewed_version": team.reviewed_version,
        "grade": team.grade,
        "trend": team.trend,
        "errors": sum(finding["severity"] == "error" for finding in findings),
        "findings": len(findings),
        "objectives": [okr["text"] for okr in okrs if okr["text"]],
        "key_results": sum(len(okr["key_results"]) for okr in okrs),
        "over_limit": bool(over),
        "over": over,
        "blanks": blanks_of(team.lines),
    }
