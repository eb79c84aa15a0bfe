"""`GET /v1/workshops/{workshop}/events`: what happens, as server-sent events that can be resumed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query
from sse_starlette import EventSourceResponse

from app.api.problems import ERRORS, WORKSPACE
from app.api.streaming import STREAMED
from app.api.workshops.access import Anybody, Badge, WorkshopId
from app.services.store.workshops import log, rooms

router = APIRouter(prefix="/v1/workshops/{workshop}", tags=["workshops"], responses=ERRORS | WORKSPACE)

PACE: Final = 0.15
"""Seconds for which what is said is gathered before it is sent."""
PING: Final = 15
_AGAIN: Final = 1_000


@router.get("/events", response_class=EventSourceResponse, responses=STREAMED)
async def events(
    workshop: WorkshopId,
    badge: Anybody,
    after: Annotated[int | None, Query(ge=0, description="As `Last-Event-ID`, for the first connection")] = None,
    last_event_id: Annotated[str, Header()] = "",
) -> EventSourceResponse:
    """Everything said after `Last-Event-ID` (or `after`; else from now on), then what comes.

    `team`, `room`, `request`, `note`, `joined`, `seat`, `overlaps` and `frozen` are for everybody; `draft`, `findings`,
    `comment` and `votes` are a table's own. `resync` means that too much was missed: read everything again, and go on
    from its id.
    """
    number = int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else after
    return EventSourceResponse(_stream(badge, number), ping=PING, sep="\n")


async def _stream(badge: Badge, number: int | None) -> AsyncGenerator[bytes]:
    present = badge.room.present
    present[badge.person.id] += 1
    try:
        async with aclosing(_told(badge, number)) as parts:
            async for part in parts:
                yield part
    finally:
        present[badge.person.id] -= 1


async def _told(badge: Badge, number: int | None) -> AsyncGenerator[bytes]:
    room = badge.room
    if number is None:
        async with badge.database.reading() as session:
            number = await log.latest(session, badge.workspace, badge.id)
    yield b"retry: %d\n\n" % _AGAIN
    while True:
        told = await room.after(number)
        if told is None:
            async with badge.database.reading() as session:
                number = await log.latest(session, badge.workspace, badge.id)
            yield b"id: %d\nevent: resync\ndata: {}\n\n" % number
        elif told:
            number = told[-1].number
            if any(one.kind == "seat" for one in told):
                moved = await _again(badge)
                if moved is None:
                    yield b"event: removed\ndata: {}\n\n"
                    return
                badge = moved
            seen = [one.wire for one in told if one.team is None or badge.sees(one.team)]
            # What isn't for this reader moves its number on as well, or it would hear it told again.
            yield b"".join(seen) or b"id: %d\nevent: tick\ndata: {}\n\n" % number
        await room.wait(number)
        await asyncio.sleep(PACE)


async def _again(badge: Badge) -> Badge | None:
    """The badge as it is after somebody was seated elsewhere; None for one who was removed."""
    async with badge.database.reading() as session:
        person = await rooms.person(session, badge.workshop, badge.person.id)
    return Badge(badge.database, badge.desk, badge.workshop, person) if person else None
