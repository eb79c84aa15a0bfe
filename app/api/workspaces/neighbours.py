"""A draft against what other teams have planned for the same cycle, found through the index of their lines."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from app.api.neighbour_schemas import DraftOverlapOut
from app.api.workspaces.access import Seat
from app.api.workspaces.background import noun
from app.coach.nouns import Context, Draft
from app.coach.overlap import Overlaps
from app.coach.overlap.lines import shortened
from app.coach.overlap.plan import Plan, team_number
from app.coach.overlap.shelf import Shelf, Stored
from app.errors import CoachError
from app.services.line_index import LineIndex
from app.services.store import Database, plans, register
from app.services.store.plans import Changes, Standing
from app.services.store.tables import Cycle

log = logging.getLogger("okr_coach")

NEAREST = 16
"""Stored lines sought for each line of a draft; its own team's may be among them."""
JUDGED = 5
"""Of those the nearest by another team that get a verdict."""
MOST_SHOWN = 30
MOST_LINES = 100_000
"""Lines of stored OKRs that are held read; the cycle that wasn't asked for longest goes first."""
_AT_ONCE = 16

CycleIds = tuple[str, str]
"""Ids of a workspace and of one of its cycles."""


@dataclass
class Kept:
    """A cycle in memory: its OKRs that were read, and how those stand that were asked for since the last change.

    None stands for an OKR that belongs to no team of the cycle.
    """

    shelf: Shelf
    standing: dict[str, Standing | None] = field(default_factory=dict)
    changes: Changes | None = None


@dataclass
class Neighbours:
    """The index of stored lines, what judges pairs of them, and the stored OKRs of each cycle that have been read.

    The first draft of a cycle has the rest of the cycle read in the background.
    """

    lines: LineIndex
    finder: Overlaps
    kept: OrderedDict[CycleIds, Kept] = field(default_factory=OrderedDict)
    _reading: dict[CycleIds, asyncio.Task[None]] = field(default_factory=dict)

    async def standing(self, database: Database, place: CycleIds, ids: Collection[str], now: Changes) -> list[Standing]:
        """Those of the OKRs `ids` that belong to a team of the cycle, as they stood at `now` or since."""
        kept = self._of(place)
        if kept.changes != now:
            kept.standing, kept.changes = {}, now
        standing = kept.standing
        if unknown := ids - standing.keys():
            async with database.reading() as session:
                found = {item.id: item for item in await plans.near(session, *place, unknown)}
            standing |= {name: found.get(name) for name in unknown}
        return [item for name in sorted(ids) if (item := standing.get(name))]

    async def near(self, database: Database, place: CycleIds, found: Sequence[Standing]) -> Shelf:
        """The shelf of a cycle with these OKRs on it as they stand."""
        shelf = self._of(place).shelf
        await self._take(database, place, shelf, found)
        if place not in self._reading:
            self._reading[place] = asyncio.create_task(self._read_on(database, place, shelf))
        while sum(each.shelf.lines for each in self.kept.values()) > MOST_LINES and len(self.kept) > 1:
            await self._put_away(next(iter(self.kept)))
        return shelf

    def _of(self, place: CycleIds) -> Kept:
        if place not in self.kept:
            self.kept[place] = Kept(Shelf(self.finder.encoder, self.finder.words))
        self.kept.move_to_end(place)
        return self.kept[place]

    async def read(self) -> None:
        """Wait until what is being read in the background has been."""
        await asyncio.gather(*self._reading.values())

    async def close(self) -> None:
        """Stop reading, and close the index."""
        for place in list(self.kept):
            await self._put_away(place)
        await self.lines.close()

    async def _put_away(self, place: CycleIds) -> None:
        self.kept.pop(place, None)
        if task := self._reading.pop(place, None):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _take(self, database: Database, place: CycleIds, shelf: Shelf, found: Sequence[Standing]) -> None:
        workspace, cycle = place
        lacking = shelf.lacking({item.id: (item.version, item.team) for item in found})
        if not lacking:
            return
        async with database.reading() as session:
            rows = await plans.some(session, workspace, lacking)
        known = await self.lines.vectors(workspace, cycle, [row.okr for row in rows])
        stored = [
            Stored(row.okr.id, (row.okr.version, row.team), replace(noun(row.okr), team=row.team)) for row in rows
        ]
        await asyncio.to_thread(shelf.take, stored, {shortened(text): vector for text, vector in known.items()})

    async def _read_on(self, database: Database, place: CycleIds, shelf: Shelf) -> None:
        """Read the rest of the cycle, never for more than half of the time, since others are being served."""
        try:
            async with database.reading() as session:
                ids = await plans.of_teams(session, *place)
            for at in range(0, len(ids), _AT_ONCE):
                if shelf.lines > MOST_LINES:
                    return
                began = time.monotonic()
                some = ids[at : at + _AT_ONCE]
                async with database.reading() as session:
                    now = await plans.changes(session, place[0])
                    found = await plans.near(session, *place, some)
                await self._take(database, place, shelf, found)
                kept = self.kept.get(place)
                if kept and kept.changes == now:
                    kept.standing |= dict.fromkeys(some) | {item.id: item for item in found}
                await asyncio.sleep(time.monotonic() - began)
        except (CoachError, OSError, ValueError, RuntimeError):
            log.exception("the OKRs of a cycle could not be read ahead; they are read as drafts come near them")


async def overlapping(
    seat: Seat, neighbours: Neighbours, draft: Draft, context: Context, parent: str | None = None
) -> list[DraftOverlapOut] | None:
    """Related lines of other teams in the cycle of `context`, the surest first.

    The draft's `parent` and what is above it are left out: saying the same as those is alignment. None where its
    team or cycle isn't known, since then nobody can say who the others are.
    """
    at = [number for number, okr in enumerate(draft.okrs) if okr.team or context.team]
    okrs = [replace(draft.okrs[number], team=draft.okrs[number].team or context.team) for number in at]
    if not any(line.text.strip() for okr in okrs for line in okr.lines):
        return None
    (cycle, now, above), plan = await asyncio.gather(
        _cycle_now(seat, context, parent), asyncio.to_thread(neighbours.finder.read, okrs)
    )
    if cycle is None:
        return None
    place = seat.workspace, cycle.id
    near = await neighbours.lines.nearest(*place, plan.vectors, NEAREST, now.okrs)
    found = await neighbours.standing(seat.database, place, near - above, now)
    own = {team_number(okr.team or "") for okr in okrs}
    others = [item for item in found if team_number(item.team) not in own]
    if not others:
        return []
    shelf = await neighbours.near(seat.database, place, others)
    return await asyncio.to_thread(_judged, neighbours.finder, plan, shelf, [item.id for item in others], at)


async def _cycle_now(seat: Seat, context: Context, parent: str | None) -> tuple[Cycle | None, Changes, set[str]]:
    """The cycle of `context`, what the workspace has seen so far, and the ids of `parent` and of all above it."""
    async with seat.database.reading() as session:
        return (
            await register.cycle_of(session, seat.workspace, context.cycle),
            await plans.changes(session, seat.workspace),
            await plans.ancestors(session, seat.workspace, parent),
        )


def _judged(
    finder: Overlaps, draft: Plan, shelf: Shelf, others: Sequence[str], at: Sequence[int]
) -> list[DraftOverlapOut]:
    plan, stored = shelf.plan(others)
    pairs = finder.against(draft, plan, JUDGED)
    return [DraftOverlapOut.of(pair, at[pair.a.okr], stored[pair.b.okr]) for pair in pairs[:MOST_SHOWN]]
