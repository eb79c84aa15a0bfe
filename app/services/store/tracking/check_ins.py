"""Check-ins: values, confidence and notes of key results, followed through the versions of their OKRs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import InvalidInputError
from app.services.store import records
from app.services.store.ids import new_id
from app.services.store.tables import Cycle, Okr, OkrVersion
from app.services.store.tracking.alignment import aligned
from app.services.store.tracking.tables import CheckIn


class Kind(StrEnum):
    """What sort of check-in it is."""

    WEEKLY = "weekly"
    HALFWAY = "halfway"
    NOTE = "note"


class Label(StrEnum):
    """In which role somebody writes; no name is kept."""

    LEAD = "lead"
    MEMBER = "member"
    FACILITATOR = "facilitator"


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody says about a key result (from 0): a note without figures, a half-way review with confidence."""

    key_result: int
    kind: Kind = Kind.WEEKLY
    value: float | None = None
    confidence: float | None = None
    note: str = ""


Trail = Sequence[CheckIn]
"""Check-ins of one key result, the oldest first."""


async def add(
    session: AsyncSession,
    workspace: str,
    okr_id: str,
    entries: Sequence[Entry],
    role: Label,
    version: int | None = None,
) -> Sequence[CheckIn]:
    """Note how key results stand; `version` is the version of the OKR that the writer saw (None: the present one).

    Raises `NotFoundError`, `StaleError` if the OKR has changed since, `InvalidInputError` for what says nothing.
    """
    okr = await records.find(session, Okr, workspace, okr_id)
    if version is not None and version != okr.version:
        raise records.stale(okr)
    for entry in entries:
        _check(entry, okr)
    rows = [
        CheckIn(
            workspace_id=workspace,
            id=new_id(),
            okr_id=okr.id,
            okr_version=okr.version,
            cycle_id=okr.cycle_id,
            key_result=entry.key_result,
            kind=entry.kind.value,
            value=entry.value,
            confidence=entry.confidence,
            note=entry.note,
            role=role.value,
        )
        for entry in entries
    ]
    session.add_all(rows)
    await session.flush()
    return rows


async def page(
    session: AsyncSession,
    workspace: str,
    *,
    cycle: str | None = None,
    okr: str | None = None,
    limit: int | None = None,
    before: str = "",
) -> Sequence[CheckIn]:
    """Check-ins of a cycle or of one OKR, the latest first. Raises `NotFoundError`."""
    asked = select(CheckIn).where(CheckIn.workspace_id == workspace)
    if cycle:
        await records.find(session, Cycle, workspace, cycle)
        asked = asked.where(CheckIn.cycle_id == cycle)
    if okr:
        await records.find(session, Okr, workspace, okr)
        asked = asked.where(CheckIn.okr_id == okr)
    if before:
        asked = asked.where(CheckIn.id < before)
    return (await session.scalars(asked.order_by(CheckIn.id.desc()).limit(limit))).all()


async def trails(session: AsyncSession, workspace: str, found: Sequence[Okr]) -> dict[str, tuple[Trail, ...]]:
    """For each of these OKRs, which are of one cycle, the trail of each of its present key results.

    A check-in on a key result that is gone by now belongs to none.
    """
    if not found:
        return {}
    asked = select(CheckIn).where(CheckIn.workspace_id == workspace, CheckIn.cycle_id == found[0].cycle_id)
    if len(found) <= _AT_ONCE:
        asked = asked.where(CheckIn.okr_id.in_([okr.id for okr in found]))
    by_okr: dict[str, list[CheckIn]] = defaultdict(list)
    for row in await session.scalars(asked.order_by(CheckIn.id)):
        by_okr[row.okr_id].append(row)
    moved = [okr for okr in found if any(row.okr_version != okr.version for row in by_okr[okr.id])]
    known = await _versions(session, workspace, [okr.id for okr in moved])
    return {okr.id: _trails(okr, by_okr[okr.id], known.get(okr.id, ())) for okr in found}


def now_at(okr: Okr, versions: Sequence[Sequence[str]], version: int, key_result: int) -> int | None:
    """Where a key result of an older version stands now; `versions` are the texts of all versions, the first first."""
    at: int | None = key_result
    for step in range(version, okr.version):
        if at is None or step >= len(versions):
            return None
        places = aligned(versions[step - 1], versions[step])
        at = places[at] if at < len(places) else None
    return at


def _check(entry: Entry, okr: Okr) -> None:
    place = f"key_result {entry.key_result}"
    if not 0 <= entry.key_result < len(okr.key_results):
        raise InvalidInputError(f"{place}: this OKR has {len(okr.key_results)} key results, counted from 0.")
    if entry.kind is Kind.NOTE and (entry.value is not None or entry.confidence is not None or not entry.note):
        raise InvalidInputError(f"{place}: a note has words and no figures; send figures as a weekly check-in.")
    if entry.kind is Kind.HALFWAY and entry.confidence is None:
        raise InvalidInputError(f"{place}: a half-way review says how sure the team is: send `confidence`, 0 to 1.")
    if entry.value is None and entry.confidence is None and not entry.note:
        raise InvalidInputError(f"{place}: send a value, a confidence or a note.")


def _trails(okr: Okr, rows: Iterable[CheckIn], versions: Sequence[Sequence[str]]) -> tuple[Trail, ...]:
    found: list[list[CheckIn]] = [[] for _ in okr.key_results]
    for row in rows:
        at = now_at(okr, versions, row.okr_version, row.key_result)
        if at is not None and at < len(found):
            found[at].append(row)
    return tuple(found)


async def _versions(session: AsyncSession, workspace: str, ids: Sequence[str]) -> Mapping[str, Sequence[Sequence[str]]]:
    """The key results of every version, the first first, by OKR."""
    found: dict[str, list[Sequence[str]]] = defaultdict(list)
    for at in range(0, len(ids), _AT_ONCE):
        asked = select(OkrVersion.okr_id, OkrVersion.key_results).where(
            OkrVersion.workspace_id == workspace, OkrVersion.okr_id.in_(ids[at : at + _AT_ONCE])
        )
        for okr_id, texts in await session.execute(asked.order_by(OkrVersion.okr_id, OkrVersion.version)):
            found[okr_id].append(texts)
    return found


_AT_ONCE = 500
