"""Headings of notes: what they stand over, and what they don't."""

from __future__ import annotations

import pytest

from app.coach.parse import parse_text

OKR_TEXT = "Objective: Guests pay without help\n- KR1: drop-out from 30 % to 20 %\n- KR2: tickets from 14 to 6\n"
BELOW_NOTES = {
    "context": f"## Context\nWe lost guests in spring.\n\n{OKR_TEXT}",
    "a plan": f"## Plan\n- Checkout first\n- Calm support\n\nAll of it serves these.\n\n{OKR_TEXT}",
    "unlabelled key results": "## Notes\n- call Anna\n\n**Objective 1: Guests pay without help**\n"
    "- drop-out from 30 % to 20 %\n- tickets from 14 to 6\n",
    "labels on lines of their own": "## Summary\nOur plan\n\nObjective:\nGuests pay without help\n\nKey results:\n"
    "- drop-out from 30 % to 20 %\n- tickets from 14 to 6\n",
}


@pytest.mark.parametrize("text", BELOW_NOTES.values(), ids=BELOW_NOTES)
def test_a_whole_okr_below_a_heading_of_notes_is_read(text: str) -> None:
    (okr,) = parse_text(text).okrs
    assert okr.objective
    assert okr.objective.text == "Guests pay without help"
    assert [line.text for line in okr.key_results] == ["drop-out from 30 % to 20 %", "tickets from 14 to 6"]
    assert (okr.team, okr.cycle) == (None, None)


def test_its_team_is_read_too_and_an_objective_of_a_note_is_none() -> None:
    (okr,) = parse_text(f"## Background\nGuests left.\n\nTeam: Till\nCycle: Q3 2026\n{OKR_TEXT}").okrs
    assert (okr.team, okr.cycle) == ("Till", "Q3 2026")
    (okr,) = parse_text("# Plan\n## O1: Guests pay\n- KR: a from 1 to 2\n### Notes\nObjective: talk to Anna\n").okrs
    assert okr.objective
    assert okr.objective.text == "Guests pay"
