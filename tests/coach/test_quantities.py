"""What a line measures: numbers, units, dates, ends of a movement, and what only looks like them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.coach.quantities import Comparator, Direction, measure, states_movement

UP, DOWN, REACH, KEEP = Direction.UP, Direction.DOWN, Direction.REACH, Direction.KEEP
AT_LEAST, AT_MOST, EXACTLY = Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.EXACTLY


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


@pytest.mark.parametrize(
    ("text", "baseline", "target", "unit", "direction"),
    [
        ("CSAT from 85 to 92", 85, 92, "", UP),
        ("Cut no-shows from 12 % to 7.5 %", 12, 7.5, "percent", DOWN),
        ("Fix rate from 70 to 80 %", 70, 80, "percent", UP),
        ("NPS 45 → 60", 45, 60, "", UP),
        ("NPS 45 -> 60", 45, 60, "", UP),
        ("NPS 60 to 75", 60, 75, "", UP),
        ("Raise NPS to 60 (from 45)", 45, 60, "", UP),
        ("Raise NPS to 60, currently 45", 45, 60, "", UP),
        ("200k readers a month (was 125k)", 125e3, 200e3, "", UP),
        ("60 % of growers insured (baseline 40 %)", 40, 60, "percent", UP),
        ("p95 of the ticket page 1.4s to 350ms", 1.4, 350, None, DOWN),
        ("Repair time 3hrs to 45min", 3, 45, None, DOWN),
        ("Two thirds of growers insured, up from a third", 100 / 3, 200 / 3, "percent", UP),
        ("Wait below 30 days, down from 48", 48, 30, "day", DOWN),
        ("Onboarding from 3 weeks to 5 days", 3, 5, None, DOWN),
        ("Handover cut from 14 days to 3", 14, 3, "day", DOWN),
        ("Improve reply time from 4h to under 1h", 4, 1, "hour", DOWN),
        ("Grow sponsors from zero to 5", 0, 5, "", UP),
        ("Improve NPS (today 45) to 60", 45, 60, "", UP),
        ("Reach an NPS of 60 (45 last quarter)", 45, 60, "", UP),
        ("Move from 8th to 3rd place", 8, 3, "rank", DOWN),
        ("Double from 40 to 80 sponsors", 40, 80, "", UP),
    ],
)
def test_both_ends_of_a_movement(
    text: str, baseline: float, target: float, unit: str | None, direction: Direction
) -> None:
    found = measure(text)
    assert found.baseline is not None
    assert found.target is not None
    assert found.baseline.value == pytest.approx(baseline)
    assert found.target.value == pytest.approx(target)
    assert unit is None or found.baseline.unit == found.target.unit == unit
    assert (found.direction, found.moves) == (direction, True)


@pytest.mark.parametrize(
    ("text", "value", "unit", "direction"),
    [
        ("Grow trial sign-ups 30 %", 30, "percent", UP),
        ("Cut freight costs by 15 %", 15, "percent", DOWN),
        ("Sign-ups +15%", 15, "percent", UP),
        ("Breakages -20 %", 20, "percent", DOWN),
        ("A 20 % increase in repeat orders", 20, "percent", UP),
        ("20% fewer returns", 20, "percent", DOWN),
        ("An increase of 5 points in NPS", 5, "points", UP),
        ("Double repeat orders", 2, "times", UP),
        ("Triple repeat orders", 3, "times", UP),
        ("Halve the queue", 0.5, "times", DOWN),
        ("Cut the queue in half", 0.5, "times", DOWN),
        ("10x growth in orders", 10, "times", UP),
        ("Improve throughput by an order of magnitude", 10, "times", UP),
        ("Reduce scrap by 1/3", 100 / 3, "percent", DOWN),
    ],
)
def test_relative_movements(text: str, value: float, unit: str, direction: Direction) -> None:
    found = measure(text)
    assert found.change is not None
    assert found.change.value == pytest.approx(value)
    assert found.change.unit == unit
    assert found.target is None
    assert (found.direction, found.moves) == (direction, True)


@pytest.mark.parametrize(
    ("text", "target", "direction", "comparator"),
    [
        ("Raise NPS to 60", 60, UP, None),
        ("Reduce churn below 3 %", 3, DOWN, AT_MOST),
        ("Reach $1M in new sales", 1e6, REACH, None),
        ("First 500 paying teams", 500, REACH, None),
        ("Achieve 70 % attendance for the first time", 70, REACH, None),
        ("Get attendance to 70 %", 70, REACH, None),
        ("200 new donors", 200, UP, None),
        ("Add 12 donors", 12, UP, None),
        ("Bring queues under 10 minutes", 10, REACH, AT_MOST),
        ("Triple donations to $9M", 9e6, UP, None),
        ("While keeping scrap under 2 %, grow output to 900 tonnes", 900, UP, None),
        ("Cut lead time to 9 days while keeping scrap under 2 %", 9, DOWN, None),
    ],
)
def test_movements_to_a_target(text: str, target: float, direction: Direction, comparator: Comparator | None) -> None:
    found = measure(text)
    assert found.target is not None
    assert found.target.value == target
    assert (found.direction, found.comparator, found.moves) == (direction, comparator, True)


@pytest.mark.parametrize(
    ("text", "target", "comparator"),
    [
        ("NPS ≥ 50", 50, AT_LEAST),
        ("NPS >= 50", 50, AT_LEAST),
        ("NPS > 50", 50, AT_LEAST),
        ("NPS of 50 or higher", 50, AT_LEAST),
        ("50+ donors", 50, AT_LEAST),
        ("At least 50 donors", 50, AT_LEAST),
        ("More than 50 donors", 50, AT_LEAST),
        ("Over 50 donors", 50, AT_LEAST),
        ("Scrap < 2 %", 2, AT_MOST),
        ("Scrap ≤ 2 %", 2, AT_MOST),
        ("At most 2 % scrap", 2, AT_MOST),
        ("No more than 3 complaints a month", 3, AT_MOST),
        ("Fewer than 3 complaints a month", 3, AT_MOST),
        ("Up to 3 complaints a month", 3, AT_MOST),
        ("Orders leave within 2 days", 2, AT_MOST),
        ("2 days max", 2, AT_MOST),
        ("Exactly 3 exits", 3, EXACTLY),
        ("90-day retention ≥ 40 %", 40, AT_LEAST),
        ("90 % of offers go out untouched", 90, None),
        ("99.9 % uptime by quarter-end", 99.9, None),
    ],
)
def test_a_bare_threshold_has_a_target_and_does_not_move(
    text: str, target: float, comparator: Comparator | None
) -> None:
    found = measure(text)
    assert found.target is not None
    assert found.target.value == target
    assert (found.comparator, found.direction, found.moves) == (comparator, None, False)


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("Keep NPS above 40", AT_LEAST),
        ("Maintain 20 % growth", None),
        ("Stock-outs stay below 2 %", AT_MOST),
        ("Hold scrap at 2 %", None),
        ("Ensure at least 95 % of invoices are paid", AT_LEAST),
        ("Freezers are never below 18 degrees", AT_LEAST),
        ("No ticket is older than 30 days", AT_MOST),
        ("Zero outages at all times", None),
        ("Maintain or improve an NPS of 50", None),
        ("Keep CSAT at 95 (currently 95)", None),
    ],
)
def test_a_kept_level_does_not_move(text: str, comparator: Comparator | None) -> None:
    found = measure(text)
    assert found.target is not None
    assert (found.direction, found.comparator, found.moves) == (KEEP, comparator, False)


@pytest.mark.parametrize(
    "text",
    [
        "Hold 5 webinars",
        "Reach out to 20 shops",
        "Run 3 surveys to improve menus",
        "Raise 3 tickets",
        "Host talks at scale",
    ],
)
def test_work_that_only_sounds_like_movement_does_not_move(text: str) -> None:
    assert not measure(text).moves


def test_a_from_that_names_a_source_is_no_baseline() -> None:
    found = measure("Collect feedback from 20 growers to improve NPS to 50")
    assert found.baseline is None
    assert found.target is not None
    assert found.target.value == 50


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
    assert found.moves == (found.direction not in {None, KEEP})


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["a", "9", "1,111,", "111 ", "[", "from 5 to ", "X ", "no more than ", "end of the ", "-"]
)
def test_a_very_long_line_stays_cheap(piece: str, calls_made: Callable[[Callable[[], object]], int]) -> None:
    quarter, whole = (piece * (size // len(piece)) for size in (25_000, 100_000))
    assert calls_made(lambda: measure(whole)) < max(10_000, 5 * calls_made(lambda: measure(quarter)))


@pytest.mark.parametrize(
    "text",
    [
        "+10% revenue",
        "Electricity consumption -8%",
        "eNPS up 5 points",
        "Time to first order down 20%",
        "Waiting times cut by a third",
        "Deployments from 2 a week to daily",
        "Releases from monthly to weekly",
    ],
)
def test_a_stated_movement_is_no_level(text: str) -> None:
    assert states_movement(text, measure(text))


@pytest.mark.parametrize(
    "text",
    [
        "Uptime 99.9 %",
        "CSAT stays above 88%",
        "Report sent from finance to sales weekly",
        "Keep growth at +3 %",
        "NPS of 40",
        "Booking site up 99.8 %",
        "Pick up 8 in 10 calls within a minute",
        "Pipeline coverage 3x",
    ],
)
def test_a_level_is_not_moved(text: str) -> None:
    assert not states_movement(text, measure(text))
