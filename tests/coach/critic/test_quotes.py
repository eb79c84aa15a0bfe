"""The model quotes, code locates."""

from __future__ import annotations

import pytest

from app.coach.critic.quotes import locate

LINE = "Launch  the\tnew Set-up wizard 🎯 in DE\u00ad and FR"

FOUND = [
    ("the new set-up WIZARD", "the\tnew Set-up wizard"),
    (" Launch the ", "Launch  the"),
    ("🎯", "🎯"),
    ("de and fr", "DE\u00ad and FR"),
    (LINE, LINE),
]
NOT_FOUND = ["", "  ", "Launch a wizard", "set up wizard", "wizard…", "\ud800", "and FR!"]


@pytest.mark.parametrize(("quote", "wanted"), FOUND)
def test_white_space_and_case_are_forgiven(quote: str, wanted: str) -> None:
    place = locate(LINE, quote)
    assert place is not None
    assert LINE[slice(*place)] == wanted


@pytest.mark.parametrize("quote", NOT_FOUND)
def test_nothing_else_is(quote: str) -> None:
    assert locate(LINE, quote) is None


def test_letters_that_grow_in_lower_case_shift_nothing() -> None:
    text = "İİİ Istanbul opens"
    place = locate(text, "istanbul")
    assert place is not None
    assert text[slice(*place)] == "Istanbul"


def test_a_very_long_line_is_no_trouble() -> None:
    assert locate("a " * 50_000 + "end", "a end") == (99_998, 100_003)
