"""The tables: a workspace and what belongs to it.

Every row that belongs to a workspace has the workspace in its primary key and in its foreign keys, so the database
itself refuses a row of one workspace that points into another. Times are UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ID = String(32)
NAME = String(500)


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


class Utc(TypeDecorator[datetime]):
    """A time in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read as UTC."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can name it too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Utc, dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012


class Workspace(Base):
    """An organisation's memory."""

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(NAME)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)


class ApiKey(Base):
    """A key to one workspace; only the hash of its secret is kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ID, ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(NAME)
    scope: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class Owned:
    """Columns of what belongs to a workspace."""

    workspace_id: Mapped[str] = mapped_column(
        ID, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True, sort_order=-2
    )
    id: Mapped[str] = mapped_column(ID, primary_key=True, sort_order=-1)


class Versioned(Owned):
    """What is edited in place; `version` is its ETag."""

    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class Cycle(Versioned, Base):
    """A planning cycle, such as Q3 2026; its dates tell which one is under way."""

    __tablename__ = "cycles"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    name: Mapped[str] = mapped_column(NAME)
    starts_on: Mapped[date | None] = mapped_column(default=None)
    ends_on: Mapped[date | None] = mapped_column(default=None)


class Team(Versioned, Base):
    """A team of the organisation; `function` groups teams, such as engineering."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    name: Mapped[str] = mapped_column(NAME)
    function: Mapped[str] = mapped_column(NAME, default="")


class Pillar(Versioned, Base):
    """A strategic priority; of one cycle, or of all where `cycle_id` is None."""

    __tablename__ = "pillars"
    __table_args__ = (ForeignKeyConstraint(["workspace_id", "cycle_id"], ["cycles.workspace_id", "cycles.id"]),)

    name: Mapped[str] = mapped_column(NAME)
    text: Mapped[str] = mapped_column(Text, default="")
    cycle_id: Mapped[str | None] = mapped_column(ID, default=None)


class Kpi(Versioned, Base):
    """A standing measure of the organisation: its normal level is `target`, as people write it."""

    __tablename__ = "kpis"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    name: Mapped[str] = mapped_column(NAME)
    definition: Mapped[str] = mapped_column(Text, default="")
    target: Mapped[str | None] = mapped_column(NAME, default=None)
    owner: Mapped[str] = mapped_column(NAME, default="")


class KpiValue(Base):
    """One reading of a KPI, one a day at most."""

    __tablename__ = "kpi_values"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "kpi_id"], ["kpis.workspace_id", "kpis.id"], ondelete="CASCADE"),
    )

    workspace_id: Mapped[str] = mapped_column(ID, primary_key=True)
    kpi_id: Mapped[str] = mapped_column(ID, primary_key=True)
    on: Mapped[date] = mapped_column("read_on", primary_key=True)
    value: Mapped[float]


class Okr(Versioned, Base):
    """An objective with its key results, as it stands now; `team_id` None is the organisation's own.

    A deleted one stays, with `deleted_at`, for its history.
    """

    __tablename__ = "okrs"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "cycle_id"], ["cycles.workspace_id", "cycles.id"]),
        ForeignKeyConstraint(["workspace_id", "team_id"], ["teams.workspace_id", "teams.id"]),
        # Deferred, so that an import can write parent and child in any order.
        ForeignKeyConstraint(
            ["workspace_id", "parent_id"],
            ["okrs.workspace_id", "okrs.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        Index(None, "workspace_id", "cycle_id", "team_id"),
        Index(None, "workspace_id", "parent_id"),
    )

    cycle_id: Mapped[str] = mapped_column(ID)
    team_id: Mapped[str | None] = mapped_column(ID, default=None)
    parent_id: Mapped[str | None] = mapped_column(ID, default=None)
    objective: Mapped[str] = mapped_column(Text)
    key_results: Mapped[list[str]]
    deleted_at: Mapped[datetime | None] = mapped_column(default=None)


class OkrVersion(Base):
    """One version of an OKR: who made it, when and why; written with the change itself."""

    __tablename__ = "okr_versions"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "okr_id"], ["okrs.workspace_id", "okrs.id"], ondelete="CASCADE"),
        Index(None, "workspace_id", "change_id"),
    )

    workspace_id: Mapped[str] = mapped_column(ID, primary_key=True)
    okr_id: Mapped[str] = mapped_column(ID, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[str] = mapped_column(ID)
    change: Mapped[str] = mapped_column(String(10))
    cycle_id: Mapped[str] = mapped_column(ID)
    team_id: Mapped[str | None] = mapped_column(ID, default=None)
    parent_id: Mapped[str | None] = mapped_column(ID, default=None)
    objective: Mapped[str] = mapped_column(Text)
    key_results: Mapped[list[str]]
    by: Mapped[str] = mapped_column("changed_by", NAME)
    at: Mapped[datetime] = mapped_column("changed_at", default=now)
    why: Mapped[str] = mapped_column(Text, default="")


class OkrFinding(Base):
    """The snapshot of the last review of a stored OKR: what was found in which version."""

    __tablename__ = "okr_findings"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "okr_id"], ["okrs.workspace_id", "okrs.id"], ondelete="CASCADE"),
    )

    workspace_id: Mapped[str] = mapped_column(ID, primary_key=True)
    okr_id: Mapped[str] = mapped_column(ID, primary_key=True)
    okr_version: Mapped[int]
    grade: Mapped[int | None] = mapped_column(default=None)
    report: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column("reviewed_at", default=now)


class SeenFinding(Base):
    """Words that a review raised a finding on, kept for a while so that feedback can name it by its id alone."""

    __tablename__ = "seen_findings"
    __table_args__ = (Index(None, "workspace_id", "seen_at"),)

    workspace_id: Mapped[str] = mapped_column(ID, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    rule: Mapped[str] = mapped_column(String(100))
    quote: Mapped[str] = mapped_column(Text)
    line: Mapped[str] = mapped_column(Text)
    objective: Mapped[str] = mapped_column(Text, default="")
    is_objective: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column("seen_at", default=now)


class Feedback(Owned, Base):
    """What somebody answered to a finding: `accept` or `dismiss`."""

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "workspace_id", "content"),)

    content: Mapped[str] = mapped_column(String(64))
    rule: Mapped[str] = mapped_column(String(100))
    quote: Mapped[str] = mapped_column(Text)
    line: Mapped[str] = mapped_column(Text, default="")
    objective: Mapped[str] = mapped_column(Text, default="")
    is_objective: Mapped[bool] = mapped_column(default=False)
    verdict: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column("given_by", NAME)
    at: Mapped[datetime] = mapped_column("given_at", default=now)


class Dismissal(Base):
    """A finding that isn't to be raised again: found by `content`, a hash of rule, quote and line."""

    __tablename__ = "dismissals"

    workspace_id: Mapped[str] = mapped_column(ID, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[str] = mapped_column(String(64), primary_key=True)
    rule: Mapped[str] = mapped_column(String(100))
    quote: Mapped[str] = mapped_column(Text)
    line: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column("dismissed_by", NAME)
    at: Mapped[datetime] = mapped_column("dismissed_at", default=now)


class PendingVector(Base):
    """An OKR whose vectors are older than its text; written with the change, removed once the index has it.

    No foreign key: that an OKR went away with its workspace is news for the index as well.
    """

    __tablename__ = "pending_vectors"

    workspace_id: Mapped[str] = mapped_column(ID, primary_key=True)
    okr_id: Mapped[str] = mapped_column(ID, primary_key=True)
    version: Mapped[int]
