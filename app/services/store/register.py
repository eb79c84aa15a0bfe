"""KPI readings, and what a review takes from a workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError
from app.services.store import okrs, records
from app.services.store.tables import Cycle, Kpi, KpiValue, Okr, Pillar, now

READINGS = 8
"""Readings of a KPI that a review looks at, the latest ones."""


@dataclass(frozen=True, slots=True)
class Background:
    """What a workspace knows that bears on a draft; `readings` are by KPI id, oldest first."""

    cycle: Cycle | None = None
    pillars: Sequence[Pillar] = ()
    kpis: Sequence[Kpi] = ()
    readings: Mapping[str, Sequence[float]] = field(default_factory=dict)
    parent: Okr | None = None
    own: Sequence[Okr] = ()


async def read_on(session: AsyncSession, workspace: str, kpi_id: str, on: date, value: float) -> KpiValue:
    """Note a KPI's reading of a day; a second one replaces the first. Raises `NotFoundError`."""
    await records.find(session, Kpi, workspace, kpi_id)
    row = await session.merge(KpiValue(workspace_id=workspace, kpi_id=kpi_id, on=on, value=value))
    await session.flush()
    return row


async def readings(
    session: AsyncSession, workspace: str, kpi_id: str, *, limit: int | None = None, before: date | None = None
) -> Sequence[KpiValue]:
    """A KPI's readings, the latest first. Raises `NotFoundError`."""
    await records.find(session, Kpi, workspace, kpi_id)
    asked = select(KpiValue).where(KpiValue.workspace_id == workspace, KpiValue.kpi_id == kpi_id)
    if before:
        asked = asked.where(KpiValue.on < before)
    return (await session.scalars(asked.order_by(KpiValue.on.desc()).limit(limit))).all()


async def forget(session: AsyncSession, workspace: str, kpi_id: str, on: date) -> None:
    """Remove a reading. Raises `NotFoundError`."""
    where = KpiValue.workspace_id == workspace, KpiValue.kpi_id == kpi_id, KpiValue.on == on
    if (await session.execute(delete(KpiValue).where(*where).returning(KpiValue.on))).first() is None:
        raise NotFoundError(f"This KPI has no reading of {on}.")


async def background(
    session: AsyncSession, workspace: str, *, cycle: str | None = None, parent: str | None = None
) -> Background:
    """What bears on a draft for `cycle` (a name; None: the one under way) under the OKR `parent` (an id).

    `own` are the organisation's own OKRs of that cycle, which a team's may serve. Raises `NotFoundError` for a
    parent that isn't there.
    """
    held = await cycle_of(session, workspace, cycle)
    of_cycle = Pillar.cycle_id.is_(None)
    pillars = await records.page(
        session, Pillar, workspace, where=[or_(of_cycle, Pillar.cycle_id == held.id) if held else of_cycle]
    )
    values: dict[str, list[float]] = {}
    asked = select(KpiValue).where(KpiValue.workspace_id == workspace).order_by(KpiValue.kpi_id, KpiValue.on)
    for row in await session.scalars(asked):
        values.setdefault(row.kpi_id, []).append(row.value)
    own = await okrs.page(session, workspace, cycle=held.id, own=True) if held else []
    return Background(
        cycle=held,
        pillars=pillars,
        kpis=await records.page(session, Kpi, workspace),
        readings={kpi: found[-READINGS:] for kpi, found in values.items()},
        parent=await records.find(session, Okr, workspace, parent) if parent else None,
        own=own,
    )


async def cycle_of(session: AsyncSession, workspace: str, name: str | None) -> Cycle | None:
    """The cycle of that name, or without one the cycle under way: by its dates, else the only one there is."""
    cycles = await records.page(session, Cycle, workspace)
    if name:
        return next((cycle for cycle in cycles if same_name(cycle.name, name)), None)
    today = now().date()
    dated = [c for c in cycles if c.starts_on and c.ends_on and c.starts_on <= today <= c.ends_on]
    if dated:
        return min(dated, key=lambda c: (c.ends_on or today) - (c.starts_on or today))
    return cycles[0] if len(cycles) == 1 else None


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case and spacing."""
    return one.split() == other.split() or " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
