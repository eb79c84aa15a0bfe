"""Workshops themselves: made, found, moved through their agenda; and the people, links and teams in them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.services.store.ids import new_id
from app.services.store.tables import Cycle, now
from app.services.store.workshops.log import Turn
from app.services.store.workshops.tables import Workshop, WorkshopLink, WorkshopPerson, WorkshopTeam

LINK_LIVES = timedelta(days=3)
MOST_TEAMS, MOST_PEOPLE = 60, 600


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workshop is set up with."""

    name: str
    cycle_id: str
    agenda: tuple[dict[str, Any], ...]
    profile: str = "house"
    pillars: tuple[dict[str, str], ...] = ()
    max_objectives: int = 3
    max_key_results: int = 4


async def create(session: AsyncSession, workspace: str, plan: Plan) -> Workshop:
    """A new workshop. Raises `InvalidInputError` for a cycle that isn't there."""
    if await session.get(Cycle, (workspace, plan.cycle_id)) is None:
        raise InvalidInputError(f"cycle_id: there is no cycle {plan.cycle_id} in this workspace.")
    row = Workshop(
        workspace_id=workspace,
        id=new_id(),
        secret=secrets.token_urlsafe(32),
        name=plan.name,
        cycle_id=plan.cycle_id,
        agenda=list(plan.agenda),
        profile=plan.profile,
        pillars=list(plan.pillars),
        max_objectives=plan.max_objectives,
        max_key_results=plan.max_key_results,
    )
    session.add(row)
    await session.flush()
    return row


async def listed(session: AsyncSession, workspace: str) -> Sequence[Workshop]:
    """The workshops of a workspace, the latest first."""
    asked = select(Workshop).where(Workshop.workspace_id == workspace)
    return (await session.scalars(asked.order_by(Workshop.id.desc()))).all()


async def committed(session: AsyncSession, workspace: str, cycle: str) -> Sequence[Workshop]:
    """The workshops whose freezing committed teams to OKRs of a cycle, the latest first."""
    frozen = await session.execute(
        select(WorkshopTeam.workshop_id, WorkshopTeam.okrs).where(WorkshopTeam.workspace_id == workspace)
    )
    known = {workshop for workshop, okrs in frozen if okrs}
    return [row for row in await listed(session, workspace) if row.cycle_id == cycle and row.id in known]


async def by_id(session: AsyncSession, workshop: str) -> Workshop | None:
    """A workshop of whatever workspace: for its doors, which check links and sessions by its secret."""
    return await session.scalar(
        select(Workshop).where(Workshop.id == workshop), execution_options={"populate_existing": True}
    )


async def get(session: AsyncSession, workspace: str, workshop: str) -> Workshop:
    """One workshop. Raises `NotFoundError`."""
    found = await session.get(Workshop, (workspace, workshop), populate_existing=True)
    if found is None:
        raise NotFoundError(f"There is no workshop {workshop} in this workspace.")
    return found


async def add_link(
    session: AsyncSession, room: Workshop, role: str, team_id: str | None, expires_at: datetime | None = None
) -> WorkshopLink:
    """A link to join by. Raises `NotFoundError` for a team that isn't there."""
    if team_id:
        await team_named(session, room, team_id=team_id)
    link = WorkshopLink(
        workspace_id=room.workspace_id,
        workshop_id=room.id,
        id=new_id(),
        role=role,
        team_id=team_id,
        expires_at=expires_at or now() + LINK_LIVES,
    )
    session.add(link)
    await session.flush()
    return link


async def links(session: AsyncSession, room: Workshop) -> Sequence[WorkshopLink]:
    """All links, the revoked ones too."""
    asked = select(WorkshopLink).where(
        WorkshopLink.workspace_id == room.workspace_id, WorkshopLink.workshop_id == room.id
    )
    return (await session.scalars(asked.order_by(WorkshopLink.id))).all()


async def link(session: AsyncSession, room: Workshop, link_id: str) -> WorkshopLink | None:
    """One link, whatever its state."""
    return await session.get(WorkshopLink, (room.workspace_id, room.id, link_id), populate_existing=True)


async def teams(session: AsyncSession, workspace: str, workshop: str) -> Sequence[WorkshopTeam]:
    """The teams in the order they came."""
    asked = select(WorkshopTeam).where(WorkshopTeam.workspace_id == workspace, WorkshopTeam.workshop_id == workshop)
    return (await session.scalars(asked.order_by(WorkshopTeam.id).execution_options(populate_existing=True))).all()


async def team_named(
    session: AsyncSession, room: Workshop, *, name: str = "", team_id: str | None = None
) -> WorkshopTeam | None:
    """The team of that name, whatever its case and spacing; or of that id, raising `NotFoundError` if there is none."""
    found = await teams(session, room.workspace_id, room.id)
    if team_id:
        for row in found:
            if row.id == team_id:
                return row
        raise NotFoundError(f"There is no team {team_id} in this workshop.")
    key = " ".join(name.split()).casefold()
    return next((row for row in found if row.name.casefold() == key), None)


async def add_team(turn: Turn, name: str) -> WorkshopTeam:
    """A new team. Raises `ConflictError` if the room is full."""
    known = await teams(turn.session, turn.workspace, turn.workshop)
    if len(known) >= MOST_TEAMS:
        raise ConflictError(f"A workshop has room for {MOST_TEAMS} teams.", code="room-full")
    row = WorkshopTeam(workspace_id=turn.workspace, workshop_id=turn.workshop, id=new_id(), name=" ".join(name.split()))
    turn.session.add(row)
    await turn.session.flush()
    return row


async def people(session: AsyncSession, workspace: str, workshop: str) -> Sequence[WorkshopPerson]:
    """Everybody who joined and wasn't removed."""
    asked = select(WorkshopPerson).where(
        WorkshopPerson.workspace_id == workspace,
        WorkshopPerson.workshop_id == workshop,
        WorkshopPerson.removed_at.is_(None),
    )
    return (await session.scalars(asked.order_by(WorkshopPerson.id).execution_options(populate_existing=True))).all()


async def person(session: AsyncSession, room: Workshop, person_id: str) -> WorkshopPerson | None:
    """One person who is in the room."""
    found = await session.get(WorkshopPerson, (room.workspace_id, room.id, person_id), populate_existing=True)
    return found if found and found.removed_at is None else None


async def seat(turn: Turn, name: str, role: str, team_id: str | None, link_id: str | None) -> WorkshopPerson:
    """Somebody comes in. Raises `ConflictError` if the room is full."""
    if len(await people(turn.session, turn.workspace, turn.workshop)) >= MOST_PEOPLE:
        raise ConflictError(f"A workshop has room for {MOST_PEOPLE} people.", code="room-full")
    row = WorkshopPerson(
        workspace_id=turn.workspace,
        workshop_id=turn.workshop,
        id=new_id(),
        link_id=link_id,
        name=name,
        role=role,
        team_id=team_id,
    )
    turn.session.add(row)
    await turn.session.flush()
    return row
