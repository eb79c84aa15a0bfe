"""Blanks, and what stands in for them during the re-review."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.coach.quantities import Direction, measure
from app.coach.rewrite.blanks import BLANK, answered, blanks_in, fill


def test_blanks_are_listed_once_in_order() -> None:
    assert blanks_in("from [current %] to [target %], then [current %]") == ("current %", "target %")
    assert answered("from [current %] to 95 %", "current %", " 88 % ") == "from 88 % to 95 %"


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Raise NPS from [current NPS] to 60", Direction.UP),
        ("Raise NPS from 60 to [target NPS]", Direction.UP),
        ("Cut churn from [current %] to 2 %", Direction.DOWN),
        ("Cut churn from 4 % to [target %]", Direction.DOWN),
        ("Cut the dump size from [current size] to 4 GB", Direction.DOWN),
        ("Raise revenue from [current amount] to $3.5M", Direction.UP),
        ("Raise the share of guests who return from [current %] to [target %]", Direction.UP),
        ("Cut waiting from [current minutes] to 20 minutes", Direction.DOWN),
    ],
)
def test_stand_ins_move_the_way_the_line_says(text: str, direction: Direction) -> None:
    filled = fill(text)
    assert not BLANK.search(filled)
    read = measure(filled)
    assert read.baseline is not None and read.target is not None
    start, end = read.baseline.value, read.target.value
    assert start is not None and end is not None
    assert (end > start) == (direction is Direction.UP)
    assert abs(end - start) / start > 0.02


def test_lines_of_one_okr_get_different_figures() -> None:
    one, other = fill("Raise A from [current %] to [target %]\nRaise B from [current %] to [target %]").split("\n")
    assert one[len("Raise A") :] != other[len("Raise B") :]


@settings(deadline=None)
@given(st.text(max_size=120))
def test_filling_never_raises_and_leaves_text_without_blanks_alone(text: str) -> None:
    filled = fill(text)
    if not BLANK.search(text):
        assert filled == text
