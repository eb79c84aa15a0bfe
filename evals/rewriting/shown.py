"""What a writer shows, as an eval stores and compares it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.coach.nouns import Line
from evals.cases import Case
from evals.task import Answer, Marks

Kind = Literal["line", "okr", "move"]
KINDS: tuple[Kind, ...] = ("line", "okr", "move")

NOT_FLAGGED = "not flagged"
"""The mark of a line on which the product doesn't see the fault, so that it has nothing to rewrite."""

BLANK = re.compile(r"\[([^\[\]\n]{0,200})\]")


_MARK = re.compile(r"(line|okr|move) \(([a-z, -]*)\): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shown:
    """One candidate as people see it, and the rules whose findings it is to clear; a `move` leaves the OKR."""

    kind: Kind
    text: str
    answers: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """As one string that a baseline can store."""
        return f"{self.kind} ({', '.join(self.answers)}): {self.text}"

    @property
    def lines(self) -> list[str]:
        """Its lines: more than one where a line was split."""
        return self.text.split("\n")


def as_answer(shown: Iterable[Shown]) -> Answer:
    """Candidates as an answer, best first."""
    return Answer(tuple(each.mark for each in shown))


def read(marks: Marks) -> list[Shown]:
    """The candidates of an answer, best first."""
    found = []
    for match in filter(None, map(_MARK.fullmatch, marks)):
        kind = next(kind for kind in KINDS if kind == match[1])
        found.append(Shown(kind, match[3], tuple(rule for rule in match[2].split(", ") if rule)))
    return found


@dataclass(frozen=True, slots=True)
class Flagged:
    """A line to be rewritten under its objective, and how a coach worded it anew, if one did.

    `forbidden` are words that stand in the line only because it orders the reviewer about.
    """

    case: Case
    references: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it as people read it."""
        return self.case.text

    @property
    def title(self) -> str:
        """The line itself."""
        return self.case.title

    @property
    def line(self) -> Line:
        """The line itself."""
        return self.case.okr.lines[self.case.asked or 0]

    @property
    def key_result(self) -> int | None:
        """Its place: None for an objective."""
        at = self.case.asked or 0
        return at if self.case.okr.objective is None else (at - 1 if at else None)

    @property
    def source(self) -> str:
        """All that a rewrite may take facts from."""
        okr = self.case.okr
        pillars = [pillar.statement for pillar in self.case.pillars]
        return "\n".join([*(line.text for line in okr.lines), *([okr.cycle] if okr.cycle else []), *pillars])
