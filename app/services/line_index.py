"""The lines of stored OKRs by their vectors: derived from the database, following it, and always rebuildable.

One index holds a workspace's cycle. `KeptLines` keeps vectors in Chroma, follows by the outbox and heals at start;
`LinesInMemory` reads what has changed when it is asked, so any number of server processes may each have their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.errors import CoachError
from app.services.chroma import ChromaStore
from app.services.embeddings import Encoder, Vectors
from app.services.store import Database, okrs, outbox, plans, workspaces
from app.services.store.tables import Okr
from app.services.vectors import Entry, Healed, MemoryIndex, VectorIndex, content_hash, heal

log = logging.getLogger("okr_coach")

MOST_CYCLES = 32
"""Cycles held in memory, the latest used ones."""
_RETRY_SECONDS = 5.0
_PATIENCE_SECONDS = 1.0


class LineIndex(Protocol):
    """Finds stored OKRs by lines."""

    async def start(self) -> None:
        """Begin to follow the database."""
        ...

    async def close(self) -> None:
        """Stop."""
        ...

    async def nearest(
        self, workspace: str, cycle: str, vectors: Vectors, k: int, changes: int | None = None
    ) -> set[str]:
        """Ids of the OKRs of a cycle that hold the `k` lines nearest to each row; some may have gone since.

        `changes` is how many the caller knows the workspace's OKRs to have seen: if they were taken in before, the
        database isn't asked again.
        """
        ...

    async def vectors(self, workspace: str, cycle: str, okrs: Sequence[Okr]) -> dict[str, Vectors]:
        """The rows of lines of these OKRs by their text, of those that are kept."""
        ...


def entries(okr: Okr, encoder: str) -> list[Entry]:
    """The lines of an OKR that say something; ids are `<okr>.o` for the objective and `<okr>.<n>` from 0."""
    lines = [("o", okr.objective), *((str(at), text) for at, text in enumerate(okr.key_results))]
    return [Entry(f"{okr.id}.{at}", text, content_hash(text, encoder)) for at, text in lines if text.strip()]


@dataclass(frozen=True, slots=True)
class _Truth:
    """What the database holds for one index."""

    rows: Sequence[Okr]
    encoder: str

    def entries(self) -> Iterable[Entry]:
        """Every line."""
        return (entry for okr in self.rows for entry in entries(okr, self.encoder))


def _search(index: VectorIndex, vectors: Vectors, k: int) -> set[str]:
    return {name.partition(".")[0] for name in index.nearest(vectors, k)}


def _known(index: VectorIndex, okrs: Sequence[Okr], encoder: str) -> dict[str, Vectors]:
    lines = [entry for okr in okrs for entry in entries(okr, encoder)]
    kept = index.rows([entry.id for entry in lines])
    return {entry.text: kept[entry.id][1] for entry in lines if kept.get(entry.id, ("",))[0] == entry.hash}


def _write(index: VectorIndex, lines: Sequence[Entry], encoder: Encoder) -> None:
    if lines:
        vectors = encoder.encode([entry.text for entry in lines])
        index.upsert([entry.id for entry in lines], vectors, [entry.hash for entry in lines])


class KeptLines:
    """Vectors in Chroma. An outbox says what changed; a crash anywhere leaves it there, and the next start heals."""

    def __init__(self, database: Database, store: ChromaStore, encoder: Encoder) -> None:
        self._database = database
        self._store = store
        self._encoder = encoder
        self._lock = asyncio.Lock()
        self._healed = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self._taken: dict[str, int] = {}

    async def start(self) -> None:
        """See `LineIndex.start`: heal in the background, then take in each change after it was committed."""
        self._following = asyncio.create_task(self._follow())

    async def close(self) -> None:
        """See `LineIndex.close`. What is being written is written first: a thread can't be cancelled."""
        async with self._lock:
            if self._following:
                self._following.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await self._following
            await asyncio.to_thread(self._store.close)

    async def nearest(
        self, workspace: str, cycle: str, vectors: Vectors, k: int, changes: int | None = None
    ) -> set[str]:
        """See `LineIndex.nearest`. If healing takes longer than a moment, what it has by then is what is found."""
        if changes is None or self._taken.get(workspace) != changes:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._healed.wait(), _PATIENCE_SECONDS)
                await self.catch_up()
                if changes is not None:
                    self._taken[workspace] = changes
        return await asyncio.to_thread(lambda: _search(self._store.index(_name(workspace, cycle)), vectors, k))

    async def vectors(self, workspace: str, cycle: str, okrs: Sequence[Okr]) -> dict[str, Vectors]:
        """See `LineIndex.vectors`."""
        place, encoder = _name(workspace, cycle), self._encoder.name
        return await asyncio.to_thread(lambda: _known(self._store.index(place), okrs, encoder))

    async def catch_up(self) -> int:
        """Take in what the outbox tells of, and how many changes that was."""
        async with self._lock:
            return await outbox.deliver(self._database, self)

    async def rebuild(self) -> Healed:
        """Make every index hold what the database holds, and forget those of cycles that are no more."""
        async with self._lock:
            async with self._database.reading() as session:
                # What waits by now is in the rows that are read below, so it needn't be told of again.
                waiting = await outbox.pending(session, limit=None)
                known = await plans.all_cycles(session)
            names = {_name(*place) for place in known}
            for name in set(await asyncio.to_thread(self._store.names)) - names:
                await asyncio.to_thread(self._store.drop, name)
            written = deleted = 0
            for workspace, cycle in known:
                async with self._database.reading() as session:
                    rows = await okrs.page(session, workspace, cycle=cycle)
                truth = _Truth(rows, self._encoder.name)
                index = await asyncio.to_thread(self._store.index, _name(workspace, cycle))
                done = await asyncio.to_thread(heal, index, truth, self._encoder)
                written, deleted = written + done.written, deleted + done.deleted
            async with self._database.writing() as session:
                await outbox.settle(session, waiting)
        await self.catch_up()
        return Healed(written, deleted)

    async def changed(self, workspace: str, okrs: Mapping[str, Okr | None]) -> None:
        """See `outbox.Index`."""
        async with self._database.reading() as session:
            gone = workspace not in {row.id for row in await workspaces.listed(session)}
            places = await plans.places(session, workspace, okrs.keys())
        if gone:
            for name in await asyncio.to_thread(self._store.names):
                if name.startswith(_name(workspace, "")):
                    await asyncio.to_thread(self._store.drop, name)
            return
        await asyncio.to_thread(self._take, workspace, okrs, places)

    def _take(
        self, workspace: str, okrs: Mapping[str, Okr | None], places: Mapping[str, tuple[Collection[str], int]]
    ) -> None:
        for cycle in sorted({cycle for cycles, _ in places.values() for cycle in cycles}):
            here = {okr_id: okr for okr_id, okr in okrs.items() if cycle in places[okr_id][0]}
            lines = [
                line
                for okr in here.values()
                if okr and okr.cycle_id == cycle
                for line in entries(okr, self._encoder.name)
            ]
            possible = {f"{okr_id}.{at}" for okr_id in here for at in ("o", *range(places[okr_id][1]))}
            index = self._store.index(_name(workspace, cycle))
            _write(index, lines, self._encoder)
            index.delete(sorted(possible - {line.id for line in lines}))

    async def _follow(self) -> None:
        while True:
            try:
                if not self._healed.is_set():
                    await self.rebuild()
                    self._healed.set()
                self._database.written.clear()
                await self.catch_up()
                await self._database.written.wait()
            except (CoachError, OSError, ValueError, RuntimeError):
                log.exception("the vector index could not follow; it is tried again")
                await asyncio.sleep(_RETRY_SECONDS)


