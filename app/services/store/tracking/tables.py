"""The tables of a plan under way. Each row names the cycle and the version of the OKR that it was written for.

Nothing here names a person: what is kept is the label of a role within the team.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.services.store.tables import ID, Base, Owned, now

LABEL = String(12)


def of_version() -> ForeignKeyConstraint:
    """The key to the version that a row was written for."""
    return ForeignKeyConstraint(
        ["workspace_id", "okr_id", "okr_version"],
        ["okr_versions.workspace_id", "okr_versions.okr_id", "okr_versions.version"],
        ondelete="CASCADE",
    )


def of_cycle() -> ForeignKeyConstraint:
    """The key to the cycle."""
    return ForeignKeyConstraint(["workspace_id", "cycle_id"], ["cycles.workspace_id", "cycles.id"])


class Commitment(Base):
    """That a team has committed to an OKR: from `okr_version` on its key results change with a reason only."""

    __tablename__ = "okr_commitments"
    __table_args__ = (of_version(), of_cycle())

    workspace_id: Mapped[str] = mapped_column(ID, primary_key=True)
    okr_id: Mapped[str] = mapped_column(ID, primary_key=True)
    okr_version: Mapped[int]
    cycle_id: Mapped[str] = mapped_column(ID)
    at: Mapped[datetime] = mapped_column("committed_at", default=now)


class CheckIn(Owned, Base):
    """How a key result (from 0, of `okr_version`) stands: `weekly`, `halfway`, or a `note` without figures.

    `value` is in the unit of the target (71 for 71 %), `confidence` 0-1 that the target will be reached.
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        of_version(),
        of_cycle(),
        Index(None, "workspace_id", "cycle_id", "okr_id"),
        Index(None, "workspace_id", "okr_id"),
    )

    okr_id: Mapped[str] = mapped_column(ID)
    okr_version: Mapped[int]
    cycle_id: Mapped[str] = mapped_column(ID)
    key_result: Mapped[int]
    kind: Mapped[str] = mapped_column(LABEL)
    value: Mapped[float | None] = mapped_column(default=None)
    confidence: Mapped[float | None] = mapped_column(default=None)
    note: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(LABEL)
    at: Mapped[datetime] = mapped_column("checked_at", default=now)


class Grade(Owned, Base):
    """What a team gave an OKR at the cycle's end: 0-1 a key result of `okr_version`, and what it learned.

    The last one counts; earlier ones stay.
    """

    __tablename__ = "okr_grades"
    __table_args__ = (of_version(), of_cycle(), Index(None, "workspace_id", "cycle_id", "okr_id"))

    okr_id: Mapped[str] = mapped_column(ID)
    okr_version: Mapped[int]
    cycle_id: Mapped[str] = mapped_column(ID)
    scores: Mapped[list[float | None]] = mapped_column(JSON)
    learned: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(LABEL)
    at: Mapped[datetime] = mapped_column("graded_at", default=now)


class CarryOver(Base):
    """An OKR of a cycle that its team wants to go on with in the next."""

    __tablename__ = "carry_overs"
    __table_args__ = (of_version(), of_cycle())

    workspace_id: Mapped[str] = mapped_column(ID, primary_key=True)
    cycle_id: Mapped[str] = mapped_column(ID, primary_key=True)
    okr_id: Mapped[str] = mapped_column(ID, primary_key=True)
    okr_version: Mapped[int]
    why: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(LABEL)
    at: Mapped[datetime] = mapped_column("chosen_at", default=now)


class TargetChange(Owned, Base):
    """A key result that was changed after its team had committed to it, and why; written with the change itself.

    `kind` is `changed`, `added`, `removed`, or `moved` (to another cycle: `before` and `after` name both). `key_result`
    is the place in `okr_version`, the version before; of an added one, the place in the version after.
    """

    __tablename__ = "target_changes"
    __table_args__ = (
        of_version(),
        of_cycle(),
        Index(None, "workspace_id", "cycle_id"),
        Index(None, "workspace_id", "okr_id"),
    )

    okr_id: Mapped[str] = mapped_column(ID)
    okr_version: Mapped[int]
    cycle_id: Mapped[str] = mapped_column(ID)
    key_result: Mapped[int | None] = mapped_column(default=None)
    kind: Mapped[str] = mapped_column(LABEL)
    before: Mapped[str | None] = mapped_column("text_before", Text, default=None)
    after: Mapped[str | None] = mapped_column("text_after", Text, default=None)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column("changed_at", default=now)
