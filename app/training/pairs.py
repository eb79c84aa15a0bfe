"""Trains the pair judge of overlaps: linear heads over features of the general encoder's vectors.

Fitted on labelled pairs of the train split and, with less weight, on a sample of its unlisted ones; calibrated on
pairs that the fit has not seen (dev, and train by folds), where the threshold is chosen as well.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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
from app.training.data import line_samples
from app.training.plans import PlanSample, pairs_code_hash, pairs_hash, plan_samples

Floats = NDArray[np.float64]

SEED = 7
RELATED_STRENGTH, TYPE_STRENGTH, WAIT_STRENGTH = 0.05, 0.003, 0.1
UNLISTED_WEIGHT = 0.15
FOLDS = 5
SHOWN_PRECISION = 0.85
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
    """Train, calibrate and write `overlap/head.npz` and its provenance."""
    folder = models / "overlap"
    encoder = OnnxEncoder(models / "minilm")
    rarity = count_words()
    words = WordVectors(encoder)
    train, dev = (examples(plan_samples(split), encoder, words, rarity) for split in ("train", "dev"))
    fitted = fit(train)
    unseen, truth, listed = out_of_fold(train, dev, fitted)
    calibration = calibrate(unseen[listed], truth[listed])
    probabilities = sigmoid(calibration[0] * unseen + calibration[1])
    threshold = choose_threshold(probabilities[listed], truth[listed], precision=0.0)
    shown = max(threshold, choose_threshold(probabilities, truth, precision=SHOWN_PRECISION))
    waits = fit_waits(train)
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
    provenance = {
        "corpus": pairs_hash(),
        "code": pairs_code_hash(),
        "encoder": hashlib.sha256((models / "minilm" / "model.onnx").read_bytes()).hexdigest(),
        "files": {"head.npz": hashlib.sha256((folder / "head.npz").read_bytes()).hexdigest()},
    }
    (folder / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n", "utf-8")
    print(f"pairs: {len(train.rows)} to learn from, related from {threshold:.2f}, shown from {shown:.2f}")


def count_words() -> Rarity:
    """In how many lines of the corpus (its train split) a word stands; words met once say nothing."""
    texts = [sample.text for sample in line_samples("train")]
    texts += [line.text for plan in plan_samples("train") for okr in plan.okrs for line in okr.lines]
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
                np.array([*[1.0] * len(listed), *[UNLISTED_WEIGHT] * more]),
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


def out_of_fold(train: Examples, dev: Examples, fitted: Fit) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Logits of pairs by models that never saw them, whether each is related, and whether it is a listed one."""
    orgs = sorted(set(train.orgs.tolist()))
    logits, truth, listed = [fitted.logits(dev.rows)], [dev.relations > 0], [dev.listed]
    for fold in range(FOLDS):
        held = np.isin(train.orgs, orgs[fold::FOLDS])
        inside = train.part(held)
        logits.append(fit(train.part(~held)).logits(inside.rows))
        truth.append(inside.relations > 0)
        listed.append(inside.listed)
    return np.concatenate(logits), np.concatenate(truth), np.concatenate(listed)


def calibrate(logits: Floats, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Platt's slope and offset."""
    model = LogisticRegression(C=1e6).fit(logits[:, None], truth)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def choose_threshold(probabilities: Floats, truth: NDArray[np.bool_], *, precision: float) -> float:
    """The cut with the highest F1 among those from which at least `precision` of the pairs are related.

    Of cuts that are as good as the best, the highest: a miss costs a reader less than a false alarm.
    """
    found: list[tuple[float, float]] = []
    for cut in np.arange(0.2, 0.95, 0.01):
        above = probabilities >= cut
        right = float((above & truth).sum())
        if above.any() and right / above.sum() >= precision:
            found.append((2 * right / float(above.sum() + truth.sum()), float(cut)))
    best = max(found)[0]
    return round(max(cut for f1, cut in found if f1 >= best - AS_GOOD), 2)


def fit_waits(train: Examples) -> Floats:
    """Who waits: labelled dependencies have the waiting line first; each is learnt from both sides."""
    rows = train.leanings[train.relations == RELATIONS.index(Relation.DEPENDENCY)]
    both, truth = np.concatenate([rows, -rows]), np.repeat([1, 0], len(rows))
    model = LogisticRegression(C=WAIT_STRENGTH, fit_intercept=False, max_iter=2000).fit(both, truth)
    found: Floats = model.coef_[0]
    return found
