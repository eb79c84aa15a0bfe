"""The nouns of an eval: sample, answer, score, solver, task.

An answer is the set of findings given, the target the set a coach would give, and a score the
difference in tallies. A sample nobody could answer is *unscored* or *errored*: a value of its own
that is counted beside every figure and is never taken for right or wrong.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar, runtime_checkable

import numpy as np

from evals.metrics import Metric

if TYPE_CHECKING:
    from evals.dataset import Dataset

Marks = tuple[str, ...]
"""Findings as an eval compares them, sorted: a rule id, with `@<key result>` where the line matters."""

Tally = Mapping[str, float]

CONFIDENCE_DIGITS = 4
"""As many as the baseline stores, so that a run equals itself."""


class Input(Protocol):
    """What a solver is given."""

    @property
    def text(self) -> str:
        """All of it as people read it; reports show it, and the baseline knows the sample by it."""
        ...

    @property
    def title(self) -> str:
        """What is asked about, for lists of samples."""
        ...


InputT = TypeVar("InputT", bound=Input)


@dataclass(frozen=True, slots=True)
class Sample(Generic[InputT]):
    """One question with its right answer.

    `target` None means that two coaches could differ, so that no answer is scored. Samples of one
    `org` are resampled together. `slices` are the groups that figures are broken down by.
    """

    id: str
    input: InputT
    target: Marks | None
    org: str
    slices: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Changes whenever the input does, so that an old answer is never held against a new text."""
        text = self.input.text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, digest_size=4).hexdigest()


class Status(StrEnum):
    """Whether a score is one."""

    SCORED = "scored"
    UNSCORED = "unscored"
    ERRORED = "errored"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver says: the findings, and how sure it is (0-1) that they are right, if it knows."""

    marks: Marks
    confidence: float | None = None

    def __post_init__(self) -> None:
        if self.confidence is not None:
            object.__setattr__(self, "confidence", round(self.confidence, CONFIDENCE_DIGITS))


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why there is no answer: nothing to score (a reply not recorded) or a failure."""

    status: Literal[Status.UNSCORED, Status.ERRORED]
    reason: str


class Cost(StrEnum):
    """Mistakes named by what they cost, the dearest first."""

    FALSE_ALARM = "false alarm"
    """Good work is flagged: the author stops listening."""
    MIX_UP = "mix-up"
    """A fault is seen but named as another: the advice misleads."""
    MISS = "miss"
    """A fault goes unsaid: the author is no worse off than without a coach."""


DEAREST_FIRST: Mapping[Cost, int] = {cost: rank for rank, cost in enumerate(Cost)}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in an answer; `what` is the finding it is about."""

    cost: Cost
    what: str

    def __str__(self) -> str:
        return f"{self.cost.value}: {self.what}"


@dataclass(frozen=True, slots=True)
class Score:
    """What an answer is worth: tallies that metrics add up, and the mistakes by name."""

    status: Status
    tally: Tally = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    reason: str = ""

    @classmethod
    def of(cls, tally: Tally, mistakes: Sequence[Mistake] = ()) -> Score:
        """A score."""
        ranked = sorted(mistakes, key=lambda mistake: DEAREST_FIRST[mistake.cost])
        return cls(Status.SCORED, tally, tuple(ranked))

    @classmethod
    def missing(cls, given: NoAnswer) -> Score:
        """No score, and why."""
        return cls(given.status, reason=given.reason)

    @property
    def wrong(self) -> bool:
        """Scored, with at least one mistake."""
        return bool(self.mistakes)


class Solver(Protocol[InputT]):
    """Something that answers samples: a tier of the product, or a baseline to beat."""

    def solve(self, samples: Sequence[Sample[InputT]]) -> Sequence[Answer | NoAnswer]:
        """One answer a sample, in order. What it raises is recorded as an error of the sample."""
        ...


Scorer = Callable[[Sample[InputT], Answer], Score]


@dataclass(frozen=True, slots=True)
class Task(Generic[InputT]):
    """What is asked, of whom, and how answers are judged.

    The first of `solvers` is the subject, which the gate watches; the others are baselines of the
    same run. Solvers are made when the task runs, so that listing tasks loads no model.
    """

    name: str
    question: str
    samples: Callable[[Dataset], Sequence[Sample[InputT]]]
    solvers: Mapping[str, Callable[[], Solver[InputT]]]
    scorer: Scorer[InputT]
    metrics: tuple[Metric, ...]

    @property
    def subject(self) -> str:
        """The solver that the gate watches."""
        return next(iter(self.solvers))

    def score(self, sample: Sample[InputT], answer: Answer | NoAnswer) -> Score:
        """The answer scored; unscored where the label is open or there is no answer."""
        if isinstance(answer, NoAnswer):
            return Score.missing(answer)
        if sample.target is None:
            return Score.missing(NoAnswer(Status.UNSCORED, "no label: two coaches could differ"))
        return self.scorer(sample, answer)


AnyTask = Task[Any]
AnySample = Sample[Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One sample with the answer it got and what that is worth."""

    sample: AnySample
    answer: Answer | NoAnswer
    score: Score


@dataclass(frozen=True, slots=True)
class Spent:
    """What a language model took: `seconds` of each call, `cost` in money where its price is known."""

    calls: int
    input_tokens: int
    output_tokens: int
    seconds: tuple[float, ...]
    cost: float | None = None

    def percentile(self, percent: float) -> float:
        """Seconds within which that share of the calls was answered; NaN without calls."""
        return float(np.percentile(self.seconds, percent)) if self.seconds else math.nan


@runtime_checkable
class Spender(Protocol):
    """A solver that knows what its language model took."""

    @property
    def spent(self) -> Spent | None:
        """So far; None where none was asked."""
        ...


@dataclass(frozen=True, slots=True)
class SolverRun:
    """One solver over the samples of one task; `seconds` is the time that answering took.

    `repeats` are the outcomes of further epochs, in the order of `outcomes`; all else is of the first.
    """

    task: AnyTask
    solver: str
    outcomes: tuple[Outcome, ...]
    seconds: float
    spent: Spent | None = None
    repeats: tuple[tuple[Outcome, ...], ...] = ()

    @property
    def key(self) -> str:
        """Name of the run in the baseline and in reports."""
        return f"{self.task.name}/{self.solver}"

    @property
    def is_subject(self) -> bool:
        """Whether the gate watches this run."""
        return self.solver == self.task.subject

    def count(self, status: Status) -> int:
        """How many samples ended so."""
        return sum(outcome.score.status is status for outcome in self.outcomes)
