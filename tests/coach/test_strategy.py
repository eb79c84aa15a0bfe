"""Strategy linkage: two logits and a calibration make a verdict, with one pillar as with many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from encoders import SharedWordsEncoder

from app.coach.nouns import Line, Okr, Pillar
from app.coach.strategy import Linkage, LinkHead, highest
from app.services.embeddings import MODELS

ONE = np.ones((1, 1), np.float32)
HEAD = LinkHead(ONE, np.zeros(1, np.float32), ONE, np.zeros(1, np.float32), (1.0, -0.5, 0.0, 2.0), 0.5)


def okr(text: str) -> Okr:
    return Okr(None, (Line.whole(text),))


def pillars(*texts: str) -> list[Pillar]:
    return [Pillar(text, "") for text in texts]


def test_the_two_highest_of_each_row_and_the_lone_one() -> None:
    table = np.array([[1, 5, 3], [2, 2, 0]], np.float32)
    assert highest(table, 9.0).tolist() == [[5, 3], [2, 2]]
    assert highest(table[:, :1], 9.0).tolist() == [[1, 9], [2, 9]]


def test_the_nearest_pillar_is_named_and_a_second_one_counts_against_it() -> None:
    judge = Linkage(SharedWordsEncoder(), HEAD)
    lines = [okr("guests come back"), okr("guests pay less")]
    alone, rivalled = judge.judge(lines, pillars("trains", "guests come back", "pay less fees"))
    assert (alone.pillar, alone.linked) == (1, True)
    assert rivalled.pillar == 2
    assert rivalled.probability < alone.probability
    assert judge.judge([], pillars("trains")) == []


@pytest.mark.parametrize(("threshold", "linked"), [(0.5, True), (0.6, False)])
def test_one_pillar_is_judged_too(threshold: float, linked: bool) -> None:
    judge = Linkage(SharedWordsEncoder(), replace(HEAD, threshold=threshold))
    (link,) = judge.judge([okr("guests come")], pillars("guests"))
    assert link.probability == pytest.approx(0.5)
    assert link.linked is linked


def test_the_shipped_head_tells_a_pillar_from_a_stranger() -> None:
    head = LinkHead.load(MODELS / "critic" / "link.npz")
    assert len(head.calibration) == 4
    assert 0 < head.threshold < 1
