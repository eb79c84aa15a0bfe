"""Overlaps at the size of large organisations: index, whole map, one new draft, and the recall of the vector store.

Run alone with `python -m evals.bench.overlaps [SIZE…]`; the sizes of `make bench` are small enough for a coffee.
"""

from __future__ import annotations

import math
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from app.coach.nouns import Line, Okr
from app.coach.overlap import Overlaps
from app.coach.overlap.plan import Plan
from app.config import Settings, share_cores
from app.services.chroma import ChromaStore
from app.training.data import line_samples
from app.wiring import build_overlaps
from evals.bench import neighbours
from evals.bench.row import Row

SIZES = (1_000, 10_000)
LARGE = 50_000
KEY_RESULTS, OKRS_A_TEAM = 4, 3
DRAFTS, QUERIES, NEAREST = 40, 200, 10
MINED = 4_000
SEED = 11


def run(sizes: Sequence[int] = SIZES) -> list[Row]:
    """Rows for each size, and the growth over the sizes. A size has a process of its own, whose memory is its own."""
    rows: list[Row] = []
    took: dict[int, tuple[float, float]] = {}
    share_cores(1)
    for size in sizes:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            found, wall, cpu = alone.submit(_measured, size).result()
        rows += found
        took[size] = wall, cpu
    for small, large in pairwise(sizes):
        wall, cpu = (
            math.log(more / less) / math.log(large / small) for less, more in zip(took[small], took[large], strict=True)
        )
        shown = f"n^{wall:.2f} (CPU n^{cpu:.2f})"
        rows.append(Row(f"overlaps, growth {small:,} → {large:,}", wall, shown, "≤ n^1.3", wall <= 1.3))
    return [*rows, *_mining()]


def _measured(size: int) -> tuple[list[Row], float, float]:
    """Rows for one size, and the seconds of wall clock and of CPU from text to map."""
    finder = build_overlaps(Settings())
    okrs = synthetic(size)
    began, before = time.perf_counter(), time.process_time()
    plan = finder.read(okrs)
    indexed, worked = time.perf_counter() - began, time.process_time() - before
    found = finder.pairs(plan)
    took, spent = time.perf_counter() - began, time.process_time() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    bounded = size == 10_000
    what = f"overlaps, {size:,} key results"
    rows = [
        Row(f"{what}: read and index", indexed, f"{indexed:.1f} s ({worked:.1f} s of CPU)"),
        Row(
            f"{what}: text to typed map ({len(found):,} pairs)",
            took,
            f"{took:.1f} s ({spent:.1f} s of CPU)",
            "≤ 60 s" if bounded else "",
            took <= 60 if bounded else None,
        ),
        Row(
            f"{what}: memory of the process at its peak",
            memory,
            f"{memory:.2f} GB",
            "≤ 1 GB" if bounded else "",
            memory <= 1 if bounded else None,
        ),
        _draft(finder, plan, size),
        *_recall(plan, size),
    ]
    del plan
    rows += neighbours.run(finder, okrs, synthetic(KEY_RESULTS * DRAFTS, SEED + 1), size)
    return rows, took, spent


def synthetic(size: int, seed: int = SEED) -> list[Okr]:
    """So many key results of invented teams: the front of one corpus line with the end of another, all different."""
    draw = np.random.default_rng(seed)
    texts = [sample.text.split() for sample in line_samples("train") if len(sample.text.split()) > 3]
    seen: set[str] = set()

    def line() -> str:
        while True:
            one, other = (texts[at] for at in draw.integers(0, len(texts), 2))
            text = " ".join([*one[: len(one) // 2 + 1], *other[len(other) // 2 :]])
            if text not in seen:
                seen.add(text)
                return text

    okrs = []
    for at in range(math.ceil(size / KEY_RESULTS)):
        many = min(KEY_RESULTS, size - at * KEY_RESULTS)
        team = f"Team {at // OKRS_A_TEAM + 1}"
        okrs.append(Okr(Line.whole(line()), tuple(Line.whole(line()) for _ in range(many)), team))
    return okrs


def _draft(finder: Overlaps, plan: Plan, size: int) -> Row:
    """One new OKR of a team of its own against all others, by exact search in the plan."""
    times, worked = [], []
    for okr in synthetic(KEY_RESULTS * DRAFTS, SEED + 1):
        began, spent = time.perf_counter(), time.process_time()
        finder.against(finder.read([Okr(okr.objective, okr.key_results, "A new team")]), plan)
        times.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - spent) * 1000)
    p95, cpu = (float(np.percentile(each[DRAFTS // 4 :], 95)) for each in (times, worked))
    return Row(f"overlaps, one new OKR against a plan of {size:,}, p95", p95, f"{p95:.0f} ms ({cpu:.0f} ms of CPU)")


def _recall(plan: Plan, size: int) -> list[Row]:
    """The vector store's ten nearest against exact search."""
    rows = plan.vectors[: plan.key_results]
    with tempfile.TemporaryDirectory() as folder:
        index = ChromaStore(Path(folder)).index("bench")
        began = time.perf_counter()
        index.upsert([str(at) for at in range(len(rows))], rows, ["-"] * len(rows))
        written = time.perf_counter() - began
        chosen = np.random.default_rng(SEED).permutation(len(rows))[:QUERIES]
        hits, times = 0, []
        for at in chosen.tolist():
            exact = set(np.argpartition(-(rows @ rows[at]), NEAREST)[:NEAREST].tolist())
            began = time.perf_counter()
            found = index.search(rows[at], NEAREST)
            times.append((time.perf_counter() - began) * 1000)
            hits += len(exact & {int(name) for name, _ in found})
    recall = hits / (NEAREST * len(chosen))
    return [
        Row(f"vector store, {size:,} rows written", written, f"{written:.1f} s"),
        Row(f"vector store, {size:,} rows: recall@10", recall, f"{recall:.3f}", "≥ 0.99", recall >= 0.99),
        Row(f"vector store, {size:,} rows: search, p50", float(np.median(times)), f"{np.median(times):.1f} ms"),
    ]


def _mining() -> list[Row]:
    """The whole typed map against `paraphrase_mining`, which only ranks by cosine; where torch is installed."""
    try:
        from sentence_transformers import SentenceTransformer, util  # noqa: PLC0415

        from app.training.build import base_model  # noqa: PLC0415
    except ImportError:
        return []
    finder, okrs = build_overlaps(Settings()), synthetic(MINED)
    model = SentenceTransformer(str(base_model()), device="cpu")
    texts = [line.text for okr in okrs for line in okr.key_results]
    theirs = _timed(lambda: util.paraphrase_mining(model, texts, top_k=NEAREST))
    ours = _timed(lambda: finder.pairs(finder.read(okrs)))
    wall, cpu = (one / other for one, other in zip(theirs, ours, strict=True))
    shown = f"{wall:.2f} × ({cpu:.2f} × in CPU: {theirs[1]:.0f} s against {ours[1]:.0f} s)"
    return [Row(f"paraphrase_mining ÷ typed map, {MINED:,} key results", wall, shown)]


def _timed(job: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall clock and of CPU."""
    began, spent = time.perf_counter(), time.process_time()
    job()
    return time.perf_counter() - began, time.process_time() - spent


if __name__ == "__main__":
    for row in run([int(size) for size in sys.argv[1:]] or SIZES):
        print(f"{row.what}: {row.shown} {row.target} {'' if row.holds is None else row.holds}")
