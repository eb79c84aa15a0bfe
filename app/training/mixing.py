"""How the two readings of a pair are weighed, fitted on the plans of dev, from which neither has learnt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from app.coach.overlap.block import every
from app.coach.overlap.cross import LEAST, CrossHead, CrossJudge, both_shares, logit, mixed
from app.coach.overlap.judge import HeadJudge
from app.coach.overlap.nouns import RELATIONS
from app.coach.overlap.plan import WordVectors, read_plan
from app.services.embeddings import OnnxEncoder
from app.training.calibration import platt
from app.training.plans import extra_samples, natural_samples, plan_samples

Floats = NDArray[np.float64]

UNLISTED_WEIGHT = 0.15
NATURAL_WEIGHT, NATURAL_UNLISTED_WEIGHT = 10.0, 0.3
"""Of natural plans: few pairs, but as they lie in plans, and not picked so that nearness misleads."""
UNLIKELY = 0.1
TYPES_STRENGTH = 0.1
RELATED = len(RELATIONS) - 1


@dataclass(frozen=True)
class Mix:
    """What `CrossHead` calls mix, unread and types; and under it the table of every pair of dev, its relation (an index
    in `RELATIONS`), whether it is a listed one, and whether it is of a natural plan.
    """

    weights: tuple[float, float, float]
    unread: float
    types: Floats
    table: Floats
    relations: NDArray[np.int64]
    listed: NDArray[np.bool_]
    natural: NDArray[np.bool_]


def fit_mix(models: Path) -> Mix:
    """Fit the weights with the models in a folder: `critic/pair.npz` and `overlap/head.npz` must be there."""
    with np.load(models / "critic" / "pair.npz") as data:
        layers = {name: data[name] for name in ("hidden", "hidden_bias", "out", "out_bias")}
    nothing = np.zeros((2 * RELATED + 1, RELATED))
    plain = CrossHead(**layers, mix=(1.0, 1.0, 0.0), unread=0.0, types=nothing, threshold=0.5, shown=0.5)
    first_judge = HeadJudge.load(models / "overlap")
    judge = CrossJudge(first_judge, OnnxEncoder(models / "critic"), plain)
    encoder = OnnxEncoder(models / "minilm")
    words = WordVectors(encoder)
    natural_plans = natural_samples("dev")
    firsts, seconds, reads, relations, listed, natural = [], [], [], [], [], []
    begun = 0
    for sample in (*plan_samples("dev"), *extra_samples("dev"), *natural_plans):
        plan = read_plan(sample.okrs, encoder, words)
        at = {said.place: row for row, said in enumerate(plan.lines)}
        told = {frozenset((at[pair.a], at[pair.b])): RELATIONS.index(pair.type) for pair in sample.pairs}
        pairs = np.concatenate([every(plan, objectives=kind) for kind in (False, True)])
        first = first_judge.judge(plan, plan, pairs)
        read = np.flatnonzero(first[:, 0] <= 1 - LEAST)
        firsts.append(first)
        seconds.append(judge.read(plan, plan, pairs[read]))
        reads.append(read + begun)
        relations += [told.get(frozenset(pair), 0) for pair in pairs.tolist()]
        listed += [frozenset(pair) in told for pair in pairs.tolist()]
        natural += [sample in natural_plans] * len(pairs)
        begun += len(pairs)
    table, second, read = np.concatenate(firsts), np.concatenate(seconds), np.concatenate(reads)
    truth, known, natural_rows = np.array(relations), np.array(listed), np.array(natural)
    weights = pair_weights(known, natural_rows)[read]
    one, other = logit(1 - table[read, 0]), logit(1 - second[:, 0])
    unread = float(np.median(other[table[read, 0] > 1 - UNLIKELY]))
    model = LogisticRegression(C=10.0).fit(np.stack([one, other], axis=1), truth[read] > 0, sample_weight=weights)
    logits = model.decision_function(np.stack([one, other], axis=1))
    slope, offset = platt(logits[known[read]], truth[read][known[read]] > 0)
    first_weight, second_weight = (slope * model.coef_[0]).tolist()
    mix = (first_weight, second_weight, float(slope * model.intercept_[0] + offset))
    types = _types(table[read], second, truth[read])
    head = CrossHead(**layers, mix=mix, unread=unread, types=types, threshold=0.5, shown=0.5)
    return Mix(mix, unread, types, mixed(table, read, second, head), truth, known, natural_rows)


def pair_weights(listed: NDArray[np.bool_], natural: NDArray[np.bool_]) -> Floats:
    """What each pair weighs in a fit, shape (n,)."""
    weights: Floats = np.where(
        natural,
        np.where(listed, NATURAL_WEIGHT, NATURAL_UNLISTED_WEIGHT),
        np.where(listed, 1.0, UNLISTED_WEIGHT),
    )
    return weights


def _types(first: Floats, second: Floats, truth: NDArray[np.int64]) -> Floats:
    """How both readings tell the types of related pairs, each type counting alike."""
    related = truth > 0
    model = LogisticRegression(C=TYPES_STRENGTH, max_iter=2000, class_weight="balanced")
    model.fit(both_shares(first[related], second[related]), truth[related])
    found: Floats = np.vstack([model.coef_.T, model.intercept_])
    return found
