"""All routes of workspaces."""

from __future__ import annotations

from app.api.workshops import opening
from app.api.workspaces import (
    check_ins,
    cycles,
    findings,
    grading,
    kpis,
    maps,
    okrs,
    pillars,
    progress,
    teams,
    transfer,
    workspace,
)

ROUTERS = [
    *(part.router for part in (workspace, cycles, maps, teams, pillars, kpis, okrs, transfer, findings)),
    *(part.router for part in (check_ins, progress, grading)),
    findings.feedback_router,
    opening.router,
]
