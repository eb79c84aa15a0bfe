"""All routes of workshops."""

from __future__ import annotations

from app.api.workshops import carry, events, opening, outcome, room, tables, talk

ROUTERS = [part.router for part in (room, carry, tables, talk, events, outcome)] + [opening.door]
