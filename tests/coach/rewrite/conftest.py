"""The real rewriter over the shipped models."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.coach.flow import Coach
from app.coach.nouns import Context
from app.coach.parse import parse_okrs
from app.coach.rewrite.outcomes import OutcomeMap
from app.coach.rewrite.rewriter import Rewriter, Rewritten, Wish
from app.config import Settings
from app.services.embeddings import load_encoder
from app.wiring import OUTCOME_ENCODER, build_rewriter

Run = Callable[..., Rewritten]


@pytest.fixture(scope="session")
def rewriter(coach: Coach) -> Rewriter:
    return build_rewriter(Settings(), coach)


@pytest.fixture(scope="session")
def outcomes() -> OutcomeMap:
    return OutcomeMap(lambda: load_encoder(OUTCOME_ENCODER))


@pytest.fixture(scope="session")
def run(coach: Coach, rewriter: Rewriter) -> Run:
    """Rewrite an OKR: objective (None for lone lines), key results, and what else matters."""

    def rewrite(
        objective: str | None,
        *lines: str,
        cycle: str | None = "Q3 2026",
        context: Context = Context(),
        wish: Wish = Wish(),
    ) -> Rewritten:
        draft = parse_okrs([{"objective": objective, "key_results": list(lines), "cycle": cycle}])
        return rewriter.rewrite(coach.review(draft, context), context, wish)

    return rewrite
