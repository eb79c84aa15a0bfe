"""A line that names one of the organisation's own KPIs and moves nothing is that KPI."""

from __future__ import annotations

import pytest
from rule_fixtures import look

from app.coach.nouns import Context, Kpi
from app.coach.parse import parse_text
from app.coach.rules import load_rules

CHECK = next(rule.check for rule in load_rules() if rule.id == "kpi-as-okr")


def quotes(line: str, *kpis: Kpi) -> list[str]:
    assert CHECK
    view = look(parse_text(f"O: Help at hand\nKR: {line}"), Context(kpis=kpis))
    return [hit.where.text[hit.start : hit.end] for hit in CHECK(view)]


@pytest.mark.parametrize("line", ["First-call resolution of 80 %", "first call resolution"])
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
