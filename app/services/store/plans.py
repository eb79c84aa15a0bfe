"""The plan of a cycle: every team's OKRs with what they are to serve."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.services.store import okrs, records
from app.services.store.tables import Cycle, Okr, Pillar, Team

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


async def versions(session: AsyncSession, workspace: str, cycle: str) -> dict[str, int]:
    """The version of every OKR of a cycle, by id."""
    asked = select(Okr.id, Okr.version).where(
        Okr.workspace_id == workspace, Okr.cycle_id == cycle, Okr.deleted_at.is_(None)
    )
    return {row[0]: row[1] for row in await session.execute(asked)}


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