@dataclass
class _Held:
    """A cycle in memory: its vectors, and which version of which OKR they are of, with its rows."""

    index: MemoryIndex
    versions: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    changes: int = -1
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class LinesInMemory:
    """Exact search in this process's memory; a cycle is read when it is first asked for."""

    def __init__(self, database: Database, encoder: Encoder, most: int = MOST_CYCLES, threads: int = 0) -> None:
        self._database = database
        self._encoder = encoder
        self._threads = threads
        self._most = most
        self._held: OrderedDict[str, _Held] = OrderedDict()

    async def start(self) -> None:
        """See `LineIndex.start`."""

    async def close(self) -> None:
        """See `LineIndex.close`."""
        self._held.clear()

    async def nearest(
        self, workspace: str, cycle: str, vectors: Vectors, k: int, changes: int | None = None
    ) -> set[str]:
        """See `LineIndex.nearest`."""
        held = self._held.setdefault(_name(workspace, cycle), _Held(MemoryIndex(self._threads)))
        self._held.move_to_end(_name(workspace, cycle))
        while len(self._held) > self._most:
            self._held.popitem(last=False)
        if changes is None or changes != held.changes:
            async with held.lock:
                await self._follow(held, workspace, cycle)
        return await asyncio.to_thread(_search, held.index, vectors, k)

    async def vectors(self, workspace: str, cycle: str, okrs: Sequence[Okr]) -> dict[str, Vectors]:
        """See `LineIndex.vectors`."""
        held = self._held.get(_name(workspace, cycle))
        return await asyncio.to_thread(_known, held.index, okrs, self._encoder.name) if held else {}

    async def _follow(self, held: _Held, workspace: str, cycle: str) -> None:
        async with self._database.reading() as session:
            changes = (await plans.changes(session, workspace)).okrs
            if changes == held.changes:
                return
            now = await plans.versions(session, workspace, cycle)
            stale = {okr_id for okr_id, version in now.items() if held.versions.get(okr_id) != version}
            rows = await plans.standing(session, workspace, stale)
        gone = held.versions.keys() - now.keys()
        if rows or gone:
            await asyncio.to_thread(self._take, held, rows, gone)
        held.changes = changes

    def _take(self, held: _Held, rows: Sequence[Okr], gone: Collection[str]) -> None:
        lines = [entries(okr, self._encoder.name) for okr in rows]
        before = {name for okr_id in (*gone, *(okr.id for okr in rows)) for name in held.rows.pop(okr_id, [])}
        _write(held.index, [line for of in lines for line in of], self._encoder)
        held.index.delete(sorted(before - {line.id for of in lines for line in of}))
        for okr_id in gone:
            del held.versions[okr_id]
        for okr, of in zip(rows, lines, strict=True):
            held.rows[okr.id] = [line.id for line in of]
            held.versions[okr.id] = okr.version


def _name(workspace: str, cycle: str) -> str:
    return f"{workspace}/{cycle}"
