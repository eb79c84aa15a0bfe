"""What the LLM critic may answer: closed verdicts, nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ValidationError
from pydantic_core import from_json

VerdictT = TypeVar("VerdictT", bound=BaseModel)


def _probability(given: float) -> float:
    """Whatever the scale: some models say 85 when they are asked for 0 to 1."""
    if not math.isfinite(given):
        return 0.5
    return min(1.0, max(0.0, given / 100 if given > 1 else given))


Confidence = Annotated[float, AfterValidator(_probability)]


class LineVerdict(BaseModel):
    """The verdict on the line."""

    kind: Literal["activity", "kpi", "neither"]
    confidence: Confidence
    quote: str
    why: str


class NumberedVerdict(BaseModel):
    """The verdict on one numbered line."""

    line: int
    kind: Literal["activity", "kpi", "neither"]
    confidence: Confidence
    quote: str
    why: str


class CriticAnswer(BaseModel):
    """One verdict for every numbered line."""

    verdicts: list[NumberedVerdict]


class LinkVerdict(BaseModel):
    """The verdict on one numbered OKR; pillar 0 is none."""

    okr: int
    pillar: int
    confidence: Confidence
    why: str


class StrategyAnswer(BaseModel):
    """One verdict for every numbered OKR."""

    verdicts: list[LinkVerdict]


def hearing(schema: type[VerdictT], hear: Callable[[VerdictT], None]) -> Callable[[str], None]:
    """Hears the verdicts that are complete in the text of an answer so far."""

    def listen(text: str) -> None:
        try:
            answer = from_json(text, allow_partial=True)
        except ValueError:
            return
        items = answer.get("verdicts") if isinstance(answer, dict) else None
        for item in items if isinstance(items, list) else ():
            try:
                verdict = schema.model_validate(item)
            except ValidationError:
                continue
            hear(verdict)

    return listen
