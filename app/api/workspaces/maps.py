"""`/v1/workspaces/{workspace}/cycles/{cycle}/overlaps` and `…/coverage`: what a plan holds between its teams."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, Field

from app.api.overlap_schemas import ClusterOut, CopyOut, NeedOut, PairOut
from app.api.problems import ERRORS, WORKSPACE
from app.api.schemas import NoteOut
from app.api.workspaces.access import Id, Reader, Seat, WorkspaceId
from app.api.workspaces.background import noun
from app.coach.nouns import Okr, Pillar
from app.coach.overlap.coverage import Coverage, Served
from app.coach.overlap.detect import OverlapMap
from app.coach.overlap.kept import KeptMaps, fingerprint
from app.errors import TooLargeError
from app.services.store import plans

router = APIRouter(
    prefix="/v1/workspaces/{workspace}/cycles/{cycle_id}", tags=["workspaces"], responses=ERRORS | WORKSPACE
)

MOST_OKRS = 10_000
NO_STRATEGY = "There is no strategy to map the plan onto: add pillars, or OKRs of the organisation's own."
NO_JUDGE = "This service runs without the model that judges which pillar an OKR serves."
IfNoneMatch = Annotated[str, Header(description="The ETag that you have; 304 if the plan hasn't changed since")]
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "It is what you have"}}


class PlanOkrOut(BaseModel):
    """An OKR of the plan, as it was compared."""

    id: str
    version: int
    team_id: str
    team: str
    objective: str
    key_results: list[str]


class PlanOverlapsOut(BaseModel):
    """The map of a cycle's plan. Indices count in `okrs`; the organisation's own OKRs aren't compared."""

    cycle_id: str
    pairs: list[PairOut] = Field(description="Worth showing, the surest first")
    clusters: list[ClusterOut] = Field(description="Who must talk, the topic of most teams first; `owner` is proposed")
    dependencies: list[NeedOut] = Field(description="Edges of the graph: `needs` waits for `feeds`")
    copied_from_parent: list[CopyOut]
    okrs: list[PlanOkrOut]
    threshold: float
    shown: float = Field(description="Pairs scored below it are left out: too many of them are wrong")
    model: str
    notes: list[NoteOut] = Field(description="What went wrong with the LLM, where one was asked about doubtful pairs")


class TeamCellOut(BaseModel):
    """The OKRs of one team that serve a pillar, by their indices in `okrs`."""

    team: str
    okrs: list[int]


class ServedPillarOut(BaseModel):
    """A pillar (`pillar_id` null: an objective of the organisation's own) and who serves it."""

    pillar_id: str | None
    pillar: str
    state: Served = Field(description="served by two OKRs or more, thin: by one, unserved: by none")
    cells: list[TeamCellOut] = Field(description="One a team, in the order of `teams`")


class PlanCoverageOut(BaseModel):
    """Pillars against teams; each OKR counts for the pillar that it serves most."""

    cycle_id: str
    teams: list[str]
    pillars: list[ServedPillarOut]
    serving_nothing: list[int] = Field(description="OKRs aimed at none of the pillars")
    okrs: list[PlanOkrOut]
    note: str | None = Field(description="Why nothing could be judged")


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A stored plan as the coach's values; `above` says which OKR (from 0) each hangs under."""

    stored: plans.StoredPlan
    okrs: tuple[Okr, ...]
    parent: Okr | None
    above: tuple[int | None, ...]
    pillars: tuple[Pillar, ...]
    pillar_ids: tuple[str | None, ...]

    @property
    def etag(self) -> str:
        """Changes with what is shown of the plan."""
        ids = [[item.okr.id, item.okr.version] for item in self.stored.okrs]
        return f'"{fingerprint(ids, self.okrs, self.parent, self.above, self.pillars)}"'


@router.get("/overlaps", response_model=PlanOverlapsOut, responses=UNCHANGED)
async def plan_overlaps(
    workspace: WorkspaceId,
    cycle_id: Id,
    seat: Reader,
    request: Request,
    response: Response,
    if_none_match: IfNoneMatch = "",
) -> PlanOverlapsOut | Response:
    """What the teams of a cycle share, double, need of each other, and where they pull apart.

    The first call after a change works it out, which takes seconds for hundreds of OKRs; later ones are answered from
    memory.
    """
    plan = await read_plan(seat, cycle_id)
    if plan.etag in if_none_match:
        return Response(status_code=304, headers={"ETag": plan.etag})
    response.headers["ETag"] = plan.etag
    maps: KeptMaps = request.app.state.maps
    found = await overlaps_of(maps, plan)
    return PlanOverlapsOut(
        cycle_id=cycle_id,
        pairs=[PairOut.of(pair) for pair in found.pairs],
        clusters=[ClusterOut.of(cluster) for cluster in found.clusters],
        dependencies=[NeedOut.of(need) for need in found.needs],
        copied_from_parent=[CopyOut.of(copy) for copy in found.copies],
        okrs=_shown(plan),
        threshold=found.threshold,
        shown=found.shown,
        model=maps.finder.judge.name,
        notes=[NoteOut(code=code, message=message) for code, message in found.notes],
    )


