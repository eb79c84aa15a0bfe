"""Blind preferences between two rewrites of one line: who wins, how often, and how sure that is.

`python -m evals.preferences` prints the table of docs/rewrites.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.training.data import CORPUS, line_samples, rows
from evals.metrics import Metric, share, tabulate
from evals.run import SEED
from evals.stats import Interval, cluster_sums, interval, resample

EMBEDDED, TEMPLATE, REFERENCE = "embedded", "template", "reference"
MATCHES = ((EMBEDDED, TEMPLATE), (EMBEDDED, REFERENCE), (REFERENCE, TEMPLATE))


@dataclass(frozen=True, slots=True)
class Preference:
    """One judgement of two rewrites of `line`: the texts by writer, and the writer preferred, None for a tie."""

    id: str
    org: str
    line: str
    objective: str
    texts: dict[str, str]
    preferred: str | None
    by: str


def read(corpus: Path = CORPUS) -> list[Preference]:
    """The committed judgements. Raises OSError or ValueError for a missing or broken file."""
    lines = {sample.id: sample for sample in line_samples("test", corpus)}
    return [
        Preference(
            row["id"],
            lines[row["id"]].org,
            lines[row["id"]].text,
            lines[row["id"]].objective,
            {row["writer_a"]: row["a"], row["writer_b"]: row["b"]},
            {"a": row["writer_a"], "b": row["writer_b"]}.get(row["preferred"]),
            row["by"],
        )
        for row in rows("preferences.jsonl", corpus)
    ]


def win_rate(preferences: Sequence[Preference], one: str, other: str) -> tuple[int, Interval]:
    """Pairs of two writers and the share that the first wins, ties halved, resampled by organisation."""
    met = [each for each in preferences if set(each.texts) == {one, other}]
    tallies = [{"won": _won(each, one), "lost": 1 - _won(each, one)} for each in met]
    metric: Metric = share("wins", "won", "lost", f"pairs in which {one} is preferred to {other}")
    table = tabulate(tallies, metric.terms)
    sums = cluster_sums(table, [each.org for each in met])
    return len(met), interval(metric, np.asarray(table.sum(axis=0)), resample(sums, SEED))


def table(preferences: Sequence[Preference]) -> Iterator[str]:
    """The win rates as Markdown."""
    yield "| pair | pairs | won by the first | 95 % interval |"
    yield "|---|---:|---:|---|"
    for one, other in MATCHES:
        count, rate = win_rate(preferences, one, other)
        yield f"| {one} – {other} | {count} | {rate.value:.1%} | {rate.low:.1%} – {rate.high:.1%} |"


def _won(preference: Preference, writer: str) -> float:
    return 0.5 if preference.preferred is None else float(preference.preferred == writer)


if __name__ == "__main__":
    sys.stdout.write("\n".join(table(read())) + "\n")
