"""What the model is shown besides the rubric: a fixed set of examples, in the very form of question and answer."""

from __future__ import annotations

from functools import cache
from typing import Literal

import yaml
from pydantic import BaseModel

from app.coach.critic.answers import CriticAnswer, LineVerdict, LinkVerdict, NumberedVerdict, StrategyAnswer
from app.services import prompts

SURE = 0.9


class LineExample(BaseModel):
    """A labelled line."""

    role: Literal["objective", "line"]
    text: str
    kind: Literal["activity", "kpi", "neither"]
    quote: str
    why: str


class LinkExample(BaseModel):
    """A labelled OKR with the pillars of its organisation; `pillar` counts from 1, 0 is none."""

    pillars: tuple[str, ...]
    objective: str
    key_results: tuple[str, ...]
    pillar: int
    why: str


class SideExample(BaseModel):
    """A line of one team."""

    team: str
    objective: str
    text: str


class PairExample(BaseModel):
    """A labelled pair of lines of two teams."""

    a: SideExample
    b: SideExample
    type: Literal["unrelated", "duplicate", "overlap", "conflict", "dependency"]
    why: str


class Examples(BaseModel):
    """All of them."""

    lines: tuple[LineExample, ...]
    links: tuple[LinkExample, ...]
    pairs: tuple[PairExample, ...]


@cache
def examples() -> Examples:
    """The examples in `prompts/parts/examples.yaml`."""
    return Examples.model_validate(yaml.safe_load((prompts.PROMPTS / "parts" / "examples.yaml").read_text("utf-8")))


@cache
def review_shots() -> tuple[prompts.Shot, ...]:
    """All lines as one draft, with one answer."""
    lines = examples().lines
    numbered = tuple(prompts.NumberedLine(at, e.role, e.text) for at, e in enumerate(lines, 1))
    asked = prompts.Critic(prompts.fence_of(e.text for e in lines), (prompts.LineGroup("", numbered),))
    verdicts = [
        NumberedVerdict(line=at, kind=e.kind, confidence=SURE, quote=e.quote, why=e.why)
        for at, e in enumerate(lines, 1)
    ]
    return ((asked, CriticAnswer(verdicts=verdicts)),)


@cache
def line_shots() -> tuple[prompts.Shot, ...]:
    """Each line by itself."""
    return tuple(
        (
            prompts.CriticLine(prompts.fence_of([e.text]), e.role, e.text),
            LineVerdict(kind=e.kind, confidence=SURE, quote=e.quote, why=e.why),
        )
        for e in examples().lines
    )


@cache
def link_shots() -> tuple[prompts.Shot, ...]:
    """Each OKR by itself."""
    return tuple(
        (
            prompts.Strategy(
                prompts.fence_of([e.objective]), e.pillars, (prompts.NumberedOkr(1, e.objective, e.key_results),)
            ),
            StrategyAnswer(verdicts=[LinkVerdict(okr=1, pillar=e.pillar, confidence=SURE, why=e.why)]),
        )
        for e in examples().links
    )
