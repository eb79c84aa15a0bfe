"""The plan of a cycle: every team's OKRs with what they are to serve."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.services.store import okrs, records
from app.services.store.tables import Cycle, Okr, OkrVersion, Pillar, Team

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class TeamOkr:
    """An OKR with the name of its team."""

    okr: Okr
    team: str


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """What is planned for a cycle: the organisation's `own` OKRs, those of teams, and the pillars that count."""

    cycle: Cycle
    own: Sequence[Okr]
    okrs: Sequence[TeamOkr]
    pillars: Sequence[Pillar]


async def plan(session: AsyncSession, workspace: str, cycle: str) -> StoredPlan:
    """The plan of a cycle, teams together. Raises `NotFoundError`."""
    held = await records.find(session, Cycle, workspace, cycle)
    rows = await okrs.outgoing(session, workspace, cycle=cycle)
    counted = or_(Pillar.cycle_id.is_(None), Pillar.cycle_id == cycle)
    return StoredPlan(
        held,
        [okr for okr, _, team, _ in rows if team is None],
        [TeamOkr(okr, team) for okr, _, team, _ in rows if team is not None],
        await records.page(session, Pillar, workspace, where=[counted]),
    )


@dataclass(frozen=True, slots=True)
class Changes:
    """Counts of what was changed in a workspace: others whenever an OKR, or the name of a team, isn't as it was."""

    okrs: int
    teams: tuple[int, int, datetime | None]


async def changes(session: AsyncSession, workspace: str) -> Changes:
    """What the workspace has seen so far."""
    versions = select(func.count()).select_from(OkrVersion).where(OkrVersion.workspace_id == workspace)
    asked = select(versions.scalar_subquery(), func.count(), func.sum(Team.version), func.max(Team.updated_at))
    okrs, many, version, latest = (await session.execute(asked.where(Team.workspace_id == workspace))).one()
    return Changes(okrs, (many, version or 0, latest))


async def versions(session: AsyncSession, workspace: str, cycle: str) -> dict[str, int]:
    """The version of every OKR of a cycle, by id."""
    asked = select(Okr.id, Okr.version).where(
        Okr.workspace_id == workspace, Okr.cycle_id == cycle, Okr.deleted_at.is_(None)
    )
    return {row[0]: row[1] for row in await session.execute(asked)}


async def places(session: AsyncSession, workspace: str, ids: Collection[str]) -> dict[str, tuple[set[str], int]]:
    """For OKRs, deleted ones too: the cycles each was ever in, and the most key results it ever had."""
    asked = select(OkrVersion.okr_id, OkrVersion.cycle_id, OkrVersion.key_results).where(
        OkrVersion.workspace_id == workspace, OkrVersion.okr_id.in_(ids)
    )
    found: dict[str, tuple[set[str], int]] = {}
    for okr_id, cycle, key_results in await session.execute(asked):
        cycles, most = found.get(okr_id, (set(), 0))
        found[okr_id] = cycles | {cycle}, max(most, len(key_results))
    return found


async def standing(session: AsyncSession, workspace: str, ids: Collection[str]) -> list[Okr]:
    """Those of the OKRs `ids` that are there, whosever they are."""
    chosen = sorted(ids)
    found: list[Okr] = []
    for at in range(0, len(chosen), _AT_ONCE):
        here = Okr.id.in_(chosen[at : at + _AT_ONCE])
        found += await session.scalars(select(Okr).where(Okr.workspace_id == workspace, here, Okr.deleted_at.is_(None)))
    return found


async def ancestors(session: AsyncSession, workspace: str, okr_id: str | None) -> set[str]:
    """An OKR with all above it, by id."""
    found: set[str] = set()
    while okr_id and okr_id not in found:
        found.add(okr_id)
        row = await session.get(Okr, (workspace, okr_id))
        okr_id = row.parent_id if row else None
    return found


async def all_cycles(session: AsyncSession) -> list[tuple[str, str]]:
    """Workspace and id of every cycle, for what follows the whole database."""
    asked = select(Cycle.workspace_id, Cycle.id).order_by(Cycle.workspace_id, Cycle.id)
    return [(row[0], row[1]) for row in await session.execute(asked)]


@dataclass(frozen=True, slots=True)
class Standing:
    """Which version of an OKR there is, and whose it is."""

    id: str
    version: int
    team: str


async def near(session: AsyncSession, workspace: str, cycle: str, ids: Collection[str]) -> list[Standing]:
    """Those of the OKRs `ids` that are in the cycle and belong to a team."""
    chosen = sorted(ids)
    found: list[Standing] = []
    for at in range(0, len(chosen), _AT_ONCE):
        here = Okr.id.in_(chosen[at : at + _AT_ONCE])
        asked = (
            select(Okr.id, Okr.version, Team.name)
            .join(Team, and_(Team.workspace_id == workspace, Team.id == Okr.team_id))
            .where(Okr.workspace_id == workspace, Okr.cycle_id == cycle, here, Okr.deleted_at.is_(None))
            .order_by(Okr.id)
        )
        found += [Standing(*row) for row in await session.execute(asked)]
    return found


async def of_teams(session: AsyncSession, workspace: str, cycle: str) -> list[str]:
    """Ids of the OKRs of a cycle that belong to a team."""
    here = Okr.workspace_id == workspace, Okr.cycle_id == cycle, Okr.deleted_at.is_(None), Okr.team_id.is_not(None)
    return list(await session.scalars(select(Okr.id).where(*here).order_by(Okr.id)))


async def some(session: AsyncSession, workspace: str, ids: Collection[str]) -> list[TeamOkr]:
    """Those of the OKRs `ids` that are there and belong to a team."""
    chosen = sorted(ids)
    found: list[TeamOkr] = []
    for at in range(0, len(chosen), _AT_ONCE):
        asked = (
            select(Okr, Team.name)
            .join(Team, and_(Team.workspace_id == workspace, Team.id == Okr.team_id))
            .where(Okr.workspace_id == workspace, Okr.id.in_(chosen[at : at + _AT_ONCE]), Okr.deleted_at.is_(None))
            .order_by(Okr.id)
        )
        found += [TeamOkr(row[0], row[1]) for row in await session.execute(asked)]
    return found
