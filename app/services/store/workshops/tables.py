"""The tables of workshops. As all that belongs to a workspace, every row has the workspace in its keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.services.store.tables import ID, NAME, Base, Versioned, now

ROLE = String(12)


class Workshop(Versioned, Base):
    """One planning session of a cycle.

    `secret` signs its links and sessions and never leaves the server. The timer runs until `timer_ends_at`, or stands
    with `timer_left` seconds on it. `here` is where the facilitator has called everybody to.
    """

    __tablename__ = "workshops"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "cycle_id"], ["cycles.workspace_id", "cycles.id"]),
        UniqueConstraint("id"),
    )

    cycle_id: Mapped[str] = mapped_column(ID)
    name: Mapped[str] = mapped_column(NAME)
    secret: Mapped[str] = mapped_column(String(64))
    profile: Mapped[str] = mapped_column(String(50), default="house")
    max_objectives: Mapped[int] = mapped_column(default=3)
    max_key_results: Mapped[int] = mapped_column(default=4)
    pillars: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    stage: Mapped[int] = mapped_column(default=0)
    timer_ends_at: Mapped[datetime | None] = mapped_column(default=None)
    timer_left: Mapped[int | None] = mapped_column(default=None)
    here: Mapped[str] = mapped_column(String(200), default="")
    last_event: Mapped[int] = mapped_column(default=0)
    frozen_at: Mapped[datetime | None] = mapped_column(default=None)


class OfWorkshop:
    """Columns of what belongs to a workshop."""

    workspace_id: Mapped[str] = mapped_column(ID, primary_key=True, sort_order=-3)
    workshop_id: Mapped[str] = mapped_column(ID, primary_key=True, sort_order=-2)


def belongs() -> ForeignKeyConstraint:
    """The key to the workshop."""
    return ForeignKeyConstraint(
        ["workspace_id", "workshop_id"], ["workshops.workspace_id", "workshops.id"], ondelete="CASCADE"
    )


class WorkshopLink(OfWorkshop, Base):
    """A link that people join by; with `team_id` it seats them at that team."""

    __tablename__ = "workshop_links"
    __table_args__ = (belongs(),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, sort_order=-1)
    role: Mapped[str] = mapped_column(ROLE)
    team_id: Mapped[str | None] = mapped_column(ID, default=None)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class WorkshopTeam(OfWorkshop, Base):
    """A team at its table. `version` is that of its draft, `ready_version` the one that it called ready.

    `lines` is the draft as it stands: `{"id", "text"}` each, ids never used twice (`next_line`). `report` is the review
    of `reviewed_version`. `start_version` is where coaching found the draft, `revealed` the lines whose votes are open.
    `okrs` are the stored OKRs that it was frozen to.
    """

    __tablename__ = "workshop_teams"
    __table_args__ = (belongs(), UniqueConstraint("workspace_id", "workshop_id", "name"))

    id: Mapped[str] = mapped_column(ID, primary_key=True, sort_order=-1)
    name: Mapped[str] = mapped_column(NAME)
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=0)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    next_line: Mapped[int] = mapped_column(default=1)
    ready_version: Mapped[int | None] = mapped_column(default=None)
    start_version: Mapped[int | None] = mapped_column(default=None)
    reviewed_version: Mapped[int] = mapped_column(default=0)
    grade: Mapped[float | None] = mapped_column(default=None)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    trend: Mapped[list[float]] = mapped_column(JSON, default=list)
    revealed: Mapped[list[int]] = mapped_column(JSON, default=list)
    okrs: Mapped[list[str]] = mapped_column(default=list)


class WorkshopPerson(OfWorkshop, Base):
    """Somebody in the room: a name, a role and (but for facilitators and observers) a team; no account."""

    __tablename__ = "workshop_people"
    __table_args__ = (belongs(),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, sort_order=-1)
    link_id: Mapped[str | None] = mapped_column(ID, default=None)
    name: Mapped[str] = mapped_column(NAME)
    role: Mapped[str] = mapped_column(ROLE)
    team_id: Mapped[str | None] = mapped_column(ID, default=None)
    joined_at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None] = mapped_column(default=None)


class WorkshopDraft(OfWorkshop, Base):
    """One version of a team's draft; kept, so that an edit made from it can be merged."""

    __tablename__ = "workshop_drafts"
    __table_args__ = (belongs(),)

    team_id: Mapped[str] = mapped_column(ID, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column("edited_by", NAME)
    at: Mapped[datetime] = mapped_column("edited_at", default=now)


class WorkshopComment(OfWorkshop, Base):
    """A remark on a line of a team's draft; `quote` is the line as it read then."""

    __tablename__ = "workshop_comments"
    __table_args__ = (belongs(), Index(None, "workspace_id", "workshop_id", "team_id"))

    id: Mapped[str] = mapped_column(ID, primary_key=True, sort_order=-1)
    team_id: Mapped[str] = mapped_column(ID)
    line: Mapped[int]
    quote: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column("said_by", NAME)
    at: Mapped[datetime] = mapped_column("said_at", default=now)
    resolved_at: Mapped[datetime | None] = mapped_column(default=None)


class WorkshopVote(OfWorkshop, Base):
    """One person's vote on a line: `confidence` 1-5, or `support` 1 or -1. Only sums are ever shown."""

    __tablename__ = "workshop_votes"
    __table_args__ = (belongs(),)

    team_id: Mapped[str] = mapped_column(ID, primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    person_id: Mapped[str] = mapped_column(ID, primary_key=True)
    value: Mapped[int]


class WorkshopRequest(OfWorkshop, Base):
    """What one team asks of another: asked, then agreed or declined with a reason."""

    __tablename__ = "workshop_requests"
    __table_args__ = (belongs(),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, sort_order=-1)
    from_team: Mapped[str] = mapped_column(ID)
    to_team: Mapped[str] = mapped_column(ID)
    line: Mapped[int | None] = mapped_column(default=None)
    quote: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="asked")
    reason: Mapped[str] = mapped_column(Text, default="")
    owner: Mapped[str] = mapped_column(NAME, default="")
    asked_by: Mapped[str] = mapped_column(NAME)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    answered_by: Mapped[str] = mapped_column(NAME, default="")
    answered_at: Mapped[datetime | None] = mapped_column(default=None)


class WorkshopNote(OfWorkshop, Base):
    """A line of the room's lists: a `decision`, something it is `not-doing`, or `homework` with an owner."""

    __tablename__ = "workshop_notes"
    __table_args__ = (belongs(),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, sort_order=-1)
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(NAME, default="")
    team_id: Mapped[str | None] = mapped_column(ID, default=None)
    by: Mapped[str] = mapped_column("noted_by", NAME)
    at: Mapped[datetime] = mapped_column("noted_at", default=now)


class WorkshopEvent(OfWorkshop, Base):
    """What happened, numbered within its workshop; `team_id` None is for everybody, else for that team's table."""

    __tablename__ = "workshop_events"
    __table_args__ = (belongs(),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    team_id: Mapped[str | None] = mapped_column(ID, default=None)
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column("happened_at", default=now)
