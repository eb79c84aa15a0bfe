"""Ids come in the order of their making, whatever the clock does."""

from __future__ import annotations

import time

import pytest

from app.services.store.ids import new_id


def test_many_in_a_millisecond_stay_in_order() -> None:
    made = [new_id() for _ in range(200_000)]
    assert made == sorted(made)
    assert len({len(one) for one in made}) == 1
    assert len(made[0]) == 28


def test_a_clock_set_back_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000_000_000)
    assert before < new_id() < new_id()
