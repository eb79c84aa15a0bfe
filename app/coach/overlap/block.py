"""Blocking: the few pairs of lines that are worth a verdict, found by exact search over vectors.

A line is sought twice, by its own words and together with its objective, since a paraphrase may share the one
and not the other. Products of blocks of rows keep memory flat; at 50,000 lines this takes seconds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.coach.overlap.plan import Ints, Plan
from app.services.embeddings import Vectors

NEAREST = 10
SMALL = 20_000
"""A plan with no more pairs than this is judged whole: nothing needs to be sought."""
_CELLS = 12_000_000
_CONTEXT = 0.5


def candidates(plan: Plan, nearest: int = NEAREST) -> Ints:
    """Pairs of rows of different teams, shape (n, 2), lower row first, key results and objectives apart."""
    parts = []
    for objectives in (False, True):
        many = len(plan.rows(objectives=objectives))
        if many * (many - 1) // 2 <= SMALL:
            parts.append(every(plan, objectives=objectives))
        else:
            found = between(plan, plan, nearest, objectives=objectives)
            parts.append(np.unique(np.sort(found, axis=1), axis=0))
    return np.concatenate(parts)


def every(plan: Plan, *, objectives: bool) -> Ints:
    """All pairs of key results, or of objectives, that belong to different teams, lower row first."""
    rows = np.array(plan.rows(objectives=objectives), np.int64)
    at, to = np.triu_indices(len(rows), 1)
    left, right = rows[at], rows[to]
    return np.stack([left, right], axis=1)[plan.teams[left] != plan.teams[right]]


def between(left: Plan, right: Plan, nearest: int, *, objectives: bool) -> Ints:
    """For each key result (or objective) of `left` those of `right` nearest to it, by another team."""
    mine, yours = left.rows(objectives=objectives), right.rows(objectives=objectives)
    own, table = left.vectors[mine.start : mine.stop], right.vectors[yours.start : yours.stop]
    asking, owning = left.teams[mine.start : mine.stop], right.teams[yours.start : yours.stop]
    of = right.of[yours.start : yours.stop]
    together = own + _CONTEXT * left.contexts(np.arange(mine.start, mine.stop))
    together /= np.maximum(np.linalg.norm(together, axis=1, keepdims=True), 1e-9)
    lengths = right.lengths_in_context(_CONTEXT)[yours.start : yours.stop]
    many = min(nearest, len(table))
    parts = [np.zeros((0, 2), np.int64)]
    step = max(1, _CELLS // max(1, len(table)))
    for at in range(0, len(own), step):
        part = slice(at, at + step)
        alone = own[part] @ table.T
        whole = together[part] @ table.T
        whole += _CONTEXT * (together[part] @ right.objectives.T)[:, of]
        whole /= lengths
        foreign = asking[part, None] != owning[None, :]
        shift = np.array([mine.start + at, yours.start], np.int64)
        parts.extend(_best(cosines, foreign, many) + shift for cosines in (alone, whole))
    return np.unique(np.concatenate(parts), axis=0)


def _best(cosines: Vectors, foreign: NDArray[np.bool_], many: int) -> Ints:
    """Places of the `many` highest cells of each row where `foreign`, shape (n, 2)."""
    cosines[~foreign] = -2.0
    if not many:
        return np.zeros((0, 2), np.int64)
    best = np.argpartition(cosines, -many, axis=1)[:, -many:]
    query, place = np.nonzero(np.take_along_axis(cosines, best, axis=1) > -2.0)
    return np.stack([query, best[query, place]], axis=1)
