"""The int8 ONNX encoder against the same model through sentence-transformers on torch."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from app.services.embeddings import MODELS, Encoder, OnnxEncoder, SentenceTransformersEncoder
from app.training.build import base_model
from app.training.data import line_samples
from evals.bench.row import Row

ROUNDS = 5


def run() -> list[Row]:
    """Texts a second on the corpus's test lines, in turn A B A B, and how close the rows are."""
    texts = [sample.text for sample in line_samples("test")][:400]
    ours: Encoder = OnnxEncoder(MODELS / "minilm")
    theirs: Encoder = SentenceTransformersEncoder(str(base_model()))
    cosine = np.sum(ours.encode(texts) * theirs.encode(texts), axis=1)
    bulk, small = [], []
    for _ in range(ROUNDS):
        bulk.append(_seconds(theirs.encode, [texts]) / _seconds(ours.encode, [texts]))
        fives = [texts[at : at + 5] for at in range(0, 100, 5)]
        small.append(_seconds(theirs.encode, fives) / _seconds(ours.encode, fives))
    speed = len(texts) / _seconds(ours.encode, [texts])
    many, few = float(np.median(bulk)), float(np.median(small))
    mean, low = float(cosine.mean()), float(cosine.min())
    return [
        Row("encoder, texts a second", speed, f"{speed:.0f}/s"),
        Row("encoder ÷ sentence-transformers on torch, 400 texts", many, f"{many:.1f} ×", "≥ 4 ×", many >= 4),
        Row("the same in batches of five", few, f"{few:.1f} ×", "≥ 4 ×", few >= 4),
        Row("cosine to the torch rows, mean", mean, f"{mean:.4f}", "≥ 0.98", mean >= 0.98),
        Row("cosine to the torch rows, lowest", low, f"{low:.4f}"),
    ]


def _seconds(encode: Callable[[Sequence[str]], object], batches: Sequence[Sequence[str]]) -> float:
    began = time.perf_counter()
    for batch in batches:
        encode(batch)
    return time.perf_counter() - began
