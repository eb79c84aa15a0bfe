"""What workshops send and take."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from app.api.workshops.access import Role
from app.api.workspaces.schemas import In, Name, Out, Person, Ref, Short, storable

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


class LinkIn(In):
    """A link to be made; with `team_id` whoever comes by it sits at that team's table."""

    role: Role = Role.MEMBER
    team_id: Ref | None = None
    hours: int = Field(72, ge=1, le=24 * 60)


class RenewIn(In):
    """How long the new link opens the door."""

    hours: int = Field(72, ge=1, le=24 * 60)


class LimitsIn(In):
    """Objectives a team and key results an objective, at most."""

    max_objectives: int = Field(ge=1, le=10)
    max_key_results: int = Field(ge=1, le=10)


class LinkOut(Out):
    """A link; `path` is what to open, null once it is revoked."""

    id: str
    role: Role
    team_id: str | None
    expires_at: datetime
    revoked_at: datetime | None
    path: str | None


class CreatedOut(Out):
    """A new workshop, its facilitator's session (shown this once), and links for everybody else."""

    workshop: WorkshopOut
    token: str
    links: list[LinkOut]


class CarryIn(In):
    """Which cycle's OKRs the drafts shall begin with."""

    from_cycle: Name


class SourceOut(Out):
    """A cycle that holds OKRs of teams."""

    cycle: str
    teams: int
    okrs: int


class CarriedOut(Out):
    """The teams whose drafts were filled, those that kept theirs and why, and how many OKRs were put in."""

    filled: list[str]
    kept: dict[str, str]
    okrs: int


class JoinIn(In):
    """Somebody with a link: who they are, and their team by id, or by name (a new one is made)."""

    link: str = Field(max_length=300)
    name: PersonName
    team: TeamName | None = None
    team_id: Ref | None = None


class PersonOut(Out):
    """Somebody in the room."""

    id: str
    name: str
    role: Role
    team_id: str | None
    joined_at: datetime


class PresentOut(PersonOut):
    """Somebody who joined; `connected` while a page of the workshop is open with them."""

    connected: bool


class JoinedOut(Out):
    """Who you are now, and the session that says so: a cookie in browsers, else a bearer token."""

    person: PersonOut
    token: str


class SeatIn(In):
    """Another role or team for somebody."""

    role: Role
    team_id: Ref | None = None


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


class OwnerIn(In):
    """Who finds out what a blank stands for; empty: nobody yet."""

    line: int = Field(ge=1)
    blank: str = Field(min_length=1, max_length=80)
    owner: Person


class OwnerOut(Out):
    """The owner of a blank of a team's draft."""

    team: str
    line: int
    blank: str
    owner: str


class CommentIn(In):
    """A remark on a line."""

    line: int = Field(ge=1)
    text: Said


class CommentOut(Out):
    """A remark; `quote` is the line as it read then."""

    id: str
    line: int
    quote: str
    text: str
    by: str
    at: datetime
    resolved_at: datetime | None


class VoteIn(In):
    """A vote on a line: `confidence` 1-5, or `support` 1, -1; 0 takes either back."""

    line: int = Field(ge=1)
    kind: Literal["confidence", "support"]
    value: int = Field(ge=-1, le=5)


class RevealIn(In):
    """Show the confidence votes on a line, or (`open` false) drop them and vote again."""

    line: int = Field(ge=1)
    open: bool = True


class TallyOut(Out):
    """Votes on a line. `spread` counts confidence 1 to 5 and is null until it is revealed; `yours` are your own."""

    line: int
    voted: int
    spread: list[int] | None
    up: int
    down: int
    yours: dict[str, int] = Field(default_factory=dict)


class RequestIn(In):
    """What your team needs of another; `line` is the line of your draft that needs it."""

    to_team: Ref
    text: Said
    line: int | None = Field(None, ge=1)
    from_team: Ref | None = Field(None, description="For the facilitator, who sits at no table")


class RequestAnswerIn(In):
    """The other team's answer; declining says why."""

    state: Literal["agreed", "declined"]
    reason: Reason = ""
    owner: Short = ""


class RequestOut(Out):
    """A dependency between two teams."""

    id: str
    from_team: str
    to_team: str
    line: int | None
    quote: str
    text: str
    state: Literal["asked", "agreed", "declined"]
    reason: str
    owner: str
    asked_by: str
    asked_at: datetime
    answered_by: str
    answered_at: datetime | None


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

    A team's `blanks` are homework, and `owners` say whose.
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
    last_event: int


class FrozenOut(Out):
    """What a freeze did: ids of stored OKRs."""

    created: list[str]
    updated: list[str]
    unchanged: list[str]
