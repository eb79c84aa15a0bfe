"""What goes over the wire about rewrites."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.coach import nouns
from app.coach.rewrite.nouns import Answer, Dropped, Question, Rewrite
from app.coach.rewrite.rewriter import Rewritten

WriterChoice = Literal["auto", "embedded", "llm"]


class TargetOut(BaseModel):
    """Which line: indices from 0; `key_result` null for the objective or the whole OKR."""

    objective: int
    key_result: int | None

    @classmethod
    def of(cls, target: nouns.Target) -> TargetOut:
        """From the flow's value."""
        return cls(objective=target.objective, key_result=target.key_result)


class TargetIn(BaseModel):
    """Which line is meant, as in a review's findings."""

    model_config = ConfigDict(extra="forbid")

    objective: int = Field(ge=0, le=100_000)
    key_result: int | None = Field(None, ge=0, le=100_000)

    def to_noun(self) -> nouns.Target:
        """The same as the flow's value."""
        return nouns.Target(self.objective, self.key_result)


class AnswerIn(BaseModel):
    """What the author answered: the content of a `blank`, the reply to a `question`, or the outcome in own words."""

    model_config = ConfigDict(extra="forbid")

    target: TargetIn
    text: str = Field(min_length=1, max_length=1_000)
    blank: str | None = Field(None, max_length=100, description="A blank of a rewrite, with or without brackets")
    question: str | None = Field(None, max_length=200, description="The id of a question")

    def to_noun(self) -> Answer:
        """The same as the flow's value."""
        return Answer(self.target.to_noun(), self.text, self.blank, self.question)


class ChangeOut(BaseModel):
    """Some words of the diff between draft and rewrite."""

    op: Literal["same", "out", "in"]
    text: str


class RewriteOut(BaseModel):
    """A better version. `line`: `text` replaces the line, and may be several lines (for an objective: the objective, then
    key results to add). `okr`: `text` is the whole OKR, objective first. `move`: the line leaves the OKR for `goes_to`.
    """

    target: TargetOut
    text: str
    kind: Literal["line", "okr", "move"]
    answers_findings: list[str] = Field(description="Rules whose findings it clears, seen by reviewing it again")
    blanks: list[str] = Field(description="What is still to be filled in; stands in square brackets in `text`")
    diff: list[ChangeOut]
    grade_before: int = Field(description="Grade of the OKR as it is, 0-100")
    grade_after: int = Field(description="Grade of the OKR with the rewrite, when its blanks are filled")
    writer: str
    guess: bool = Field(description="The outcome is a guess, not the author's")
    why: str
    goes_to: str = Field(description="Where a move takes the line, else empty")
    answered: list[str] = Field(description="The author's answers that it uses, as given")

    @classmethod
    def of(cls, rewrite: Rewrite) -> RewriteOut:
        """From the flow's value."""
        candidate = rewrite.candidate
        return cls(
            target=TargetOut.of(candidate.target),
            text=candidate.text,
            kind=candidate.kind,
            answers_findings=list(rewrite.answers),
            blanks=list(rewrite.blanks),
            diff=[ChangeOut(op=change.op, text=change.text) for change in rewrite.diff],
            grade_before=rewrite.grade_before,
            grade_after=rewrite.grade_after,
            writer=candidate.writer,
            guess=candidate.guess,
            why=candidate.why,
            goes_to=candidate.goes_to,
            answered=list(rewrite.answered),
        )


class DroppedOut(BaseModel):
    """A wording that wasn't shown, or a line without any, and why."""

    reason: str
    message: str
    target: TargetOut
    text: str
    writer: str

    @classmethod
    def of(cls, dropped: Dropped) -> DroppedOut:
        """From the flow's value."""
        return cls(
            reason=dropped.reason,
            message=dropped.message,
            target=TargetOut.of(dropped.target),
            text=dropped.text,
            writer=dropped.writer,
        )


class QuestionOut(BaseModel):
    """What a coach would ask first; send the reply as an answer with this id."""

    id: str
    target: TargetOut
    text: str

    @classmethod
    def of(cls, question: Question) -> QuestionOut:
        """From the flow's value."""
        return cls(id=question.id, target=TargetOut.of(question.target), text=question.text)


class RewritesOut(BaseModel):
    """Rewrites, whole OKRs before their lines, the best of each line first."""

    rewrites: list[RewriteOut]
    dropped: list[DroppedOut]
    questions: list[QuestionOut]

    @classmethod
    def of(cls, rewritten: Rewritten) -> RewritesOut:
        """From the flow's value."""
        return cls(
            rewrites=[RewriteOut.of(rewrite) for rewrite in rewritten.rewrites],
            dropped=[DroppedOut.of(dropped) for dropped in rewritten.dropped],
            questions=[QuestionOut.of(question) for question in rewritten.questions],
        )
