"""The corpus is what its data card says: well-formed, split by organisation, doubly labelled, no leaks."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from app.coach.critic.guidance import examples
from app.services.embeddings import MODELS, OnnxEncoder
from app.training.data import LineSample, line_samples, okr_samples, rows

LABELS = {"activity", "kpi", "neither"}
LINES = line_samples()
OKRS = okr_samples()


def test_there_is_enough_of_everything() -> None:
    orgs = {sample.org for sample in LINES}
    clean = sum(sample.label == "neither" for sample in LINES)
    pairs = [sample for sample in LINES if sample.pair]
    assert len(LINES) >= 2500
    assert len(orgs) >= 150
    assert clean / len(LINES) >= 0.35
    assert len(pairs) >= 500
    assert len(OKRS) >= 350
    assert sum(okr.findings is not None for okr in OKRS) >= 150


def test_labels_and_links_are_known_values() -> None:
    assert {sample.label for sample in LINES} == LABELS
    for okr in OKRS:
        assert okr.linked == (okr.pillar is not None)
        assert okr.pillar is None or 0 <= okr.pillar < len(okr.pillars)
        assert (okr.link in {"direct", "indirect"}) == okr.linked


def test_ids_are_unique() -> None:
    assert max(Counter(sample.id for sample in LINES).values()) == 1
    assert max(Counter(okr.id for okr in OKRS).values()) == 1


def test_the_lines_of_a_minimal_pair_differ_in_label() -> None:
    pairs: dict[str, set[str]] = defaultdict(set)
    for sample in LINES:
        if sample.pair:
            pairs[sample.pair].add(sample.label)
    alone = [pair for pair, labels in pairs.items() if len(labels) < 2]
    assert len(alone) <= len(pairs) * 0.02


def test_findings_of_fully_labelled_okrs_agree_with_the_line_labels() -> None:
    labels = {sample.id: sample.label for sample in LINES}
    names = {"activity": "activity-not-outcome", "kpi": "kpi-as-okr"}
    for okr in OKRS:
        if okr.findings is None:
            continue
        for at in (None, *range(len(okr.key_results))):
            label = labels[f"{okr.id}/o" if at is None else f"{okr.id}/kr{at}"]
            headline = {rule for rule, place in okr.findings if place == at and rule in names.values()}
            assert headline == ({names[label]} if label in names else set())


def test_both_passes_cover_every_line_and_disagreements_are_listed() -> None:
    first = {row["id"]: row["label"] for row in rows("passes/first.jsonl")}
    second = {row["id"]: row["label"] for row in rows("passes/second.jsonl")}
    settled = {row["id"] for row in rows("passes/settled.jsonl")}
    assert first.keys() == second.keys()
    assert {sample.id for sample in LINES} <= first.keys()
    lines = {key for key in first if not key.endswith("/strategy")}
    assert {key for key in lines if first[key] != second[key]} <= settled


def test_no_line_stands_in_two_splits() -> None:
    splits: dict[str, set[str]] = defaultdict(set)
    for sample in LINES:
        splits["".join(c for c in sample.text.lower() if c.isalnum())].add(sample.split)
    assert not [text for text, where in splits.items() if len(where) > 1 and len(text) > 12]


def test_no_near_copies_across_splits() -> None:
    encoder = OnnxEncoder(MODELS / "minilm")
    train = [sample for sample in LINES if sample.split == "train" and not sample.is_objective]
    held = [sample for sample in LINES if sample.split != "train" and not sample.is_objective]
    # The bare name of a measure, such as "Pipeline coverage", is nobody's own.
    held = [sample for sample in held if len(sample.text.split()) > 2]
    table = encoder.encode([s.text for s in held]) @ encoder.encode([s.text for s in train]).T
    near = [(held[i].text, train[j].text) for i, j in np.argwhere(table > 0.9) if overlap(held[i], train[j]) > 0.7]
    assert not near


def overlap(one: LineSample, other: LineSample) -> float:
    """Jaccard overlap of character 4-grams."""
    grams = [{s.text.lower()[at : at + 4] for at in range(max(1, len(s.text) - 3))} for s in (one, other)]
    return len(grams[0] & grams[1]) / len(grams[0] | grams[1])


@pytest.mark.parametrize("text", [example.text for example in examples().lines])
def test_examples_in_prompts_come_from_the_train_split(text: str) -> None:
    assert {s.split for s in LINES if s.text == text} == {"train"}


def test_linked_examples_in_prompts_come_from_the_train_split() -> None:
    objectives = {okr.objective: okr.split for okr in OKRS}
    assert {objectives[example.objective] for example in examples().links} == {"train"}
