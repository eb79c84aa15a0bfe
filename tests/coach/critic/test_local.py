"""How the embedded critic reads a line."""

from __future__ import annotations

from app.coach.critic.local import as_input


def test_cells_of_a_table_are_read_as_they_would_be_said() -> None:
    assert as_input("Seats taken | 38% | 60%", "", is_objective=False) == "key result: Seats taken : 38% → 60%"
    assert as_input("Calls\tContact centre\t420\t200", "", is_objective=False) == (
        "key result: Calls:Contact centre:420→200"
    )
    assert as_input("Errors | owner: Kim | 38%", "", is_objective=False) == "key result: Errors | owner: Kim | 38%"
