"""Vectors beside the database: exact and Chroma indexes behave alike, and heal after kill -9."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.services.chroma import ChromaStore
from app.services.embeddings import Vectors
from app.services.vectors import Entry, MemoryStore, VectorStore, content_hash, heal

ROOT = Path(__file__).resolve().parents[2]
CRASHES = int(os.environ.get("OKR_COACH_CRASHES", "3"))
LINES = [f"line number {at} of the plan" for at in range(300)]


class Drawn:
    """An encoder that draws each text's row by its hash: rows as far apart as a model's, without one.

    Rows that are all but equal would prove nothing: of such, Chroma's graph leaves a few where no search comes by.
    """

    name = "drawn"

    def encode(self, texts: object) -> Vectors:
        assert isinstance(texts, list)
        seeds = [int(content_hash(text, self.name), 16) for text in texts]
        rows = np.array([np.random.default_rng(seed).normal(size=64) for seed in seeds], np.float32)
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


class Lines:
    """What a database would hold."""

    def __init__(self, texts: list[str], start: int = 0) -> None:
        self._texts, self._start = texts, start

    def entries(self) -> Iterator[Entry]:
        for at, text in enumerate(self._texts, self._start):
            yield Entry(str(at), text, content_hash(text, Drawn.name))


@pytest.fixture(params=["memory", "chroma"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    kept = ChromaStore(tmp_path / "vectors")
    yield kept
    kept.close()


def test_what_is_written_is_found_until_it_is_deleted(store: VectorStore) -> None:
    index = store.index("acme / Q3 “2026”")
    rows = Drawn().encode(LINES[:50])
    index.upsert([str(at) for at in range(50)], rows, ["h"] * 50)
    assert index.search(rows[7], 3)[0][0] == "7"
    assert index.search(rows[7], 3)[0][1] == pytest.approx(1.0, abs=1e-4)
    index.delete(["7", "nobody"])
    assert "7" not in dict(index.search(rows[7], 50))
    assert len(index.ids()) == 49
    index.upsert(["8"], rows[7:8], ["new"])
    assert index.search(rows[7], 1)[0][0] == "8"
    assert index.ids()["8"] == "new"


def test_several_rows_are_sought_at_once_and_rows_are_read_back(store: VectorStore) -> None:
    index = store.index("several")
    rows = Drawn().encode(LINES[:40])
    assert index.nearest(rows[:2], 3) == set()
    index.upsert([str(at) for at in range(40)], rows, [f"h{at}" for at in range(40)])
    assert index.nearest(rows[[3, 17]], 1) == {"3", "17"}
    assert index.nearest(rows[:0], 3) == set()
    assert index.nearest(rows[:1], 99) == {str(at) for at in range(40)}
    kept = index.rows(["5", "nobody", "39"])
    assert {name: known for name, (known, _) in kept.items()} == {"5": "h5", "39": "h39"}
    np.testing.assert_allclose(kept["39"][1], rows[39], atol=1e-6)


def test_an_index_in_memory_holds_what_a_dictionary_would() -> None:
    index, model = MemoryStore().index("x"), dict[str, Vectors]()
    draw = np.random.default_rng(5)
    for _ in range(300):
        names = [str(name) for name in draw.choice(60, int(draw.integers(1, 6)), replace=False)]
        if draw.random() < 0.4:
            index.delete(names)
            for name in names:
                model.pop(name, None)
        else:
            rows = draw.normal(size=(len(names), 8)).astype(np.float32)
            index.upsert(names, rows, names)
            model |= dict(zip(names, rows, strict=True))
    assert dict(index.ids()) == {name: name for name in model}
    asked = draw.normal(size=8).astype(np.float32)
    ranked = sorted(model, key=lambda name: -float(model[name] @ asked))
    assert [name for name, _ in index.search(asked, 10)] == ranked[:10]
    assert index.nearest(asked[None, :], 10) == set(ranked[:10])


def test_many_rows_are_sought_in_parts_and_nothing_is_missed() -> None:
    draw = np.random.default_rng(8)
    rows = draw.normal(size=(20_000, 8)).astype(np.float32)
    index = MemoryStore().index("many")
    index.upsert([str(at) for at in range(len(rows))], rows, [""] * len(rows))
    asked = draw.normal(size=(3, 8)).astype(np.float32)
    best = np.argsort(-(asked @ rows.T), axis=1)[:, :12]
    assert index.nearest(asked, 12) == {str(at) for at in best.ravel().tolist()}
    assert len(index.nearest(asked, 50_000)) == len(rows)


def test_indexes_do_not_see_each_other(store: VectorStore) -> None:
    rows = Drawn().encode(LINES[:2])
    store.index("a").upsert(["1"], rows[:1], ["h"])
    store.index("b").upsert(["2"], rows[1:], ["h"])
    assert dict(store.index("a").ids()) == {"1": "h"}
    store.drop("a")
    store.drop("never there")
    assert dict(store.index("a").ids()) == {}
    assert dict(store.index("b").ids()) == {"2": "h"}
    assert store.index("a").search(rows[0], 5) == []


def test_healing_writes_what_is_missing_renews_what_is_stale_and_forgets_orphans(store: VectorStore) -> None:
    index = store.index("w")
    assert heal(index, Lines(LINES), Drawn()).written == 300
    assert heal(index, Lines(LINES), Drawn()) == heal(index, Lines(LINES), Drawn())
    changed = [*LINES[:10], "another text", *LINES[11:290]]
    healed = heal(index, Lines(changed), Drawn())
    assert (healed.written, healed.deleted) == (1, 10)
    assert dict(index.ids()) == {entry.id: entry.hash for entry in Lines(changed).entries()}


def test_another_encoder_makes_every_row_stale() -> None:
    assert content_hash("a", "x") != content_hash("a", "y")
    assert content_hash("\ud800", "x")


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_vectors import LINES, Drawn, Lines
from app.services.chroma import ChromaStore
from app.services.vectors import heal
index = ChromaStore(Path({place!r})).index("w")
print("ready", flush=True)
while True:
    heal(index, Lines(LINES), Drawn())
    heal(index, Lines(LINES[:150], start=100), Drawn())
"""


