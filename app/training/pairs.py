"""Trains the pair judge of overlaps: linear heads over features of the general encoder's vectors.

Fitted on labelled pairs of the train split, with more weight on the extra plans and most on natural pairs, and, with
less, on all unlisted pairs; calibrated on pairs that the fit has not seen (dev, and train by folds). The cuts in use
come from both readings.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from app.coach.overlap.block import every
from app.coach.overlap.features import Rarity, features, leanings, sums
from app.coach.overlap.judge import sigmoid
from app.coach.overlap.lines import telling
from app.coach.overlap.nouns import RELATIONS, Relation
from app.coach.overlap.plan import WordVectors, read_plan
from app.services.embeddings import MODELS, Encoder, OnnxEncoder
from app.training.calibration import platt
from app.training.data import Split, line_samples
from app.training.mixing import fit_mix, pair_weights
from app.training.plans import (
    PlanSample,
    extra_hash,
    extra_samples,
    natural_hash,
    natural_samples,
    pairs_code_hash,
    pairs_hash,
    plan_samples,
)

Floats = NDArray[np.float64]

SEED = 7
RELATED_STRENGTH, TYPE_STRENGTH, WAIT_STRENGTH = 0.01, 0.003, 0.1
EXTRA_WEIGHT = 2.0
"""Of the extra plans, which sound as real ones do."""
FOLDS = 5
SHOWN_PRECISION, PLAN_PRECISION = 0.8, 0.65
"""Of labelled pairs of dev, which are harder than those of the test, and of all pairs of its plans, where some that
nobody listed are related after all.
"""
AS_GOOD = 0.01
FEWEST_LINES = 2


@dataclass(frozen=True)
class Examples:
    """Pairs as rows of features, with their relation (index in `RELATIONS`), weight and organisation."""

    rows: Floats
    relations: NDArray[np.int64]
    weights: Floats
    orgs: NDArray[np.str_]
    listed: NDArray[np.bool_]
    leanings: Floats
    sums: Floats

    def part(self, chosen: NDArray[np.bool_]) -> Examples:
        """The chosen rows."""
        return Examples(
            self.rows[chosen],
            self.relations[chosen],
            self.weights[chosen],
            self.orgs[chosen],
            self.listed[chosen],
            self.leanings[chosen],
            self.sums[chosen],
        )


@dataclass(frozen=True)
class Fit:
    """Linear weights over standardised features, the bias last."""

    mean: Floats
    scale: Floats
    related: Floats
    types: Floats

    def logits(self, rows: Floats) -> Floats:
        """How related, shape (n,)."""
        found: Floats = (rows - self.mean) / self.scale @ self.related[:-1] + self.related[-1]
        return found


def build_pairs(models: Path = MODELS) -> None:
    """Train, calibrate and write `overlap/head.npz`, `mix.npz` and their provenance; needs the trained critic."""
    folder = models / "overlap"
    encoder = OnnxEncoder(models / "minilm")
    rarity = count_words()
    words = WordVectors(encoder)
    splits: tuple[Split, ...] = ("train", "dev")
    both = ([*plan_samples(split), *extra_samples(split), *natural_samples(split)] for split in splits)
    train, dev = (examples(plans, encoder, words, rarity) for plans in both)
    train = weighted(train)
    fitted = fit(train)
    folds = fit_folds(train)
    unseen, truth, listed, natural = out_of_fold(train, dev, fitted, folds)
    calibration = platt(unseen[listed], truth[listed])
    probabilities = sigmoid(calibration[0] * unseen + calibration[1])
    threshold, shown = cuts(probabilities, truth, listed, natural)
    waits = fit_waits(train.part(~_of(train, natural_samples())))
    known = sorted(rarity.counts)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(
        folder / "head.npz",
        mean=fitted.mean,
        scale=fitted.scale,
        related=fitted.related,
        types=fitted.types,
        waits=waits,
        calibration=np.array(calibration),
        threshold=threshold,
        shown=shown,
        words=np.array(known),
        counts=np.array([rarity.counts[word] for word in known], np.int32),
        lines=rarity.total,
    )
    mix = fit_mix(models)
    threshold, shown = cuts(1 - mix.table[:, 0], mix.relations > 0, mix.listed, mix.natural)
    np.savez(
        folder / "mix.npz",
        mix=mix.weights,
        unread=mix.unread,
        types=mix.types,
        threshold=threshold,
        shown=shown,
    )
    provenance = {
        "corpus": pairs_hash(),
        "extra": extra_hash(),
        "natural": natural_hash(),
        "code": pairs_code_hash(),
        "encoders": {name: _sha(models / name / "model.onnx") for name in ("minilm", "critic")},
        "files": {name: _sha(folder / name) for name in ("head.npz", "mix.npz")},
    }
    (folder / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n", "utf-8")
    print(f"pairs: {len(train.rows)} to learn from, related from {threshold:.2f}, shown from {shown:.2f}")


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def count_words() -> Rarity:
    """In how many lines of the corpus (its train split) a word stands; words met once say nothing."""
    texts = [sample.text for sample in line_samples("train")]
    texts += [
        line.text
        for plan in (*plan_samples("train"), *extra_samples("train"))
        for okr in plan.okrs
        for line in okr.lines
    ]
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(telling(text))
    return Rarity({word: count for word, count in counts.items() if count >= FEWEST_LINES}, len(texts))


def examples(
    plans: Sequence[PlanSample],
    encoder: Encoder,
    words: WordVectors,
    rarity: Rarity,
    unlisted: int | None = None,
    seed: int = SEED,
) -> Examples:
    """Labelled pairs of `plans`, and up to so many `unlisted` ones a plan (None: all) as unrelated."""
    draw = np.random.default_rng(seed)
    parts = []
    for sample in plans:
        plan = read_plan(sample.okrs, encoder, words)
        at = {said.place: row for row, said in enumerate(plan.lines)}
        listed = [(at[pair.a], at[pair.b]) for pair in sample.pairs]
        relations = [RELATIONS.index(pair.type) for pair in sample.pairs]
        known = {frozenset(pair) for pair in listed}
        whole = np.concatenate([every(plan, objectives=kind) for kind in (False, True)])
        others = [pair for pair in whole.tolist() if frozenset(pair) not in known]
        chosen = draw.permutation(len(others))[:unlisted]
        pairs = np.array([*listed, *(others[index] for index in chosen)], np.int64).reshape(-1, 2)
        more = len(pairs) - len(listed)
        parts.append(
            Examples(
                features(plan, plan, pairs, rarity.weights([plan])).astype(np.float64),
                np.array([*relations, *[0] * more]),
                np.ones(len(pairs)),
                np.array([sample.org] * len(pairs)),
                np.array([*[True] * len(listed), *[False] * more]),
                leanings(plan, plan, pairs).astype(np.float64),
                sums(plan, plan, pairs).astype(np.float64),
            )
        )
    return Examples(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Examples.__dataclass_fields__)
    )


def fit(data: Examples) -> Fit:
    """Related or not by a weighted logistic regression; the relation by another on the related ones."""
    mean = data.rows.mean(axis=0)
    scale = np.maximum(data.rows.std(axis=0), 1e-3)
    rows = (data.rows - mean) / scale
    related = data.relations > 0
    head = LogisticRegression(C=RELATED_STRENGTH, max_iter=2000)
    head.fit(rows, related, sample_weight=data.weights)
    kind = LogisticRegression(C=TYPE_STRENGTH, max_iter=2000, class_weight="balanced")
    kind.fit(np.concatenate([rows, data.sums], axis=1)[related], data.relations[related])
    return Fit(
        mean,
        scale,
        np.append(head.coef_[0], head.intercept_[0]),
        np.vstack([kind.coef_.T, kind.intercept_]),
    )


def weighted(data: Examples) -> Examples:
    """The same with the weights of `pair_weights`, and extra plans heavier."""
    weights = pair_weights(data.listed, _of(data, natural_samples()))
    return replace(data, weights=np.where(_of(data, extra_samples()), EXTRA_WEIGHT, 1.0) * weights)


def _of(data: Examples, plans: Sequence[PlanSample]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.isin(data.orgs, [plan.org for plan in plans])
    return found


def fit_folds(train: Examples) -> list[tuple[frozenset[str], Fit]]:
    """Fits that each left some organisations out, with those organisations."""
    orgs = sorted(set(train.orgs.tolist()))
    parts = [frozenset(orgs[fold::FOLDS]) for fold in range(FOLDS)]
    return [(held, fit(train.part(~np.isin(train.orgs, sorted(held))))) for held in parts]


def out_of_fold(
    train: Examples, dev: Examples, fitted: Fit, folds: Sequence[tuple[frozenset[str], Fit]]
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Logits of pairs by models that never saw them; whether each is related, a listed one, and of a natural plan."""
    parts = [(fitted, dev)] + [(part, train.part(np.isin(train.orgs, sorted(held)))) for held, part in folds]
    plans = natural_samples()
    return (
        np.concatenate([judge.logits(inside.rows) for judge, inside in parts]),
        np.concatenate([inside.relations > 0 for _, inside in parts]),
        np.concatenate([inside.listed for _, inside in parts]),
        np.concatenate([_of(inside, plans) for _, inside in parts]),
    )


