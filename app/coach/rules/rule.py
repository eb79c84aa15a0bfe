"""The Rule value: what one file in this folder exports as `RULE`.

A rule file holds the id, default severity, message, coach's question and check, and its module docstring is
the rule's public page (headings `Finds`, `Why it matters`, `Do this instead`, `Sources`). Files are
discovered, not registered; the fixture is `tests/rules/<id>.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.coach.nouns import Context, Line, Okr, Severity
from app.coach.quantities import Measure
from app.coach.words import Word, split_words


@dataclass(frozen=True, slots=True)
class LineView:
    """One line as a rule sees it: the words, what they measure, and where they stand."""

    line: Line
    measure: Measure
    objective: int
    key_result: int | None
    words: tuple[Word, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", split_words(self.line.text))

    @property
    def text(self) -> str:
        """The line verbatim."""
        return self.line.text

    @property
    def is_objective(self) -> bool:
        """Whether this is the objective itself rather than one of its key results."""
        return self.key_result is None


@dataclass(frozen=True, slots=True)
class OkrView:
    """One OKR as a rule sees it; `objective` is None for a lone line."""

    okr: Okr
    index: int
    objective: LineView | None
    key_results: tuple[LineView, ...]

    @property
    def lines(self) -> tuple[LineView, ...]:
        """Objective (if any), then key results."""
        return ((self.objective,) if self.objective else ()) + self.key_results


@dataclass(frozen=True, slots=True)
class DraftView:
    """Everything a rule may look at.

    `teams` groups the OKRs by team in order of appearance (None where no team is named);
    `cycle` is the cycle known for the whole draft from context or heading, if any;
    `limits` are the profile's thresholds, read with `limit()`.
    """

    okrs: tuple[OkrView, ...]
    context: Context
    cycle: str | None
    limits: Mapping[str, float]

    @property
    def teams(self) -> Mapping[str | None, Sequence[OkrView]]:
        """OKRs with an objective, by team."""
        groups: dict[str | None, list[OkrView]] = {}
        for okr in self.okrs:
            if okr.objective:
                groups.setdefault(okr.okr.team or self.context.team, []).append(okr)
        return groups

    def cycle_of(self, okr: OkrView) -> str | None:
        """The cycle that holds for `okr`: its own, else the draft's."""
        return okr.okr.cycle or self.cycle

    def limit(self, name: str) -> float:
        """A threshold of the profile; KeyError if no profile defines it."""
        return self.limits[name]


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check yields: the place, and where wanted its own message or severity.

    `start` and `end` count within `where.text`; both None means the whole line.
    """

    where: LineView
    start: int | None = None
    end: int | None = None
    message: str | None = None
    severity: Severity | None = None


Check = Callable[[DraftView], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One check of the rubric.

    `message` says what was found in one or two plain sentences (a Hit may bring a more exact one);
    `question` is what a coach would ask instead of telling. `check` is None for findings that a
    critic judges: the file then carries only words and page. `page` is the file's docstring, filled in
    by discovery.
    """

    id: str
    severity: Severity
    message: str
    question: str
    check: Check | None = None
    page: str = field(default="", repr=False)
