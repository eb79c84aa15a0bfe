"""The nouns of the flow: what is read (draft, OKR, line) and what is said of it (finding, verdict).

All values are frozen. Offsets are code points, end exclusive, and count within the string that the
author submitted: the whole text for pasted drafts, the item's own string for structured ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How strongly a coach would put it; `error` means the draft is sent back."""

    ERROR = "error"
    WARNING = "warning"
    SUGGESTION = "suggestion"


class Source(StrEnum):
    """Which judge raised a finding."""

    RULE = "rule"
    LOCAL = "local"
    LLM = "llm"


class Verdict(StrEnum):
    """What one line is, in a word; everything but `good` says where the line belongs instead."""

    GOOD = "good"
    ACTIVITY = "activity"
    KPI = "kpi"
    INDIVIDUAL = "individual"
    UNMEASURABLE = "unmeasurable"


@dataclass(frozen=True, slots=True)
class Line:
    """An objective or key result as written: `submitted[start:end] == text`."""

    text: str
    start: int
    end: int

    @classmethod
    def whole(cls, text: str) -> Line:
        """A line that is a string of its own, stripped of surrounding white space."""
        stripped = text.strip()
        start = text.find(stripped) if stripped else 0
        return cls(stripped, start, start + len(stripped))


@dataclass(frozen=True, slots=True)
class Okr:
    """One objective with its key results; `objective` is None for a lone line pasted for review."""

    objective: Line | None
    key_results: tuple[Line, ...] = ()
    team: str | None = None
    cycle: str | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        """Objective (if any) first, then the key results."""
        return ((self.objective,) if self.objective else ()) + self.key_results


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the submission that could not be read as an OKR: what was seen, how to write it."""

    code: str
    message: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Pillar:
    """One strategic priority that OKRs may serve."""

    name: str
    text: str = ""

    @property
    def statement(self) -> str:
        """Name and text as one sentence for comparison."""
        return f"{self.name}. {self.text}" if self.text and self.text != self.name else self.name


@dataclass(frozen=True, slots=True)
class Draft:
    """A submission after parsing.

    `cycle` is the one named for the whole draft (a heading), if any; `strategy` what it says of it beside its OKRs.
    """

    okrs: tuple[Okr, ...]
    problems: tuple[Problem, ...] = ()
    cycle: str | None = None
    strategy: tuple[Pillar, ...] = ()


@dataclass(frozen=True, slots=True)
class Kpi:
    """A standing measure of the organisation, with its normal level and latest readings (oldest first) when known."""

    name: str
    target: str | None = None
    history: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the draft; `dismissed` are reasons by content (`coach.dismissals`)."""

    team: str | None = None
    cycle: str | None = None
    strategy: tuple[Pillar, ...] = ()
    parent: Okr | None = None
    kpis: tuple[Kpi, ...] = ()
    dismissed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """Which line a finding is about, indices from 0; `key_result` None means objective or whole OKR."""

    objective: int
    key_result: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a coach would say, tied to the words it is about.

    `start` and `end` count in the submitted string and `quote` is exactly that slice.
    """

    rule: str
    severity: Severity
    start: int
    end: int
    quote: str
    message: str
    question: str
    sources: tuple[Source, ...]
    confidence: float
    target: Target
    details: dict[str, object] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str:
        """Stable across reviews of the same text: a hash of rule, quote and place."""
        place = f"{self.target.objective}/{self.target.key_result}/{self.start}"
        key = f"{self.rule}\x1f{self.quote}\x1f{place}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(key, digest_size=8).hexdigest()

    @property
    def help_url(self) -> str:
        """Path of the rule's page."""
        return f"/rules/{self.rule}"
