"""The index of stored lines: in memory and in Chroma it holds what the database holds, also after kill -9."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select
from stores import within

from app.errors import ModelError
from app.services.chroma import ChromaStore
from app.services.embeddings import Remembering, Vectors
from app.services.line_index import KeptLines, LineIndex, LinesInMemory, entries
from app.services.store import Database, okrs, outbox, workspaces
from app.services.store.ids import new_id
from app.services.store.okrs import Author, Content
from app.services.store.tables import Cycle, Okr

ROOT = Path(__file__).resolve().parents[2]
CRASHES = int(os.environ.get("OKR_COACH_CRASHES", "4"))
AUTHOR = Author("tests")


class Letters:
    """An encoder of letter counts: rows that tell texts apart without a model."""

    name = "letters"

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, texts: Sequence[Any]) -> Vectors:
        self.read += texts
        rows = np.array([[text.count(chr(48 + at)) + at / 100 for at in range(75)] for text in texts], np.float32)
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


@asynccontextmanager
async def opened(kind: str, database: Database, place: Path) -> AsyncIterator[LineIndex]:
    lines: LineIndex = LinesInMemory(database, Letters())
    if kind == "chroma":
        lines = KeptLines(database, ChromaStore(place), Letters())
    await lines.start()
    try:
        yield lines
    finally:
        await lines.close()


async def settled(database: Database) -> tuple[str, str, str]:
    async with database.writing() as session:
        workspace = (await workspaces.create(session, "Harbour Trust")).id
        cycles = [Cycle(workspace_id=workspace, id=new_id(), name=name) for name in ("Q3", "Q4")]
        session.add_all(cycles)
    return workspace, cycles[0].id, cycles[1].id


async def add(database: Database, workspace: str, content: Content) -> str:
    async with database.writing() as session:
        return (await okrs.create(session, workspace, content, AUTHOR)).id


def row(text: str) -> Vectors:
    return Letters().encode([text])


@pytest.mark.parametrize("kind", ["memory", "chroma"])
def test_the_index_follows_what_is_written(database_url: str, kind: str, tmp_path: Path) -> None:
    async def act(database: Database) -> None:
        workspace, third, fourth = await settled(database)
        async with opened(kind, database, tmp_path / "vectors") as lines:
            first = await add(database, workspace, Content("aaa", ("bbb", "ccc"), third))
            second = await add(database, workspace, Content("ddd", ("eee",), third))
            assert await lines.nearest(workspace, third, row("ccc"), 1) == {first}
            assert await lines.nearest(workspace, third, row("eee"), 1) == {second}
            assert await lines.nearest(workspace, fourth, row("eee"), 5) == set()
            async with database.writing() as session:
                await okrs.change(session, workspace, first, None, Content("aaa", ("xxx",), third), AUTHOR)
                await okrs.change(session, workspace, second, None, Content("ddd", ("eee",), fourth), AUTHOR)
            assert await lines.nearest(workspace, third, row("xxx"), 1) == {first}
            assert await lines.nearest(workspace, third, row("ccc"), 9) == {first}
            assert await lines.nearest(workspace, fourth, row("eee"), 9) == {second}
            async with database.writing() as session:
                await okrs.remove(session, workspace, first, None, AUTHOR)
            assert await lines.nearest(workspace, third, row("xxx"), 9) == set()
            assert await lines.nearest(workspace, fourth, row("eee"), 9) == {second}

    within(database_url, act)


def held(store: ChromaStore) -> dict[str, Mapping[str, str]]:
    return {name: store.index(name).ids() for name in store.names()}


async def should_hold(database: Database) -> dict[str, Mapping[str, str]]:
    async with database.reading() as session:
        rows = list(await session.scalars(select(Okr).where(Okr.deleted_at.is_(None))))
        cycles = list(await session.scalars(select(Cycle)))
    truth: dict[str, dict[str, str]] = {f"{cycle.workspace_id}/{cycle.id}": {} for cycle in cycles}
    for okr in rows:
        truth[f"{okr.workspace_id}/{okr.cycle_id}"] |= {line.id: line.hash for line in entries(okr, Letters.name)}
    return dict(truth)


def test_rebuilding_mends_what_was_lost_or_left_behind(tmp_path: Path) -> None:
    async def act(database: Database) -> None:
        workspace, third, _ = await settled(database)
        other, of_other, _ = await settled(database)
        for at in range(3):
            await add(database, workspace, Content(f"objective {at}", (f"result {at}", " "), third))
        await add(database, other, Content("elsewhere", (), of_other))
        store = ChromaStore(tmp_path / "vectors")
        lines = KeptLines(database, store, Letters())
        assert (await lines.rebuild()).written == 7
        assert held(store) == await should_hold(database)
        assert (await lines.rebuild()).written == 0
        index = store.index(f"{workspace}/{third}")
        index.delete(list(index.ids())[:2])
        index.upsert(["nobody.0"], row("x"), ["h"])
        store.index("nowhere/at-all").upsert(["a.0"], row("x"), ["h"])
        done = await lines.rebuild()
        assert (done.written, done.deleted) == (2, 1)
        assert held(store) == await should_hold(database)
        async with database.writing() as session:
            await workspaces.remove(session, workspace)
        assert await lines.catch_up() == 3
        assert held(store) == await should_hold(database)
        async with database.reading() as session:
            assert await outbox.pending(session) == []
        await lines.close()

    within(f"sqlite:///{tmp_path / 'okrs.db'}", act)


def test_what_a_rebuilding_reads_is_not_read_again_from_the_outbox(tmp_path: Path) -> None:
    class Interrupted(Letters):
        """Lets an OKR change while the index is healed."""

        def __init__(self, change: Callable[[], object]) -> None:
            super().__init__()
            self._change = change

        def encode(self, texts: Sequence[Any]) -> Vectors:
            if not self.read:
                self._change()
            return super().encode(texts)

    async def act(database: Database) -> None:
        workspace, third, _ = await settled(database)
        for at in range(outbox.BATCH + 1):
            await add(database, workspace, Content(f"objective {at}", (), third))
        loop = asyncio.get_running_loop()
        late = Content("written meanwhile", (), third)
        encoder = Interrupted(lambda: asyncio.run_coroutine_threadsafe(add(database, workspace, late), loop).result())
        store = ChromaStore(tmp_path / "vectors")
        lines = KeptLines(database, store, encoder)
        assert (await lines.rebuild()).written == outbox.BATCH + 1
        assert len(encoder.read) == outbox.BATCH + 2
        assert held(store) == await should_hold(database)
        async with database.reading() as session:
            assert await outbox.pending(session) == []
        await lines.close()

    within(f"sqlite:///{tmp_path / 'okrs.db'}", act)


def test_a_change_is_taken_in_without_being_asked_for(tmp_path: Path) -> None:
    async def act(database: Database) -> None:
        workspace, third, _ = await settled(database)
        store = ChromaStore(tmp_path / "vectors")
        lines = KeptLines(database, store, Letters())
        await lines.start()
        await add(database, workspace, Content("aaa", ("bbb",), third))
        for _ in range(1_000):
            if held(store) == await should_hold(database):
                break
            await asyncio.sleep(0.02)
        else:
            pytest.fail("the index did not follow")
        await lines.close()

    within(f"sqlite:///{tmp_path / 'okrs.db'}", act)


def test_a_folder_belongs_to_one_process_at_a_time(tmp_path: Path) -> None:
    store = ChromaStore(tmp_path)
    with pytest.raises(ModelError, match="Another process"):
        ChromaStore(tmp_path)
    store.close()
    store.close()
    ChromaStore(tmp_path).close()


def test_texts_are_read_once_and_forgotten_when_too_many() -> None:
    letters = Letters()
    remembered = Remembering(letters, most=2)
    rows = remembered.encode(["a", "b", "a"])
    assert np.array_equal(rows, Letters().encode(["a", "b", "a"]))
    assert letters.read == ["a", "b"]
    remembered.encode(["a", "c"])
    remembered.encode(["a", "b"])
    assert letters.read == ["a", "b", "c", "b"]


def test_a_remembered_text_does_not_keep_the_others_of_its_call_in_memory() -> None:
    class Watched(Letters):
        """Knows whether what it gave away is still held by somebody."""

        def encode(self, texts: Sequence[Any]) -> Vectors:
            rows = super().encode(texts)
            self.given = weakref.ref(rows)
            return rows

    watched = Watched()
    remembered = Remembering(watched)
    remembered.encode(["a", "b"])
    assert watched.given() is None


WRITER = """
import asyncio, json, random, sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {here!r}]
from test_line_index import AUTHOR, Letters
from app.services.line_index import KeptLines
from app.services.store import Database, okrs
from app.services.store.okrs import Content
from app.services.chroma import ChromaStore

