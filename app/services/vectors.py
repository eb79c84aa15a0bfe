"""Vectors beside the database: what an index is, one in memory, and `heal`. Derived data, always rebuildable.

One index holds the lines of one workspace and cycle. Rows carry the hash of the text they stand for, so that `heal`
can tell after a crash between the two writes what is missing, stale or orphaned.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.services.abreast import abreast
from app.services.embeddings import Encoder, Vectors

BATCH = 256
_ROWS = 8_192
"""Rows that are compared at a time, few enough for a core's cache to hold what comes of it."""


class VectorIndex(Protocol):
    """Rows by id. Calls of one index may come from several threads."""

    def upsert(self, ids: Sequence[str], vectors: Vectors, hashes: Sequence[str]) -> None:
        """Write or replace rows of length 1; `hashes` say which text each stands for."""
        ...

    def delete(self, ids: Sequence[str]) -> None:
        """Forget rows; ids that aren't there are no error."""
        ...

    def ids(self) -> Mapping[str, str]:
        """Every id with the hash of its text."""
        ...

    def search(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """The `k` nearest ids with their cosine, nearest first."""
        ...

    def nearest(self, vectors: Vectors, k: int) -> set[str]:
        """The ids that are among the `k` nearest to any of several rows."""
        ...

    def rows(self, ids: Sequence[str]) -> Mapping[str, tuple[str, Vectors]]:
        """Hash and row by id, of those that there are."""
        ...


class VectorStore(Protocol):
    """Indexes by name."""

    def index(self, name: str) -> VectorIndex:
        """The index called so, made if it isn't there."""
        ...

    def drop(self, name: str) -> None:
        """Forget an index; one that isn't there is no error."""
        ...

    def names(self) -> list[str]:
        """Every index that there is."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the database: its id, its text, and the hash under which its vector is kept."""

    id: str
    text: str
    hash: str


class Source(Protocol):
    """What the database holds for one index; the truth that vectors follow."""

    def entries(self) -> Iterable[Entry]:
        """Every line, once."""
        ...


@dataclass(frozen=True, slots=True)
class Healed:
    """What `heal` wrote and forgot."""

    written: int
    deleted: int


def content_hash(text: str, encoder: str) -> str:
    """The hash of a text under an encoder: another encoder makes every row stale."""
    return hashlib.blake2b(f"{encoder}\x1f{text}".encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def heal(index: VectorIndex, source: Source, encoder: Encoder) -> Healed:
    """Make `index` hold exactly what `source` holds; safe to be killed at any point and run again."""
    kept = dict(index.ids())
    missing: list[Entry] = []
    written = 0
    for entry in source.entries():
        if kept.pop(entry.id, None) != entry.hash:
            missing.append(entry)
        if len(missing) == BATCH:
            written += _write(index, missing, encoder)
            missing = []
    written += _write(index, missing, encoder)
    orphans = list(kept)
    for at in range(0, len(orphans), BATCH):
        index.delete(orphans[at : at + BATCH])
    return Healed(written, len(orphans))


def _write(index: VectorIndex, entries: Sequence[Entry], encoder: Encoder) -> int:
    if entries:
        vectors = encoder.encode([entry.text for entry in entries])
        index.upsert([entry.id for entry in entries], vectors, [entry.hash for entry in entries])
    return len(entries)


class MemoryIndex:
    """Exact search in memory: right for tests, the command line, and plans that come with the request.

    `threads` search several rows (0: one a core).
    """

    def __init__(self, threads: int = 0) -> None:
        self._lock = RLock()
        self._threads = threads
        self._at: dict[str, int] = {}
        self._ids: list[str] = []
        self._hashes: list[str] = []
        self._table: Vectors = np.zeros((0, 0), np.float32)
        """Has room for more rows than there are ids, so that adding one doesn't copy all."""

    def upsert(self, ids: Sequence[str], vectors: Vectors, hashes: Sequence[str]) -> None:
        """See `VectorIndex.upsert`."""
        with self._lock:
            fresh = list(dict.fromkeys(name for name in ids if name not in self._at))
            if fresh:
                self._make_room(len(self._ids) + len(fresh), vectors.shape[1])
                self._at |= {name: len(self._ids) + at for at, name in enumerate(fresh)}
                self._ids += fresh
                self._hashes += [""] * len(fresh)
            places = [self._at[name] for name in ids]
            self._table[places] = vectors
            for place, known in zip(places, hashes, strict=True):
                self._hashes[place] = known

    def delete(self, ids: Sequence[str]) -> None:
        """See `VectorIndex.delete`. The last row takes the place of one that goes."""
        with self._lock:
            for name in ids:
                at = self._at.pop(name, None)
                if at is None:
                    continue
                last, known = self._ids.pop(), self._hashes.pop()
                if last != name:
                    self._ids[at], self._hashes[at], self._at[last] = last, known, at
                    self._table[at] = self._table[len(self._ids)]

    def ids(self) -> Mapping[str, str]:
        """See `VectorIndex.ids`."""
        with self._lock:
            return dict(zip(self._ids, self._hashes, strict=True))

    def search(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """See `VectorIndex.search`."""
        with self._lock:
            cosines = self._table[: len(self._ids)] @ vector if self._ids else np.zeros(0, np.float32)
            best = _highest(cosines[None, :], k)[0]
            return [(self._ids[at], float(cosines[at])) for at in sorted(best.tolist(), key=lambda at: -cosines[at])]

    def nearest(self, vectors: Vectors, k: int) -> set[str]:
        """See `VectorIndex.nearest`."""
        with self._lock:
            table = self._table[: len(self._ids)]
            if not len(table) or not len(vectors):
                return set()
            starts = range(0, len(table), _ROWS)
            parts = abreast(lambda at: _best_of(vectors @ table[at : at + _ROWS].T, k), starts, self._threads)
            cosines = np.concatenate([found for found, _ in parts], axis=1)
            places = np.concatenate([rows + at for (_, rows), at in zip(parts, starts, strict=True)], axis=1)
            best = np.take_along_axis(places, _highest(cosines, k), axis=1)
            return {self._ids[at] for at in np.unique(best).tolist()}

    def rows(self, ids: Sequence[str]) -> Mapping[str, tuple[str, Vectors]]:
        """See `VectorIndex.rows`."""
        with self._lock:
            there = [(name, self._at[name]) for name in ids if name in self._at]
            return {name: (self._hashes[at], self._table[at].copy()) for name, at in there}

    def _make_room(self, rows: int, width: int) -> None:
        if rows > len(self._table):
            grown = np.zeros((max(rows, len(self._table) * 5 // 4), width), np.float32)
            if self._ids:
                grown[: len(self._ids)] = self._table[: len(self._ids)]
            self._table = grown


def _highest(cosines: Vectors, k: int) -> NDArray[np.intp]:
    """Places of the `k` highest cells of each row, in no order."""
    many = max(0, min(k, cosines.shape[1]))
    return np.argpartition(cosines, -many, axis=1)[:, -many:] if many else np.zeros((len(cosines), 0), np.intp)


def _best_of(cosines: Vectors, k: int) -> tuple[Vectors, NDArray[np.intp]]:
    """The `k` highest cells of each row, and their places."""
    places = _highest(cosines, k)
    return np.take_along_axis(cosines, places, axis=1), places


class MemoryStore:
    """Indexes in memory, gone with the process."""

    def __init__(self) -> None:
        self._indexes: dict[str, MemoryIndex] = {}

    def index(self, name: str) -> VectorIndex:
        """See `VectorStore.index`."""
        return self._indexes.setdefault(name, MemoryIndex())

    def drop(self, name: str) -> None:
        """See `VectorStore.drop`."""
        self._indexes.pop(name, None)

    def names(self) -> list[str]:
        """See `VectorStore.names`."""
        return list(self._indexes)
