"""What goes over the wire: request and response models of the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.neighbour_schemas import DraftOverlapOut
from app.api.rewrite_schemas import DroppedOut, QuestionOut, RewriteOut, RewritesOut, TargetOut
from app.coach import nouns
from app.coach.dismissals import Dismissed
from app.coach.report import OkrReport, Review

EXAMPLE_TEXT = (
    "Team: Onboarding\nQ3 2026\n"
    "O: New customers feel at home in their first week\n"
    "KR1: Cut median time to first invoice from 9 days to 3\n"
    "KR2: Launch the new setup wizard\n"
    "KR3: Keep support satisfaction above 95 %\n"
)


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PillarIn(_In):
    """A strategic priority."""

    name: str = Field(min_length=1, max_length=500)
    text: str = Field("", max_length=5_000)


class KpiIn(_In):
    """A standing measure of the organisation and its normal level."""

    name: str = Field(min_length=1, max_length=500)
    target: str | None = Field(None, max_length=500)
    history: list[float] = Field(
        default_factory=list, max_length=100, description="Latest readings in the target's unit, oldest first"
    )


class OkrIn(_In):
    """One OKR, structured. Offsets in the response count within each string."""

    objective: str | None = Field(None, max_length=10_000)
    key_results: list[str] = Field(default_factory=list, max_length=10_000)
    team: str | None = Field(None, max_length=500)
    cycle: str | None = Field(None, max_length=200)


class ParentIn(_In):
    """The objective this draft hangs under."""

    objective: str = Field(min_length=1, max_length=10_000)
    key_results: list[str] = Field(default_factory=list, max_length=100)


class ContextIn(_In):
    """What is known beside the draft."""

    team: str | None = Field(None, max_length=500)
    cycle: str | None = Field(None, max_length=200, examples=["Q3 2026"])
    strategy: list[str | PillarIn] = Field(default_factory=list, max_length=50)
    parent: ParentIn | None = None
    kpis: list[str | KpiIn] = Field(default_factory=list, max_length=500)

    def to_noun(self) -> nouns.Context:
        """The same as the flow's value."""
        parent = None
        if self.parent:
            parent = nouns.Okr(
                nouns.Line.whole(self.parent.objective),
                tuple(nouns.Line.whole(text) for text in self.parent.key_results if text.strip()),
            )
        return nouns.Context(
            team=self.team or None,
            cycle=self.cycle or None,
            strategy=tuple(
                nouns.Pillar(p) if isinstance(p, str) else nouns.Pillar(p.name, p.text)
                for p in self.strategy
                if not isinstance(p, str) or p.strip()
            ),
            parent=parent,
            kpis=tuple(
                nouns.Kpi(k) if isinstance(k, str) else nouns.Kpi(k.name, k.target, tuple(k.history))
                for k in self.kpis
                if not isinstance(k, str) or k.strip()
            ),
        )


class DraftIn(_In):
    """A draft: free `text`, or structured `okrs`, not both."""

    text: str | None = None
    okrs: list[OkrIn] | None = Field(None, max_length=2_000)
    context: ContextIn = Field(default_factory=lambda: ContextIn.model_validate({}))
    workspace: str | None = Field(
        None, max_length=32, description="Id of the workspace whose strategy, KPIs and dismissals count; wants its key"
    )
    parent_okr: str | None = Field(
        None, max_length=32, description="Id of the workspace's OKR that this draft hangs under"
    )
    profile: str = Field("house", max_length=50)
    critic: Literal["auto", "local", "llm", "none"] = "auto"

    @model_validator(mode="before")
    @classmethod
    def _is_unicode(cls, data: object) -> object:
        if not encodable(data):
            raise ValueError("the request holds a lone surrogate, which is no valid Unicode text")
        return data

    @model_validator(mode="after")
    def _one_of(self) -> DraftIn:
        if (self.text is None) == (self.okrs is None):
            raise ValueError("send either `text` or `okrs`, and not both")
        if self.parent_okr and not self.workspace:
            raise ValueError("`parent_okr` is an OKR of a workspace: send `workspace` too")
        return self


class ReviewIn(DraftIn):
    """A draft to review: free `text`, or structured `okrs`, not both."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "text": EXAMPLE_TEXT,
                    "context": {"strategy": ["Customers succeed without our help"]},
                }
            ]
        },
    )

    rewrites: bool = Field(
        False, strict=True, description="Suggest rewrites of flagged lines as well, as POST /v1/rewrites does"
    )
    overlaps: bool = Field(
        True, strict=True, description="With `workspace`, compare with other teams' OKRs; false answers sooner without"
    )


class FindingOut(BaseModel):
    """One thing a coach would say. `quote` is the submitted text from `start` to `end`."""

    id: str
    rule: str
    severity: nouns.Severity
    start: int
    end: int
    quote: str
    message: str
    question: str
    sources: list[nouns.Source]
    confidence: float
    help_url: str
    target: TargetOut
    details: dict[str, Any] = Field(default_factory=dict)

    @classmethod
    def of(cls, finding: nouns.Finding) -> FindingOut:
        """From the flow's value."""
        return cls(
            id=finding.id,
            rule=finding.rule,
            severity=finding.severity,
            start=finding.start,
            end=finding.end,
            quote=finding.quote,
            message=finding.message,
            question=finding.question,
            sources=list(finding.sources),
            confidence=finding.confidence,
            help_url=finding.help_url,
            target=TargetOut(objective=finding.target.objective, key_result=finding.target.key_result),
            details=dict(finding.details),
        )


