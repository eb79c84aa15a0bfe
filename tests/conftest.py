"""Shared fixtures: the real coach with the shipped models, loaded once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings
from stores import database_url, office, postgres, service

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app
from app.wiring import build_coach

# The same examples in every run, so that a commit passes or fails by what it changes; to look for new ones:
# pytest --hypothesis-profile=default
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

__all__ = ["database_url", "office", "postgres", "service"]


@pytest.fixture(scope="session")
def coach() -> Coach:
    return build_coach(Settings())


@pytest.fixture(scope="session")
def rules_only() -> Coach:
    return build_coach(Settings(), models=False)


@pytest.fixture(scope="session")
def client(coach: Coach) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), coach)) as running:
        yield running


@pytest.fixture(scope="session")
def calls_made() -> Callable[[Callable[[], object]], int]:
    """Calls of Python and C functions that a piece of work makes: its cost, without a clock."""

    def count(work: Callable[[], object]) -> int:
        calls = 0

        def heard(_frame: FrameType, event: str, _arg: object) -> None:
            nonlocal calls
            calls += event in {"call", "c_call"}

        before = sys.getprofile()
        sys.setprofile(heard)
        try:
            work()
        finally:
            sys.setprofile(before)
        return calls

    return count
