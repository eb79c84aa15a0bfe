"""`/v1/workspaces/{workspace}/…`: one file a resource."""

from __future__ import annotations

from app.api.workspaces import cycles, kpis, okrs, pillars, teams, workspace

ROUTERS = [part.router for part in (workspace, cycles, teams, pillars, kpis, okrs)]
