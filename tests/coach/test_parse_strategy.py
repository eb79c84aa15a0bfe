"""A strategy that stands in the draft: read where the draft calls it so and it can't be OKRs, and judged against."""

from __future__ import annotations

import pytest

from app.coach.flow import Coach
from app.coach.nouns import Context, Pillar
from app.coach.parse import parse_text

OKR = "Objective: Guests finish the checkout\nKR: basket to payment from 48 to 58 %\nKR: tickets from 14 to 6"
HEADS = {
    "heading": "# Till – Q1 2027\n\n## Strategy\n"
    "- Checkout first: guests finish what they begin\n- A brand people trust\n\n",
    "colon": "Our strategy for 2027:\n1. Checkout first – guests finish what they begin\n2. A brand people trust\n\n",
    "emphasis": "**Strategic pillars**\n* Checkout first: guests finish what they begin\n* A brand people trust\n\n",
    "inline": "Company strategy: Checkout first: guests finish what they begin; A brand people trust\n\n",
}
PILLARS = (Pillar("Checkout first", "guests finish what they begin"), Pillar("A brand people trust"))


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_strategy_over_the_okrs_is_read_and_is_no_okr(head: str) -> None:
    draft = parse_text(head + OKR)
    assert draft.strategy == PILLARS
    assert [okr.objective.text for okr in draft.okrs if okr.objective] == ["Guests finish the checkout"]
    assert draft.problems == ()


def test_a_sentence_is_one_pillar() -> None:
    draft = parse_text(f"## Our strategy\nWe want to be the shop that people open first.\n\n## Objectives\n{OKR}")
    assert [pillar.statement for pillar in draft.strategy] == ["We want to be the shop that people open first."]


@pytest.mark.parametrize(
    "text",
    [
        OKR.replace("\nKR", "\nStrategy: Phones first\nKR", 1),
        f"Strategy: Growth\n{OKR}\nStrategy: Trust\nObjective: Guests trust us\nKR: complaints from 20 to 10",
        "# Guests finish the checkout\nStrategy: Phones first\n- basket to payment 48 to 58 %\n- tickets 14 to 6",
        f"## Objective 1: Guests return\nPillar: Growth\n- KR1: returns from 3 to 5 %\n\n{OKR}",
        "## Strategic pillars\n- Growth\n  - Objective: Win\n    - KR: deals from 3 to 5\n- Trust\n",
    ],
    ids=["within an OKR", "one an OKR", "below an objective", "a tag", "over OKRs"],
)
def test_what_belongs_to_one_okr_or_holds_okrs_is_no_strategy_of_the_draft(text: str) -> None:
    draft = parse_text(text)
    assert draft.strategy == ()
    assert draft.okrs


@pytest.mark.parametrize(
    "lines", ["- Become the best shop\n- Happy people", "- Basket from 48 to 58 %\n- NPS from 20 to 40"]
)
def test_a_draft_of_nothing_but_strategic_priorities_is_reviewed(lines: str) -> None:
    draft = parse_text(f"Strategic priorities:\n{lines}\n")
    assert draft.strategy == ()
    assert len(draft.okrs[0].key_results) == 2


def test_okrs_are_judged_against_the_strategy_in_the_draft(coach: Coach) -> None:
    office = "\n\nObjective: An office that people like\nKR: eNPS from 20 to 35"
    said = coach.review(parse_text(HEADS["heading"] + OKR + office))
    assert [finding.target.objective for finding in said.findings if finding.rule == "missing-strategy-link"] == [1]
    (note,) = [note for note in said.notes if note.code == "strategy-read"]
    assert "“Checkout first”; “A brand people trust”" in note.message
    assert all(note.code != "no-strategy" for note in said.notes)


def test_a_strategy_that_is_given_goes_before_the_one_in_the_draft(coach: Coach) -> None:
    given = Context(strategy=(Pillar("An employer people like"),))
    draft = parse_text(HEADS["heading"] + "Objective: An office that people like\nKR: eNPS from 20 to 35")
    said = coach.review(draft, given)
    assert not [finding for finding in said.findings if finding.rule == "missing-strategy-link"]
    assert all(note.code != "strategy-read" for note in said.notes)


def test_bare_names_of_pillars_are_too_little_to_judge_by(coach: Coach) -> None:
    said = coach.review(parse_text(f"Strategy:\n- Growth\n- Trust in us\n\n{OKR}"))
    assert not [finding for finding in said.findings if finding.rule == "missing-strategy-link"]
    (note,) = [note for note in said.notes if note.code == "no-strategy"]
    assert "in a word or two" in note.message
