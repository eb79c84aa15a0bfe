"""What people say beside their drafts: comments, votes, requests between teams, who finds out a blank."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.api.workshops.schemas import Reason, Said
from app.api.workspaces.schemas import In, Out, Person, Ref, Short


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
