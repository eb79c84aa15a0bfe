"""Pages to look at a plan under way: the dashboard, the thread of one key result, and the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from app.api.workspaces import progress
from app.api.workspaces.access import MOST_ITEMS, Id, Seat, WorkspaceId
from app.api.workspaces.grading import ledger_entry
from app.api.workspaces.progress import OWN
from app.api.workspaces.schemas import storable
from app.errors import InvalidInputError, NotFoundError
from app.services.store import okrs as stored
from app.services.store import records, workspaces
from app.services.store.tables import Cycle, Okr, now
from app.services.store.tracking import check_ins, ledger
from app.services.store.tracking.check_ins import Entry, Kind, Label
from app.services.store.workshops import rooms
from app.web.plan_door import looking, may_write, telling
from app.web.plan_figures import HEIGHT, WIDTH, figure, tenths, trend
from app.web.plan_view import plan_view
from app.web.rendering import html

router = APIRouter(prefix="/workspaces/{workspace}", include_in_schema=False)

LONGEST_NOTE = 10_000
MOST_WORKSHOPS = 5
FIGURES: Mapping[str, Any] = {
    "figure": figure,
    "tenths": tenths,
    "trend": trend,
    "trend_size": (WIDTH, HEIGHT),
}
Place = Annotated[int, Path(ge=0, le=1_000)]


@router.get("/cycles/{cycle_id}/progress")
async def dashboard(workspace: WorkspaceId, cycle_id: Id, request: Request) -> Response:
    """Where every OKR of a cycle stands."""

    async def show(seat: Seat) -> Response:
        board = await progress.board(seat, cycle_id, request.app.state.maps)
        async with seat.database.reading() as session:
            organisation = (await workspaces.get(session, seat.workspace)).name
            committed_in = await rooms.committed(session, seat.workspace, cycle_id)
        view = await asyncio.to_thread(plan_view, board)
        return await asyncio.to_thread(
            html,
            "plan_progress",
            here="map",
            workspace=workspace,
            organisation=organisation,
            board=board,
            committed_in=committed_in[:MOST_WORKSHOPS],
            may_write=may_write(seat),
            view=view,
            **FIGURES,
        )

    return await looking(request, workspace, show)


@router.post("/cycles/{cycle_id}/commit")
async def commit(workspace: WorkspaceId, cycle_id: Id, request: Request) -> Response:
    """Commit to all OKRs of a cycle as they stand."""

    async def take(seat: Seat) -> Response:
        async with seat.database.writing() as session:
            await records.find(session, Cycle, seat.workspace, cycle_id)
            await ledger.commit(session, await stored.page(session, seat.workspace, cycle=cycle_id))
        return RedirectResponse("progress", 303)

    return await telling(request, workspace, take)


@router.get("/cycles/{cycle_id}/ledger")
async def changes(workspace: WorkspaceId, cycle_id: Id, request: Request) -> Response:
    """What was changed after teams had committed to it, and why."""

    async def show(seat: Seat) -> Response:
        async with seat.database.reading() as session:
            cycle = await records.find(session, Cycle, seat.workspace, cycle_id)
            rows = await ledger.entries(session, seat.workspace, cycle=cycle_id, limit=MOST_ITEMS)
            found = [(await session.get(Okr, (seat.workspace, row.okr_id)), ledger_entry(row)) for row in rows]
        return html("plan_ledger", here="map", cycle=cycle, entries=found, most=MOST_ITEMS, **FIGURES)

    return await looking(request, workspace, show)


@router.get("/okrs/{okr_id}/key-results/{place}")
async def thread(workspace: WorkspaceId, okr_id: Id, place: Place, request: Request) -> Response:
    """Everything said about one key result."""

    async def show(seat: Seat) -> Response:
        return await _thread(seat, okr_id, place)

    return await looking(request, workspace, show)


@router.post("/okrs/{okr_id}/key-results/{place}")
async def say(
    workspace: WorkspaceId,
    okr_id: Id,
    place: Place,
    request: Request,
    *,
    note: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = Label.MEMBER.value,
    version: Annotated[int | None, Form()] = None,
) -> Response:
    """Add a note to the thread."""

    async def take(seat: Seat) -> Response:
        try:
            entry = Entry(place, Kind.NOTE, note=note_of(note))
            async with seat.database.writing() as session:
                await check_ins.add(session, seat.workspace, okr_id, [entry], label_of(role), version)
        except InvalidInputError as error:
            return await _thread(seat, okr_id, place, problem=error.message, note=note, status=error.status)
        return RedirectResponse(request.url.path, 303)

    return await telling(request, workspace, take)


def note_of(text: str) -> str:
    """A note as it is kept. Raises `InvalidInputError`."""
    try:
        found = storable(text.strip())
    except ValueError as error:
        raise InvalidInputError("The note holds characters that are no text.") from error
    if len(found) > LONGEST_NOTE:
        raise InvalidInputError(f"A note has up to {LONGEST_NOTE:,} characters.")
    return found


def label_of(text: str) -> Label:
    """The role that a form names. Raises `InvalidInputError`."""
    if text not in set(Label):
        raise InvalidInputError("Choose in which role you write.")
    return Label(text)


async def _thread(
    seat: Seat, okr_id: str, place: int, *, problem: str = "", note: str = "", status: int = 200
) -> Response:
    async with seat.database.reading() as session:
        okr = await records.find(session, Okr, seat.workspace, okr_id)
        trail = (await check_ins.trails(session, seat.workspace, [okr]))[okr.id]
        moves = await ledger.entries(session, seat.workspace, okr=okr_id, limit=MOST_ITEMS)
    if place >= len(okr.key_results):
        raise NotFoundError("There is no such key result.")
    standing = await progress.read(seat, okr.cycle_id, okr.team_id or OWN)
    shown = progress.shown_okr(standing, okr, now())
    return html(
        "plan_thread",
        status,
        here="map",
        cycle=standing.cycle,
        okr=shown,
        result=shown.key_results[place],
        said=list(reversed(trail[place])),
        moves=[ledger_entry(row) for row in moves],
        may_write=may_write(seat),
        labels=list(Label),
        problem=problem,
        note=note,
        **FIGURES,
    )
