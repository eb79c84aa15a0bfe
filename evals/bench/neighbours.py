"""A draft against a stored cycle, as a review with `workspace` and `team` checks it: database, index and judge."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.api.workspaces.access import Seat
from app.api.workspaces.neighbours import Neighbours, overlapping
from app.coach.nouns import Context, Draft, Okr
from app.coach.overlap import Overlaps
from app.services.chroma import ChromaStore
from app.services.embeddings import Remembering
from app.services.line_index import KeptLines, LineIndex, LinesInMemory
from app.services.store import Database, Granted, Scope, okrs, workspaces
from app.services.store.ids import new_id
from app.services.store.okrs import Author, Content
from app.services.store.tables import Cycle, Team
from evals.bench.row import Row

LARGE = 50_000
LIMIT_MS = 50.0
CYCLE, NEW_TEAM = "Q3", "A new team"
_AT_ONCE = 1_000


def run(finder: Overlaps, stored: Sequence[Okr], drafts: Sequence[Okr], size: int) -> list[Row]:
    """Rows for both places where vectors may lie; `size` is how many key results are stored."""
    return asyncio.run(_run(finder, stored, drafts, size))


async def _run(finder: Overlaps, stored: Sequence[Okr], drafts: Sequence[Okr], size: int) -> list[Row]:
    rows = []
    once = Remembering(finder.encoder, most=10_000_000)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/okrs.db")
        await database.open()
        seat = await _filled(database, stored)
        for kind in ("memory", "Chroma"):
            lines: LineIndex = LinesInMemory(database, once)
            if kind == "Chroma":
                lines = KeptLines(database, ChromaStore(Path(folder) / "vectors"), once)
            # As the service is wired: the texts of drafts are remembered, and so are some of the stored.
            neighbours = Neighbours(lines, replace(finder, encoder=Remembering(finder.encoder)))
            rows += await _measured(seat, neighbours, drafts, f"{size:,} stored key results, vectors in {kind}", size)
            await neighbours.close()
        await database.close()
    return rows


async def _filled(database: Database, stored: Sequence[Okr]) -> Seat:
    async with database.writing() as session:
        workspace = (await workspaces.create(session, "Bench")).id
        cycle = Cycle(workspace_id=workspace, id=new_id(), name=CYCLE)
        teams = {name: new_id() for name in dict.fromkeys(okr.team or "" for okr in stored)}
        session.add(cycle)
        session.add_all(Team(workspace_id=workspace, id=key, name=name) for name, key in teams.items())
    for at in range(0, len(stored), _AT_ONCE):
        async with database.writing() as session:
            contents = [
                Content(
                    okr.objective.text if okr.objective else "",
                    tuple(line.text for line in okr.key_results),
                    cycle.id,
                    teams[okr.team or ""],
                )
                for okr in stored[at : at + _AT_ONCE]
            ]
            await okrs.insert(session, workspace, [(new_id(), content) for content in contents], Author("bench"))
    return Seat(database, Granted("bench", "bench", workspace, Scope.READ))


async def _measured(seat: Seat, neighbours: Neighbours, drafts: Sequence[Okr], what: str, size: int) -> list[Row]:
    context = Context(team=NEW_TEAM, cycle=CYCLE)
    began = time.perf_counter()
    await neighbours.lines.start()
    if isinstance(neighbours.lines, KeptLines):
        await neighbours.lines.rebuild()
    await overlapping(seat, neighbours, Draft((drafts[0],)), context)
    first = time.perf_counter() - began
    await neighbours.read()
    ready = time.perf_counter() - began
    times, worked = [], []
    for okr in drafts[1:]:
        began, spent = time.perf_counter(), time.process_time()
        await overlapping(seat, neighbours, Draft((Okr(okr.objective, okr.key_results),)), context)
        times.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - spent) * 1000)
    p50, p95 = np.percentile(times, [50, 95]).tolist()
    bounded = size == LARGE
    return [
        Row(f"{what}: first draft answered", first, f"{first:.1f} s"),
        Row(f"{what}: all read ahead", ready, f"{ready:.1f} s"),
        Row(f"{what}: one new draft, p50", p50, f"{p50:.0f} ms ({np.median(worked):.0f} ms of CPU)"),
        Row(
            f"{what}: one new draft, p95",
            p95,
            f"{p95:.0f} ms ({np.percentile(worked, 95):.0f} ms of CPU)",
            f"≤ {LIMIT_MS:.0f} ms" if bounded else "",
            p95 <= LIMIT_MS if bounded else None,
        ),
    ]