async def main():
    database = Database({url!r})
    await database.open()
    lines = KeptLines(database, ChromaStore(Path({place!r})), Letters())
    await lines.start()
    print("ready", flush=True)
    kept = []
    while True:
        text = f"{{random.getrandbits(60):x}}"
        content = Content(text, (text[:5], text[5:]), random.choice({cycles!r}))
        async with database.writing() as session:
            if len(kept) > 5 and random.random() < 0.6:
                await okrs.change(session, {workspace!r}, random.choice(kept[-9:-1]), None, content, AUTHOR)
            elif len(kept) > 8 and random.random() < 0.3:
                await okrs.remove(session, {workspace!r}, kept.pop(), None, AUTHOR)
            else:
                kept.append((await okrs.create(session, {workspace!r}, content, AUTHOR)).id)
        print(json.dumps(text), flush=True)
        if random.random() < 0.3:
            await lines.catch_up()

asyncio.run(main())
"""


def test_nothing_is_lost_or_orphaned_when_killed_between_database_and_index(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'okrs.db'}"
    place = tmp_path / "vectors"
    workspace, *cycles = within(url, settled)
    values = {"tests": str(ROOT / "tests"), "here": str(ROOT / "tests" / "services")}
    script = WRITER.format(url=url, place=str(place), workspace=workspace, cycles=cycles, **values)
    chance = random.Random(4711)
    said: set[str] = set()
    for _ in range(CRASHES):
        writer = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
        lines = [writer.stdout.readline() for _ in range(chance.randrange(3, 30))]
        time.sleep(chance.uniform(0, 0.05))
        writer.send_signal(signal.SIGKILL)
        rest = writer.communicate()[0]
        said |= {json.loads(line) for line in [*lines, *rest.splitlines(keepends=True)] if line.endswith("\n")}

        async def check(database: Database) -> None:
            store = ChromaStore(place)
            index = KeptLines(database, store, Letters())
            await index.rebuild()
            await index.start()
            truth = await should_hold(database)
            assert held(store) == truth
            for name in truth:
                for line in list(truth[name])[:5]:
                    async with database.reading() as session:
                        okr = await session.get_one(Okr, (workspace, line.partition(".")[0]))
                    at = name.partition("/")[2]
                    assert okr.id in await index.nearest(workspace, at, row(okr.objective), 50)
            await index.close()

        within(url, check)
    assert len(said) > CRASHES * 3
