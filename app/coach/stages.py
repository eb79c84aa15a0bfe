"""The stages of a review, and a review in the making."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from app.coach.critic.llm import Consultation, Judged
from app.coach.nouns import Draft, Finding
from app.coach.profiles import Profile
from app.coach.report import Note, Review
from app.coach.rules.rule import DraftView, LineView
from app.coach.verdicts import Verdicts

CriticChoice = Literal["auto", "local", "llm", "none"]


@dataclass
class Stopwatch:
    """Milliseconds by stage."""

    stages: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage."""
        began = time.perf_counter()
        yield
        self.stages[name] = round((time.perf_counter() - began) * 1000, 3)


@dataclass(frozen=True, slots=True)
class Parsed:
    """Stage 1: what was read."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Found:
    """Stage 2: the whole review by rules and embedded models."""

    review: Review


@dataclass(frozen=True, slots=True)
class Heard:
    """Stage 3, once a verdict: what the LLM says of one line or one OKR."""

    judged: Judged


@dataclass(frozen=True, slots=True)
class Done:
    """Stage 4: the review by everybody."""

    review: Review


Stage = Parsed | Found | Heard | Done


@dataclass
class Pass:
    """A review in the making."""

    draft: Draft
    method: Profile
    critic: CriticChoice
    view: DraftView
    watch: Stopwatch
    notes: list[Note]
    findings: list[Finding] = field(default_factory=list)
    asked: Sequence[tuple[LineView, str]] = ()
    verdicts: Verdicts = field(default_factory=Verdicts)
    consultation: Consultation | None = None
