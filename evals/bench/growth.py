"""How the time of a whole review grows with the draft, up to 100,000 characters."""

from __future__ import annotations

import math
import time

from app.coach.nouns import Context
from app.coach.parse import parse_text
from app.config import Settings
from app.wiring import build_coach
from evals.bench.row import DRAFT, Row

SIZES = (1_000, 10_000, 100_000)


def run() -> list[Row]:
    """Seconds a size for the rules, and the growth exponent over the last factor of ten."""
    coach = build_coach(Settings())
    body = DRAFT.split("\n", 2)[2]
    took = {}
    for size in SIZES:
        text = (body * (size // len(body) + 1))[:size]
        took[size] = min(
            _time(lambda text=text: coach.review(parse_text(text), Context(), critic="none")) for _ in range(3)
        )
    text = (body * (SIZES[-1] // len(body) + 1))[: SIZES[-1]]
    full = _time(lambda: coach.review(parse_text(text), Context()))
    exponent = math.log10(took[100_000] / took[10_000])
    rows = [Row(f"rules, draft of {size:,} characters", s * 1000, f"{s * 1000:.0f} ms") for size, s in took.items()]
    return [
        *rows,
        Row(
            "growth exponent, 10,000 → 100,000 characters", exponent, f"n^{exponent:.2f}", "≤ n^1.15", exponent <= 1.15
        ),
        Row("rules + critic (first 500 lines), 100,000 characters", full * 1000, f"{full * 1000:.0f} ms"),
    ]


def _time(job: object) -> float:
    assert callable(job)
    began = time.perf_counter()
    job()
    return time.perf_counter() - began
