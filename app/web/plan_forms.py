"""Pages to tell how a plan goes: a team's weekly check-in, and its grades at the cycle's end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from app.api.workspaces import progress
from app.api.workspaces.access import Id, Seat, WorkspaceId
from app.api.workspaces.progress import OWN, Standing
from app.api.workspaces.tracking_schemas import OkrProgressOut
from app.errors import CoachError, InvalidInputError, NotFoundError
from app.services.store import records
from app.services.store.tables import Team, now
from app.services.store.tracking import check_ins, grades
from app.services.store.tracking.check_ins import Entry, Kind, Label
from app.web.plan import FIGURES, label_of, note_of
from app.web.plan_door import looking, may_write, telling
from app.web.plan_figures import typed_value
from app.web.plan_view import ORGANISATION
from app.web.rendering import html

router = APIRouter(prefix="/workspaces/{workspace}/cycles/{cycle_id}/teams/{team_id}", include_in_schema=False)

Said = Mapping[str, str]
TENTHS = [(f"{at / 10:g}", str(at)) for at in range(11)]
"""What the lists of confidence and scores offer: the value, and what people read."""


@router.get("/check-in")
async def check_in_page(workspace: WorkspaceId, cycle_id: Id, team_id: Id, request: Request) -> Response:
    """All key results of a team, to be told about in a quarter of an hour."""
    return await looking(request, workspace, lambda seat: _page("plan_check_in", seat, cycle_id, team_id, request))


@router.post("/check-in")
async def check_in(workspace: WorkspaceId, cycle_id: Id, team_id: Id, request: Request) -> Response:
    """Keep what was filled in; a line left empty is no check-in. All of it or, if anything is wrong, nothing."""

    async def take(seat: Seat) -> Response:
        said = await _form(request)
        okrs = _shown(await progress.read(seat, cycle_id, team_id))
        problems: dict[str, str] = {}
        try:
            role, kind = label_of(said.get("role", "")), _kind(said)
            told = [(okr, list(_entries(okr, kind, said, problems))) for okr in okrs]
            if problems:
                raise InvalidInputError("Nothing was kept yet: look at what is marked below.")
            if not any(entries for _, entries in told):
                raise InvalidInputError("Nothing was filled in, so there is nothing to keep.")
            async with seat.database.writing() as session:
                for okr, entries in told:
                    if entries:
                        version = _version(said, okr.okr_id)
                        await check_ins.add(session, seat.workspace, okr.okr_id, entries, role, version)
        except NotFoundError:
            raise
        except CoachError as error:
            return await _page("plan_check_in", seat, cycle_id, team_id, request, said, problems, error)
        count = sum(len(entries) for _, entries in told)
        return RedirectResponse(f"{request.url.path}?kept={count}", 303)

    return await telling(request, workspace, take)


@router.get("/grading")
async def grading_page(workspace: WorkspaceId, cycle_id: Id, team_id: Id, request: Request) -> Response:
    """All OKRs of a team, to be graded, with what was learned, and what goes on."""
    return await looking(request, workspace, lambda seat: _page("plan_grading", seat, cycle_id, team_id, request))


@router.post("/grading")
async def grade(workspace: WorkspaceId, cycle_id: Id, team_id: Id, request: Request) -> Response:
    """Keep grades that are new or other than before, and what is carried over. All of it or nothing."""

    async def take(seat: Seat) -> Response:
        said = await _form(request)
        standing = await progress.read(seat, cycle_id, team_id)
        okrs = _shown(standing)
        problems: dict[str, str] = {}
        try:
            role = label_of(said.get("role", ""))
            given = [(okr, _grade(okr, said, problems)) for okr in okrs]
            if problems:
                raise InvalidInputError("Nothing was kept yet: look at what is marked below.")
            kept = 0
            async with seat.database.writing() as session:
                for okr, graded in given:
                    version = _version(said, okr.okr_id)
                    if graded:
                        await grades.grade(session, seat.workspace, okr.okr_id, *graded, role, version)
                        kept += 1
                    kept += await _carry(session, seat.workspace, standing, okr, said, role)
        except NotFoundError:
            raise
        except CoachError as error:
            return await _page("plan_grading", seat, cycle_id, team_id, request, said, problems, error)
        return RedirectResponse(f"{request.url.path}?kept={kept}", 303)

    return await telling(request, workspace, take)


async def _page(
    template: str,
    seat: Seat,
    cycle: str,
    team: str,
    request: Request,
    said: Said | None = None,
    problems: Mapping[str, str] | None = None,
    error: CoachError | None = None,
) -> Response:
    standing = await progress.read(seat, cycle, team)
    name = ORGANISATION
    if team != OWN:
        async with seat.database.reading() as session:
            name = (await records.find(session, Team, seat.workspace, team)).name
    kept = request.query_params.get("kept", "")
    return html(
        template,
        error.status if error else 200,
        here="map",
        cycle=standing.cycle,
        team=name,
        okrs=_shown(standing),
        carried=standing.carried,
        may_write=may_write(seat),
        labels=list(Label),
        offered=TENTHS,
        said=said or {},
        problems=problems or {},
        problem=error.message if error else "",
        kept=int(kept) if kept.isascii() and kept.isdecimal() and len(kept) < 5 else None,
        **FIGURES,
    )


def _shown(standing: Standing) -> Sequence[OkrProgressOut]:
    at = now()
    return [progress.shown_okr(standing, okr, at) for okr in standing.okrs]


async def _form(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def _kind(said: Said) -> Kind:
    return Kind.HALFWAY if said.get("kind") == Kind.HALFWAY else Kind.WEEKLY


def _version(said: Said, okr: str) -> int | None:
    text = said.get(f"version-{okr}", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None


def _entries(okr: OkrProgressOut, kind: Kind, said: Said, problems: dict[str, Any]) -> Iterator[Entry]:
    """What the form says of an OKR's key results; what can't be taken goes to `problems` by the name of its field."""
    for result in okr.key_results:
        here = f"{okr.okr_id}-{result.key_result}"
        value = note = None
        try:
            value = typed_value(said.get(f"value-{here}", ""), result.unit)
        except InvalidInputError as error:
            problems[f"value-{here}"] = error.message
        try:
            note = note_of(said.get(f"note-{here}", ""))
        except InvalidInputError as error:
            problems[f"note-{here}"] = error.message
        sure = _tenth(said.get(f"confidence-{here}", ""))
        if value is None and sure is None and not note:
            continue
        if kind is Kind.HALFWAY and sure is None:
            problems[f"confidence-{here}"] = "A half-way review says how sure you are."
        yield Entry(result.key_result, kind, value, sure, note or "")


def _grade(okr: OkrProgressOut, said: Said, problems: dict[str, Any]) -> tuple[list[float | None], str] | None:
    """Scores and lesson, where they are others than before; what can't be taken goes to `problems`."""
    scores = [_tenth(said.get(f"score-{okr.okr_id}-{result.key_result}", "")) for result in okr.key_results]
    place = f"learned-{okr.okr_id}"
    try:
        learned = note_of(said.get(place, ""))
    except InvalidInputError as error:
        problems[place] = error.message
        return None
    if scores == [result.score for result in okr.key_results] and learned == okr.learned:
        return None
    if not learned and any(score is not None for score in scores):
        problems[place] = "A grade without a lesson helps nobody: say in a sentence what you learned."
    return (scores, learned) if learned else None


async def _carry(
    session: AsyncSession, workspace: str, standing: Standing, okr: OkrProgressOut, said: Said, role: Label
) -> int:
    wanted, why = f"carry-{okr.okr_id}" in said, note_of(said.get(f"why-{okr.okr_id}", ""))
    known = standing.carried.get(okr.okr_id)
    if wanted and (known is None or known.why != why):
        await grades.carry(session, workspace, standing.cycle.id, okr.okr_id, why, role)
        return 1
    if not wanted and known:
        await grades.drop(session, workspace, standing.cycle.id, okr.okr_id)
        return 1
    return 0


def _tenth(text: str) -> float | None:
    return float(text) if text in dict(TENTHS) else None
