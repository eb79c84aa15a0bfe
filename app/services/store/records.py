"""What all resources of a workspace have in common: read, page, add, change if nobody else has, delete."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import ConflictError, NotFoundError, StaleError
from app.services.store.tables import Cycle, Kpi, Okr, Pillar, Team, now

R = TypeVar("R", Cycle, Team, Pillar, Kpi, Okr)

WORDS: Mapping[type, str] = {Cycle: "cycle", Team: "team", Pillar: "pillar", Kpi: "KPI", Okr: "OKR"}


async def find(session: AsyncSession, table: type[R], workspace: str, row_id: str) -> R:
    """One row as the database has it now. Raises `NotFoundError`, also for a row of another workspace."""
    row = await session.get(table, (workspace, row_id), populate_existing=True)
    if row is None or (isinstance(row, Okr) and row.deleted_at):
        raise NotFoundError(f"There is no {WORDS[table]} {row_id} in this workspace.")
    return row


async def page(
    session: AsyncSession,
    table: type[R],
    workspace: str,
    *,
    limit: int | None = None,
    after: str = "",
    where: Sequence[ColumnElement[bool]] = (),
) -> Sequence[R]:
    """Rows in the order they were made, after the one with id `after`."""
    asked = select(table).where(table.workspace_id == workspace, table.id > after, *where)
    return (await session.scalars(asked.order_by(table.id).limit(limit))).all()


async def add(session: AsyncSession, row: R) -> R:
    """Write a new row. Raises `ConflictError` if its name is taken."""
    session.add(row)
    await _flush(session, type(row))
    return row


async def change(
    session: AsyncSession,
    table: type[R],
    workspace: str,
    row_id: str,
    expected: Collection[int] | None,
    values: Mapping[str, Any],
) -> R:
    """Change a row whose version is among `expected` (None: any).

    Raises `NotFoundError`, `StaleError` and, if its new name is taken, `ConflictError`. The version is compared by the
    very statement that changes it, so of two writers one is always told.
    """
    asked = update(table).where(table.workspace_id == workspace, table.id == row_id)
    if issubclass(table, Okr):
        asked = asked.where(Okr.deleted_at.is_(None))
    if expected is not None:
        asked = asked.where(table.version.in_(expected))
    written = asked.values(**values, version=table.version + 1, updated_at=now()).returning(table.id)
    try:
        done = await session.execute(written, execution_options={"synchronize_session": False})
    except IntegrityError as error:
        raise _taken(table) from error
    if done.first() is None:
        raise stale(await find(session, table, workspace, row_id))
    return await session.get_one(table, (workspace, row_id), populate_existing=True)


async def remove(
    session: AsyncSession, table: type[R], workspace: str, row_id: str, expected: Collection[int] | None
) -> None:
    """Delete a row that nothing hangs on. Raises `NotFoundError`, `StaleError`, `ConflictError`."""
    asked = delete(table).where(table.workspace_id == workspace, table.id == row_id)
    if expected is not None:
        asked = asked.where(table.version.in_(expected))
    try:
        done = await session.execute(asked.returning(table.id), execution_options={"synchronize_session": False})
    except IntegrityError as error:
        raise ConflictError(
            f"OKRs, their history or pillars still refer to this {WORDS[table]}, so it can't be deleted.", code="in-use"
        ) from error
    if done.first() is None:
        raise stale(await find(session, table, workspace, row_id))


async def count(session: AsyncSession, table: type[R], workspace: str, *where: ColumnElement[bool]) -> int:
    """How many rows there are."""
    asked = select(func.count()).select_from(table).where(table.workspace_id == workspace, *where)
    return (await session.scalar(asked)) or 0


def stale(row: Cycle | Team | Pillar | Kpi | Okr) -> StaleError:
    """What to tell a writer who came second."""
    return StaleError(
        f"This {WORDS[type(row)]} is at version {row.version} by now: "
        "read it again and make your change to what it says there."
    )


async def _flush(session: AsyncSession, table: type) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        raise _taken(table) from error


def _taken(table: type) -> ConflictError:
    return ConflictError(f"There is a {WORDS[table]} of that name already.", code="name-taken")
