"""What a writer of candidates is: it proposes, guard and re-review decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.coach.rewrite.guard import Fault
from app.coach.rewrite.nouns import Brief, Candidate


class Proposer(Protocol):
    """Whoever proposed candidates: a name, and one more try at each that the guard refuses."""

    @property
    def name(self) -> str:
        """What its candidates are marked with."""
        ...

    def repair(self, brief: Brief, candidate: Candidate, fault: Fault) -> Candidate | None:
        """One more try at a candidate that the guard refused, told why; None if there is none."""
        ...


class Writer(Proposer, Protocol):
    """A writer that answers at once; the LLM writer has an async twin in `llm.py`."""

    def write(self, briefs: Sequence[Brief]) -> list[Candidate]:
        """Candidates for all the targets of several OKRs, each target's best first."""
        ...
