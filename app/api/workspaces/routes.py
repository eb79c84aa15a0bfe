"""All routes of workspaces."""

from __future__ import annotations

from app.api.workspaces import cycles, findings, kpis, okrs, pillars, teams, workspace

ROUTERS = [
    *(part.router for part in (workspace, cycles, teams, pillars, kpis, okrs, findings)),
    findings.feedback_router,
]
