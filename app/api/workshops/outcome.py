"""`…/freeze`, `…/reopen` and `…/export`: what a workshop leaves behind."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app import exchange
from app.api.overlap_schemas import OverlapsOut
from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workshops.access import Badge, Facilitator, Seated, WorkshopId
from app.api.workshops.desk import Lines, pillars_of, plan_of
from app.api.workshops.homework import homework_of
from app.api.workshops.room import state_of
from app.api.workshops.room_schemas import FreezeIn, FrozenOut
from app.api.workshops.schemas import WorkshopOut
from app.coach.parse import parse_text
from app.coach.rewrite.rank import diff
from app.errors import ConflictError
from app.exchange import Format, Outgoing
from app.exchange.entry import checked
from app.exchange.report import markdown
from app.services.store.intake import Incoming
from app.services.store.okrs import Author
from app.services.store.tracking.alignment import aligned
from app.services.store.workshops import drafts, rooms
from app.services.store.workshops.freeze import Agreed, freeze
from app.services.store.workshops.merge import rows_of, text_of
from app.services.store.workshops.tables import WorkshopTeam
from app.web.workshop_report import report_page

router = APIRouter(prefix="/v1/workshops/{workshop}", tags=["workshops"], responses=ERRORS | WORKSPACE)
Kind = Literal["markdown", "csv", "xlsx", "json", "html"]
MOST_PAIRS = 100


@router.post("/freeze", responses=CHANGED)
async def freeze_drafts(workshop: WorkshopId, badge: Facilitator, body: FreezeIn | None = None) -> FrozenOut:
    """Keep every team's OKRs as versions in the workspace and close the drafts. Lines without an objective stay out.

    Frozen again, `why` says for what reason key results changed since; the ledger keeps it.
    """
    async with badge.room.turn() as turn:
        room = await rooms.get(turn.session, badge.workspace, badge.id)
        if room.frozen_at:
            raise ConflictError("The workshop is frozen already.", code="workshop-frozen")
        found = await rooms.teams(turn.session, badge.workspace, badge.id)
        agreed = [okr for team in found for okr in agreed_of(team)]
        checked([Incoming(one.team, one.objective, one.key_results) for one in agreed], []) if agreed else None
        why = body.why if body else ""
        author = Author(f"{badge.person.name} (workshop)", why or f"agreed in the workshop {room.name}")
        taken = await freeze(turn, agreed, author)
        await turn.say("frozen", {"frozen": True})
    return FrozenOut(
        created=taken.created,
        updated=taken.updated,
        unchanged=taken.unchanged,
        progress=progress_path(badge.workspace, room.cycle_id),
    )


def progress_path(workspace: str, cycle: str) -> str:
    """The page that shows how a cycle's OKRs go; it asks for a key of the workspace."""
    return f"/workspaces/{workspace}/cycles/{cycle}/progress"


@router.post("/reopen", responses=CHANGED)
async def reopen(workshop: WorkshopId, badge: Facilitator) -> WorkshopOut:
    """Open the drafts again; what was frozen stays, and the next freeze makes new versions of it."""
    async with badge.room.turn() as turn:
        room = await rooms.get(turn.session, badge.workspace, badge.id)
        room.frozen_at = None
        await turn.session.flush()
        await turn.say("frozen", {"frozen": False})
    return WorkshopOut.model_validate(room)


@router.get("/export", response_class=Response)
async def export(
    workshop: WorkshopId,
    badge: Seated,
    request: Request,
    format: Annotated[Kind, Query()] = "markdown",  # noqa: A002
) -> Response:
    """The outcome: `markdown`, `html` (to print) and `json` hold everything, `csv` and `xlsx` the OKRs."""
    return await exported(badge, format, str(request.base_url))


