"""Pairs of lines of different teams for the critic's encoder, which reads both together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.coach.overlap.cross import as_text
from app.coach.overlap.nouns import RELATIONS, Place
from app.training.plans import PlanSample

UNLISTED_A_PLAN, UNLISTED_WEIGHT = 24, 0.7


@dataclass(frozen=True, slots=True)
class CrossPair:
    """Two lines with their relation (an index in `RELATIONS`), and how far that label can be trusted.

    `bare` are the lines without their objectives.
    """

    texts: tuple[str, str]
    bare: tuple[str, str]
    relation: int
    weight: float

    def drawn(self, draw: np.random.Generator, drop: float) -> tuple[str, str]:
        """The lines in either order, without their objectives with the probability `drop`."""
        texts = self.bare if draw.random() < drop else self.texts
        return texts if draw.random() < 0.5 else texts[::-1]


def cross_pairs(plans: Sequence[PlanSample], seed: int = 7) -> list[CrossPair]:
    """Labelled pairs of `plans`, and for each plan a few unlisted ones between teams as unrelated."""
    draw = np.random.default_rng(seed)
    found = []
    for plan in plans:
        found += [_pair(plan, pair.a, pair.b, RELATIONS.index(pair.type), 1.0) for pair in plan.pairs]
        listed = {frozenset((pair.a, pair.b)) for pair in plan.pairs}
        places = [Place(at, kr) for at, okr in enumerate(plan.okrs) for kr in range(len(okr.key_results))]
        others = [
            (a, b)
            for at, a in enumerate(places)
            for b in places[at + 1 :]
            if plan.okrs[a.okr].team != plan.okrs[b.okr].team and frozenset((a, b)) not in listed
        ]
        for at in draw.permutation(len(others))[:UNLISTED_A_PLAN].tolist():
            a, b = others[at]
            found.append(_pair(plan, a, b, 0, UNLISTED_WEIGHT))
    return found


def _pair(plan: PlanSample, a: Place, b: Place, relation: int, weight: float) -> CrossPair:
    told, bare = ((_text(plan, a, above=above), _text(plan, b, above=above)) for above in (True, False))
    return CrossPair(told, bare, relation, weight)


def _text(plan: PlanSample, place: Place, *, above: bool) -> str:
    okr = plan.okrs[place.okr]
    objective = okr.objective.text if okr.objective and (above or place.is_objective) else ""
    return as_text(objective, "") if place.is_objective else as_text(okr.key_results[place.key_result].text, objective)
