"""A line that names one of the organisation's own KPIs and moves nothing is that KPI."""

from __future__ import annotations

import pytest
from rule_fixtures import look

from app.coach.nouns import Context, Kpi
from app.coach.parse import parse_text
from app.coach.rules import load_rules

CHECKS = {rule.id: rule.check for rule in load_rules()}
CALLS = "First-call resolution"


def quotes(line: str, *kpis: Kpi, rule: str = "kpi-as-okr") -> list[str]:
    check = CHECKS[rule]
    assert check
    view = look(parse_text(f"O: Help at hand\nKR: {line}"), Context(kpis=kpis))
    return [hit.where.text[hit.start : hit.end] for hit in check(view)]


@pytest.mark.parametrize(
    "line",
    [
        "First-call resolution of 80 %",
        "first call resolution",
        "First-call resolution of at least 70 %",
        "First-call resolution of 80.5 %",
    ],
)
def test_a_kpi_of_the_register_that_stays_is_named(line: str) -> None:
    assert [quote.lower() for quote in quotes(line, Kpi("First-call resolution", "80 %"))] == [
        line[: len("first-call resolution")].lower()
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Raise first-call resolution from 58 % to 75 %",
        "Cut complaints about the hotline from 40 to 12",
    ],
)
def test_a_kpi_that_moves_or_another_measure_is_left_alone(line: str) -> None:
    assert quotes(line, Kpi("First-call resolution", "80 %")) == []


def test_a_kpi_without_words_matches_nothing() -> None:
    assert quotes("95 % of calls answered", Kpi("%"), Kpi("")) == []


@pytest.mark.parametrize(
    "line", ["Reach a first-call resolution of 80 %", "Keep first-call resolution above 95 %", "Reach FCR of 80 %"]
)
def test_a_level_it_has_anyway_is_held_however_it_is_worded(line: str) -> None:
    name = "FCR" if "FCR" in line else CALLS
    assert quotes(line, Kpi(name, "80 %", (79, 81, 80))) == [quotes_name(line, name)]


def quotes_name(line: str, name: str) -> str:
    at = line.lower().index(name.lower())
    return line[at : at + len(name)]


@pytest.mark.parametrize(
    ("line", "kpi"),
    [
        ("First-call resolution of 95 %", Kpi(CALLS, "80 %")),
        ("First-call resolution of at least 90 %", Kpi(CALLS, "80 %", (79, 82, 80))),
        ("Waiting time under 5 minutes", Kpi("Waiting time", "12 minutes")),
        ("Reach a first-call resolution of 80 %", Kpi(CALLS, "80 %", (66, 64, 65))),
        ("Reach a first-call resolution of 90 %", Kpi(CALLS, "80 %")),
    ],
)
def test_a_level_it_does_not_normally_have_is_a_move(line: str, kpi: Kpi) -> None:
    assert quotes(line, kpi) == []


def test_the_longest_name_counts() -> None:
    kpis = Kpi("churn", "2 %"), Kpi("Churn of new teams", "9 %")
    assert quotes("Churn of new teams", *kpis) == ["Churn of new teams"]


@pytest.mark.parametrize(
    ("line", "history", "quote"),
    [
        ("Raise first-call resolution from 74 % to 79 %", (74, 80, 72, 76), "79 %"),
        ("Raise first-call resolution to 79 %", (74, 80, 72), "79 %"),
        ("Cut first-call resolution to 73 %", (60, 74, 80, 72, 76), "73 %"),
    ],
)
def test_a_target_inside_the_usual_variation_is_said(line: str, history: tuple[float, ...], quote: str) -> None:
    kpi = Kpi(CALLS, "75 %", history)
    assert [found.strip() for found in quotes(line, kpi, rule="no-stretch")] == [quote]
    assert quotes(line, kpi) == []


@pytest.mark.parametrize(
    ("line", "kpi"),
    [
        ("Raise first-call resolution from 74 % to 88 %", Kpi(CALLS, "75 %", (74, 80, 72, 76))),
        ("Raise first-call resolution from 74 % to 79 %", Kpi(CALLS, "75 %", (74, 80))),
        ("Raise first-call resolution from 61 % to 75 %", Kpi(CALLS, "75 %", (80, 74, 68, 61))),
        ("Raise first-call resolution to 79 %", Kpi(CALLS, "75 %", (90, 79, 60, 74, 75, 76, 73))),
        ("Raise first-call resolution to 79 calls", Kpi(CALLS, "75 %", (74, 80, 72, 76))),
        ("Raise praise for the hotline from 74 % to 79 %", Kpi(CALLS, "75 %", (74, 80, 72, 76))),
        ("First-call resolution of 79 %", Kpi(CALLS, "75 %", (74, 80, 72, 76))),
    ],
)
def test_a_target_beyond_it_or_without_readings_is_left_alone(line: str, kpi: Kpi) -> None:
    assert quotes(line, kpi, rule="no-stretch") == []
