"""A plan under way: check-ins, grades, carry-over, commitments and the ledger of targets that were changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.services.store.tables import Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "carry_overs",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("cycle_id", sa.String(length=32), nullable=False),
        sa.Column("okr_id", sa.String(length=32), nullable=False),
        sa.Column("okr_version", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("chosen_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "cycle_id"],
            ["cycles.workspace_id", "cycles.id"],
            name="fk_carry_overs_workspace_id_cycle_id",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "okr_id", "okr_version"],
            ["okr_versions.workspace_id", "okr_versions.okr_id", "okr_versions.version"],
            name="fk_carry_overs_workspace_id_okr_id_okr_version",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "cycle_id", "okr_id", name="pk_carry_overs"),
    )
    op.create_table(
        "check_ins",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("okr_id", sa.String(length=32), nullable=False),
        sa.Column("okr_version", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.String(length=32), nullable=False),
        sa.Column("key_result", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("checked_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "cycle_id"],
            ["cycles.workspace_id", "cycles.id"],
            name="fk_check_ins_workspace_id_cycle_id",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "okr_id", "okr_version"],
            ["okr_versions.workspace_id", "okr_versions.okr_id", "okr_versions.version"],
            name="fk_check_ins_workspace_id_okr_id_okr_version",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_check_ins_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_check_ins"),
    )
    op.create_index(
        "ix_check_ins_workspace_id_cycle_id_okr_id", "check_ins", ["workspace_id", "cycle_id", "okr_id"], unique=False
    )
    op.create_index("ix_check_ins_workspace_id_okr_id", "check_ins", ["workspace_id", "okr_id"], unique=False)
    op.create_table(
        "okr_commitments",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("okr_id", sa.String(length=32), nullable=False),
        sa.Column("okr_version", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.String(length=32), nullable=False),
        sa.Column("committed_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "cycle_id"],
            ["cycles.workspace_id", "cycles.id"],
            name="fk_okr_commitments_workspace_id_cycle_id",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "okr_id", "okr_version"],
            ["okr_versions.workspace_id", "okr_versions.okr_id", "okr_versions.version"],
            name="fk_okr_commitments_workspace_id_okr_id_okr_version",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "okr_id", name="pk_okr_commitments"),
    )
    op.create_table(
        "okr_grades",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("okr_id", sa.String(length=32), nullable=False),
        sa.Column("okr_version", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.String(length=32), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("learned", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("graded_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "cycle_id"],
            ["cycles.workspace_id", "cycles.id"],
            name="fk_okr_grades_workspace_id_cycle_id",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "okr_id", "okr_version"],
            ["okr_versions.workspace_id", "okr_versions.okr_id", "okr_versions.version"],
            name="fk_okr_grades_workspace_id_okr_id_okr_version",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_okr_grades_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_okr_grades"),
    )
    op.create_index(
        "ix_okr_grades_workspace_id_cycle_id_okr_id", "okr_grades", ["workspace_id", "cycle_id", "okr_id"], unique=False
    )
    op.create_table(
        "target_changes",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("okr_id", sa.String(length=32), nullable=False),
        sa.Column("okr_version", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.String(length=32), nullable=False),
        sa.Column("key_result", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text_before", sa.Text(), nullable=True),
        sa.Column("text_after", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "cycle_id"],
            ["cycles.workspace_id", "cycles.id"],
            name="fk_target_changes_workspace_id_cycle_id",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "okr_id", "okr_version"],
            ["okr_versions.workspace_id", "okr_versions.okr_id", "okr_versions.version"],
            name="fk_target_changes_workspace_id_okr_id_okr_version",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_target_changes_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_target_changes"),
    )
    op.create_index(
        "ix_target_changes_workspace_id_cycle_id", "target_changes", ["workspace_id", "cycle_id"], unique=False
    )
    op.create_index("ix_target_changes_workspace_id_okr_id", "target_changes", ["workspace_id", "okr_id"], unique=False)
    _commit_what_was_frozen(op.get_bind())


def _commit_what_was_frozen(connection: sa.Connection) -> None:
    """OKRs that a workshop froze before there were commitments are committed to as they stand."""
    workshops = sa.table(
        "workshops",
        *(sa.column(name, sa.String) for name in ("workspace_id", "id")),
        sa.column("frozen_at", Utc(timezone=True)),
    )
    teams = sa.table(
        "workshop_teams",
        *(sa.column(name, sa.String) for name in ("workspace_id", "workshop_id")),
        sa.column("okrs", sa.JSON),
    )
    okrs = sa.table(
        "okrs",
        *(sa.column(name, sa.String) for name in ("workspace_id", "id", "cycle_id")),
        sa.column("version", sa.Integer),
        sa.column("deleted_at", Utc(timezone=True)),
    )
    commitments = sa.table(
        "okr_commitments",
        *(sa.column(name, sa.String) for name in ("workspace_id", "okr_id", "cycle_id")),
        sa.column("okr_version", sa.Integer),
        sa.column("committed_at", Utc(timezone=True)),
    )
    frozen = sa.select(teams.c.workspace_id, teams.c.okrs, workshops.c.frozen_at).where(
        workshops.c.workspace_id == teams.c.workspace_id,
        workshops.c.id == teams.c.workshop_id,
        workshops.c.frozen_at.is_not(None),
    )
    when = {
        (workspace, entry.partition(":")[2]): at
        for workspace, entries, at in connection.execute(frozen)
        for entry in entries
    }
    for row in connection.execute(sa.select(okrs).where(okrs.c.deleted_at.is_(None))).all():
        if at := when.get((row.workspace_id, row.id)):
            connection.execute(
                commitments.insert().values(
                    workspace_id=row.workspace_id,
                    okr_id=row.id,
                    cycle_id=row.cycle_id,
                    okr_version=row.version,
                    committed_at=at,
                )
            )
