"""The real rewriter over the shipped models."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.coach.flow import Coach
from app.coach.nouns import Context
from app.coach.parse import parse_okrs
from app.coach.rewrite.rewriter import Rewriter, Rewritten, Wish
from app.config import Settings
from app.wiring import build_rewriter

Run = Callable[..., Rewritten]


@pytest.fixture(scope="session")
def rewriter(coach: Coach) -> Rewriter:
    return build_rewriter(Settings(), coach)


@pytest.fixture(scope="session")
def run(coach: Coach, rewriter: Rewriter) -> Run:
    """Rewrite an OKR: objective (None for lone lines), key results, and what else matters."""

    def rewrite(
        objective: str | None, *lines: str, cycle: str | None = "Q3 2026", context: Context = Context(), wish: Wish = Wish()
    ) -> Rewritten:
        draft = parse_okrs([{"objective": objective, "key_results": list(lines), "cycle": cycle}])
        return rewriter.rewrite(coach.review(draft, context), context, wish)

    return rewrite
