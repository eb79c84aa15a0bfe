"""Overlaps between teams with the shipped models, and the parts that need none."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.coach.nouns import Line, Okr
from app.coach.overlap import Overlaps, Pair, Place, Relation
from app.coach.overlap.block import between, candidates, every
from app.coach.overlap.clusters import clusters, needs
from app.coach.overlap.cross import SUREST, CrossHead, CrossJudge
from app.coach.overlap.features import NAMES, features
from app.coach.overlap.judge import HeadJudge
from app.coach.overlap.plan import Plan, WordVectors, sums, team_number
from app.coach.overlap.shelf import Shelf, Stored
from app.coach.overlap.why import why
from app.config import Settings
from app.services.embeddings import MODELS, Vectors
from app.wiring import build_overlaps

ODD = ["\ud800 lone", "nul\x00 in it", "\u202egnikcart", "🎯" * 50, "x" * 20_000, "   ", "1" * 400, "% € £ → <script>"]


def okr(team: str | None, objective: str | None, *key_results: str) -> Okr:
    return Okr(Line.whole(objective) if objective else None, tuple(Line.whole(text) for text in key_results), team)


@pytest.fixture(scope="module")
def finder() -> Overlaps:
    return build_overlaps(Settings())


PLAN = [
    okr(
        "Sales",
        "Mid-size firms buy without a visit",
        "First orders from mid-size firms from 40 to 70",
        "Hire 2 sellers",
    ),
    okr(
        "Marketing",
        "Mid-size firms ask us first",
        "First orders of mid-size firms rise from 40 to 70",
        "Fill the two open writer roles",
    ),
    okr("Depot", "The night shift is calm", "Forklift near misses from 9 a month to 3"),
]


def test_the_same_result_in_two_teams_is_found_with_both_quotes(finder: Overlaps) -> None:
    found = finder.find(PLAN)
    first = found.pairs[0]
    assert (first.a, first.b) == (Place(0, 0), Place(1, 0))
    assert first.type is Relation.DUPLICATE
    assert first.quotes == (PLAN[0].key_results[0].text, PLAN[1].key_results[0].text)
    assert "Sales" in first.why
    assert "Marketing" in first.why
    assert all(pair.score >= found.shown >= found.threshold for pair in found.pairs)
    assert all(Place(2, 0) not in {pair.a, pair.b} for pair in found.pairs)


def test_all_pairs_cover_every_two_key_results_of_different_teams(finder: Overlaps) -> None:
    found = finder.find(PLAN, all_pairs=True)
    of_key_results = [pair for pair in found.pairs if not pair.a.is_objective]
    assert len(of_key_results) == 2 * 2 + 2 * 1 + 2 * 1
    assert len({(pair.a, pair.b) for pair in found.pairs}) == len(found.pairs)
    assert [pair.score for pair in found.pairs] == sorted((pair.score for pair in found.pairs), reverse=True)
    assert {pair.type is Relation.UNRELATED for pair in found.pairs if pair.score < found.threshold} == {True}
    assert {pair.type is Relation.UNRELATED for pair in found.pairs if pair.score >= found.threshold} == {False}


def test_a_team_is_not_compared_with_itself_however_its_name_is_written(finder: Overlaps) -> None:
    same = "Late parcels from 9 % to 4 %"
    found = finder.find([okr("Depot ", "A", same), okr("depot", "B", same)], all_pairs=True)
    assert found.pairs == ()


def test_two_copies_of_the_parent_are_aligned_and_not_an_overlap(finder: Overlaps) -> None:
    parent = okr(None, "Families choose us", "Cut contract cancellations from 14 % to 8 %")
    text = parent.key_results[0].text
    plan = [okr("Billing", "Bills are understood", text), okr("Service", "Calls are short", text)]
    alone = finder.find(plan)
    assert alone.pairs[0].type is Relation.DUPLICATE
    under = finder.find(plan, parent=parent)
    assert under.pairs == ()
    assert [(copy.place, copy.parent) for copy in under.copies] == [(Place(0, 0), text), (Place(1, 0), text)]
    shown = finder.find(plan, parent=parent, all_pairs=True)
    assert {pair.type for pair in shown.pairs} == {Relation.UNRELATED}


def test_odd_text_is_compared_and_never_raises(finder: Overlaps) -> None:
    plan = [okr(f"team {at}", text, text, "") for at, text in enumerate(ODD)]
    found = finder.find(plan, all_pairs=True)
    assert all(0 <= pair.score <= 1 for pair in found.pairs)
    assert finder.find([]).pairs == ()
    assert finder.find([okr("a", None)]).pairs == ()


def test_features_do_not_depend_on_the_order_of_a_pair(finder: Overlaps) -> None:
    plan = finder.read(PLAN)
    pairs = np.concatenate([every(plan, objectives=kind) for kind in (False, True)])
    weights = finder.rarity.weights([plan])
    there, back = features(plan, plan, pairs, weights), features(plan, plan, pairs[:, ::-1], weights)
    assert there.shape == (len(pairs), len(NAMES))
    np.testing.assert_allclose(there, back, atol=1e-5)


def test_who_waits_turns_with_the_pair(finder: Overlaps) -> None:
    plan = finder.read(PLAN)
    pairs = np.array([[1, 4], [2, 7]])
    there, back = finder.judge.waiting(plan, plan, pairs), finder.judge.waiting(plan, plan, pairs[:, ::-1])
    np.testing.assert_allclose(there + back, 1.0, atol=1e-6)


def test_a_draft_is_compared_with_the_others_and_not_with_its_own_team(finder: Overlaps) -> None:
    draft = finder.read([PLAN[0]])
    found = finder.against(draft, finder.read(PLAN))
    assert found[0].quotes[1] == PLAN[1].key_results[0].text
    assert all(pair.b.okr != 0 for pair in found)


ALIKE = [
    okr(
        f"Team {at}",
        f"{who} stay with us",
        f"Churn of {who} from {at + 9} % to {at + 4} %",
        f"Refunds for {who} within {at + 2} days",
        f"Open {at + 2} depots for {who}",
        "Hire 2 people",
    )
    for at, who in enumerate(["shops", "small shops", "pharmacies", "shop owners", "online shops", "hospitals"])
]


class _ReadsByHash:
    """Rows that depend on nothing but the text, and how many were asked for."""

    name = "hashes"

    def __init__(self, width: int) -> None:
        self.width, self.read = width, 0

    def encode(self, texts: Sequence[Any]) -> Vectors:
        self.read += len(texts)
        seeds = [int.from_bytes(hashlib.blake2b(repr(text).encode(), digest_size=4).digest(), "big") for text in texts]
        rows = np.array([np.random.default_rng(seed).normal(size=self.width) for seed in seeds], np.float32)
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def test_reading_only_where_it_can_matter_finds_the_same(finder: Overlaps) -> None:
    head = CrossHead.load(MODELS / "critic" / "pair.npz", MODELS / "overlap" / "mix.npz")
    encoder = _ReadsByHash(head.hidden.shape[0])
    judge = CrossJudge(HeadJudge.load(MODELS / "overlap"), encoder, replace(head, out=head.out * 20))
    plan = finder.read(ALIKE)
    pairs = candidates(plan)
    whole = judge.judge(plan, plan, pairs)
    asked = encoder.read
    surer = judge.read(plan, plan, pairs)[:, 0] < 1 - SUREST
    for least in np.quantile(1 - whole[:, 0], [0.5, 0.8, 0.95]).tolist():
        encoder.read = 0
        less = judge.judge(plan, plan, pairs, least=least)
        found = 1 - whole[:, 0] >= least
        assert 0 < found.sum() < len(pairs)
        np.testing.assert_allclose(less[found & ~surer], whole[found & ~surer], atol=1e-5)
        assert not (1 - less[~found, 0] >= least + 1e-5).any()
    assert encoder.read < asked
    encoder.read = 0
    judge.judge(plan, plan, pairs, most=5)
    assert encoder.read == 5


def test_a_second_reading_does_not_depend_on_the_order_of_a_pair(finder: Overlaps) -> None:
    judge = finder.judge
    assert isinstance(judge, CrossJudge)
    plan = finder.read(ALIKE)
    pairs = candidates(plan)[:20]
    np.testing.assert_array_equal(judge.read(plan, plan, pairs), judge.read(plan, plan, pairs[:, ::-1]))


def test_a_shelf_reads_each_okr_once_and_makes_the_same_of_it_as_a_plan(finder: Overlaps) -> None:
    shelf = Shelf(finder.encoder, finder.words)
    stored = [Stored(f"okr{at}", 1, each) for at, each in enumerate(ALIKE)]
    stamps = {each.id: each.stamp for each in stored}
    assert shelf.lacking(stamps) == list(stamps)
    shelf.take(stored)
    assert shelf.lacking(stamps) == []
    assert shelf.lacking({**stamps, "okr2": 2, "new": 1}) == ["okr2", "new"]
    assert shelf.lines == 5 * len(ALIKE)
    plan, there = shelf.plan(["okr3", "gone", "okr1"])
    assert [each.id for each in there] == ["okr3", "okr1"]
    own = finder.read([ALIKE[3], ALIKE[1]])
    assert plan.lines == own.lines
    np.testing.assert_allclose(plan.vectors, own.vectors, atol=0.2)
    for name in ("of", "parts", "teams", "cues", "figures"):
        np.testing.assert_array_equal(getattr(plan, name), getattr(own, name))
    whole = finder.read(ALIKE)
    assert {word: count for word, count in plan.counts.items() if count} == dict(whole.counts)
    assert plan.counted == whole.counted
    shelf.take([Stored("okr0", 2, okr("Team 0", None, "Nothing else"))])
    assert shelf.lines == 5 * len(ALIKE) - 4
    shelf.drop(["okr0", "nobody"])
    assert shelf.plan(["okr0"])[1] == []


def test_vectors_that_are_known_are_not_encoded_again(finder: Overlaps) -> None:
    encoder = _ReadsByHash(8)
    shelf = Shelf(encoder, WordVectors(encoder))
    line = "Refunds within 3 days"
    known = np.eye(8, dtype=np.float32)[2]
    shelf.take([Stored("a", 1, okr("T", "Quick refunds", line))], {line: known})
    plan, _ = shelf.plan(["a"])
    np.testing.assert_array_equal(plan.vectors[0], known)


def _random_plan(rows: int, teams: int, seed: int) -> Plan:
    draw = np.random.default_rng(seed)
    vectors = draw.normal(size=(rows, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    numbers = np.array([team_number(f"team {at % teams}") for at in range(rows)], np.int64)
    empty = np.zeros((rows, 0), np.float32)
    nothing = np.zeros((1, 16), np.float32)
    zeros = np.zeros(rows, np.int64)
    return Plan(
        (),
        vectors,
        nothing,
        zeros,
        nothing,
        zeros,
        numbers,
        empty,
        empty,
        (),
        nothing,
        {},
        rows,
        (),
        rows,
        sums(vectors),
    )


def test_blocking_finds_the_nearest_rows_of_other_teams_and_no_others() -> None:
    plan = _random_plan(700, 5, seed=3)
    found = between(plan, plan, 4, objectives=False)
    cosines = plan.vectors @ plan.vectors.T
    cosines[plan.teams[:, None] == plan.teams[None, :]] = -2
    expected = {(at, int(to)) for at in range(700) for to in np.argsort(-cosines[at])[:4]}
    assert {(int(a), int(b)) for a, b in found} == expected


def test_large_plans_are_blocked_and_small_ones_judged_whole(finder: Overlaps) -> None:
    small = finder.read(PLAN)
    assert len(candidates(small)) == 8 + 3
    many = [okr(f"team {at}", None, *(f"{at}-{n} visits from {n} to {at + n}" for n in range(10))) for at in range(50)]
    plan = finder.read(many)
    found = candidates(plan, nearest=3)
    assert 500 <= len(found) <= 500 * 3 * 2
    assert (found[:, 0] < found[:, 1]).all()
    assert (plan.teams[found[:, 0]] != plan.teams[found[:, 1]]).all()


def _pair(a: Place, b: Place, relation: Relation, score: float = 0.9, needs: str | None = None) -> Pair:
    return Pair(a, b, relation, score, "", ("", ""), "b" if needs == "b" else "a" if needs else None)


def test_a_chain_of_neighbours_does_not_tie_everybody_together() -> None:
    okrs = [okr(f"T{at}", f"Objective {at}", f"line {at}") for at in range(5)]
    chain = [_pair(Place(at, 0), Place(at + 1, 0), Relation.OVERLAP, 0.9 - at / 100) for at in range(4)]
    found = clusters(okrs, chain, lambda _: 1.0)
    assert max(len(cluster.teams) for cluster in found) <= 3
    triangle = [_pair(Place(a, 0), Place(b, 0), Relation.OVERLAP) for a, b in ((0, 1), (0, 2), (1, 2))]
    assert [cluster.teams for cluster in clusters(okrs, triangle, lambda _: 1.0)] == [("T0", "T1", "T2")]


def test_the_owner_is_the_team_whose_objective_is_about_it() -> None:
    okrs = [
        okr("Web", "Pages load fast", "Refund wait to 3 days"),
        okr("Refunds", "Refunds are quick", "Refund in 3 days"),
    ]
    (cluster,) = clusters(okrs, [_pair(Place(0, 0), Place(1, 0), Relation.DUPLICATE)], lambda _: 1.0)
    assert cluster.owner == "Refunds"
    assert "refund" in cluster.topic.lower()


def test_a_dependency_is_an_edge_from_who_waits_to_who_feeds() -> None:
    okrs = [okr("App", None, "Offline mode out of beta"), okr("Sync", None, "Sync service live")]
    (edge,) = needs(okrs, [_pair(Place(0, 0), Place(1, 0), Relation.DEPENDENCY, needs="b")])
    assert (edge.needing_team, edge.feeding_team) == ("Sync", "App")
    assert clusters(okrs, [_pair(Place(0, 0), Place(1, 0), Relation.DEPENDENCY)], lambda _: 1.0) == []


@pytest.mark.parametrize("relation", Relation)
def test_every_relation_is_explained_in_one_sentence_with_the_teams_words(finder: Overlaps, relation: Relation) -> None:
    plan = finder.read(
        [okr("Cloud", "Cheap", "Cut cloud regions from 6 to 3"), okr("Sales", "Near", "Add 4 cloud regions in Asia")]
    )
    said = why(plan.lines[0], plan.lines[1], relation, finder.rarity.weights([plan]).of)
    assert said.endswith(".")
    assert "cloud regions" in said
    assert "\n" not in said


def test_the_judge_says_which_file_it_is() -> None:
    assert HeadJudge.load(MODELS / "overlap").name.startswith("overlap@")
