"""`…/freeze`, `…/reopen` and `…/export`: what a workshop leaves behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app import exchange
from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workshops.access import Badge, Facilitator, Seated, WorkshopId
from app.api.workshops.desk import Lines
from app.api.workshops.homework import homework_of
from app.api.workshops.room import state_of
from app.api.workshops.schemas import FrozenOut, WorkshopOut
from app.coach.parse import parse_text
from app.errors import ConflictError
from app.exchange import Format, Outgoing
from app.exchange.entry import checked
from app.exchange.report import markdown
from app.services.store.intake import Incoming
from app.services.store.okrs import Author
from app.services.store.workshops import drafts, rooms
from app.services.store.workshops.freeze import Agreed, freeze
from app.services.store.workshops.merge import rows_of, text_of
from app.services.store.workshops.tables import WorkshopTeam
from app.web.rendering import html

router = APIRouter(prefix="/v1/workshops/{workshop}", tags=["workshops"], responses=ERRORS | WORKSPACE)
Kind = Literal["markdown", "csv", "xlsx", "json", "html"]
MOST_PAIRS = 100


@router.post("/freeze", responses=CHANGED)
async def freeze_drafts(workshop: WorkshopId, badge: Facilitator) -> FrozenOut:
    """Keep every team's OKRs as versions in the workspace and close the drafts. Lines without an objective stay out."""
    async with badge.room.turn() as turn:
        room = await rooms.get(turn.session, badge.workspace, badge.id)
        if room.frozen_at:
            raise ConflictError("The workshop is frozen already.", code="workshop-frozen")
        found = await rooms.teams(turn.session, badge.workspace, badge.id)
        agreed = [okr for team in found for okr in agreed_of(team)]
        checked([Incoming(one.team, one.objective, one.key_results) for one in agreed], []) if agreed else None
        author = Author(f"{badge.person.name} (workshop)", f"agreed in the workshop {room.name}")
        taken = await freeze(turn, agreed, author)
        await turn.say("frozen", {"frozen": True})
    return FrozenOut(created=taken.created, updated=taken.updated, unchanged=taken.unchanged)


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
    format: Annotated[Kind, Query()] = "markdown",  # noqa: A002
) -> Response:
    """The outcome: `markdown`, `html` (to print) and `json` hold everything, `csv` and `xlsx` the OKRs."""
    async with badge.database.reading() as session:
        state = await state_of(session, badge)
        found = await rooms.teams(session, badge.workspace, badge.id)
        report = await report_of_room(session, badge, state.model_dump(mode="json"), found)
    if format == "html":
        return html("workshop_report", report=report)
    if format == "json":
        return _file((json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode(), Format.JSON)
    if format == "markdown":
        return _file(markdown(report).encode(), Format.MARKDOWN)
    out = [
        Outgoing("", team.version, state.cycle, team.name, None, one.objective, one.key_results)
        for team in found
        for one in agreed_of(team)
    ]
    kind = Format(format)
    return _file(await asyncio.to_thread(exchange.write, out, kind), kind)


async def report_of_room(
    session: AsyncSession, badge: Badge, state: dict[str, Any], found: Sequence[WorkshopTeam]
) -> dict[str, Any]:
    """Everything that a workshop leaves behind, by name instead of id."""
    names = {team.id: team.name for team in found}
    teams = [await _team(session, team) for team in found]
    every = [okr for team in teams for okr in team["okrs"]]
    drawn = badge.desk.map_of(badge.id) or {}
    return {
        "name": state["workshop"]["name"],
        "cycle": state["cycle"],
        "frozen_at": state["workshop"]["frozen_at"],
        "written_at": state["now"],
        "summary": {
            "teams": len(teams),
            "objectives": sum(okr["objective"] is not None for okr in every),
            "key_results": sum(len(okr["key_results"]) for okr in every),
            "open_findings": sum(len(team["findings"]) for team in teams),
        },
        "teams": teams,
        "dependencies": [
            {"from": names.get(one["from_team"], "?"), "to": names.get(one["to_team"], "?"), **one}
            for one in state["requests"]
        ],
        "overlaps": [
            {"type": pair["type"], "teams": [_of(drawn, pair["a"]), _of(drawn, pair["b"])], "quotes": pair["quotes"]}
            for pair in drawn.get("pairs", ())
            if pair["type"] != "unrelated"
        ][:MOST_PAIRS],
        "coverage": [
            {
                "pillar": row["pillar"],
                "state": row["state"],
                "teams": [cell["team"] for cell in row["cells"] if cell["okrs"]],
            }
            for row in (drawn.get("coverage") or {}).get("pillars", ())
        ],
        "notes": [{**note, "team": names.get(note["team_id"] or "", "")} for note in state["notes"]]
        + list(homework_of(found, state["owners"])),
    }


async def _team(session: AsyncSession, team: WorkshopTeam) -> dict[str, Any]:
    draft = parse_text(text_of(rows_of(team.lines)))
    begun = None
    if team.start_version:
        begun = await drafts.version_of(session, team.workspace_id, team.workshop_id, team.id, team.start_version)
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
        "changed": changes([line["text"] for line in begun.lines], [line["text"] for line in team.lines])
        if begun
        else [],
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


def changes(before: Sequence[str], after: Sequence[str]) -> list[dict[str, str]]:
    """What was reworded, added or taken out between two drafts."""
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [{"was": "\n".join(before[i:j]), "is": "\n".join(after[k:m])} for tag, i, j, k, m in codes if tag != "equal"]


def _of(drawn: dict[str, Any], place: dict[str, Any]) -> str:
    return str(drawn["okrs"][place["okr"]]["team"])


def _file(data: bytes, kind: Format) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="workshop{kind.suffix}"', "Cache-Control": "no-store"}
    return Response(data, media_type=kind.media_type, headers=headers)
