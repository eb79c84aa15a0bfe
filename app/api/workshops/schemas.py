"""What is written in a workshop: its set-up, drafts, what is carried into them, and the room's lists.

`openapi.json` tells names that other parts of the API have as well apart by this module's path, so they stay here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from app.api.workspaces.schemas import In, Name, Out, Ref, Short, storable

Draft = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(storable)]
Said = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), AfterValidator(storable)
]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000), AfterValidator(storable)]
PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(storable)
]
TeamName = PersonName
StageKind = Literal["diverge", "draft", "coach", "overlaps", "negotiate", "commit", "break"]


class StageIn(In):
    """One timed stage of an agenda."""

    name: TeamName
    kind: StageKind
    minutes: int = Field(ge=1, le=480)


class PillarIn(In):
    """A strategic priority."""

    name: Name
    text: Reason = ""


def pillar_of(line: str) -> dict[str, str]:
    """A pillar written as one line: its name, and after a colon what it means."""
    name, _, text = line.strip().partition(": ")
    return {"name": name, "text": text}


class WorkshopIn(In):
    """What a workshop is set up with; without `agenda` or `template` it has the half-day one."""

    name: Name
    cycle: Name = Field(description="Name of the cycle; one that isn't there yet is made", examples=["Q3 2026"])
    template: Literal["half-day", "two-hours", "ninety-minutes"] = "half-day"
    agenda: list[StageIn] | None = Field(None, min_length=1, max_length=30)
    profile: str = Field("house", max_length=50)
    pillars: list[PillarIn] = Field(default_factory=list, max_length=20, description="Without, the workspace's count")
    max_objectives: int = Field(3, ge=1, le=10)
    max_key_results: int = Field(4, ge=1, le=10)
    facilitator: PersonName = "Facilitator"
    from_cycle: Name | None = Field(None, description="Begin with every team's OKRs of this cycle as its draft")


class WorkshopOut(Out):
    """A workshop."""

    id: str
    name: str
    cycle_id: str
    profile: str
    pillars: list[dict[str, str]]
    max_objectives: int
    max_key_results: int
    agenda: list[dict[str, Any]]
    stage: int
    timer_ends_at: datetime | None
    timer_left: int | None
    here: str
    frozen_at: datetime | None
    created_at: datetime


class CarryIn(In):
    """Which cycle's OKRs the drafts shall begin with."""

    from_cycle: Name


class SourceOut(Out):
    """A cycle that holds OKRs of teams."""

    cycle: str
    teams: int
    okrs: int
    chosen: int = Field(description="How many of them are on its carry-over list; with 0 all are taken")


class CarriedOut(Out):
    """The teams whose drafts were filled, those that kept theirs and why, and how many OKRs were put in."""

    filled: list[str]
    kept: dict[str, str]
    okrs: int
    carried_over: bool = Field(description="Whether only the cycle's carry-over list was taken; else all its OKRs")
    left: int = Field(description="OKRs of teams that aren't on the list")
    note: str = Field(description="Which of the two happened, in words")


class DraftEditIn(In):
    """The whole draft as its author sees it, and the version that it was made from.

    `base` is the text it was made from, where that is no version as it was saved (after typing on during a save).
    """

    version: int = Field(ge=0)
    text: Draft
    base: Draft | None = None


class DraftOut(Out):
    """The draft as it stands; `merged` if it holds somebody else's change that you haven't sent."""

    version: int
    lines: list[dict[str, Any]]
    merged: bool = False


class VersionOut(Out):
    """One version of a draft."""

    version: int
    lines: list[dict[str, Any]]
    by: str
    at: datetime


class AnswerIn(In):
    """An answer to a finding; a dismissal says why."""

    verdict: Literal["accept", "dismiss"]
    reason: Reason = ""


class ReadyIn(In):
    """Whether the draft as it stands is ready; with `anyway` a facilitator lets one pass that is over the limits."""

    ready: bool
    anyway: bool = False


class NoteIn(In):
    """A decision, something the room is not doing, or homework."""

    kind: Literal["decision", "not-doing", "homework"]
    text: Said
    owner: Short = ""
    team_id: Ref | None = None


class NoteOut(Out):
    """A line of the room's lists."""

    id: str
    kind: str
    text: str
    owner: str
    team_id: str | None
    by: str
    at: datetime
