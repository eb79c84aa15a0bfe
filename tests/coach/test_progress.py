"""Progress comes from the quantities in a key result's own words, and only from those."""

from __future__ import annotations

import pytest

from app.coach import progress as said
from app.coach.progress import mean_share, moved, progress, scale


@pytest.mark.parametrize(
    ("text", "value", "share", "met"),
    [
        ("Nights that guests book again from 20 % to 35 %", 29, 0.6, False),
        ("Complaints from 40 to 12 a month", 26, 0.5, False),
        ("Complaints from 40 to 12 a month", 10, 30 / 28, True),
        ("Complaints from 40 to 12 a month", 54, -0.5, False),
        ("Cut the wait for a room from 2 hours to 30 minutes", 75, 0.5, False),
        ("Bookings from 90k to 120k EUR", 120_000, 1.0, True),
        ("Double repeat stays from 300", 450, 0.5, False),
        ("Cut waiting by half from 40 days", 20, 1.0, True),
    ],
)
def test_a_movement_is_a_share_of_its_way(text: str, value: float, share: float, met: bool) -> None:
    found = progress(text, value)
    assert found.share == pytest.approx(share)
    assert found.is_met is met
    assert not found.note


@pytest.mark.parametrize(
    ("text", "value", "met", "note"),
    [
        ("Launch the booking page", 3, None, said.NO_NUMBER),
        ("Guests who return: from X % to Y %", 3, None, said.UNKNOWN),
        ("Raise same-day answers to 80 %", 70, False, said.NO_START),
        ("Raise same-day answers to 80 %", 80, True, said.NO_START),
        ("Increase bookings by 30 %", 10, None, said.NO_START),
        ("Keep the phone answered within two minutes", 1.5, True, said.KEPT),
        ("Keep the phone answered within two minutes", 2.5, False, said.KEPT),
        ("Partner hotels: 12", 12, None, said.NO_SIDE),
        ("Reduce cancelled stays from 5 % by 20 %", 4, None, said.EITHER_WAY),
    ],
)
def test_without_a_way_there_is_no_share_and_it_says_why(text: str, value: float, met: bool | None, note: str) -> None:
    found = progress(text, value)
    assert (found.share, found.is_met, found.note) == (None, met, note)


@pytest.mark.parametrize("text", ["Stays from 1 to " + "9" * 400, "Stays from " + "9" * 400 + " to 3"])
def test_figures_beyond_any_range_make_no_progress(text: str) -> None:
    assert progress(text, 2).share is None
    assert progress(text, 2).note


def test_without_a_value_there_is_no_progress() -> None:
    assert (progress("Complaints from 40 to 12", None).share, progress("Complaints from 40 to 12", None).note) == (
        None,
        said.NO_VALUE,
    )
    assert progress("Launch it", None).note == said.NO_NUMBER


def test_a_mean_counts_what_is_known_and_lets_nothing_make_up_for_another() -> None:
    beyond, behind, unknown = (
        progress("Stays from 0 to 10", 30),
        progress("Complaints from 40 to 12", 50),
        progress("Launch it", 1),
    )
    assert mean_share([beyond, behind, unknown]) == 0.5
    assert mean_share([unknown]) is None


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("Stays from 20 to 35 by June", "Stays from 20 to 30 by June", ("target",)),
        ("Stays from 20 to 35 by June", "Stays from 25 to 35 by June", ("baseline",)),
        ("Stays from 20 to 35 by June", "Stays from 20 to 35 by September", ("date",)),
        ("Stays from 20 to 35", "Stays from 20 to 35 %", ("baseline", "target")),
        ("Bookings by 30 %", "Bookings by 10 %", ("target",)),
        ("Stays of families from 20 to 35", "Stays of guests from 20 to 35", ("words",)),
    ],
)
def test_what_moved_between_two_wordings(before: str, after: str, what: tuple[str, ...]) -> None:
    assert moved(before, after) == what


@pytest.mark.parametrize("text", ["", "\x00", "\ud800 from 1 to 2", "9" * 5000, "from to from to", "\u202e40 → 12"])
def test_odd_text_never_raises(text: str) -> None:
    assert scale(text) is not None
    assert progress(text, 1.0).value == 1.0
