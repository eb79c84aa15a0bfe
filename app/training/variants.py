"""`okr-coach train --variants`: ways to build the line critic side by side, on the same organisations.

Each is trained on the train split (or a share of its organisations) and judged on dev in float, with the temperature
at its dev optimum, which flatters all of them alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from app.coach.critic.local import as_input
from app.training import card
from app.training.build import THRESHOLDS, base_model, decide, fit_temperature
from app.training.critic import LABELS, Probabilities, Recipe, batches, flags_of, logits_of, softmax, train
from app.training.data import LineSample, line_samples
from app.training.network import Pooled, load_base, seed_everything, tokenize

FINE_TUNED: dict[str, Recipe] = {
    "frozen encoder + head": Recipe(freeze=True, epochs=30),
    "full fine-tune": Recipe(),
    "full fine-tune, one head a label": Recipe(separate=True),
    "full fine-tune, no measured quantities": Recipe(with_flags=False),
    "full fine-tune, no objective": Recipe(with_objective=False, drop_objective=1.0),
    "full fine-tune, self-distilled in 3 folds": Recipe(teachers=3),
}
_TEMPERATURE = 0.1

Judge = Callable[[Sequence[LineSample]], Probabilities]
"""Logits, shape (n, 3)."""


def compare(share: float = 1.0) -> None:
    """Train every variant on `share` (0-1] of the organisations and print its row."""
    everyone = line_samples("train")
    orgs = sorted({sample.org for sample in everyone})
    chosen = set(np.random.default_rng(0).permutation(orgs)[: max(1, round(len(orgs) * share))].tolist())
    samples = [sample for sample in everyone if sample.org in chosen]
    print(f"{len(samples)} lines of {len(chosen)} organisations to learn from; activity and KPI as P / R / F1 on dev")
    for balanced in (False, True):
        name = f"logistic regression on the frozen encoder{', classes balanced' if balanced else ''}"
        _report(name, partial(_regression, samples, balanced=balanced))
    _report("contrastive fine-tune, then logistic regression", partial(_contrastive, samples))
    for name, recipe in FINE_TUNED.items():
        _report(name, partial(_fine_tuned, samples, recipe))


def _report(name: str, build: Callable[[], Judge]) -> None:
    began = time.monotonic()
    judge = build()
    dev = line_samples("dev")
    truth = np.array([LABELS[sample.label] for sample in dev])
    logits = judge(dev)
    table = softmax(logits, fit_temperature(logits, truth))
    verdicts = decide(table, THRESHOLDS)
    print(f"{card.row(name, truth, verdicts)} {time.monotonic() - began:.0f} s |", flush=True)


def _fine_tuned(samples: Sequence[LineSample], recipe: Recipe) -> Judge:
    net, tokenizer = train(base_model(), samples, recipe, log=lambda _: None)
    return lambda asked: logits_of(net, tokenizer, asked, recipe)


def _regression(samples: Sequence[LineSample], *, balanced: bool) -> Judge:
    tokenizer, pooled = load_base(base_model())
    return _on_top(pooled, tokenizer, samples, balanced=balanced)


def _on_top(pooled: Pooled, tokenizer: Any, samples: Sequence[LineSample], *, balanced: bool = False) -> Judge:
    """A logistic regression over the rows of an encoder and the measured quantities."""

    def rows(asked: Sequence[LineSample]) -> NDArray[np.float64]:
        vectors = [_encode(pooled, tokenizer, asked[at : at + 64]) for at in range(0, len(asked), 64)]
        return np.concatenate([np.concatenate(vectors), flags_of(asked).numpy()], axis=1).astype(np.float64)

    model = LogisticRegression(max_iter=2000, class_weight="balanced" if balanced else None)
    model.fit(rows(samples), [LABELS[sample.label] for sample in samples])
    return lambda asked: np.asarray(model.decision_function(rows(asked)))


@torch.no_grad()
def _encode(pooled: Pooled, tokenizer: Any, samples: Sequence[LineSample]) -> NDArray[np.float32]:
    pooled.eval()
    return pooled(**tokenize(tokenizer, _texts(samples))).numpy()


def _contrastive(samples: Sequence[LineSample], epochs: int = 2, batch: int = 32, rate: float = 5e-5) -> Judge:
    """Pull lines of one label together first (supervised contrastive loss), then fit a regression."""
    seed_everything(7)
    tokenizer, pooled = load_base(base_model())
    pooled.encoder.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    labels = torch.tensor([LABELS[sample.label] for sample in samples])
    optimiser = torch.optim.AdamW([p for p in pooled.parameters() if p.requires_grad], lr=rate)
    draw = np.random.default_rng(7)
    pooled.train()
    for _ in range(epochs):
        for part in batches([len(sample.text) for sample in samples], batch, draw):
            with torch.autocast("cpu", torch.bfloat16):
                rows = pooled(**tokenize(tokenizer, _texts([samples[at] for at in part])))
            alike = (rows.float() @ rows.float().T) / _TEMPERATURE
            itself = torch.eye(len(part), dtype=torch.bool)
            chances = torch.log_softmax(alike.masked_fill(itself, -1e9), dim=1)
            same = (labels[part][:, None] == labels[part][None, :]) & ~itself
            loss = -(chances * same).sum(1) / same.sum(1).clamp(min=1)
            optimiser.zero_grad()
            loss.mean().backward()
            optimiser.step()
    return _on_top(pooled, tokenizer, samples)


def _texts(samples: Sequence[LineSample]) -> list[str | tuple[str, str]]:
    return [as_input(sample.text, sample.objective, is_objective=sample.is_objective) for sample in samples]
