"""Trains the embedded critic: full fine-tunes on hard labels, of whose weights the mean is shipped."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from app.coach.critic.features import NAMES, features
from app.coach.critic.local import KINDS, as_input
from app.coach.quantities import measure
from app.training.crossing import CrossPair
from app.training.data import LineSample
from app.training.linkage import LinkPair
from app.training.network import CriticNet, load_base, seed_everything, tokenize

LABELS = {kind.value: index for index, kind in enumerate(KINDS)}
Probabilities = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one network is trained. `teachers` > 0 distils the mean of that many first; `separate` asks about each label
    by itself instead of choosing among the kinds; `averaged` networks of as many seeds give the mean of their weights.
    The heads start from the seed `start`, dropout and order go by `seed`.
    """

    seed: int = 7
    start: int = 7
    averaged: int = 1
    epochs: int = 5
    batch: int = 32
    encoder_rate: float = 8e-5
    head_rate: float = 1e-3
    smoothing: float = 0.05
    drop_objective: float = 0.3
    drop_key_result: float = 0.15
    with_flags: bool = True
    with_objective: bool = True
    freeze: bool = False
    teachers: int = 0
    soft_weight: float = 0.7
    separate: bool = False


def flags_of(samples: Sequence[LineSample], *, used: bool = True) -> torch.Tensor:
    """Measured-quantity flags, shape (n, len(NAMES)); zeros when not used."""
    table = np.stack([features(measure(s.text), is_objective=s.is_objective) for s in samples])
    return torch.from_numpy(table if used else np.zeros_like(table))


def train(
    base: Path | str,
    samples: Sequence[LineSample],
    recipe: Recipe,
    links: Sequence[LinkPair] = (),
    pairs: Sequence[CrossPair] = (),
    soft: Probabilities | None = None,
    log: Callable[[str], None] = print,
) -> tuple[CriticNet, Any]:
    """Train one network on lines and, in the same run, on `links` and `pairs`; returns it and its tokenizer.

    Line targets are the hard labels, mixed with `soft` (n, 3) where given.
    """
    if recipe.teachers and soft is None:
        soft = teach(base, samples, recipe, log)
    if recipe.averaged > 1:
        return _average(base, samples, recipe, links, pairs, soft, log)
    tokenizer, pooled = load_base(base)
    width = pooled.encoder.config.hidden_size
    seed_everything(recipe.start)
    net = CriticNet(pooled, width, len(NAMES))
    seed_everything(recipe.seed)
    if recipe.freeze:
        pooled.requires_grad_(requires_grad=False)
    # Word vectors stay: a few thousand lines can't teach thirty thousand words, and their updates cost most of a step.
    pooled.encoder.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    flags = flags_of(samples, used=recipe.with_flags)
    hard = torch.tensor([LABELS[s.label] for s in samples])
    target = torch.nn.functional.one_hot(hard, 3).float() * (1 - recipe.smoothing) + recipe.smoothing / 3
    if soft is not None:
        target = (1 - recipe.soft_weight) * target + recipe.soft_weight * torch.from_numpy(soft).float()
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in pooled.parameters() if p.requires_grad], "lr": recipe.encoder_rate},
            {"params": [p for n, p in net.named_parameters() if not n.startswith("pooled.")], "lr": recipe.head_rate},
        ],
        weight_decay=0.01,
    )
    steps = recipe.epochs * sum(math.ceil(len(part) / recipe.batch) for part in (samples, links, pairs))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
    draw = np.random.default_rng(recipe.seed)
    net.train()
    for epoch in range(recipe.epochs):
        total = 0.0
        lengths = {
            "lines": [len(s.text) + len(s.objective) for s in samples],
            "links": [sum(map(len, pair.texts)) for pair in links],
            "pairs": [sum(map(len, pair.texts)) for pair in pairs],
        }
        jobs = [(kind, part) for kind, found in lengths.items() for part in batches(found, recipe.batch, draw)]
        for at in draw.permutation(len(jobs)):
            kind, chosen = jobs[at]
            with torch.autocast("cpu", torch.bfloat16):
                if kind == "links":
                    varied = [links[i].varied(draw, recipe.drop_key_result) for i in chosen]
                    loss = _link_loss(net, tokenizer, varied, recipe)
                elif kind == "pairs":
                    loss = _pair_loss(net, tokenizer, [pairs[i] for i in chosen], recipe, draw)
                else:
                    texts = [
                        as_input(
                            samples[i].text,
                            samples[i].objective
                            if recipe.with_objective and draw.random() > recipe.drop_objective
                            else "",
                            is_objective=samples[i].is_objective,
                        )
                        for i in chosen
                    ]
                    logits = net(tokenize(tokenizer, texts), flags[chosen]).float()
                    loss = _line_loss(logits, target[chosen], separate=recipe.separate)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        log(f"  epoch {epoch + 1}/{recipe.epochs}: loss {total / len(jobs):.4f}")
    net.eval()
    return net, tokenizer


def _average(
    base: Path | str,
    samples: Sequence[LineSample],
    recipe: Recipe,
    links: Sequence[LinkPair],
    pairs: Sequence[CrossPair],
    soft: Probabilities | None,
    log: Callable[[str], None],
) -> tuple[CriticNet, Any]:
    """The mean of the weights of networks that start from one encoder and the same heads."""
    seeds = [replace(recipe, seed=recipe.seed + at, averaged=1, teachers=0) for at in range(recipe.averaged)]
    # A process a seed, of one thread each: on two cores both seeds take the time of one, and none depends on the cores.
    with ProcessPoolExecutor(recipe.averaged, mp_context=get_context("spawn"), initializer=_alone) as pool:
        jobs = [pool.submit(_state, base, samples, seed, links, pairs, soft) for seed in seeds]
        states = [job.result() for job in jobs]
    log(f" mean of the weights of {len(states)} seeds")
    tokenizer, pooled = load_base(base)
    net = CriticNet(pooled, pooled.encoder.config.hidden_size, len(NAMES))
    net.load_state_dict({name: torch.from_numpy(np.asarray(_mean([s[name] for s in states]))) for name in states[0]})
    net.eval()
    return net, tokenizer


