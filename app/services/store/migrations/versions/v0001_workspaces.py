"""Workspaces and what belongs to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.services.store.tables import Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "pending_vectors",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("okr_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "okr_id", name="pk_pending_vectors"),
    )
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("revoked_at", Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_api_keys_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    op.create_index("ix_api_keys_workspace_id", "api_keys", ["workspace_id"], unique=False)
    op.create_table(
        "cycles",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("updated_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_cycles_workspace_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_cycles"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_cycles_workspace_id_name"),
    )
    op.create_table(
        "dismissals",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("dismissed_by", sa.String(length=500), nullable=False),
        sa.Column("dismissed_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_dismissals_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "content", name="pk_dismissals"),
    )
    op.create_table(
        "feedback",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("is_objective", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.String(length=500), nullable=False),
        sa.Column("given_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_feedback_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_feedback"),
    )
    op.create_index("ix_feedback_workspace_id_content", "feedback", ["workspace_id", "content"], unique=False)
    op.create_table(
        "kpis",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("target", sa.String(length=500), nullable=True),
        sa.Column("owner", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("updated_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_kpis_workspace_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_kpis"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_kpis_workspace_id_name"),
    )
    op.create_table(
        "seen_findings",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("is_objective", sa.Boolean(), nullable=False),
        sa.Column("seen_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_seen_findings_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_seen_findings"),
    )
    op.create_index("ix_seen_findings_workspace_id_seen_at", "seen_findings", ["workspace_id", "seen_at"], unique=False)
    op.create_table(
        "teams",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("function", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("updated_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_teams_workspace_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_teams"),
        sa.UniqueConstraint("workspace_id", "name", name="uq_teams_workspace_id_name"),
    )
    op.create_table(
        "kpi_values",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("kpi_id", sa.String(length=32), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "kpi_id"],
            ["kpis.workspace_id", "kpis.id"],
            name="fk_kpi_values_workspace_id_kpi_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "kpi_id", "read_on", name="pk_kpi_values"),
    )
    op.create_table(
        "okrs",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("cycle_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("key_results", sa.JSON(), nullable=False),
        sa.Column("deleted_at", Utc(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("updated_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "cycle_id"], ["cycles.workspace_id", "cycles.id"], name="fk_okrs_workspace_id_cycle_id"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "parent_id"],
            ["okrs.workspace_id", "okrs.id"],
            name="fk_okrs_workspace_id_parent_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"], ["teams.workspace_id", "teams.id"], name="fk_okrs_workspace_id_team_id"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_okrs_workspace_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_okrs"),
    )
    op.create_index(
        "ix_okrs_workspace_id_cycle_id_team_id", "okrs", ["workspace_id", "cycle_id", "team_id"], unique=False
    )
    op.create_index("ix_okrs_workspace_id_parent_id", "okrs", ["workspace_id", "parent_id"], unique=False)
    op.create_table(
        "pillars",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cycle_id", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("updated_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "cycle_id"], ["cycles.workspace_id", "cycles.id"], name="fk_pillars_workspace_id_cycle_id"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_pillars_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_pillars"),
    )
    op.create_table(
        "okr_findings",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("okr_id", sa.String(length=32), nullable=False),
        sa.Column("okr_version", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("reviewed_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "okr_id"],
            ["okrs.workspace_id", "okrs.id"],
            name="fk_okr_findings_workspace_id_okr_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "okr_id", name="pk_okr_findings"),
    )
    op.create_table(
        "okr_versions",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("okr_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.String(length=32), nullable=False),
        sa.Column("change", sa.String(length=10), nullable=False),
        sa.Column("cycle_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("key_results", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(length=500), nullable=False),
        sa.Column("changed_at", Utc(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "okr_id"],
            ["okrs.workspace_id", "okrs.id"],
            name="fk_okr_versions_workspace_id_okr_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "okr_id", "version", name="pk_okr_versions"),
    )
    op.create_index(
        "ix_okr_versions_workspace_id_change_id", "okr_versions", ["workspace_id", "change_id"], unique=False
    )
