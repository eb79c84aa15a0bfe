"""A workshop's outcome as a page to print or to keep: its styles are in it, so that the file stands alone."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from starlette.responses import HTMLResponse

from app.coach.overlap import Relation
from app.web.map_graph import HEIGHT, WIDTH, Drawing, drawing
from app.web.map_view import SIGNS, WORDS
from app.web.pictures import ROW, Grid, grid, shortened
from app.web.rendering import STATIC, html

_BOX, _ABREAST = 24, 12
_REFUSED = "declined"


def report_page(report: Mapping[str, Any]) -> HTMLResponse:
    """The report with its pictures, under a policy that lets nothing in but its own styles."""
    teams = [team["name"] for team in report["teams"]]
    style = _style()
    page = html(
        "workshop_report",
        report=report,
        style=style,
        coverage=coverage_picture(report["coverage"], teams),
        meetings=meetings_picture(report["meetings"]),
        waits=waits_picture(report["dependencies"], teams),
        teams=teams,
        short=lambda name: shortened(name, _BOX),
        box=(WIDTH, HEIGHT),
        row=ROW,
        signs={kind.value: sign for kind, sign in SIGNS.items()},
        kinds={kind.value: word for kind, word in WORDS.items()},
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    return page


def coverage_picture(rows: Sequence[Mapping[str, Any]], teams: Sequence[str]) -> Grid | None:
    """Pillars against teams, or teams against pillars where they are many: how many OKRs of each serve each pillar."""
    cells = {
        (at, column): (str(served[name]), str(min(3, served[name])))
        for at, served in enumerate(Counter(row["served"]) for row in rows)
        for column, name in enumerate(teams)
        if served[name]
    }
    pillars = [f"{row['pillar']}" for row in rows]
    if len(teams) > max(_ABREAST, len(pillars)):
        return grid(teams, pillars, {(column, at): cell for (at, column), cell in cells.items()})
    return grid(pillars, teams, cells)


def meetings_picture(meetings: Sequence[Mapping[str, Any]]) -> Grid | None:
    """Teams against teams: how many lines of both meet, and the gravest kind."""
    involved = sorted({name for one in meetings for name in one["teams"]}, key=str.casefold)
    at = {name: number for number, name in enumerate(involved)}
    gravity = [kind.value for kind in SIGNS]
    cells = {}
    for one in meetings:
        worst = min(one["types"], key=gravity.index)
        a, b = (at[name] for name in one["teams"])
        said = f"{SIGNS[Relation(worst)]}{sum(one['types'].values())}", worst
        cells[a, b] = cells[b, a] = said
    return grid(involved, involved, cells)


def waits_picture(dependencies: Sequence[Mapping[str, Any]], teams: Sequence[str]) -> Drawing | None:
    """Who waits for whom, from what teams asked of each other and wasn't declined."""
    at = {name: number for number, name in enumerate(teams)}
    arrows = Counter(
        (at[one["to"]], at[one["from"]])
        for one in dependencies
        if one["state"] != _REFUSED and one["to"] in at and one["from"] in at and one["to"] != one["from"]
    )
    return drawing(arrows) if arrows else None


@cache
def _style() -> str:
    return "\n".join((STATIC / name).read_text("utf-8") for name in ("base.css", "report.css"))