def cuts(
    scores: Floats, related: NDArray[np.bool_], listed: NDArray[np.bool_], natural: NDArray[np.bool_]
) -> tuple[float, float]:
    """From where a pair counts as related, and from where it is shown unasked.

    The first has the best mean of F1 over the listed pairs of written plans, of which half are related, and over the
    natural ones.
    """
    parts = [(scores[part], related[part]) for part in (listed & ~natural, listed & natural)]
    threshold = choose_threshold(parts, precision=0.0)
    shown = choose_threshold([(scores[listed], related[listed])], precision=SHOWN_PRECISION)
    return threshold, max(threshold, shown, choose_threshold([(scores, related)], precision=PLAN_PRECISION))


def choose_threshold(parts: Sequence[tuple[Floats, NDArray[np.bool_]]], *, precision: float) -> float:
    """The cut with the highest mean F1 over `parts` (probabilities and truth), at least `precision` right in each.

    Of cuts that are as good as the best, the highest: a miss costs a reader less than a false alarm.
    """
    found: list[tuple[float, float]] = []
    for cut in np.arange(0.2, 0.95, 0.01):
        scores = []
        for probabilities, truth in parts:
            above = probabilities >= cut
            right = float((above & truth).sum())
            if above.any() and right / above.sum() >= precision:
                scores.append(2 * right / float(above.sum() + truth.sum()))
        if len(scores) == len(parts):
            found.append((float(np.mean(scores)), float(cut)))
    best = max(found)[0]
    return round(max(cut for f1, cut in found if f1 >= best - AS_GOOD), 2)


def fit_waits(train: Examples) -> Floats:
    """Who waits: dependencies of written plans have the waiting line first; each is learnt from both sides."""
    rows = train.leanings[train.relations == RELATIONS.index(Relation.DEPENDENCY)]
    both, truth = np.concatenate([rows, -rows]), np.repeat([1, 0], len(rows))
    model = LogisticRegression(C=WAIT_STRENGTH, fit_intercept=False, max_iter=2000).fit(both, truth)
    found: Floats = model.coef_[0]
    return found