@router.get("/coverage", response_model=PlanCoverageOut, responses=UNCHANGED)
async def plan_coverage(
    workspace: WorkspaceId,
    cycle_id: Id,
    seat: Reader,
    request: Request,
    response: Response,
    if_none_match: IfNoneMatch = "",
) -> PlanCoverageOut | Response:
    """Which pillar is served by which teams, and which OKRs serve nothing.

    Without pillars, the objectives of the organisation's own OKRs of the cycle take their place.
    """
    plan = await read_plan(seat, cycle_id)
    if plan.etag in if_none_match:
        return Response(status_code=304, headers={"ETag": plan.etag})
    response.headers["ETag"] = plan.etag
    found = await coverage_of(request.app.state.maps, plan)
    rows = zip(found.rows, plan.pillar_ids, strict=True) if found else ()
    return PlanCoverageOut(
        cycle_id=cycle_id,
        teams=list(found.teams) if found else list(dict.fromkeys(okr.team or "" for okr in plan.okrs)),
        pillars=[
            ServedPillarOut(
                pillar_id=pillar_id,
                pillar=row.pillar,
                state=row.state,
                cells=[TeamCellOut(team=cell.team, okrs=list(cell.okrs)) for cell in row.cells],
            )
            for row, pillar_id in rows
        ],
        serving_nothing=list(found.serving_nothing) if found else [],
        okrs=_shown(plan),
        note=None if found else why_not(plan),
    )


async def read_plan(seat: Seat, cycle: str) -> ReadPlan:
    """The plan of a cycle. Raises `NotFoundError`, and `TooLargeError` for more than can be compared in one call."""
    async with seat.database.reading() as session:
        stored = await plans.plan(session, seat.workspace, cycle)
    if len(stored.okrs) > MOST_OKRS:
        raise TooLargeError(f"This cycle holds {len(stored.okrs):,} OKRs; up to {MOST_OKRS:,} are compared at a time.")
    at = {item.okr.id: number for number, item in enumerate(stored.okrs)}
    own = [noun(okr) for okr in stored.own]
    pillars = tuple(Pillar(row.name, row.text) for row in stored.pillars)
    ids: tuple[str | None, ...] = tuple(row.id for row in stored.pillars)
    if not pillars:
        pillars = tuple(Pillar(okr.objective) for okr in stored.own)
        ids = (None,) * len(pillars)
    return ReadPlan(
        stored,
        tuple(replace(noun(item.okr), team=item.team) for item in stored.okrs),
        Okr(None, tuple(line for okr in own for line in okr.lines)) if own else None,
        tuple(at.get(item.okr.parent_id) if item.okr.parent_id else None for item in stored.okrs),
        pillars,
        ids,
    )


async def overlaps_of(maps: KeptMaps, plan: ReadPlan) -> OverlapMap:
    """The map of a plan, worked out once."""
    ask = maps.llm.from_threads() if maps.llm else None
    return await asyncio.to_thread(maps.overlaps, plan.okrs, plan.parent, plan.above, ask)


async def coverage_of(maps: KeptMaps, plan: ReadPlan) -> Coverage | None:
    """The matrix of a plan, worked out once; None where nothing can be judged."""
    return await asyncio.to_thread(maps.coverage, plan.okrs, plan.pillars)


def why_not(plan: ReadPlan) -> str:
    """Why there is no matrix, and what to do."""
    return NO_JUDGE if plan.pillars else NO_STRATEGY


def _shown(plan: ReadPlan) -> list[PlanOkrOut]:
    return [
        PlanOkrOut(
            id=item.okr.id,
            version=item.okr.version,
            team_id=item.okr.team_id or "",
            team=item.team,
            objective=item.okr.objective,
            key_results=item.okr.key_results,
        )
        for item in plan.stored.okrs
    ]
