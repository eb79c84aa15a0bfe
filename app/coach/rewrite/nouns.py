"""The nouns of rewriting: what a writer proposes, what passes, what is dropped, what the author answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.coach.nouns import Context, Finding, Target
from app.coach.rules.rule import OkrView

Kind = Literal["line", "okr", "move"]
"""`line`: `text` takes the place of the target line, and may be several: for a key result its parts, for an objective
the objective and key results to add. `okr`: `text` is the whole OKR, objective first. `move`: the target leaves the
OKR, and `text` is what it becomes where it belongs.
"""

Place = Literal["", "roadmap", "health metrics", "personal development", "pay talk", "later cycle", "nowhere"]
"""Where a move takes the line."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A wording that a writer proposes; nothing of it is shown before guard and re-review have passed it.

    `answers` are the rules of the findings it is meant to clear. `guess` says that the outcome isn't the author's.
    `lent` is text of the curated map that the wording uses; `order` is the writer's own preference, 0 first.
    """

    target: Target
    text: str
    kind: Kind
    answers: tuple[str, ...]
    why: str
    writer: str
    guess: bool = False
    lent: str = ""
    goes_to: Place = ""
    order: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Some words of a diff: kept, taken out or put in."""

    op: Literal["same", "out", "in"]
    text: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A candidate that passed. `answers` are the findings that the re-review saw cleared.

    Grades are those of the whole OKR (of the lone lines together where there is no objective), 0-100;
    `grade_after` holds once the blanks are filled. `answered` are the author's answers that it uses.
    """

    candidate: Candidate
    answers: tuple[str, ...]
    blanks: tuple[str, ...]
    diff: tuple[Change, ...]
    grade_before: int
    grade_after: int
    answered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """A candidate that wasn't shown, or a line that got none, and why."""

    reason: str
    message: str
    target: Target
    text: str = ""
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What the coach would ask before rewriting; `id` is stable for the same question on the same line."""

    id: str
    target: Target
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the author said: the content of one `blank`, or in reply to `question`, or freely about the line."""

    target: Target
    text: str
    blank: str | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """What a writer gets to know about one OKR.

    `findings` are by key result, None for objective and whole OKR; `targets` are the lines to be rewritten.
    """

    okr: OkrView
    findings: Mapping[int | None, Sequence[Finding]]
    targets: tuple[int | None, ...]
    context: Context
    cycle: str | None
    answers: tuple[Answer, ...] = ()
    grades: Mapping[int | None, float] = field(default_factory=dict)
    limit: int = 5
    n: int = 3

    def rules(self, key_result: int | None) -> tuple[str, ...]:
        """The rules that flagged a line, each once."""
        return tuple(dict.fromkeys(finding.rule for finding in self.findings.get(key_result, ())))

    def target(self, key_result: int | None) -> Target:
        """A place in this OKR."""
        return Target(self.okr.index, key_result)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for: which lines (all flagged ones for None), answers, and how many candidates a line."""

    targets: tuple[Target, ...] | None = None
    answers: tuple[Answer, ...] = ()
    n: int = 3


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What may be shown, what was dropped and why, and what the coach would ask."""

    rewrites: tuple[Rewrite, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    questions: tuple[Question, ...] = ()
