"""A strategy in the draft: read only where the draft calls it so and it can't be OKRs, and judged against."""

from __future__ import annotations

import pytest

from app.coach.flow import Coach
from app.coach.nouns import Context, Draft, Pillar
from app.coach.parse import parse_text

LIST = "- Checkout first: guests finish what they begin\n- A brand people trust\n"
NUMBERED = "1. Checkout first – guests finish what they begin\n2. **A brand people trust**\n"
OKR = "Objective: Guests finish the checkout\nKR: basket to payment from 48 to 58 %\nKR: tickets from 14 to 6"
OKR_UNDER_HEADING = f"## {OKR}".replace("\nKR:", "\n- KR:")
DRAFTS = {
    "heading": f"# Till – Q1 2027\n\n## Strategy\n{LIST}\n{OKR}",
    "colon": f"Our strategy until 2030:\n{NUMBERED}\n{OKR}",
    "emphasis": f"**Strategic pillars**\n{LIST}\n{OKR}",
    "called a focus": f"Strategic focus areas:\n{NUMBERED}\n{OKR}",
    "with a sentence after it": f"## Strategy\n{LIST}\nThe OKRs below serve these.\n\n{OKR_UNDER_HEADING}",
    "below the OKRs": f"{OKR_UNDER_HEADING}\n\n## Our strategy\n{LIST}",
    "in a mail": f"Hi Sam,\nplease find our draft below.\n\nOur strategy:\n{LIST}\n{OKR}\n\nThanks,\nAnna",
    "beside a remark on one OKR": f"## Strategic pillars\n{LIST}\n{OKR_UNDER_HEADING}\nStrategy: fewer fields\n",
    "between teams": f"# Company strategy\n{LIST}\n# Team Till\n{OKR_UNDER_HEADING}",
    "explained below": "## Strategy\n- Checkout first\n  - guests finish what they begin\n- A brand people trust\n\n"
    f"{OKR_UNDER_HEADING}",
    "table": "## Strategic pillars\n\n| # | Pillar | What it means | Owner |\n|---|---|---|---|\n"
    "| 1 | Checkout first | guests finish what they begin | Ada |\n| 2 | **A brand people trust** | | Ben |\n\n"
    f"{OKR_UNDER_HEADING}",
    "headings": "## Strategy 2027\n### Checkout first\nguests finish what they begin\n### A brand people trust\n\n"
    f"{OKR_UNDER_HEADING}",
    "headings, then a team": "# Strategy\n## Checkout first\nguests finish what they begin\n## A brand people trust\n\n"
    f"## Till\n{OKR}",
}
PILLARS = (Pillar("Checkout first", "guests finish what they begin"), Pillar("A brand people trust"))
ONE = [("Guests finish the checkout", ["basket to payment from 48 to 58 %", "tickets from 14 to 6"])]


def said(draft: Draft) -> list[tuple[str | None, list[str]]]:
    return [(okr.objective.text if okr.objective else None, [kr.text for kr in okr.key_results]) for okr in draft.okrs]


@pytest.mark.parametrize("text", DRAFTS.values(), ids=DRAFTS)
def test_a_strategy_beside_the_okrs_is_read_and_is_no_okr(text: str) -> None:
    draft = parse_text(text)
    assert draft.strategy == PILLARS
    assert said(draft) == ONE
    assert draft.problems == ()
    assert all(text[line.start : line.end] == line.text for okr in draft.okrs for line in okr.lines)


def test_its_horizon_is_not_the_cycle_and_its_heading_no_team() -> None:
    for head in ("## Strategy 2027–2030", "Our strategy to 2030:", "Strategic pillars 2027-2030"):
        (okr,) = parse_text(f"{head}\n{LIST}\n{OKR}").okrs
        assert (okr.team, okr.cycle) == (None, None)


NOT_THE_DRAFTS = {
    "within an OKR": OKR.replace("\nKR", "\nStrategy: fewer fields\nKR", 1),
    "one an OKR": f"## Strategy\n{LIST}\n{OKR_UNDER_HEADING}\n\n## Strategy\n{LIST}\n{OKR_UNDER_HEADING}",
    "a tag": f"## Objective 1: Guests return\nPillar: Growth\n- KR1: returns from 3 to 5 %\n\n{OKR_UNDER_HEADING}",
    "over key results": "## Strategic priorities\n"
    "1. Guests return\n2. Guests trust us\n\n## Key results\n1.1 returns 3 to 5 %\n",
    "as an objective": "## Our strategy\n- KR1: returns from 3 to 5 %\n- KR2: tickets from 14 to 6\n",
    "over OKRs": "## Strategic pillars\n- Growth\n  - Objective: Win\n    - KR: deals from 3 to 5\n- Trust\n",
    "without labelled objectives": "# OKRs\n## Company strategy\n- Every team knows the plan\n- The board backs it\n\n"
    "## Culture\n- eNPS from 20 to 40\n",
    "with figures": f"## Strategic priorities\n- Basket from 48 to 58 %\n- NPS from 20 to 40\n\n{OKR_UNDER_HEADING}",
    "explained by figures": "## Strategy\n- Checkout\n  - basket from 48 to 58 %\n  - NPS 40\n- Trust\n\n"
    f"{OKR_UNDER_HEADING}",
    "a table of goals": "## Strategic priorities\n\n| Goal | Measure |\n|---|---|\n| Guests pay | no queue |\n"
    f"| Trust | honest prices |\n\n{OKR_UNDER_HEADING}",
    "headings over OKRs": "# Strategy\n## Growth\n### Objective: Win\n- KR: deals from 3 to 5\n## Trust\n"
    "### Objective: Honest\n- KR: errors from 3 to 1 %\n",
    "nothing else": "Strategic priorities:\n- Become the best shop\n- Happy people\n",
}  # fmt: skip


@pytest.mark.parametrize("text", NOT_THE_DRAFTS.values(), ids=NOT_THE_DRAFTS)
def test_what_may_be_okrs_or_belongs_to_one_is_no_strategy_of_the_draft(text: str) -> None:
    draft = parse_text(text)
    assert draft.strategy == ()
    assert draft.okrs


def test_okrs_are_judged_against_the_strategy_in_the_draft(coach: Coach) -> None:
    office = "\n\nObjective: An office that people like\nKR: eNPS from 20 to 35"
    found = coach.review(parse_text(DRAFTS["heading"] + office))
    assert [each.target.objective for each in found.findings if each.rule == "missing-strategy-link"] == [1]
    (note,) = [note for note in found.notes if note.code == "strategy-read"]
    assert "“Checkout first”; “A brand people trust”" in note.message
    assert all(note.code != "no-strategy" for note in found.notes)


def test_a_strategy_that_is_given_goes_before_the_one_in_the_draft(coach: Coach) -> None:
    given = Context(strategy=(Pillar("An employer people like"),))
    draft = parse_text(f"## Strategy\n{LIST}\nObjective: An office that people like\nKR: eNPS from 20 to 35")
    found = coach.review(draft, given)
    assert not [each for each in found.findings if each.rule == "missing-strategy-link"]
    assert all(note.code != "strategy-read" for note in found.notes)


def test_bare_names_of_pillars_are_too_little_to_judge_by(coach: Coach) -> None:
    found = coach.review(parse_text(f"Strategy:\n- Growth\n- Trust in us\n\n{OKR}"))
    assert not [each for each in found.findings if each.rule == "missing-strategy-link"]
    (note,) = [note for note in found.notes if note.code == "no-strategy"]
    assert "in a word or two" in note.message
