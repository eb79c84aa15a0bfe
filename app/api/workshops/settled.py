"""Where teams met and do no longer: what a room has settled, so that an empty list can say so.

What was met is remembered by the events that told the room of it, and so through restarts of the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.coach.overlap import Relation
from app.services.store.workshops.tables import WorkshopEvent

GRAVITY: Final = (Relation.CONFLICT, Relation.DUPLICATE, Relation.OVERLAP, Relation.DEPENDENCY)

Meetings = dict[tuple[str, str], str]
"""How two teams (ids, in order) meet: the gravest kind."""


def meetings(drawn: Mapping[str, Any]) -> Meetings:
    """Which teams meet in a map of drafts."""
    found: Meetings = {}
    places = drawn.get("places", ())
    for kind in reversed(GRAVITY):
        for pair in drawn.get("pairs", ()):
            if pair["type"] == kind:
                one, other = sorted(places[pair[side]["okr"]]["team"] for side in ("a", "b"))
                found[one, other] = kind.value
    return found


async def met(session: AsyncSession, workspace: str, workshop: str) -> Meetings:
    """Every meeting that the room was told of so far, each as it was last."""
    asked = select(WorkshopEvent.data).where(
        WorkshopEvent.workspace_id == workspace,
        WorkshopEvent.workshop_id == workshop,
        WorkshopEvent.kind == "overlaps",
    )
    found: Meetings = {}
    for data in await session.scalars(asked.order_by(WorkshopEvent.number)):
        found |= {(one, other): kind for one, other, kind in data.get("meet", ())}
    return found


def news(before: Meetings, now: Meetings) -> list[list[str]]:
    """Meetings that are new or of another kind, as the event carries them: two teams' ids and the kind."""
    return [[*teams, kind] for teams, kind in sorted(now.items()) if before.get(teams) != kind]


def settled(before: Meetings, now: Meetings, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is no longer: ids and names of the two teams, and of which kind it was last."""
    return [
        {"ids": list(teams), "teams": [names[team] for team in teams], "type": kind}
        for teams, kind in sorted(before.items())
        if teams not in now and all(team in names for team in teams)
    ]
