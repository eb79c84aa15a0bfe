"""Homework: what is still blank in the drafts, `[like this]`, and who will find it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import APIRouter

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workshops.access import Seated, TeamId, WorkshopId
from app.api.workshops.blanks import blanks_of
from app.api.workshops.talk_schemas import OwnerIn, OwnerOut
from app.errors import NotFoundError
from app.services.store.workshops import drafts, talk
from app.services.store.workshops.tables import WorkshopTeam

router = APIRouter(prefix="/v1/workshops/{workshop}/teams/{team_id}", tags=["workshops"], responses=ERRORS | WORKSPACE)


@router.put("/homework", responses=CHANGED)
async def set_owner(workshop: WorkshopId, team_id: TeamId, body: OwnerIn, badge: Seated) -> OwnerOut:
    """Say who finds out what a blank of the draft stands for; without a name, nobody does yet."""
    badge.at(team_id)
    async with badge.room.turn() as turn:
        badge.open()
        team = await drafts.team(turn.session, badge.workspace, badge.id, team_id)
        if {"line": body.line, "blank": body.blank} not in blanks_of(team.lines):
            raise NotFoundError("That blank isn't in the draft any more.")
        await talk.own(turn, team_id, body.line, body.blank, body.owner, badge.person.name)
        out = OwnerOut(team=team_id, line=body.line, blank=body.blank, owner=body.owner)
        await turn.say("owner", out.model_dump(mode="json"))
    return out


def homework_of(teams: Iterable[WorkshopTeam], owners: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The blanks of all drafts as lines of the outcome."""
    known = {(one["team"], one["line"], one["blank"]): one["owner"] for one in owners}
    for team in teams:
        lines = {line["id"]: line["text"] for line in team.lines}
        for one in blanks_of(team.lines):
            yield {
                "kind": "homework",
                "text": f"[{one['blank']}] in “{lines[one['line']].strip()}”",
                "owner": known.get((team.id, one["line"], one["blank"]), ""),
                "team": team.name,
                "team_id": team.id,
            }
