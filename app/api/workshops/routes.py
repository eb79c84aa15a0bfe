"""All routes of workshops."""

from __future__ import annotations

from app.api.workshops import carry, events, homework, opening, outcome, people, rewriting, room, tables, talk

ROUTERS = [part.router for part in (room, people, carry, tables, rewriting, homework, talk, events, outcome)] + [
    opening.door
]
