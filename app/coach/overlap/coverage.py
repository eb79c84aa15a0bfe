"""Which pillar is served by whom: a matrix of pillars and teams, and the OKRs that serve nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.coach.nouns import Okr, Pillar
from app.coach.strategy import Linkage

THIN = 2
"""With fewer OKRs than this a pillar hangs by a thread."""


class Served(StrEnum):
    """How far a pillar is served."""

    SERVED = "served"
    THIN = "thin"
    UNSERVED = "unserved"


@dataclass(frozen=True, slots=True)
class Cell:
    """One team under one pillar: the OKRs (from 0) that serve it."""

    team: str
    okrs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One pillar with a cell a team, in the plan's order of teams."""

    pillar: str
    state: Served
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The matrix; `serving_nothing` are OKRs (from 0) aimed at none of the pillars."""

    teams: tuple[str, ...]
    rows: tuple[Row, ...]
    serving_nothing: tuple[int, ...]


def coverage(okrs: Sequence[Okr], pillars: Sequence[Pillar], linkage: Linkage) -> Coverage:
    """The matrix for a plan. Each OKR counts for the one pillar it serves most, if it serves any.

    A pillar is `served` by two OKRs or more, `thin` with one, `unserved` with none.
    """
    asked = [at for at, okr in enumerate(okrs) if any(line.text for line in okr.lines)]
    links = dict(zip(asked, linkage.judge([okrs[at] for at in asked], pillars), strict=True))
    teams = tuple(dict.fromkeys(okr.team or "" for okr in okrs))
    rows = []
    for number, pillar in enumerate(pillars):
        serving = [at for at in asked if links[at].linked and links[at].pillar == number]
        state = Served.UNSERVED if not serving else Served.THIN if len(serving) < THIN else Served.SERVED
        cells = [Cell(team, tuple(at for at in serving if (okrs[at].team or "") == team)) for team in teams]
        rows.append(Row(pillar.name, state, tuple(cells)))
    nothing = tuple(at for at in asked if not links[at].linked)
    return Coverage(teams, tuple(rows), nothing)
