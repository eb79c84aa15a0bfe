"""The corpus of plans: well-formed, split by organisation, hard enough, doubly labelled."""

from __future__ import annotations

from collections import Counter

import pytest

from app.coach.overlap import Place, Relation
from app.training.data import rows
from app.training.plans import (
    PlanSample,
    cycle_samples,
    extra_samples,
    lone_samples,
    natural_samples,
    plan_samples,
    split_of,
)

PLANS = plan_samples()
PASSES = ("first", "second")
PAIRS = [(plan, pair) for plan in PLANS for pair in plan.pairs]


def text(place: Place, org: str) -> str:
    plan = next(plan for plan in PLANS if plan.org == org)
    okr = plan.okrs[place.okr]
    line = okr.objective if place.is_objective else okr.key_results[place.key_result]
    assert line
    return line.text


def assert_pairs_are_of_two_teams(plan: PlanSample) -> None:
    """Each named once, and of lines that differ."""
    assert max(Counter(frozenset((pair.a, pair.b)) for pair in plan.pairs).values()) == 1
    for pair in plan.pairs:
        one, other = plan.okrs[pair.a.okr], plan.okrs[pair.b.okr]
        assert one.team != other.team, pair.id
        assert one.key_results[pair.a.key_result].text != other.key_results[pair.b.key_result].text, pair.id


def test_there_is_enough_of_everything() -> None:
    types = Counter(pair.type for _, pair in PAIRS)
    assert len(PLANS) >= 40
    assert len(PAIRS) >= 900
    assert min(types[relation] for relation in Relation) >= 80
    hard = sum(pair.hard != "plain" for _, pair in PAIRS if pair.type is Relation.UNRELATED)
    assert hard >= 0.4 * types[Relation.UNRELATED]


def test_organisations_stay_in_their_split() -> None:
    assert all(plan.split == split_of(plan.org) for plan in PLANS)
    assert {plan.split for plan in PLANS} == {"train", "dev", "test"}
    assert max(Counter(plan.org for plan in PLANS).values()) == 1


def test_pairs_are_of_two_teams_and_named_once() -> None:
    assert max(Counter(pair.id for _, pair in PAIRS).values()) == 1
    for plan, pair in PAIRS:
        assert plan.okrs[pair.a.okr].team != plan.okrs[pair.b.okr].team, pair.id
        assert text(pair.a, plan.org)
        assert text(pair.b, plan.org)
    assert max(Counter((plan.org, frozenset((pair.a, pair.b))) for plan, pair in PAIRS).values()) == 1


def test_the_first_pass_labelled_every_pair() -> None:
    assert {row["id"] for row in rows("passes/pairs-first.jsonl")} == {pair.id for _, pair in PAIRS}


def test_extra_plans_are_to_learn_from_only_and_well_formed() -> None:
    extra = extra_samples()
    assert {plan.split for plan in extra} == {"train", "dev"}
    assert not {plan.org for plan in extra} & {plan.org for plan in PLANS}
    ids = Counter(pair.id for plan in extra for pair in plan.pairs)
    assert max(ids.values()) == 1
    assert not set(ids) & {pair.id for _, pair in PAIRS}
    for plan in extra:
        assert_pairs_are_of_two_teams(plan)


def test_pairs_of_lone_lines_are_of_two_teams_and_mostly_unrelated() -> None:
    lone = lone_samples()
    assert {plan.split for plan in lone} == {"train", "dev"}
    for plan in lone:
        assert_pairs_are_of_two_teams(plan)
    types = Counter(pair.type for plan in lone for pair in plan.pairs)
    assert types[Relation.UNRELATED] > 0.9 * types.total()
    assert types.total() - types[Relation.UNRELATED] >= 80


def test_cycles_are_of_organisations_that_nothing_else_knows() -> None:
    cycles = cycle_samples()
    assert {plan.split for plan in cycles} == {"train", "dev", "test"}
    held = {plan.org for plan in cycle_samples("test")}
    assert not held & {plan.org for plan in natural_samples()}
    learnt = {line.text for plan in natural_samples() for okr in plan.okrs for line in okr.lines}
    assert not learnt & {line.text for plan in cycles if plan.org in held for okr in plan.okrs for line in okr.lines}
    known = {org["org"] for org in rows("orgs.jsonl")} | {plan.org for plan in (*PLANS, *extra_samples())}
    assert not known & {plan.org for plan in cycles}
    for plan in cycles:
        assert_pairs_are_of_two_teams(plan)


@pytest.mark.parametrize(("name", "plans"), [("natural", lone_samples()), ("cycles", cycle_samples())])
def test_pairs_have_the_type_of_both_passes_or_the_settled_one(name: str, plans: list[PlanSample]) -> None:
    first, second = ({row["id"]: row["type"] for row in rows(f"passes/pairs-{name}-{at}.jsonl")} for at in PASSES)
    settled = {row["id"]: row["settled"] for row in rows(f"passes/pairs-{name}-settled.jsonl")}
    assert first.keys() == second.keys()
    assert settled.keys() == {key for key in first if first[key] != second[key]}
    told = {pair.id: pair.type.value for plan in plans for pair in plan.pairs}
    assert told == {key: settled.get(key, label) for key, label in first.items()}
