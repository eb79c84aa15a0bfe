"""`…/cycles/{cycle}/progress`: where all OKRs of a cycle stand, for programs and for the dashboard."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request

from app.api.problems import ERRORS, WORKSPACE
from app.api.workspaces.access import Id, Reader, Seat, WorkspaceId
from app.api.workspaces.grading import mean
from app.api.workspaces.maps import coverage_of, read_plan, why_not
from app.api.workspaces.tracking_schemas import (
    CycleProgressOut,
    KeyResultProgressOut,
    OkrProgressOut,
    TrendOut,
)
from app.coach.overlap.kept import KeptMaps
from app.coach.progress import Progress, mean_share, progress
from app.services.store import okrs as stored
from app.services.store import records
from app.services.store.tables import Cycle, Okr, Team, now
from app.services.store.tracking import check_ins, grades, ledger
from app.services.store.tracking.check_ins import Kind, Trail
from app.services.store.tracking.tables import CarryOver, Grade

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["workspaces"], responses=ERRORS | WORKSPACE)

STALE: Final = timedelta(days=9)
"""A week, and two days to be late."""
OWN: Final = "own"
"""Stands for the organisation itself where a team is named."""
_TREND: Final = 26


@dataclass(frozen=True, slots=True)
class Standing:
    """A cycle as it is kept: its OKRs in order, and what is known of each by its id."""

    cycle: Cycle
    okrs: list[Okr]
    teams: Mapping[str, str]
    trails: Mapping[str, tuple[Trail, ...]]
    grades: Mapping[str, Grade]
    carried: Mapping[str, CarryOver]
    committed: set[str]
    changes: Counter[str] = field(default_factory=Counter)


@router.get("/cycles/{cycle_id}/progress")
async def cycle_progress(workspace: WorkspaceId, cycle_id: Id, seat: Reader, request: Request) -> CycleProgressOut:
    """Where every OKR of a cycle stands: progress by its own figures, confidence, what is stale, grades."""
    return await board(seat, cycle_id, request.app.state.maps)


async def board(seat: Seat, cycle: str, maps: KeptMaps) -> CycleProgressOut:
    """Where every OKR of a cycle stands. Raises `NotFoundError`, and `TooLargeError` for more than can be judged."""
    standing = await read(seat, cycle)
    plan = await read_plan(seat, cycle)
    matrix = await coverage_of(maps, plan)
    serving: dict[str, str] = {}
    for row in matrix.rows if matrix else ():
        serving |= {plan.stored.okrs[at].okr.id: row.pillar for cell in row.cells for at in cell.okrs}
    at = now()
    shown = await asyncio.to_thread(
        lambda: [shown_okr(standing, okr, at, serving.get(okr.id)) for okr in standing.okrs]
    )
    return CycleProgressOut(
        cycle_id=cycle,
        cycle=standing.cycle.name,
        at=at,
        pillars=[row.pillar for row in matrix.rows] if matrix else [],
        note=None if matrix else why_not(plan),
        okrs=shown,
    )


async def read(seat: Seat, cycle: str, team: str | None = None) -> Standing:
    """What is kept of a cycle, or of one team in it (`OWN`: the organisation itself). Raises `NotFoundError`."""
    async with seat.database.reading() as session:
        held = await records.find(session, Cycle, seat.workspace, cycle)
        rows = list(await stored.page(session, seat.workspace, cycle=cycle, team=None if team == OWN else team))
        if team == OWN:
            rows = [row for row in rows if row.team_id is None]
        teams = {row.id: row.name for row in await records.page(session, Team, seat.workspace)}
        return Standing(
            held,
            sorted(rows, key=lambda row: (row.team_id is not None, teams.get(row.team_id or "", ""), row.id)),
            teams,
            await check_ins.trails(session, seat.workspace, rows),
            await grades.of_cycle(session, seat.workspace, cycle),
            await grades.chosen(session, seat.workspace, cycle),
            await ledger.committed(session, seat.workspace),
            Counter(row.okr_id for row in await ledger.entries(session, seat.workspace, cycle=cycle)),
        )


def shown_okr(standing: Standing, okr: Okr, at: datetime, pillar: str | None = None) -> OkrProgressOut:
    """Where one OKR stands at a moment."""
    grade = standing.grades.get(okr.id)
    scores = grade.scores if grade and grade.okr_version == okr.version else []
    counted: list[Progress] = []
    results = []
    for place, text in enumerate(okr.key_results):
        trail = standing.trails[okr.id][place]
        score = scores[place] if place < len(scores) else None
        found = progress(text, next((row.value for row in reversed(trail) if row.value is not None), None))
        counted.append(found)
        results.append(_shown(place, text, found, trail, score, _is_stale(standing, okr, trail, at)))
    sure = [one.confidence for one in results if one.confidence is not None]
    return OkrProgressOut(
        okr_id=okr.id,
        okr_version=okr.version,
        team_id=okr.team_id,
        team=standing.teams.get(okr.team_id or ""),
        pillar=pillar,
        objective=okr.objective,
        is_committed=okr.id in standing.committed,
        share=mean_share(counted),
        told=sum(one.share is not None for one in counted),
        confidence=min(sure, default=None),
        is_stale=any(one.is_stale for one in results),
        score=mean(grade.scores) if grade else None,
        learned=grade.learned if grade else "",
        is_carried=okr.id in standing.carried,
        changes=standing.changes[okr.id],
        key_results=results,
    )


def _shown(
    place: int, text: str, found: Progress, trail: Trail, score: float | None, stale: bool
) -> KeyResultProgressOut:
    sure = [TrendOut(at=row.at, confidence=row.confidence) for row in trail if row.confidence is not None]
    return KeyResultProgressOut(
        key_result=place,
        text=text,
        start=found.scale.start,
        goal=found.scale.goal,
        unit=found.scale.unit,
        value=found.value,
        share=found.share,
        is_met=found.is_met,
        note=found.note,
        confidence=sure[-1].confidence if sure else None,
        trend=sure[-_TREND:],
        checked_at=trail[-1].at if trail else None,
        is_stale=stale,
        score=score,
    )


def _is_stale(standing: Standing, okr: Okr, trail: Trail, at: datetime) -> bool:
    """Whether nothing was said for too long, while the cycle runs and the OKR isn't graded."""
    cycle = standing.cycle
    if okr.id in standing.grades or _outside(at.date(), cycle.starts_on, cycle.ends_on):
        return False
    spoken = [row.at for row in trail if row.kind != Kind.NOTE]
    begun = (
        max(okr.created_at, datetime.combine(cycle.starts_on, datetime.min.time(), at.tzinfo))
        if (cycle.starts_on)
        else okr.created_at
    )
    return at - (spoken[-1] if spoken else begun) > STALE


def _outside(day: date, first: date | None, last: date | None) -> bool:
    return (first is not None and day < first) or (last is not None and day > last)
