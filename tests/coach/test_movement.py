"""What a line says of movement: both ends, by how much, to what, and levels that are kept."""

from __future__ import annotations

import pytest

from app.coach.quantities import Comparator, Direction, measure, states_movement

UP, DOWN, REACH, KEEP = Direction.UP, Direction.DOWN, Direction.REACH, Direction.KEEP
AT_LEAST, AT_MOST, EXACTLY = Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.EXACTLY


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
