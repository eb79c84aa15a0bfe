"""The rooms that this process serves: one writer at a time, and everybody hears what was said in order.

One process serves a workshop. What was said is in the database before anybody hears it, so after a restart a client
goes on from the number that it heard last.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson

from app.services.store import Database
from app.services.store.workshops import log
from app.services.store.workshops.log import Turn
from app.services.store.workshops.tables import WorkshopEvent

HELD = 600
"""Events held in memory; older ones come from the database."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it goes over the wire; `team` None is for everybody."""

    number: int
    kind: str
    team: str | None
    wire: bytes

    @classmethod
    def of(cls, event: WorkshopEvent) -> Told:
        """From the log."""
        data = orjson.dumps(event.data)
        wire = b"id: %d\nevent: %b\ndata: %b\n\n" % (event.number, event.kind.encode(), data)
        return cls(event.number, event.kind, event.team_id, wire)


@dataclass
class Room:
    """One workshop as this process knows it; `present` counts the open pages of each person."""

    database: Database
    workspace: str
    workshop: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    present: Counter[str] = field(default_factory=Counter)
    _held: deque[Told] = field(default_factory=lambda: deque(maxlen=HELD))
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """A transaction of this workshop; what it says is heard once it is committed, and in order."""
        async with self.lock:
            async with self.database.writing() as session:
                turn = Turn(session, self.workspace, self.workshop)
                yield turn
            if turn.said:
                if self._held and turn.said[0].number != self._held[-1].number + 1:
                    # The command line has spoken in between: what it said is in the database alone.
                    self._held.clear()
                self._held.extend(Told.of(event) for event in turn.said)
                self._news.set()
                self._news = asyncio.Event()

    async def after(self, number: int) -> Sequence[Told] | None:
        """What was said after `number`; None if that is too long ago to tell, or wasn't said here at all."""
        if self._held and self._held[0].number - 1 <= number <= self._held[-1].number:
            return [told for told in self._held if told.number > number]
        async with self.database.reading() as session:
            last = await log.latest(session, self.workspace, self.workshop)
            if number == last:
                return []
            events = await log.since(session, self.workspace, self.workshop, number)
        if number > last or not events or events[0].number != number + 1:
            return None
        return [Told.of(event) for event in events]

    async def wait(self, number: int) -> None:
        """Until something was said after `number`."""
        while not (self._held and self._held[-1].number > number):
            await self._news.wait()


class Rooms:
    """The rooms by workshop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rooms: dict[str, Room] = {}

    def of(self, workspace: str, workshop: str) -> Room:
        """The room of a workshop that is there."""
        if workshop not in self._rooms:
            self._rooms[workshop] = Room(self._database, workspace, workshop)
        return self._rooms[workshop]
