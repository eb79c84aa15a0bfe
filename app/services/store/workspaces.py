"""Workspaces themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError, StaleError
from app.services.store.ids import new_id
from app.services.store.tables import Okr, PendingVector, Workspace


async def create(session: AsyncSession, name: str) -> Workspace:
    """A new, empty workspace."""
    workspace = Workspace(id=new_id(), name=name)
    session.add(workspace)
    await session.flush()
    return workspace


async def get(session: AsyncSession, workspace: str) -> Workspace:
    """One workspace. Raises `NotFoundError`."""
    found = await session.get(Workspace, workspace, populate_existing=True)
    if found is None:
        raise NotFoundError(f"There is no workspace {workspace}.")
    return found


async def listed(session: AsyncSession) -> Sequence[Workspace]:
    """All workspaces, for the operator."""
    return (await session.scalars(select(Workspace).order_by(Workspace.id))).all()


async def rename(session: AsyncSession, workspace: str, expected: Collection[int] | None, name: str) -> Workspace:
    """Raises `NotFoundError`, or `StaleError` if its version isn't among `expected` (None: any)."""
    changed = update(Workspace).where(Workspace.id == workspace)
    if expected is not None:
        changed = changed.where(Workspace.version.in_(expected))
    done = await session.execute(
        changed.values(name=name, version=Workspace.version + 1).returning(Workspace.id),
        execution_options={"synchronize_session": False},
    )
    missed = done.first() is None
    found = await get(session, workspace)
    if missed:
        raise StaleError(f"The workspace is at version {found.version} by now: read it again.")
    return found


async def remove(session: AsyncSession, workspace: str) -> None:
    """Delete a workspace and all that belongs to it, history included. Raises `NotFoundError`."""
    await get(session, workspace)
    await session.execute(delete(PendingVector).where(PendingVector.workspace_id == workspace))
    gone = select(Okr.workspace_id, Okr.id, literal(0)).where(Okr.workspace_id == workspace)
    await session.execute(insert(PendingVector).from_select(["workspace_id", "okr_id", "version"], gone))
    await session.execute(delete(Workspace).where(Workspace.id == workspace))
