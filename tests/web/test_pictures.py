"""Pictures of a workshop's report: cells where row and column are, names that fit, nothing drawn of nothing."""

from __future__ import annotations

import pytest

from app.web.pictures import LEFT, ROW, grid, shortened
from app.web.workshop_report import coverage_picture, meetings_picture, waits_picture


@pytest.mark.parametrize("teams", [1, 6, 30, 60])
def test_a_grid_has_a_box_a_cell_and_stays_within_its_size(teams: int) -> None:
    names = [f"Team {at} " + "with a long name " * (at % 3) for at in range(teams)]
    drawn = grid(["One", "Two"], names, {(1, teams - 1): ("3", "3")})
    assert drawn
    assert len(drawn.boxes) == 2 * teams
    assert {box.y for box in drawn.boxes} == {drawn.boxes[0].y, drawn.boxes[0].y + ROW}
    assert all(LEFT <= box.x < box.x + box.width < drawn.width for box in drawn.boxes)
    assert max(box.y for box in drawn.boxes) + ROW <= drawn.height + 0.1
    assert [box for box in drawn.boxes if box.text] == [drawn.boxes[-1]]
    assert drawn.columns[-1].whole == names[-1]
    assert all(len(name.text) <= 24 for name in drawn.columns)


def test_of_nothing_there_is_no_picture() -> None:
    assert grid([], ["x"], {}) is None
    assert coverage_picture([], ["x"]) is None
    assert meetings_picture([]) is None
    assert waits_picture([], ["x"]) is None


def test_a_pillar_counts_the_okrs_of_each_team() -> None:
    rows = [{"pillar": "Stay", "served": {"B": 5}}, {"pillar": "Grow", "served": {}}]
    drawn = coverage_picture(rows, ["A", "B"])
    assert drawn
    assert [(box.text, box.kind) for box in drawn.boxes] == [("", ""), ("5", "3"), ("", ""), ("", "")]


def test_teams_that_meet_show_the_gravest_kind_both_ways() -> None:
    drawn = meetings_picture([{"teams": ["A", "B"], "types": {"overlap": 2, "conflict": 1}}])
    assert drawn
    assert [box.text for box in drawn.boxes] == ["", "≠3", "≠3", ""]
    assert {box.kind for box in drawn.boxes} == {"", "conflict"}


def test_arrows_lead_from_who_delivers_and_leave_out_what_was_declined() -> None:
    asked = {"from": "A", "to": "B", "state": "agreed"}
    drawn = waits_picture([asked, {**asked, "to": "C", "state": "declined"}, {**asked, "to": "gone"}], ["A", "B", "C"])
    assert drawn
    assert [(edge.feeds, edge.needs) for edge in drawn.edges] == [(1, 0)]


def test_a_long_name_is_shortened_and_white_space_is_one() -> None:
    assert shortened("a  b\nc", 9) == "a b c"
    assert shortened("abcdefghij", 5) == "abcd…"
