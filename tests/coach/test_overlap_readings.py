"""How two readings of a pair become one, and what stands out among lines that all name one product."""

from __future__ import annotations

import numpy as np

from app.coach.nouns import Line, Okr
from app.coach.overlap.cross import CrossHead, mixed
from app.coach.overlap.features import NAMES, Rarity, features
from app.coach.overlap.nouns import RELATIONS, Relation
from app.coach.overlap.plan import WordVectors, read_plan
from app.services.embeddings import MODELS, OnnxEncoder

OVERLAP, CONFLICT = RELATIONS.index(Relation.OVERLAP), RELATIONS.index(Relation.CONFLICT)
TYPES = len(RELATIONS) - 1


def head(of_first: float, of_second: float) -> CrossHead:
    nothing = np.zeros((1, 1), np.float32)
    types = np.vstack([of_first * np.eye(TYPES), of_second * np.eye(TYPES), np.zeros(TYPES)])
    return CrossHead(nothing, nothing, nothing, nothing, (1.0, 1.0, 0.0), -1.0, types, 0.5, 0.5)


def row(related: float, likeliest: int) -> list[float]:
    rest = 0.1 * related / (TYPES - 1)
    return [1 - related, *(0.9 * related if at == likeliest else rest for at in range(1, TYPES + 1))]


FIRST = np.array([row(0.6, OVERLAP), row(0.6, OVERLAP)])
SECOND = np.array([row(0.8, CONFLICT)])


def test_the_reading_that_weighs_more_names_the_type() -> None:
    trusted = {weights: mixed(FIRST, np.array([0]), SECOND, head(*weights)) for weights in ((2.0, 1.0), (1.0, 2.0))}
    assert trusted[2.0, 1.0][0, 1:].argmax() + 1 == OVERLAP
    assert trusted[1.0, 2.0][0, 1:].argmax() + 1 == CONFLICT
    for table in trusted.values():
        np.testing.assert_allclose(table.sum(axis=1), 1.0)


def test_a_pair_that_was_not_read_again_keeps_the_types_of_the_first_reading() -> None:
    table = mixed(FIRST, np.array([0]), SECOND, head(1.0, 1.0))
    assert table[1, 1:].argmax() + 1 == OVERLAP
    assert 0 < 1 - table[1, 0] < 1 - table[0, 0]


def test_what_every_line_of_a_plan_shares_does_not_stand_out() -> None:
    lines = ("Halyard starts in two seconds", "Halyard booth at the spring fair", "Launch of Halyard under two seconds")
    plan = read_plan(
        [Okr(None, (Line.whole(line),), f"team {at}") for at, line in enumerate(lines)],
        encoder := OnnxEncoder(MODELS / "minilm"),
        WordVectors(encoder),
    )
    pairs = np.array([[0, 1], [0, 2]])
    column = features(plan, plan, pairs, Rarity({}, 1).weights([plan]))[:, NAMES.index("standing-out")]
    assert column[0] < column[1]
    other = read_plan([Okr(None, (Line.whole(lines[0]),), "draft")], encoder, WordVectors(encoder))
    against = features(other, plan, np.array([[0, 1], [0, 2]]), Rarity({}, 1).weights([other, plan]))
    assert against[0, NAMES.index("standing-out")] < against[1, NAMES.index("standing-out")]