def _alone() -> None:
    """One thread for this process, which ends when the one that started it does."""
    torch.set_num_threads(1)

    def follow() -> None:
        parent = parent_process()
        if parent:
            parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def _state(
    base: Path | str,
    samples: Sequence[LineSample],
    recipe: Recipe,
    links: Sequence[LinkPair],
    pairs: Sequence[CrossPair],
    soft: Probabilities | None,
) -> dict[str, NDArray[Any]]:
    """The weights of one seed's network."""
    net, _ = train(
        base, samples, recipe, links, pairs, soft, lambda line: print(f" seed {recipe.seed}{line}", flush=True)
    )
    return {name: weight.numpy() for name, weight in net.state_dict().items()}


def _mean(weights: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.mean(weights, axis=0) if np.issubdtype(weights[0].dtype, np.floating) else weights[0]


def _line_loss(logits: torch.Tensor, target: torch.Tensor, *, separate: bool) -> torch.Tensor:
    if separate:
        return torch.nn.functional.binary_cross_entropy_with_logits(logits[:, 1:] - logits[:, :1], target[:, 1:])
    return torch.nn.functional.cross_entropy(logits, target)


def _link_loss(net: CriticNet, tokenizer: Any, pairs: Sequence[LinkPair], recipe: Recipe) -> torch.Tensor:
    logits = net.link(tokenize(tokenizer, [pair.texts for pair in pairs])).float()
    served = torch.tensor([float(pair.served) for pair in pairs]) * (1 - recipe.smoothing) + recipe.smoothing / 2
    weight = torch.tensor([pair.weight for pair in pairs])
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, served, weight=weight)


def _pair_loss(
    net: CriticNet, tokenizer: Any, pairs: Sequence[CrossPair], recipe: Recipe, draw: np.random.Generator
) -> torch.Tensor:
    """Which relation, and whether there is any; either line may come first."""
    texts = [pair.drawn(draw, recipe.drop_objective) for pair in pairs]
    logits = net.relate(tokenize(tokenizer, texts)).float()
    relation = torch.tensor([pair.relation for pair in pairs])
    weight = torch.tensor([pair.weight for pair in pairs])
    kind = torch.nn.functional.cross_entropy(logits, relation, label_smoothing=recipe.smoothing, reduction="none")
    some = (relation > 0).float() * (1 - recipe.smoothing) + recipe.smoothing / 2
    related = torch.logsumexp(logits[:, 1:], 1) - logits[:, 0]
    return (kind * weight).mean() + torch.nn.functional.binary_cross_entropy_with_logits(related, some, weight=weight)


def batches(lengths: Sequence[int], size: int, draw: np.random.Generator) -> list[NDArray[np.int64]]:
    """Indices in batches of like length, in random order, so that padding costs little."""
    noisy = np.array(lengths) * draw.uniform(0.8, 1.25, len(lengths))
    if not lengths:
        return []
    parts = np.array_split(np.argsort(noisy), math.ceil(len(lengths) / size))
    return [parts[at] for at in draw.permutation(len(parts))]


def teach(base: Path | str, samples: Sequence[LineSample], recipe: Recipe, log: Callable[[str], None]) -> Probabilities:
    """Out-of-fold soft labels: the organisations are split in `teachers` folds, each judged by the others."""
    orgs = sorted({s.org for s in samples})
    np.random.default_rng(recipe.seed).shuffle(orgs)
    fold = {org: at % recipe.teachers for at, org in enumerate(orgs)}
    soft = np.zeros((len(samples), 3))
    for held in range(recipe.teachers):
        log(f" teacher {held + 1}/{recipe.teachers}")
        rest = [s for s in samples if fold[s.org] != held]
        net, tokenizer = train(base, rest, replace(recipe, teachers=0, seed=recipe.seed + 100 + held), log=log)
        mine = [i for i, s in enumerate(samples) if fold[s.org] == held]
        soft[mine] = softmax(logits_of(net, tokenizer, [samples[i] for i in mine], recipe))
    return soft


@torch.no_grad()
def logits_of(
    net: CriticNet, tokenizer: Any, samples: Sequence[LineSample], recipe: Recipe, batch: int = 64
) -> Probabilities:
    """Logits in float64, shape (n, 3), with the objective where the recipe uses it."""
    net.eval()
    flags = flags_of(samples, used=recipe.with_flags)
    parts = []
    for at in range(0, len(samples), batch):
        texts = [
            as_input(s.text, s.objective if recipe.with_objective else "", is_objective=s.is_objective)
            for s in samples[at : at + batch]
        ]
        parts.append(net(tokenize(tokenizer, texts), flags[at : at + batch]).numpy().astype(np.float64))
    return np.concatenate(parts)


def softmax(logits: Probabilities, temperature: float = 1.0) -> Probabilities:
    """Rows of probabilities."""
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    result: Probabilities = powers / powers.sum(axis=1, keepdims=True)
    return result


def _rate(step: int, steps: int) -> float:
    warm = max(1, steps // 10)
    return min(1.0, (step + 1) / warm) * max(0.0, (steps - step) / steps)
