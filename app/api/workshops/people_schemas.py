"""Who comes into a workshop: links, joining, people and their seats."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.workshops.access import Role
from app.api.workshops.schemas import CarriedOut, PersonName, TeamName, WorkshopOut
from app.api.workspaces.schemas import In, Out, Ref


class LinkIn(In):
    """A link to be made; with `team_id` whoever comes by it sits at that team's table."""

    role: Role = Role.MEMBER
    team_id: Ref | None = None
    hours: int = Field(72, ge=1, le=24 * 60)


class RenewIn(In):
    """How long the new link opens the door."""

    hours: int = Field(72, ge=1, le=24 * 60)


class LinkOut(Out):
    """A link; `path` is what to open, null once it is revoked."""

    id: str
    role: Role
    team_id: str | None
    expires_at: datetime
    revoked_at: datetime | None
    path: str | None


class CreatedOut(Out):
    """A new workshop, its facilitator's session (shown this once), links for everybody else, what drafts began with."""

    workshop: WorkshopOut
    token: str
    links: list[LinkOut]
    carried: CarriedOut | None = None


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
