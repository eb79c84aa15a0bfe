"""A process that writes OKRs until it is killed, saying after each commit what was acknowledged.

`python tests/drill.py URL WORKSPACE CYCLE` writes to the store itself; with a fourth argument, a file, it serves the
API on a port that it writes there, for somebody else to write through.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import socket
import sys
from pathlib import Path

from app.services.store import Database, intake, okrs
from app.services.store.intake import Incoming
from app.services.store.okrs import Author, Content

AUTHOR = Author("drill")
BATCH = 12


def words(stamp: str) -> tuple[str, tuple[str, ...]]:
    """An OKR all of whose lines carry the stamp, so that a half-written one shows."""
    return f"Objective {stamp}", tuple(f"Result {n} of {stamp}" for n in range(4))


def batch(stamp: str, cycle: str) -> list[Incoming]:
    """An import whose OKRs belong together."""
    return [Incoming(f"row {n}", *words(f"{stamp}-of-{n}"), team=f"Team {n % 3}", cycle=cycle) for n in range(BATCH)]


async def write(url: str, workspace: str, cycle_id: str) -> None:
    """Create, change and import in turn."""
    database = Database(url)
    await database.open()
    chance = random.Random()
    for number in itertools.count():
        stamp = f"{chance.getrandbits(48):012x}"
        objective, results = words(stamp)
        async with database.writing() as session:
            row = await okrs.create(session, workspace, Content(objective, results, cycle_id), AUTHOR)
        said(row.id, 1, stamp)
        objective, results = words(stamp + "-b")
        async with database.writing() as session:
            await okrs.change(session, workspace, row.id, [1], Content(objective, results, cycle_id), AUTHOR)
        said(row.id, 2, stamp + "-b")
        if number % 3 == 0:
            async with database.writing() as session:
                taken = await intake.take_in(session, workspace, batch(stamp, "Drill"), AUTHOR)
            for at, okr_id in enumerate(taken.created):
                said(okr_id, 1, f"{stamp}-of-{at}")


def said(okr_id: str, version: int, stamp: str) -> None:
    """One acknowledged write, on a line of its own."""
    sys.stdout.write(json.dumps([okr_id, version, stamp]) + "\n")
    sys.stdout.flush()


def serve(url: str, port_file: Path) -> None:
    """The real service, reviewing by rules alone."""
    import uvicorn

    from app.coach.flow import Coach
    from app.config import Settings
    from app.main import create_app

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port_file.with_suffix(".new").write_text(str(listener.getsockname()[1]))
        port_file.with_suffix(".new").rename(port_file)
        app = create_app(Settings(database_url=url), Coach())
        uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none")).run(sockets=[listener])


if __name__ == "__main__":
    if len(sys.argv) > 4:
        serve(sys.argv[1], Path(sys.argv[4]))
    else:
        asyncio.run(write(sys.argv[1], sys.argv[2], sys.argv[3]))