def test_nothing_is_lost_or_orphaned_after_kill_9_between_writes(tmp_path: Path) -> None:
    place = tmp_path / "vectors"
    script = WRITER.format(tests=str(ROOT / "tests" / "services"), place=str(place))
    chance = random.Random(2207)
    for _ in range(CRASHES):
        writer = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE)
        assert writer.stdout
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.02, 0.5))
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
    with closing(ChromaStore(place)) as kept:
        index = kept.index("w")
        heal(index, Lines(LINES), Drawn())
        assert dict(index.ids()) == {entry.id: entry.hash for entry in Lines(LINES).entries()}
        found = [index.search(row, 1)[0] for row in Drawn().encode(LINES)]
        assert [name for name, _ in found] == [str(at) for at in range(len(LINES))]
        np.testing.assert_allclose([score for _, score in found], 1.0, atol=1e-4)


def test_a_folder_that_was_never_closed_is_made_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    place = tmp_path / "vectors"
    script = WRITER.format(tests=str(ROOT / "tests" / "services"), place=str(place))
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"ready\n"
        graphs: list[Path] = []
        for _ in range(1_000):
            graphs = list(place.glob("*/index_metadata.pickle"))
            if graphs:
                break
            time.sleep(0.02)
        os.kill(writer.pid, signal.SIGKILL)
    [graph] = graphs
    graph.write_bytes(b"")
    (place / "notes.txt").write_text("somebody's")
    for written in (300, 0):
        with closing(ChromaStore(place)) as kept:
            assert heal(kept.index("w"), Lines(LINES), Drawn()).written == written
            assert kept.index("w").search(Drawn().encode(LINES[:1])[0], 1)[0][0] == "0"
    assert (place / "notes.txt").read_text() == "somebody's"
    assert caplog.text.count("never closed") == 1
