"""A draft against what other teams have planned for the same cycle, found through the index of their lines."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.api.neighbour_schemas import DraftOverlapOut
from app.api.workspaces.access import Seat
from app.api.workspaces.background import noun
from app.coach.nouns import Context, Draft, Okr
from app.coach.overlap import Overlaps
from app.coach.overlap.lines import shortened
from app.coach.overlap.plan import team_number
from app.coach.overlap.shelf import Shelf, Stored
from app.errors import CoachError
from app.services.line_index import LineIndex
from app.services.store import Database, plans, register
from app.services.store.plans import Standing

log = logging.getLogger("okr_coach")

NEAREST = 16
"""Stored lines sought for each line of a draft; its own team's may be among them."""
JUDGED = 5
"""Of those the nearest by another team that get a verdict."""
MOST_SHOWN = 30
MOST_LINES = 100_000
"""Lines of stored OKRs that are held read; the cycle that wasn't asked for longest goes first."""
_AT_ONCE = 16


@dataclass
class Neighbours:
    """The index of stored lines, what judges pairs of them, and the stored OKRs of each cycle that have been read.

    The first draft of a cycle has the rest of the cycle read in the background.
    """

    lines: LineIndex
    finder: Overlaps
    shelves: OrderedDict[tuple[str, str], Shelf] = field(default_factory=OrderedDict)
    _reading: dict[tuple[str, str], asyncio.Task[None]] = field(default_factory=dict)

    async def near(self, database: Database, place: tuple[str, str], found: Sequence[Standing]) -> Shelf:
        """The shelf of a cycle (workspace, id) with these OKRs on it as they stand."""
        fresh = place not in self.shelves
        shelf = self.shelves.setdefault(place, Shelf(self.finder.encoder, self.finder.words))
        self.shelves.move_to_end(place)
        await self._take(database, place, shelf, found)
        if fresh:
            self._reading[place] = asyncio.create_task(self._read_on(database, place, shelf))
        while sum(each.lines for each in self.shelves.values()) > MOST_LINES and len(self.shelves) > 1:
            await self._put_away(next(iter(self.shelves)))
        return shelf

    async def read(self) -> None:
        """Wait until what is being read in the background has been."""
        await asyncio.gather(*self._reading.values())

    async def close(self) -> None:
        """Stop reading, and close the index."""
        for place in list(self.shelves):
            await self._put_away(place)
        await self.lines.close()

    async def _put_away(self, place: tuple[str, str]) -> None:
        self.shelves.pop(place, None)
        if task := self._reading.pop(place, None):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _take(self, database: Database, place: tuple[str, str], shelf: Shelf, found: Sequence[Standing]) -> None:
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

    async def _read_on(self, database: Database, place: tuple[str, str], shelf: Shelf) -> None:
        """Read the rest of the cycle, never for more than half of the time, since others are being served."""
        try:
            async with database.reading() as session:
                ids = await plans.of_teams(session, *place)
            for at in range(0, len(ids), _AT_ONCE):
                if shelf.lines > MOST_LINES:
                    return
                began = time.monotonic()
                async with database.reading() as session:
                    found = await plans.near(session, *place, ids[at : at + _AT_ONCE])
                await self._take(database, place, shelf, found)
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
    texts = [text for okr in okrs for line in okr.lines if (text := shortened(line.text).strip())]
    if not texts:
        return None
    async with seat.database.reading() as session:
        cycle = await register.cycle_of(session, seat.workspace, context.cycle)
    if cycle is None:
        return None
    vectors = await asyncio.to_thread(neighbours.finder.encoder.encode, texts)
    near = await neighbours.lines.nearest(seat.workspace, cycle.id, vectors, NEAREST)
    async with seat.database.reading() as session:
        above = await plans.ancestors(session, seat.workspace, parent)
        found = await plans.near(session, seat.workspace, cycle.id, near - above)
    own = {team_number(okr.team or "") for okr in okrs}
    others = [item for item in found if team_number(item.team) not in own]
    if not others:
        return []
    shelf = await neighbours.near(seat.database, (seat.workspace, cycle.id), others)
    return await asyncio.to_thread(_judged, neighbours.finder, shelf, okrs, [item.id for item in others], at)


def _judged(
    finder: Overlaps, shelf: Shelf, okrs: Sequence[Okr], others: Sequence[str], at: Sequence[int]
) -> list[DraftOverlapOut]:
    plan, stored = shelf.plan(others)
    pairs = finder.against(finder.read(okrs), plan, JUDGED)
    return [DraftOverlapOut.of(pair, at[pair.a.okr], stored[pair.b.okr]) for pair in pairs[:MOST_SHOWN]]
