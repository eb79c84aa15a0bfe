"""Where teams met and do no longer: told instead of “nothing yet”, also after a restart."""

from __future__ import annotations

from typing import Any

import pytest
from meeting import GOOD, Meeting, meet
from stores import Office

from app.api.workshops.desk import Desk
from app.api.workshops.settled import meetings, news, settled

OTHER = "O: Breakfast is worth getting up for\nKR1: Breakfast guests from 200 to 300 a week"


@pytest.fixture
def meeting(office: Office) -> Meeting:
    return meet(office)


def desk_of(meeting: Meeting) -> Desk:
    desk: Desk = meeting.office.client.app.state.desk  # type: ignore[attr-defined]
    return desk


def drawn(meeting: Meeting) -> Any:
    """The map, drawn now."""
    portal, desk = meeting.office.client.portal, desk_of(meeting)
    assert portal
    portal.call(desk.draw, desk.rooms.of(meeting.office.workspace, meeting.workshop))
    return meeting.facilitator.get("/map")


def test_what_was_met_and_is_no_longer_is_told_also_after_a_restart(meeting: Meeting) -> None:
    ines, omar = meeting.join("Ines", "Front desk"), meeting.join("Omar", "Kitchen")
    ines.draft(GOOD, 0)
    omar.draft(GOOD.replace("Guests feel", "Cooks feel"), 0)
    first = drawn(meeting)
    assert meetings(first)
    assert first["settled"] == []
    omar.draft(OTHER, 1)
    desk = desk_of(meeting)
    desk._maps.clear()
    desk._met.clear()
    later = drawn(meeting)
    assert meetings(later) == {}
    [one] = later["settled"]
    assert set(one["teams"]) == {"Front desk", "Kitchen"}
    assert set(one["ids"]) == {ines.team, omar.team}
    assert [one["type"]] == list(meetings(first).values())
    omar.draft(GOOD.replace("Guests feel", "Cooks feel"), 2)
    assert drawn(meeting)["settled"] == []


def test_of_two_teams_the_gravest_kind_counts_and_only_news_are_told() -> None:
    places = [{"team": "b"}, {"team": "a"}, {"team": "c"}]
    pairs = [
        {"type": kind, "a": {"okr": one}, "b": {"okr": other}}
        for kind, one, other in [("overlap", 0, 1), ("conflict", 1, 0), ("duplicate", 0, 1), ("unrelated", 1, 2)]
    ]
    found = meetings({"places": places, "pairs": pairs})
    assert found == {("a", "b"): "conflict"}
    assert news({}, found) == [["a", "b", "conflict"]]
    assert news(found, found) == []
    assert news({("a", "b"): "overlap"}, found) == [["a", "b", "conflict"]]


def test_what_is_settled_names_teams_that_are_still_there() -> None:
    before = {("a", "b"): "conflict", ("a", "c"): "overlap", ("b", "c"): "overlap"}
    names = {"a": "Front desk", "b": "Kitchen"}
    assert settled(before, {("b", "c"): "overlap"}, names) == [
        {"ids": ["a", "b"], "teams": ["Front desk", "Kitchen"], "type": "conflict"}
    ]
