"""All routes of workshops."""

from __future__ import annotations

from app.api.workshops import events, opening, outcome, room, tables, talk

ROUTERS = [part.router for part in (room, tables, talk, events, outcome)] + [opening.door]
