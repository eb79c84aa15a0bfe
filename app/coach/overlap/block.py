"""Blocking: the few pairs of lines that are worth a verdict, found by exact search over vectors.

A line is sought twice, by its own words and together with its objective, since a paraphrase may share the one
and not the other. Products of blocks of rows keep memory flat; at 50,000 lines this takes seconds.
"""

from __future__ import annotations

import numpy as np

from app.coach.overlap.plan import Ints, Plan
from app.services.embeddings import Vectors

NEAREST = 10
SMALL = 60_000
"""A plan with no more pairs than this is judged whole: nothing needs to be sought."""
_BLOCK = 512
_CONTEXT = 0.5


def candidates(plan: Plan, nearest: int = NEAREST) -> Ints:
    """Pairs of rows of different teams, shape (n, 2), lower row first, key results and objectives apart."""
    parts = []
    for objectives in (False, True):
        rows = plan.rows(objectives=objectives)
        if len(rows) * (len(rows) - 1) // 2 <= SMALL:
            parts.append(every(plan, rows))
        else:
            parts.append(_unordered(between(plan, plan, nearest, rows, rows)))
    return np.concatenate(parts)


def every(plan: Plan, rows: Ints) -> Ints:
    """All pairs of `rows` that belong to different teams, lower row first."""
    at, to = np.triu_indices(len(rows), 1)
    left, right = rows[at], rows[to]
    return np.stack([left, right], axis=1)[plan.teams[left] != plan.teams[right]]


def between(left: Plan, right: Plan, nearest: int, mine: Ints, yours: Ints) -> Ints:
    """For each row in `mine` the rows in `yours` nearest to it, by another team; pairs of (left, right)."""
    parts = []
    for seek in (_alone, _in_context):
        found = _nearest(seek(left, mine), seek(right, yours), left.teams[mine], right.teams[yours], nearest)
        parts.append(np.stack([mine[found[:, 0]], yours[found[:, 1]]], axis=1))
    return np.unique(np.concatenate(parts), axis=0)


def _nearest(queries: Vectors, table: Vectors, asking: Ints, owning: Ints, nearest: int) -> Ints:
    """Places of the `nearest` rows of `table` for each query, own team left out, shape (n, 2)."""
    parts = [np.zeros((0, 2), np.int64)]
    many = min(nearest, len(table))
    for at in range(0, len(queries), _BLOCK):
        cosines = queries[at : at + _BLOCK] @ table.T
        cosines[asking[at : at + _BLOCK, None] == owning[None, :]] = -2.0
        best = np.argpartition(cosines, -many, axis=1)[:, -many:] if many else np.zeros((len(cosines), 0), np.int64)
        query, place = np.nonzero(np.take_along_axis(cosines, best, axis=1) > -2.0)
        parts.append(np.stack([query + at, best[query, place]], axis=1))
    return np.concatenate(parts)


def _alone(plan: Plan, rows: Ints) -> Vectors:
    return plan.vectors[rows]


def _in_context(plan: Plan, rows: Ints) -> Vectors:
    together = plan.vectors[rows] + _CONTEXT * plan.contexts(rows)
    lengths: Vectors = np.linalg.norm(together, axis=1, keepdims=True)
    return together / np.maximum(lengths, 1e-9)


def _unordered(pairs: Ints) -> Ints:
    return np.unique(np.sort(pairs, axis=1), axis=0)
