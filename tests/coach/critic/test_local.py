"""What the embedded critic never calls a level that is kept."""

from __future__ import annotations

import pytest

from app.coach.critic.local import as_input, is_moved
from app.coach.quantities import measure


@pytest.mark.parametrize(
    "text",
    [
        "+10% revenue",
        "Electricity consumption -8%",
        "Deployments from 2 a week to daily",
        "Releases from monthly to weekly",
    ],
)
def test_a_stated_movement_is_no_level(text: str) -> None:
    assert is_moved(text, measure(text))


@pytest.mark.parametrize(
    "text",
    [
        "Uptime 99.9 %",
        "CSAT stays above 88%",
        "Report sent from finance to sales weekly",
        "Keep growth at +3 %",
        "NPS of 40",
    ],
)
def test_a_level_is_not_moved(text: str) -> None:
    assert not is_moved(text, measure(text))


def test_cells_of_a_table_are_read_as_they_would_be_said() -> None:
    assert as_input("Seats taken | 38% | 60%", "", is_objective=False) == "key result: Seats taken : 38% → 60%"
    assert as_input("Calls\tContact centre\t420\t200", "", is_objective=False) == (
        "key result: Calls:Contact centre:420→200"
    )
    assert as_input("Errors | owner: Kim | 38%", "", is_objective=False) == "key result: Errors | owner: Kim | 38%"
