"""What a line measures: numbers, units, dates, and what only looks like them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.coach.quantities import Direction, measure


@pytest.mark.parametrize(
    ("text", "value", "unit", "noun"),
    [
        ("Enrol 1,500 learners", 1500, "", "learners"),
        ("Enrol 1 500 learners", 1500, "", "learners"),
        ("Enrol 1.500 learners", 1500, "", "learners"),
        ("Enrol 1.5k learners", 1500, "", "learners"),
        ("Serve 3M riders", 3e6, "", "riders"),
        ("Index 2bn pages", 2e9, "", "pages"),
        ("Index 10^6 pages", 1e6, "", "pages"),
        ("A rating of 4.5", 4.5, "", ""),
        ("Yield of 2,5 %", 2.5, "percent", ""),
        ("Twelve clinics refer patients", 12, "", "clinics"),
        ("Twenty-five wards", 25, "", "wards"),
        ("Two hundred donors", 200, "", "donors"),
        ("A dozen bakeries", 12, "", "bakeries"),
        ("Half of the farmers renew", 50, "percent", "farmers"),
        ("A quarter of the farmers renew", 25, "percent", "farmers"),
        ("Three quarters of farmers renew", 75, "percent", "farmers"),
        ("2/3 of the farmers renew", 200 / 3, "percent", "farmers"),
        ("6 of 8 squads deploy on their own", 6, "", "squads"),
        ("9 out of 10 guests return", 9, "", "guests"),
        ("Rated 4.6/5 by guests", 4.6, "", ""),
        ("Zero spills", 0, "", "spills"),
        ("No open audit findings", 0, "", "open audit findings"),
        ("One hospital signs", 1, "", "hospital signs"),
        ("80 percent of nurses", 80, "percent", "nurses"),
        ("80 per cent of nurses", 80, "percent", "nurses"),
        ("80pct of nurses", 80, "percent", "nurses"),
        ("50% percent of nurses", 50, "percent", "nurses"),
        ("Margin 2 pp above plan", 2, "points", ""),
        ("Margin 2 percentage points above plan", 2, "points", ""),
        ("$20k ARR", 20_000, "USD", "arr"),
        ("€2.5m in grants", 2.5e6, "EUR", ""),
        ("2 Mio. EUR of grants", 2e6, "EUR", "grants"),
        ("1,2 Mrd. € under management", 1.2e9, "EUR", ""),
        ("Reach 2 Mio. by spring", 2e6, "", ""),
        ("3 Tsd. riders", 3000, "", "riders"),
        ("12 lakh riders", 1.2e6, "", "riders"),
        ("£300 per household", 300, "GBP", ""),
        ("EUR 40 per household", 40, "EUR", ""),
        ("3 million dollars of grants", 3e6, "USD", "grants"),
        ("Replies within 4h", 4, "hour", ""),
        ("Replies within 30 min", 30, "minute", ""),
        ("Pages render in 250ms", 250, "ms", ""),
        ("Replies in 3 business days", 3, "day", ""),
        ("Replies in 3-5 days", 3, "day", ""),
        ("A three-week lead time", 3, "week", ""),
        ("Archive 2TB a night", 2e12, "byte", ""),
        ("Rank in the top 3", 3, "rank", ""),
        ("Rank #1 for reviews", 1, "rank", ""),
        ("On the first page for reviews", 1, "rank", ""),
        ("Hire 4x welders", 4, "", "welders"),
        ("Meet 2 times a week", 2, "", "times"),
        ("10 - 15 interviews", 10, "", "interviews"),
    ],
)
def test_the_first_quantity_is_read_with_unit_and_counted_thing(text: str, value: float, unit: str, noun: str) -> None:
    quantity = measure(text).quantities[0]
    assert quantity.value == pytest.approx(value)
    assert (quantity.unit, quantity.noun) == (unit, noun)


@pytest.mark.parametrize(
    ("text", "written", "unit"),
    [
        ("Serve N4 riders", "N4", ""),
        ("Serve N riders", "N", ""),
        ("Raise $X in grants", "$X", "USD"),
        ("Lift attendance to XX%", "XX%", "percent"),
        ("Lift attendance to ___%", "___%", "percent"),
        ("Lift attendance to [x]%", "[x]%", "percent"),
        ("Lift NPS from [current NPS] to 60", "[current NPS]", ""),
        ("[current NPS] → 60", "[current NPS]", ""),
    ],
)
def test_removed_numbers_and_blanks_count_as_numbers_of_unknown_value(text: str, written: str, unit: str) -> None:
    quantity = measure(text).quantities[0]
    assert text[quantity.start : quantity.end] == written
    assert (quantity.value, quantity.unit) == (None, unit)


@pytest.mark.parametrize(
    "text",
    [
        "Certified to ISO 27001 and SOC 2",
        "Ship v2.1 over HTTP/2",
        "Release 3.14.1 is out",
        "A Web3 wallet for B2B buyers",
        "Fix all P0 and P1 defects in Tier 1 sites",
        "Recover from COVID-19",
        "Win the W24 batch",
        "KR2: happier guests",
        "O1. happier guests",
        "2. happier guests",
        "Close #1234",
        "See https://example.org/2026/15",
        "Support open 24/7",
        "Call +49 30 1234567 at 10:30",
        "One of the teams adopts it",
        "Launch the site (target TBD)",
        "[x] Launch the site",
        "Read [the guide](https://example.org)",
        "In the 1990s",
        "Offer 1:1 coaching",
        "Remove N+1 queries",
    ],
)
def test_numbers_in_names_labels_and_links_measure_nothing(text: str) -> None:
    assert measure(text).quantities == ()


@pytest.mark.parametrize(
    ("text", "written", "year", "month", "quarter"),
    [
        ("Open the clinic by 2026-05-15", "2026-05-15", 2026, 5, 2),
        ("Open the clinic by 31/12/2026", "31/12/2026", 2026, 12, 4),
        ("Open the clinic by 15 May", "15 May", None, 5, 2),
        ("Open the clinic by 31/05", "31/05", None, 5, 2),
        ("Open the clinic by 5/31", "5/31", None, 5, 2),
        ("Open the clinic by 01/06", "01/06", None, 6, 2),
        ("Open the clinic by 31.05. at the latest", "31.05.", None, 5, 2),
        ("Open the clinic by May 15th, 2026", "May 15th, 2026", 2026, 5, 2),
        ("Open the clinic by the end of June", "end of June", None, 6, 2),
        ("Open the clinic by mid-March", "mid-March", None, 3, 1),
        ("Open the clinic by year-end", "year-end", None, None, None),
        ("Open the clinic by end of quarter", "end of quarter", None, None, None),
        ("Open the clinic in Q3 2026", "Q3 2026", 2026, None, 3),
        ("Open the clinic in 2026-Q3", "2026-Q3", 2026, None, 3),
        ("Open the clinic in H1", "H1", None, None, None),
        ("Open the clinic in FY27", "FY27", 2027, None, None),
        ("Open the clinic in Q2 FY27", "Q2 FY27", 2027, None, 2),
        ("Open the clinic in 2026", "2026", 2026, None, None),
        ("Open the clinic in Michaelmas term", "Michaelmas term", None, None, None),
        ("Open the clinic in the third quarter", "third quarter", None, None, 3),
        ("Open the clinic by [date]", "[date]", None, None, None),
        ("Camp from 12 to 20 May", "12 to 20 May", None, 5, 2),
    ],
)
def test_dates_are_deadlines_and_no_quantities(
    text: str, written: str, year: int | None, month: int | None, quarter: int | None
) -> None:
    found = measure(text)
    (deadline,) = found.dates
    assert deadline.text == text[deadline.start : deadline.end] == written
    assert (deadline.year, deadline.month, deadline.quarter) == (year, month, quarter)
    assert found.quantities == ()


@pytest.mark.parametrize(
    "text",
    [
        "We may hire cooks",
        "March to the sea",
        "Serve 2026 guests",
        "A second kitchen",
        "Cut waste by 1/3",
        "Praised by 4/5 guests",
        "Grow by 31.05 %",
        "Rated 13/20",
    ],
)
def test_words_and_counts_that_look_like_dates_are_none(text: str) -> None:
    assert measure(text).dates == ()


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("NPS from 40 in Q1 to 60 in Q3", [True, False]),
        ("Raise NPS to 60 (from 45 in Q1) by 15 May", [True, False]),
        ("NPS to 60 by December, from 45 in January", [False, True]),
        ("Grow orders 15 % versus last year", [True]),
        ("Open 3 shops from April to June", [False, False]),
        ("NPS from 45 to 60 in Q3", [False]),
    ],
)
def test_dates_of_the_baseline_are_told_from_deadlines(text: str, marked: list[bool]) -> None:
    assert [date.is_baseline for date in measure(text).dates] == marked


_WORDS = (
    "from to by 5 40% $3M → -> ≥ N4 X [x] [current NPS] Q3 2026 May 15th half double no than 2/3 of top #1"
    " keep +15% 1,500 1.5k 10^6 and ( ) . , - while improve two thirds a the end year-end 1st"
    " ² ½ ٣ \ud800 \x00 \u202e 🙂"
)
_FRAGMENTS = st.sampled_from(_WORDS.split(" "))
_TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(_FRAGMENTS, max_size=40).map(" ".join),
    st.lists(_FRAGMENTS, max_size=40).map("".join),
)


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_text_is_measured_with_exact_offsets(text: str) -> None:
    found = measure(text)
    places = [(quantity.start, quantity.end) for quantity in found.quantities]
    places += [(date.start, date.end) for date in found.dates]
    assert all(0 <= start < end <= len(text) for start, end in places)
    ordered = sorted(places)
    assert all(before[1] <= after[0] for before, after in pairwise(ordered))
    assert all(date.text == text[date.start : date.end] for date in found.dates)
    for end in (found.baseline, found.target, found.change):
        assert end is None or end in found.quantities
    assert found.moves == (found.direction not in {None, Direction.KEEP})


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["a", "9", "1,111,", "111 ", "[", "from 5 to ", "X ", "no more than ", "end of the ", "-"]
)
def test_a_very_long_line_stays_cheap(piece: str, calls_made: Callable[[Callable[[], object]], int]) -> None:
    quarter, whole = (piece * (size // len(piece)) for size in (25_000, 100_000))
    assert calls_made(lambda: measure(whole)) < max(10_000, 5 * calls_made(lambda: measure(quarter)))
