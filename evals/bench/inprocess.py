"""Warm reviews in one process: rules with the embedded critic, against rules alone."""

from __future__ import annotations

import time
from typing import Literal

import numpy as np

from app.coach.flow import Coach
from app.coach.nouns import Context
from app.coach.parse import parse_text
from app.config import Settings
from app.wiring import build_coach
from evals.bench.row import DRAFT, Row

ROUNDS = 400
LINES = 5
"""Of the draft: the batch that the critic reads."""


def run() -> list[Row]:
    """p50 and p99 of one objective and four key results, every text different."""
    coach = build_coach(Settings())
    full = _times(coach, "local")
    rules = _times(coach, "none")
    p50, p99, alone = np.percentile(full, 50), np.percentile(full, 99), np.percentile(rules, 50)
    return [
        Row("review, rules + embedded critic, p50", p50, f"{p50:.1f} ms", "≤ 15 ms", bool(p50 <= 15)),
        Row("review, rules + embedded critic, p99", p99, f"{p99:.1f} ms", "≤ 40 ms", bool(p99 <= 40)),
        Row("the same a line", p50 / LINES, f"{p50 / LINES:.1f} ms", "≤ 2 ms", bool(p50 <= 2 * LINES)),
        Row("review, rules alone, p50", alone, f"{alone:.2f} ms", "≤ 1 ms", bool(alone <= 1)),
        Row("embedded critic's cost over rules alone", p50 / alone, f"{p50 / alone:.0f} ×"),
    ]


def _times(coach: Coach, critic: Literal["local", "none"]) -> list[float]:
    found = []
    for number in range(ROUNDS + 20):
        text = DRAFT.replace("9 days", f"{9 + number} days")
        began = time.perf_counter()
        coach.review(parse_text(text), Context(), critic=critic)
        found.append((time.perf_counter() - began) * 1000)
    return found[20:]