class DismissedOut(FindingOut):
    """A finding that isn't raised, since somebody dismissed it in this workspace for a reason."""

    reason: str

    @classmethod
    def because(cls, dismissed: Dismissed) -> DismissedOut:
        """From the flow's value."""
        return cls(**FindingOut.of(dismissed.finding).model_dump(), reason=dismissed.reason)


class KeyResultOut(BaseModel):
    """A key result as written, with its verdict."""

    text: str
    start: int
    end: int
    verdict: nouns.Verdict


class DeductionOut(BaseModel):
    """Points lost on a line (or, `key_result` null, on objective or whole OKR) and the rules behind it."""

    key_result: int | None
    points: float
    rules: list[str]


class ObjectiveOut(BaseModel):
    """An OKR as read; `text` is null for a lone line, which has no verdict or grade of its own."""

    team: str | None
    cycle: str | None
    text: str | None
    start: int | None
    end: int | None
    key_results: list[KeyResultOut]
    verdict: nouns.Verdict | None
    grade: int | None = Field(description="0-100; 100 less the deductions, never below 0")
    deductions: list[DeductionOut]

    @classmethod
    def of(cls, report: OkrReport) -> ObjectiveOut:
        """From the flow's value."""
        objective = report.okr.objective
        return cls(
            team=report.okr.team,
            cycle=report.okr.cycle,
            text=objective.text if objective else None,
            start=objective.start if objective else None,
            end=objective.end if objective else None,
            key_results=[
                KeyResultOut(text=line.text, start=line.start, end=line.end, verdict=verdict)
                for line, verdict in zip(report.okr.key_results, report.verdicts, strict=True)
            ],
            verdict=report.verdict,
            grade=report.grade.score if report.grade else None,
            deductions=[
                DeductionOut(key_result=d.key_result, points=d.points, rules=list(d.rules))
                for d in (report.grade.deductions if report.grade else ())
            ],
        )


class NoteOut(BaseModel):
    """Something said once about the whole review."""

    code: str
    message: str


class UsageOut(BaseModel):
    """What asking the LLM took."""

    model: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost: float | None = Field(description="By the prices the operator has set; null without")
    dropped_quotes: int = Field(description="Flags dropped because their quote isn't in the draft")


class EngineOut(BaseModel):
    """What judged, how long each stage took, and what the LLM took where it was asked."""

    version: str
    models: dict[str, str]
    tiers: list[str]
    milliseconds: dict[str, float]
    usage: UsageOut | None = None


class ReviewOut(BaseModel):
    """The review."""

    objectives: list[ObjectiveOut]
    findings: list[FindingOut]
    dismissed: list[DismissedOut] = Field(default_factory=list, description="Left out of grade and verdicts")
    grade: float | None = Field(description="Mean over OKRs; null without any")
    profile: str
    notes: list[NoteOut]
    engine: EngineOut
    rewrites: list[RewriteOut] | None = Field(None, description="Null unless asked for")
    dropped: list[DroppedOut] | None = None
    questions: list[QuestionOut] | None = None
    overlaps: list[DraftOverlapOut] | None = Field(
        None, description="What the draft has to do with other teams' OKRs; null without `workspace`, team and cycle"
    )

    def with_overlaps(self, found: Sequence[DraftOverlapOut] | None) -> ReviewOut:
        """The review with overlaps beside it."""
        return self.model_copy(update={"overlaps": found})

    def with_rewrites(self, found: RewritesOut) -> ReviewOut:
        """The review with rewrites beside it."""
        added = {"rewrites": found.rewrites, "dropped": found.dropped, "questions": found.questions}
        return self.model_copy(update=added)

    @classmethod
    def of(cls, review: Review) -> ReviewOut:
        """From the flow's value."""
        return cls(
            objectives=[ObjectiveOut.of(report) for report in review.okrs],
            findings=[FindingOut.of(finding) for finding in review.findings],
            dismissed=[DismissedOut.because(dismissed) for dismissed in review.dismissed],
            grade=review.grade,
            profile=review.profile,
            notes=[NoteOut(code=note.code, message=note.message) for note in review.notes],
            engine=EngineOut(
                version=review.engine.version,
                models=dict(review.engine.models),
                tiers=list(review.engine.tiers),
                milliseconds=dict(review.engine.milliseconds),
                usage=UsageOut(**asdict(review.engine.usage)) if review.engine.usage else None,
            ),
        )


class ProblemOut(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, Any]] = Field(default_factory=list)


def encodable(data: object) -> bool:
    """Whether every string in `data` can be written as UTF-8; nesting is bounded by the JSON parser."""
    match data:
        case str():
            try:
                data.encode()
            except UnicodeEncodeError:
                return False
            return True
        case dict():
            return all(encodable(part) for pair in data.items() for part in pair)
        case list():
            return all(encodable(part) for part in data)
    return True
