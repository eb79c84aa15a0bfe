"""What the dashboard shows of a plan under way: all OKRs of a cycle, by pillar and by team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.api.workspaces.progress import OWN
from app.api.workspaces.tracking_schemas import CycleProgressOut, OkrProgressOut

ORGANISATION = "The organisation"


@dataclass(frozen=True, slots=True)
class Group:
    """Some OKRs together. `share` is the mean of those of which it is known (`told`), `confidence` the lowest."""

    name: str
    team: str
    okrs: tuple[OkrProgressOut, ...]
    share: float | None
    told: int
    confidence: float | None
    stale: int
    score: float | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """The page; `aimless` are OKRs that serve no pillar."""

    all: Group
    pillars: tuple[Group, ...]
    aimless: Group | None
    teams: tuple[Group, ...]
    changes: int
    uncommitted: int


def plan_view(board: CycleProgressOut) -> PlanView:
    """The dashboard of a cycle."""
    okrs = board.okrs
    teams = dict.fromkeys((okr.team_id or OWN, okr.team or ORGANISATION) for okr in okrs)
    served = [okr for okr in okrs if okr.team_id]
    aimless = [okr for okr in served if okr.pillar is None] if board.pillars else []
    return PlanView(
        group("All", okrs),
        tuple(group(name, [okr for okr in served if okr.pillar == name]) for name in board.pillars),
        group("No pillar", aimless) if aimless else None,
        tuple(group(name, [okr for okr in okrs if (okr.team_id or OWN) == team], team) for team, name in teams),
        sum(okr.changes for okr in okrs),
        sum(not okr.is_committed for okr in okrs),
    )


def group(name: str, okrs: Iterable[OkrProgressOut], team: str = "") -> Group:
    """Some OKRs with what they come to."""
    found = tuple(okrs)
    shares = [okr.share for okr in found if okr.share is not None]
    scores = [okr.score for okr in found if okr.score is not None]
    return Group(
        name,
        team,
        found,
        sum(shares) / len(shares) if shares else None,
        len(shares),
        min((okr.confidence for okr in found if okr.confidence is not None), default=None),
        sum(okr.is_stale for okr in found),
        sum(scores) / len(scores) if scores else None,
    )
