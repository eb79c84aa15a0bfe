"""Where vectors live beside the database: Chroma embedded or as a server, or memory. Derived data, always rebuildable.

One index holds the lines of one workspace and cycle. Rows carry the hash of the text they stand for, so that `heal`
can tell after a crash between the two writes what is missing, stale or orphaned.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Protocol, TextIO, cast
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from app.errors import ModelError
from app.services.embeddings import Encoder, Vectors

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

log = logging.getLogger("okr_coach")

BATCH = 256
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 300, "max_neighbors": 32}
"""Neighbours enough for a recall of 0.99 at ten of 50,000."""


_GRAPH = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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
    """Exact search in memory: right for tests, the command line, and plans that come with the request."""

    def __init__(self) -> None:
        self._lock = RLock()
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
            if not self._ids or not len(vectors):
                return set()
            best = _highest(vectors @ self._table[: len(self._ids)].T, k)
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


class ChromaIndex:
    """One Chroma collection, given our own vectors."""

    def __init__(self, collection: Collection, batch: int) -> None:
        self._collection = collection
        self._batch = min(BATCH * 8, batch)

    def upsert(self, ids: Sequence[str], vectors: Vectors, hashes: Sequence[str]) -> None:
        """See `VectorIndex.upsert`."""
        for at in range(0, len(ids), self._batch):
            part = slice(at, at + self._batch)
            self._collection.upsert(
                ids=list(ids[part]),
                embeddings=vectors[part].astype(np.float32),
                metadatas=[{"hash": known} for known in hashes[part]],
            )

    def delete(self, ids: Sequence[str]) -> None:
        """See `VectorIndex.delete`."""
        for at in range(0, len(ids), self._batch):
            self._collection.delete(ids=list(ids[at : at + self._batch]))

    def ids(self) -> Mapping[str, str]:
        """See `VectorIndex.ids`."""
        found: dict[str, str] = {}
        while True:
            part = self._collection.get(include=["metadatas"], limit=self._batch, offset=len(found))
            for name, facts in zip(part["ids"], part["metadatas"] or [], strict=True):
                found[name] = str((facts or {}).get("hash", ""))
            if len(part["ids"]) < self._batch:
                return found

    def search(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """See `VectorIndex.search`."""
        many = min(k, self._collection.count())
        if many < 1:
            return []
        found = self._collection.query(
            query_embeddings=[cast("Any", vector.astype(np.float32))], n_results=many, include=["distances"]
        )
        distances = (found["distances"] or [[]])[0]
        return [(name, 1.0 - float(distance)) for name, distance in zip(found["ids"][0], distances, strict=True)]

    def nearest(self, vectors: Vectors, k: int) -> set[str]:
        """See `VectorIndex.nearest`."""
        many = min(k, self._collection.count())
        if many < 1 or not len(vectors):
            return set()
        found = self._collection.query(query_embeddings=vectors.astype(np.float32), n_results=many, include=[])
        return {name for names in found["ids"] for name in names}

    def rows(self, ids: Sequence[str]) -> Mapping[str, tuple[str, Vectors]]:
        """See `VectorIndex.rows`."""
        kept: dict[str, tuple[str, Vectors]] = {}
        for at in range(0, len(ids), self._batch):
            found = self._collection.get(ids=list(ids[at : at + self._batch]), include=["embeddings", "metadatas"])
            facts, rows = found["metadatas"] or [], np.asarray(found["embeddings"], np.float32)
            for name, fact, row in zip(found["ids"], facts, rows, strict=True):
                kept[name] = str((fact or {}).get("hash", "")), row
        return kept


class ChromaStore:
    """Chroma in a folder of ours, or a Chroma server by URL. Its telemetry is off and its own encoder is never used.

    Raises `ModelError` for a server that doesn't answer, and for a folder that another process has open: an embedded
    store belongs to one process at a time. A folder that was never closed is emptied first: Chroma writes its graph
    file by file, and one cut in half can't be read, or hides rows from every search.
    """

    def __init__(self, place: Path | str) -> None:
        # Costs seconds, which only those who use it should pay.
        import chromadb  # noqa: PLC0415
        from chromadb.config import Settings  # noqa: PLC0415

        settings = Settings(anonymized_telemetry=False)
        self._client: Client
        self._held: TextIO | None = None
        if isinstance(place, Path):
            place.mkdir(parents=True, exist_ok=True)
            self._held = _hold(place)
            self._client = cast("Client", chromadb.PersistentClient(str(place), settings))
        else:
            url = urlsplit(place)
            try:
                client = chromadb.HttpClient(
                    host=url.hostname or "localhost",
                    port=url.port or (443 if url.scheme == "https" else 8000),
                    ssl=url.scheme == "https",
                    settings=settings,
                )
                self._client = cast("Client", client)
            except ValueError as error:
                raise ModelError(f"No Chroma server answers at {place}: {error}") from error
        self._batch = self._client.get_max_batch_size()

    def index(self, name: str) -> VectorIndex:
        """See `VectorStore.index`."""
        collection = self._client.get_or_create_collection(
            _collection(name),
            metadata={"name": name},
            embedding_function=None,
            configuration={"hnsw": cast("Any", HNSW)},
        )
        return ChromaIndex(collection, self._batch)

    def drop(self, name: str) -> None:
        """See `VectorStore.drop`."""
        if _collection(name) in {collection.name for collection in self._client.list_collections()}:
            self._client.delete_collection(_collection(name))

    def names(self) -> list[str]:
        """See `VectorStore.names`."""
        return [str((collection.metadata or {}).get("name", "")) for collection in self._client.list_collections()]

    def close(self) -> None:
        """Let go of what is open, and let another process have the folder as it is."""
        self._client.close()
        if self._held:
            self._held.truncate(0)
            self._held.close()
            self._held = None


def _hold(folder: Path) -> TextIO:
    """Keep other processes out of a folder for as long as the file is open. Raises `ModelError`.

    The file says something for just as long, so that whoever comes after a crash can tell.
    """
    import fcntl  # noqa: PLC0415 - not on every system

    held = (folder / "lock").open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.close()
        raise ModelError(
            f"Another process has the vectors in {folder} open. Run one server worker, or set OKR_COACH_VECTORS to the "
            "URL of a Chroma server."
        ) from error
    held.seek(0)
    if held.read():
        log.warning("the process before this one never closed the vectors in %s; they are made anew", folder)
        _empty(folder)
    held.truncate(0)
    held.write("open\n")
    held.flush()
    return held


def _empty(folder: Path) -> None:
    """Remove what Chroma wrote: its database, and a folder with an id for a name for each graph."""
    for child in folder.iterdir():
        if child.is_dir() and _GRAPH.fullmatch(child.name):
            shutil.rmtree(child)
        elif child.name.startswith("chroma.sqlite3"):
            child.unlink()


def _collection(name: str) -> str:
    """A name that Chroma accepts, whatever the workspace and cycle are called."""
    return "okrs-" + hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
