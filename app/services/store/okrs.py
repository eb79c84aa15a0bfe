"""OKRs and their versions: a change, its history and its word to the vector index are one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.services.store import outbox, records
from app.services.store.ids import new_id
from app.services.store.tables import Cycle, Okr, OkrVersion, Team, now
from app.services.store.tracking import ledger

DEEPEST = 20
"""Parents above an OKR, at most."""


@dataclass(frozen=True, slots=True)
class Content:
    """What an OKR says and where it stands; the ids are rows of the same workspace."""

    objective: str
    key_results: tuple[str, ...]
    cycle_id: str
    team_id: str | None = None
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a change, and why."""

    by: str
    why: str = ""


def content_of(okr: Okr) -> Content:
    """What a row says."""
    return Content(okr.objective, tuple(okr.key_results), okr.cycle_id, okr.team_id, okr.parent_id)


async def create(session: AsyncSession, workspace: str, content: Content, author: Author) -> Okr:
    """A new OKR. Raises `InvalidInputError` for a cycle, team or parent that isn't there."""
    await _check_places(session, workspace, content, None)
    return (await insert(session, workspace, [(new_id(), content)], author))[0]


async def insert(
    session: AsyncSession, workspace: str, contents: Iterable[tuple[str, Content]], author: Author
) -> Sequence[Okr]:
    """New OKRs by id, for a caller who knows that their cycles, teams and parents are there."""
    rows = [Okr(workspace_id=workspace, id=okr_id, **_columns(content)) for okr_id, content in contents]
    session.add_all(rows)
    await session.flush()
    session.add_all(_version(okr, "created", author) for okr in rows)
    session.add_all(outbox.first_note(workspace, okr.id, okr.version) for okr in rows)
    await session.flush()
    return rows


async def change(
    session: AsyncSession,
    workspace: str,
    okr_id: str,
    expected: Collection[int] | None,
    content: Content,
    author: Author,
) -> Okr:
    """Replace an OKR whose version is among `expected` (None: any).

    Raises `NotFoundError`, `StaleError`, `InvalidInputError` for a cycle, team or parent that isn't there, and
    `ReasonNeededError` where the team has committed to key results that change and the author doesn't say why.
    """
    await _check_places(session, workspace, content, okr_id)
    okr = await records.change(session, Okr, workspace, okr_id, expected, _columns(content))
    await ledger.enter(session, await _before(session, okr), okr, author.why)
    await _record(session, okr, "changed", author)
    return okr


async def remove(
    session: AsyncSession, workspace: str, okr_id: str, expected: Collection[int] | None, author: Author
) -> None:
    """Delete an OKR; its history stays.

    Raises `NotFoundError`, `StaleError`, `ConflictError` if others hang under it, and `ReasonNeededError` as `change`.
    """
    okr = await records.change(session, Okr, workspace, okr_id, expected, {"deleted_at": now()})
    under = await records.count(session, Okr, workspace, Okr.parent_id == okr_id, Okr.deleted_at.is_(None))
    if under:
        raise ConflictError(f"{under} OKRs have this one as their parent; give them another first.", code="in-use")
    await ledger.enter(session, await _before(session, okr), okr, author.why)
    await _record(session, okr, "deleted", author)


async def page(
    session: AsyncSession,
    workspace: str,
    *,
    cycle: str | None = None,
    team: str | None = None,
    own: bool = False,
    limit: int | None = None,
    after: str = "",
) -> Sequence[Okr]:
    """OKRs as they stand, in the order they were made; `cycle` and `team` are ids, `own`: the organisation's alone."""
    where: list[ColumnElement[bool]] = [Okr.deleted_at.is_(None)]
    if cycle:
        where.append(Okr.cycle_id == cycle)
    if team:
        where.append(Okr.team_id == team)
    if own:
        where.append(Okr.team_id.is_(None))
    return await records.page(session, Okr, workspace, limit=limit, after=after, where=where)


async def outgoing(
    session: AsyncSession, workspace: str, *, cycle: str | None = None, team: str | None = None
) -> Sequence[tuple[Okr, str, str | None, str | None]]:
    """OKRs for an export, the organisation's own first, then by cycle and team.

    Each comes with the names of its cycle and team, and its parent's objective.
    """
    above = aliased(Okr)
    asked = (
        select(Okr, Cycle.name, Team.name, above.objective)
        .join(Cycle, and_(Cycle.workspace_id == workspace, Cycle.id == Okr.cycle_id))
        .outerjoin(Team, and_(Team.workspace_id == workspace, Team.id == Okr.team_id))
        .outerjoin(above, and_(above.workspace_id == workspace, above.id == Okr.parent_id))
        .where(Okr.workspace_id == workspace, Okr.deleted_at.is_(None))
        .order_by(Team.id.is_not(None), Cycle.id, Team.id, Okr.id)
    )
    if cycle:
        asked = asked.where(Okr.cycle_id == cycle)
    if team:
        asked = asked.where(Okr.team_id == team)
    return [(row[0], row[1], row[2], row[3]) for row in await session.execute(asked)]


async def history(
    session: AsyncSession, workspace: str, okr_id: str | None = None, *, limit: int | None = None, before: str = ""
) -> Sequence[OkrVersion]:
    """Versions of one OKR, or of all, the latest first; `before` is the change to go on from."""
    asked = select(OkrVersion).where(OkrVersion.workspace_id == workspace)
    if okr_id:
        if await session.get(Okr, (workspace, okr_id)) is None:
            raise NotFoundError(f"There is no OKR {okr_id} in this workspace.")
        asked = asked.where(OkrVersion.okr_id == okr_id)
    if before:
        asked = asked.where(OkrVersion.change_id < before)
    return (await session.scalars(asked.order_by(OkrVersion.change_id.desc()).limit(limit))).all()


def _columns(content: Content) -> dict[str, object]:
    return asdict(content) | {"key_results": list(content.key_results)}


async def _before(session: AsyncSession, okr: Okr) -> OkrVersion:
    return await session.get_one(OkrVersion, (okr.workspace_id, okr.id, okr.version - 1))


async def _record(session: AsyncSession, okr: Okr, change: str, author: Author) -> None:
    session.add(_version(okr, change, author))
    await outbox.note(session, okr.workspace_id, okr.id, okr.version)
    await session.flush()


def _version(okr: Okr, change: str, author: Author) -> OkrVersion:
    return OkrVersion(
        workspace_id=okr.workspace_id,
        okr_id=okr.id,
        version=okr.version,
        change_id=new_id(),
        change=change,
        by=author.by,
        why=author.why,
        **_columns(content_of(okr)),
    )


async def _check_places(session: AsyncSession, workspace: str, content: Content, okr_id: str | None) -> None:
    """Raises `InvalidInputError` naming the reference that leads nowhere."""
    if await session.get(Cycle, (workspace, content.cycle_id)) is None:
        raise InvalidInputError(f"cycle_id: there is no cycle {content.cycle_id} in this workspace.")
    if content.team_id and await session.get(Team, (workspace, content.team_id)) is None:
        raise InvalidInputError(f"team_id: there is no team {content.team_id} in this workspace.")
    above, steps = content.parent_id, 0
    while above:
        if above == okr_id or steps > DEEPEST:
            raise InvalidInputError("parent_id: an OKR can't hang under itself, nor deeper than twenty others.")
        parent = await session.get(Okr, (workspace, above))
        if parent is None or (parent.deleted_at and not steps):
            raise InvalidInputError(f"parent_id: there is no OKR {above} in this workspace.")
        above, steps = parent.parent_id, steps + 1
