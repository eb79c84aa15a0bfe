"""Which OKRs the vector index has yet to hear of.

A change to an OKR leaves a row in `pending_vectors` within its own transaction. The row goes once the index has taken
the change, so whatever crashes in between, the next `deliver` finds what is left to do. An OKR may be delivered twice
and never not at all: an index is told how the OKR stands now, and replaces or drops what it holds of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Protocol

from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.services.store.database import Database
from app.services.store.tables import Okr, PendingVector

BATCH = 500


class Index(Protocol):
    """What follows the OKRs of all workspaces."""

    async def changed(self, workspace: str, okrs: Mapping[str, Okr | None]) -> None:
        """Take over how these OKRs stand, by id; None for one that is gone. On return it must be kept safe."""


async def note(session: AsyncSession, workspace: str, okr_id: str, version: int) -> None:
    """Leave word of a change, in its transaction."""
    await session.merge(PendingVector(workspace_id=workspace, okr_id=okr_id, version=version))


def first_note(workspace: str, okr_id: str, version: int) -> PendingVector:
    """Word of a new OKR, of which there can't be any yet."""
    return PendingVector(workspace_id=workspace, okr_id=okr_id, version=version)


async def pending(session: AsyncSession, limit: int | None = BATCH) -> Sequence[PendingVector]:
    """Changes that wait, those of one workspace together; all of them for no `limit`."""
    order = PendingVector.workspace_id, PendingVector.okr_id
    return (await session.scalars(select(PendingVector).order_by(*order).limit(limit))).all()


async def deliver(database: Database, index: Index) -> int:
    """Tell the index of all that waits, and how many changes that was; to be called at start and after changes.

    One process at a time: of two, the slower could hand an older state to the index than the faster has.
    """
    told = 0
    while True:
        async with database.reading() as session:
            waiting = await pending(session)
            batches = [
                (workspace, await _standing(session, workspace, [item.okr_id for item in items]))
                for workspace, items in groupby(waiting, key=lambda item: item.workspace_id)
            ]
        if not waiting:
            return told
        for workspace, okrs in batches:
            await index.changed(workspace, okrs)
        async with database.writing() as session:
            await settle(session, waiting)
        told += len(waiting)


async def settle(session: AsyncSession, told: Sequence[PendingVector]) -> None:
    """Remove what the index has taken; what changed again meanwhile has another version and stays."""
    columns = PendingVector.workspace_id, PendingVector.okr_id, PendingVector.version
    known = [(item.workspace_id, item.okr_id, item.version) for item in told]
    for at in range(0, len(known), BATCH):
        await session.execute(delete(PendingVector).where(tuple_(*columns).in_(known[at : at + BATCH])))


async def _standing(session: AsyncSession, workspace: str, ids: Sequence[str]) -> dict[str, Okr | None]:
    asked = select(Okr).where(Okr.workspace_id == workspace, Okr.id.in_(ids), Okr.deleted_at.is_(None))
    found = {okr.id: okr for okr in await session.scalars(asked)}
    return {okr_id: found.get(okr_id) for okr_id in ids}