async def exported(badge: Badge, kind: Kind, address: str) -> Response:
    """The outcome as a file; `address` is where people reach the service, for what it links to."""
    async with badge.database.reading() as session:
        state = await state_of(session, badge)
        found = await rooms.teams(session, badge.workspace, badge.id)
    drawn = {} if kind in {"csv", "xlsx"} else await _map(badge, found)
    async with badge.database.reading() as session:
        report = await report_of_room(session, drawn, state.model_dump(mode="json"), found)
    if state.committed:
        report["progress"] = address.rstrip("/") + progress_path(badge.workspace, state.workshop.cycle_id)
    if kind == "html":
        return report_page(report)
    if kind == "json":
        return _file((json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode(), Format.JSON)
    if kind == "markdown":
        return _file(markdown(report).encode(), Format.MARKDOWN)
    out = [
        Outgoing("", team.version, state.cycle, team.name, None, one.objective, one.key_results)
        for team in found
        for one in agreed_of(team)
    ]
    table = Format(kind)
    return _file(await asyncio.to_thread(exchange.write, out, table), table)


async def report_of_room(
    session: AsyncSession, drawn: Mapping[str, Any], state: dict[str, Any], found: Sequence[WorkshopTeam]
) -> dict[str, Any]:
    """Everything that a workshop leaves behind, by name instead of id; `drawn` is the map of its drafts."""
    names = {team.id: team.name for team in found}
    teams = [await _team(session, team) for team in found]
    every = [okr for team in teams for okr in team["okrs"]]
    pairs = [pair for pair in drawn.get("pairs", ()) if pair["type"] != "unrelated"]
    return {
        "name": state["workshop"]["name"],
        "cycle": state["cycle"],
        "frozen_at": state["workshop"]["frozen_at"],
        "written_at": state["now"],
        "progress": None,
        "summary": {
            "teams": len(teams),
            "objectives": sum(okr["objective"] is not None for okr in every),
            "key_results": sum(len(okr["key_results"]) for okr in every),
            "open_findings": sum(len(team["findings"]) for team in teams),
            "agreed": sum(one["state"] == "agreed" for one in state["requests"]),
            "decisions": sum(note["kind"] == "decision" for note in state["notes"]),
        },
        "teams": teams,
        "dependencies": [
            {"from": names.get(one["from_team"], "?"), "to": names.get(one["to_team"], "?"), **one}
            for one in state["requests"]
        ],
        "overlaps": [
            {"type": pair["type"], "teams": [_of(drawn, pair["a"]), _of(drawn, pair["b"])], "quotes": pair["quotes"]}
            for pair in pairs[:MOST_PAIRS]
        ],
        "meetings": _meetings(drawn, pairs),
        "coverage": [
            {
                "pillar": row["pillar"],
                "state": row["state"],
                "teams": [cell["team"] for cell in row["cells"] if cell["okrs"]],
                "served": {cell["team"]: len(cell["okrs"]) for cell in row["cells"] if cell["okrs"]},
            }
            for row in (drawn.get("coverage") or {}).get("pillars", ())
        ],
        "notes": [{**note, "team": names.get(note["team_id"] or "", "")} for note in state["notes"]]
        + list(homework_of(found, state["owners"])),
    }


async def _team(session: AsyncSession, team: WorkshopTeam) -> dict[str, Any]:
    draft = parse_text(text_of(rows_of(team.lines)))
    begun = await _begun(session, team)
    return {
        "name": team.name,
        "grade": team.grade,
        "ready": team.ready_version is not None and team.ready_version == team.version,
        "okrs": [
            {
                "objective": okr.objective.text if okr.objective else None,
                "key_results": [line.text for line in okr.key_results],
            }
            for okr in draft.okrs
        ],
        "findings": [
            {"rule": one["rule"], "quote": one["quote"], "message": one["message"]}
            for one in team.report.get("findings", ())
        ],
        "dismissed": [
            {"rule": one["rule"], "quote": one["quote"], "reason": one["reason"]}
            for one in team.report.get("dismissed", ())
        ],
        "changed": changes(begun, [line["text"] for line in team.lines]) if begun else [],
    }


def agreed_of(team: WorkshopTeam) -> list[Agreed]:
    """The OKRs of a team's draft that have an objective."""
    rows = rows_of(team.lines)
    at = Lines(rows)
    return [
        Agreed(
            team.id,
            team.name,
            at.line(okr.objective.start) or 0,
            okr.objective.text,
            tuple(line.text for line in okr.key_results),
        )
        for okr in parse_text(text_of(rows)).okrs
        if okr.objective
    ]


def changes(before: Sequence[str], after: Sequence[str]) -> list[dict[str, Any]]:
    """What was reworded, taken out or added between two drafts, line by line; `words` are the words of both."""
    before, after = ([text for line in lines if (text := line.strip())] for lines in (before, after))
    pairs = _paired(before, after)
    return [
        {"was": was, "is": became, "words": [{"op": one.op, "text": one.text} for one in diff(was, became)]}
        for was, became in pairs
        if was != became
    ]


def _paired(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    """Lines of two drafts that belong together, in reading order, one of them empty where the other has none.

    Lines that differ altogether belong together if they stand between the same others.
    """
    places = list(aligned(before, after))
    known = {place for place in places if place is not None}
    gaps: dict[int, list[int]] = defaultdict(list)
    passed = 0
    for at in range(len(after)):
        passed += at in known
        if at not in known:
            gaps[passed].append(at)
    passed, last = 0, -1.0
    gone: list[tuple[float, tuple[str, str]]] = []
    for at, text in enumerate(before):
        passed += places[at] is not None
        if places[at] is None and gaps[passed]:
            places[at] = gaps[passed].pop(0)
        place = places[at]
        if place is None:
            gone.append((last + 0.5, (text, "")))
        else:
            last = place
    was = {place: before[at] for at, place in enumerate(places) if place is not None}
    kept = [(float(place), (was.get(place, ""), text)) for place, text in enumerate(after)]
    return [pair for _, pair in sorted([*kept, *gone], key=lambda item: item[0])]


async def _begun(session: AsyncSession, team: WorkshopTeam) -> list[str] | None:
    """The draft that changes are told from: where coaching found it, else the first that held a whole OKR."""
    if team.start_version:
        found = await drafts.version_of(session, team.workspace_id, team.workshop_id, team.id, team.start_version)
        return [line["text"] for line in found.lines] if found else None
    for version in await drafts.earliest(session, team.workspace_id, team.workshop_id, team.id):
        if any(okr.objective and okr.key_results for okr in parse_text(text_of(rows_of(version.lines))).okrs):
            return [line["text"] for line in version.lines]
    return None


async def _map(badge: Badge, found: Sequence[WorkshopTeam]) -> dict[str, Any]:
    """The map as drawn last, or where none was since the server started, drawn now."""
    drawn = badge.desk.map_of(badge.id)
    finder = badge.desk.overlaps
    okrs, _ = plan_of(found)
    if drawn or not okrs or not finder:
        return drawn or {}
    fresh = await asyncio.to_thread(finder.find, okrs, pillars_of(badge.workshop))
    return OverlapsOut.of(okrs, fresh, finder).model_dump(mode="json")


def _meetings(drawn: Mapping[str, Any], pairs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Which two teams meet, and in how many pairs of lines of each type."""
    counts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for pair in pairs:
        teams = tuple(sorted((_of(drawn, pair["a"]), _of(drawn, pair["b"])), key=str.casefold))
        counts[teams][pair["type"]] += 1
    return [{"teams": list(teams), "types": dict(types)} for teams, types in sorted(counts.items())]


def _of(drawn: Mapping[str, Any], place: Mapping[str, Any]) -> str:
    return str(drawn["okrs"][place["okr"]]["team"])


def _file(data: bytes, kind: Format) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="workshop{kind.suffix}"', "Cache-Control": "no-store"}
    return Response(data, media_type=kind.media_type, headers=headers)
