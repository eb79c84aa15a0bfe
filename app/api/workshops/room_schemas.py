"""How the room and a table stand, how the facilitator moves them, and what a freeze did."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from app.api.workshops.people_schemas import PersonOut
from app.api.workshops.schemas import DraftOut, NoteOut, Reason, WorkshopOut
from app.api.workshops.talk_schemas import CommentOut, OwnerOut, RequestOut, TallyOut
from app.api.workspaces.schemas import In, Out


class LimitsIn(In):
    """Objectives a team and key results an objective, at most."""

    max_objectives: int = Field(ge=1, le=10)
    max_key_results: int = Field(ge=1, le=10)


class MoveIn(In):
    """Go to a stage of the agenda; its timer starts."""

    stage: int = Field(ge=0, le=29)


class TimerIn(In):
    """Start (again), pause, or add seconds (fewer than none take away)."""

    action: Literal["start", "pause", "add"]
    seconds: int = Field(0, ge=-3_600, le=28_800)


class HereIn(In):
    """Where everybody is called to: the board, their own table, or (empty) nowhere."""

    place: Literal["", "board", "table"]


class TableOut(Out):
    """A team's table."""

    team: dict[str, Any]
    draft: DraftOut
    report: dict[str, Any]
    comments: list[CommentOut]
    votes: list[TallyOut]
    frozen: bool


class StateOut(Out):
    """The room as everybody may see it, as of the event `last_event`.

    A team's `blanks` are homework, and `owners` say whose. `committed` is whether it was frozen at some time, so that
    OKRs stand by it also while it is open again.
    """

    workshop: WorkshopOut
    cycle: str
    now: datetime
    you: PersonOut
    teams: list[dict[str, Any]]
    people: dict[str, int]
    requests: list[RequestOut]
    notes: list[NoteOut]
    owners: list[OwnerOut]
    committed: bool
    last_event: int


class FreezeIn(In):
    """Why, for the history, and for the ledger where key results change that teams had committed to already."""

    why: Reason = Field("", description="Without, that it was agreed in this workshop")


class FrozenOut(Out):
    """What a freeze did: ids of stored OKRs, and the path of the page that shows from now on how they go."""

    created: list[str]
    updated: list[str]
    unchanged: list[str]
    progress: str
