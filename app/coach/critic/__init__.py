"""Critics: judges that give every line a closed verdict; `verdicts.py` makes findings of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from app.coach.nouns import Source
from app.coach.rules.rule import LineView


class Kind(StrEnum):
    """The closed verdict on one line: at most one of the two headline line findings."""

    ACTIVITY = "activity"
    KPI = "kpi"
    NEITHER = "neither"


RULE_OF_KIND: Mapping[Kind, str] = {
    Kind.ACTIVITY: "activity-not-outcome",
    Kind.KPI: "kpi-as-okr",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One line judged. `confidence` is the calibrated probability (0-1) that `kind` is right;
    `quote` is the judged part of the line's text, None for all of it.
    """

    kind: Kind
    confidence: float
    why: str = ""
    quote: tuple[int, int] | None = None
    details: Mapping[str, object] = field(default_factory=dict)


class Critic(Protocol):
    """A judge of lines that answers at once; the LLM critic has an async twin in `llm.py`."""

    @property
    def source(self) -> Source:
        """Which tier its findings are marked with."""
        ...

    @property
    def name(self) -> str:
        """Model name and hash, for the report."""
        ...

    def judge(self, lines: Sequence[tuple[LineView, str]]) -> list[Judgement]:
        """Judge each (line, its objective's text or ""), in order."""
        ...
