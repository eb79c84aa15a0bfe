"""What goes over the wire for a plan under way. No field names a person: `role` is a label within the team."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.api.workspaces.schemas import In, Out, Prose, Ref
from app.services.store.tracking.check_ins import Kind, Label

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, strict=True)]
Value = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False, strict=True)]
Place = Annotated[int, Field(ge=0, le=1_000, strict=True, description="The key result, from 0")]
Lesson = Annotated[Prose, Field(min_length=1)]


class CommitIn(In):
    """Which OKRs of the cycle the teams commit to; null: all of them."""

    okr_ids: Annotated[list[Ref], Field(max_length=1_000)] | None = None


class CommittedOut(Out):
    """How many OKRs are committed to now that weren't before."""

    committed: int


class CheckInIn(In):
    """How a key result stands: `weekly`, `halfway` (with `confidence`), or a `note` without figures."""

    key_result: Place
    kind: Kind = Kind.WEEKLY
    value: Value | None = Field(None, description="In the unit of the target: 71 for 71 %, 60000 for 60k")
    confidence: Share | None = Field(None, description="How sure the team is that it reaches the target")
    note: Prose = ""
    role: Label = Label.MEMBER
    okr_version: int | None = Field(None, ge=1, description="The version that you read; 412 if it has changed since")


class CheckInOut(Out):
    """A check-in, on a key result of the OKR's version `okr_version`."""

    id: str
    okr_id: str
    okr_version: int
    key_result: int
    kind: Kind
    value: float | None
    confidence: float | None
    note: str
    role: Label
    at: datetime


class GradeIn(In):
    """A score a key result, null where it can't be told, and what the team learned."""

    scores: list[Share | None] = Field(max_length=200)
    learned: Lesson
    role: Label = Label.MEMBER
    okr_version: int | None = Field(None, ge=1, description="The version that you read; 412 if it has changed since")


class GradeOut(Out):
    """A grade; `score` is the mean of the scores that are known."""

    id: str
    okr_id: str
    okr_version: int
    scores: list[float | None]
    score: float | None
    learned: str
    role: Label
    at: datetime


class CarryIn(In):
    """Why the OKR goes on in the next cycle."""

    why: Prose = ""
    role: Label = Label.MEMBER


class CarriedOut(Out):
    """An OKR that goes on in the next cycle, as it stands, with its grade."""

    okr_id: str
    team: str | None
    objective: str
    key_results: list[str]
    why: str
    scores: list[float | None]
    learned: str


class TargetChangeOut(Out):
    """A change to what a team had committed to.

    `kind` is changed, added, removed or moved (to another cycle); `moved` says what of a changed key result:
    baseline, target, date, or only its words. `key_result` is its place in `okr_version`, the version before (of an
    added one: after).
    """

    id: str
    okr_id: str
    okr_version: int
    key_result: int | None
    kind: str
    before: str | None
    after: str | None
    moved: list[str]
    reason: str
    at: datetime


class TrendOut(Out):
    """How sure the team was, and when."""

    at: datetime
    confidence: float


class KeyResultProgressOut(Out):
    """Where a key result stands.

    `share` is 0 at `start` and 1 at `goal`, below 0 where it went the wrong way; null where it can't be worked out, and
    `note` says why. `is_stale`: nothing was said about it for nine days of the cycle.
    """

    key_result: int
    text: str
    start: float | None
    goal: float | None
    unit: str
    value: float | None
    share: float | None
    is_met: bool | None
    note: str
    confidence: float | None
    trend: list[TrendOut]
    checked_at: datetime | None
    is_stale: bool
    score: float | None


class OkrProgressOut(Out):
    """Where an OKR stands; `share` is the mean over the `told` key results whose share is known."""

    okr_id: str
    okr_version: int
    team_id: str | None
    team: str | None
    pillar: str | None = Field(description="The pillar it serves most; null where it serves none or nothing judges it")
    objective: str
    is_committed: bool
    share: float | None
    told: int
    confidence: float | None = Field(description="The lowest of its key results")
    is_stale: bool
    score: float | None
    learned: str
    is_carried: bool
    changes: int = Field(description="Entries in the ledger")
    key_results: list[KeyResultProgressOut]


class CycleProgressOut(Out):
    """Where all OKRs of a cycle stand."""

    cycle_id: str
    cycle: str
    at: datetime
    pillars: list[str]
    note: str | None = Field(description="Why no pillars are named")
    okrs: list[OkrProgressOut]
