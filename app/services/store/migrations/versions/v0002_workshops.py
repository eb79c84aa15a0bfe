"""Planning workshops."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.services.store.tables import Utc

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "workshops",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("cycle_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("profile", sa.String(length=50), nullable=False),
        sa.Column("max_objectives", sa.Integer(), nullable=False),
        sa.Column("max_key_results", sa.Integer(), nullable=False),
        sa.Column("pillars", sa.JSON(), nullable=False),
        sa.Column("agenda", sa.JSON(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("timer_ends_at", Utc(timezone=True), nullable=True),
        sa.Column("timer_left", sa.Integer(), nullable=True),
        sa.Column("here", sa.String(length=200), nullable=False),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column("frozen_at", Utc(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("updated_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "cycle_id"],
            ["cycles.workspace_id", "cycles.id"],
            name="fk_workshops_workspace_id_cycle_id",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_workshops_workspace_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_workshops"),
        sa.UniqueConstraint("id", name="uq_workshops_id"),
    )
    op.create_table(
        "workshop_comments",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("workshop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(length=500), nullable=False),
        sa.Column("said_at", Utc(timezone=True), nullable=False),
        sa.Column("resolved_at", Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workshop_id"],
            ["workshops.workspace_id", "workshops.id"],
            name="fk_workshop_comments_workspace_id_workshop_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "workshop_id", "id", name="pk_workshop_comments"),
    )
    op.create_index(
        "ix_workshop_comments_workspace_id_workshop_id_team_id",
        "workshop_comments",
        ["workspace_id", "workshop_id", "team_id"],
        unique=False,
    )
    op.create_table(
        "workshop_drafts",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("workshop_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("edited_by", sa.String(length=500), nullable=False),
        sa.Column("edited_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workshop_id"],
            ["workshops.workspace_id", "workshops.id"],
            name="fk_workshop_drafts_workspace_id_workshop_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "workshop_id", "team_id", "version", name="pk_workshop_drafts"),
    )
    op.create_table(
        "workshop_events",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("workshop_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("happened_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workshop_id"],
            ["workshops.workspace_id", "workshops.id"],
            name="fk_workshop_events_workspace_id_workshop_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "workshop_id", "number", name="pk_workshop_events"),
    )
    op.create_table(
        "workshop_links",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("workshop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("expires_at", Utc(timezone=True), nullable=False),
        sa.Column("revoked_at", Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workshop_id"],
            ["workshops.workspace_id", "workshops.id"],
            name="fk_workshop_links_workspace_id_workshop_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "workshop_id", "id", name="pk_workshop_links"),
    )
    op.create_table(
        "workshop_notes",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("workshop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=500), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("noted_by", sa.String(length=500), nullable=False),
        sa.Column("noted_at", Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workshop_id"],
            ["workshops.workspace_id", "workshops.id"],
            name="fk_workshop_notes_workspace_id_workshop_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "workshop_id", "id", name="pk_workshop_notes"),
    )
    op.create_table(
        "workshop_people",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("workshop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("link_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("joined_at", Utc(timezone=True), nullable=False),
        sa.Column("removed_at", Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workshop_id"],
            ["workshops.workspace_id", "workshops.id"],
            name="fk_workshop_people_workspace_id_workshop_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "workshop_id", "id", name="pk_workshop_people"),
    )
    op.create_table(
        "workshop_requests",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("workshop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("from_team", sa.String(length=32), nullable=False),
        sa.Column("to_team", sa.String(length=32), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=500), nullable=False),
        sa.Column("asked_by", sa.String(length=500), nullable=False),
        sa.Column("asked_at", Utc(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(length=500), nullable=False),
        sa.Column("answered_at", Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workshop_id"],
            ["workshops.workspace_id", "workshops.id"],
            name="fk_workshop_requests_workspace_id_workshop_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "workshop_id", "id", name="pk_workshop_requests"),
    )
    op.create_table(
        "workshop_teams",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("workshop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("created_at", Utc(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("next_line", sa.Integer(), nullable=False),
        sa.Column("ready_version", sa.Integer(), nullable=True),
        sa.Column("start_version", sa.Integer(), nullable=True),
        sa.Column("reviewed_version", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Double(), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("trend", sa.JSON(), nullable=False),
        sa.Column("revealed", sa.JSON(), nullable=False),
        sa.Column("okrs", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workshop_id"],
            ["workshops.workspace_id", "workshops.id"],
            name="fk_workshop_teams_workspace_id_workshop_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "workshop_id", "id", name="pk_workshop_teams"),
        sa.UniqueConstraint(
            "workspace_id", "workshop_id", "name", name="uq_workshop_teams_workspace_id_workshop_id_name"
        ),
    )
    op.create_table(
        "workshop_votes",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("workshop_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "workshop_id"],
            ["workshops.workspace_id", "workshops.id"],
            name="fk_workshop_votes_workspace_id_workshop_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "workshop_id", "team_id", "line", "kind", "person_id", name="pk_workshop_votes"
        ),
    )
