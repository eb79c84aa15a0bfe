"""What code mends of a refused wording: labels, figures and dates without a source; everything else stays."""

from __future__ import annotations

import pytest

from app.coach.rewrite.claims import claims_of_all
from app.coach.rewrite.mending import mended

FACTS = claims_of_all(["Launch the booking app for 80 vans", "Guests come back", "Q3 2026"])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Raise bookings in the app from 12 to 4,000",
            "Raise bookings in the app from [current number] to [target number]",
        ),
        ("KR2: Cut errors by 30% by the end of Q4 2027", "Cut errors from [current level] to [target level]"),
        (
            "Raise the share of 80 vans that book from 20% to 50% by March 2027",
            "Raise the share of 80 vans that book from [current %] to [target %]",
        ),
        ("Cut waiting from 5 days to 2 days", "Cut waiting from [current days] to [target days]"),
        ("Raise NPS from [current NPS] to 60", "Raise NPS from [current NPS] to [target number]"),
        ("Raise trips of 80 vans in Q3 2026", "Raise trips of 80 vans in Q3 2026"),
        ("- Reach 500 guests\n- Cut 5 calls", "Reach [target number] guests\nCut [target number] calls"),
        ("Guests come back", "Guests come back"),
        ("Double the bookings", "Double the bookings"),
        ("", ""),
        ("from 5", "from [current number]"),
    ],
)
def test_what_has_no_source_becomes_a_blank_or_goes(text: str, wanted: str) -> None:
    assert mended(text, FACTS) == wanted


def test_odd_text_is_mended_without_fail() -> None:
    for text in ("\ud800 5 % \x00", "[" * 500, "5 " * 2_000, "by by by by 2031-02-03", "٣ of ٤"):
        assert isinstance(mended(text, FACTS), str)
