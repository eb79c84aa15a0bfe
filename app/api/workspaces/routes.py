"""All routes of workspaces."""

from __future__ import annotations

from app.api.workshops import opening
from app.api.workspaces import cycles, findings, kpis, maps, okrs, pillars, teams, transfer, workspace

ROUTERS = [
    *(part.router for part in (workspace, cycles, maps, teams, pillars, kpis, okrs, transfer, findings)),
    findings.feedback_router,
    opening.router,
]
