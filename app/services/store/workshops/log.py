"""The event log of a workshop: what happened, numbered, in the same transaction as the change itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.services.store.workshops.tables import Workshop, WorkshopEvent

KEPT = 5_000
"""Events that can be resumed from; who was away for longer reads everything again."""

_SWEEP_EVERY = 500


@dataclass
class Turn:
    """A change under way: its session, the workshop it is made in, and what it will tell the room."""

    session: AsyncSession
    workspace: str
    workshop: str
    said: list[WorkshopEvent] = field(default_factory=list)

    async def say(self, kind: str, data: Mapping[str, Any], team: str | None = None) -> None:
        """Log an event for everybody, or for one team's table."""
        await self.say_all([(kind, data, team)])

    async def say_all(self, events: Sequence[tuple[str, Mapping[str, Any], str | None]]) -> None:
        """Log several, each a kind, what it says, and the team whose table it is for (None: everybody)."""
        own = Workshop.workspace_id == self.workspace, Workshop.id == self.workshop
        counted = update(Workshop).where(*own).values(last_event=Workshop.last_event + len(events))
        counting = counted.returning(Workshop.last_event)
        last = (await self.session.scalars(counting, execution_options={"synchronize_session": False})).one()
        said = [
            WorkshopEvent(
                workspace_id=self.workspace,
                workshop_id=self.workshop,
                number=number,
                kind=kind,
                team_id=team,
                data=dict(data),
            )
            for number, (kind, data, team) in enumerate(events, last - len(events) + 1)
        ]
        self.session.add_all(said)
        await self.session.flush()
        if any(event.number % _SWEEP_EVERY == 0 for event in said):
            old = (*_of(self.workspace, self.workshop), WorkshopEvent.number <= last - KEPT)
            await self.session.execute(delete(WorkshopEvent).where(*old))
        self.said += said


async def since(session: AsyncSession, workspace: str, workshop: str, number: int) -> Sequence[WorkshopEvent]:
    """Events after `number`, in order."""
    asked = select(WorkshopEvent).where(*_of(workspace, workshop), WorkshopEvent.number > number)
    return (await session.scalars(asked.order_by(WorkshopEvent.number))).all()


async def latest(session: AsyncSession, workspace: str, workshop: str) -> int:
    """The number of the last event."""
    asked = select(Workshop.last_event).where(Workshop.workspace_id == workspace, Workshop.id == workshop)
    return (await session.scalar(asked)) or 0


def _of(workspace: str, workshop: str) -> tuple[Any, Any]:
    return WorkshopEvent.workspace_id == workspace, WorkshopEvent.workshop_id == workshop
