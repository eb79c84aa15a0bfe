"""Vectors in Chroma, embedded in a folder of ours or as a server."""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast
from urllib.parse import urlsplit

import numpy as np

from app.errors import ModelError
from app.services.abreast import abreast, at_once
from app.services.embeddings import Vectors
from app.services.vectors import BATCH, VectorIndex

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

log = logging.getLogger("okr_coach")

HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 300, "max_neighbors": 32}
"""Neighbours enough for a recall of 0.99 at ten of 50,000."""

_GRAPH = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ChromaIndex:
    """One Chroma collection, given our own vectors. `threads` search for several rows (0: one a core)."""

    def __init__(self, collection: Collection, batch: int, threads: int = 0) -> None:
        self._collection = collection
        self._threads = threads
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
        if k < 1:
            return []
        found = self._collection.query(
            query_embeddings=[cast("Any", vector.astype(np.float32))], n_results=k, include=["distances"]
        )
        distances = (found["distances"] or [[]])[0]
        return [(name, 1.0 - float(distance)) for name, distance in zip(found["ids"][0], distances, strict=True)]

    def nearest(self, vectors: Vectors, k: int) -> set[str]:
        """See `VectorIndex.nearest`."""
        if k < 1 or not len(vectors):
            return set()

        def search(some: Vectors) -> list[list[str]]:
            return self._collection.query(query_embeddings=some.astype(np.float32), n_results=k, include=[])["ids"]

        parts = np.array_split(vectors, min(at_once(self._threads), len(vectors)))
        return {name for ids in abreast(search, parts, self._threads) for names in ids for name in names}

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
    file by file, and one cut in half can't be read, or hides rows from every search. `threads` as in `ChromaIndex`.
    """

    def __init__(self, place: Path | str, threads: int = 0) -> None:
        self._threads = threads
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
        return ChromaIndex(collection, self._batch, self._threads)

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
