"""`…/rewrites`: better wordings for the lines of a team's draft, by the service behind `POST /v1/rewrites`."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.rewrite_schemas import AnswerIn, RewritesOut, TargetIn
from app.api.workshops.access import Seated, TeamId, WorkshopId
from app.api.workspaces.schemas import In
from app.coach.rewrite.rewriter import Rewriter, Wish

router = APIRouter(prefix="/v1/workshops/{workshop}/teams/{team_id}", tags=["workshops"], responses=ERRORS | WORKSPACE)


class TableRewritesIn(In):
    """Which lines of which version of the draft, and what their authors answered."""

    version: int = Field(ge=0)
    targets: list[TargetIn] = Field(min_length=1, max_length=50)
    answers: list[AnswerIn] = Field(default_factory=list, max_length=50)
    n: int = Field(3, ge=1, le=5, description="Wordings for each line, moves not counted")


@router.post("/rewrites", responses=CHANGED)
async def rewrites(
    workshop: WorkshopId, team_id: TeamId, body: TableRewritesIn, badge: Seated, request: Request
) -> RewritesOut:
    """Candidates for some lines, in the workshop's context and by the embedded writer; nothing is changed.

    One that is taken goes into the draft as any other edit does.
    """
    badge.at(team_id)
    badge.open()
    rewriter: Rewriter = request.app.state.rewriter
    wish = Wish(
        tuple(target.to_noun() for target in body.targets), tuple(answer.to_noun() for answer in body.answers), body.n
    )
    async with badge.desk.reviewed(badge.room, team_id, body.version) as (review, context):
        return RewritesOut.of(await rewriter.rewrite_async(review, context, wish, "auto", "embedded"))
