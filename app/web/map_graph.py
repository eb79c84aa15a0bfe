"""Where teams stand in the drawing of who waits for whom: whoever feeds stands left of whoever needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 190, 34
_ACROSS, _DOWN, _MARGIN = 290, 54, 14
_BEND = 60


@dataclass(frozen=True, slots=True)
class Node:
    """A team's box by its upper left corner, in the drawing's units."""

    team: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from who feeds to who needs: an SVG path, and where on the page its quotes are."""

    feeds: int
    needs: int
    path: str
    count: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A graph laid out."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def drawing(arrows: Mapping[tuple[int, int], int]) -> Drawing:
    """Lay out teams by number; `arrows` counts the lines for each feeding and needing team.

    Teams that wait for each other in a circle share a column.
    """
    import networkx as nx  # noqa: PLC0415 - only this page needs it

    graph = nx.DiGraph()
    graph.add_edges_from(arrows)
    circles = nx.condensation(graph)
    columns = [
        sorted(team for circle in generation for team in circles.nodes[circle]["members"])
        for generation in nx.topological_generations(circles)
    ]
    placed = _ordered(columns, arrows)
    tallest = max(map(len, columns), default=0)
    at = {
        team: (_MARGIN + column * _ACROSS, _MARGIN + (row + (tallest - len(teams)) / 2) * _DOWN)
        for column, teams in enumerate(placed)
        for row, team in enumerate(teams)
    }
    return Drawing(
        2 * _MARGIN + max(0, len(columns) - 1) * _ACROSS + WIDTH + _BEND,
        2 * _MARGIN + max(0, tallest - 1) * _DOWN + HEIGHT,
        tuple(Node(team, x, y) for team, (x, y) in sorted(at.items())),
        tuple(Edge(a, b, _path(at[a], at[b]), count) for (a, b), count in sorted(arrows.items())),
    )


def _ordered(columns: Sequence[Sequence[int]], arrows: Mapping[tuple[int, int], int]) -> list[list[int]]:
    """Each column by the mean place of those who feed it, so that arrows cross less."""
    place: dict[int, float] = {}
    found: list[list[int]] = []
    for teams in columns:
        fed = {team: [place[a] for a, b in arrows if b == team and a in place] for team in teams}
        ordered = sorted(teams, key=lambda team: (sum(fed[team]) / len(fed[team]) if fed[team] else 0.0, team))
        place |= {team: row - len(ordered) / 2 for row, team in enumerate(ordered)}
        found.append(ordered)
    return found


def _path(start: tuple[float, float], end: tuple[float, float]) -> str:
    x, y = start[0] + WIDTH, start[1] + HEIGHT / 2
    to_x, to_y = end[0], end[1] + HEIGHT / 2
    if to_x > x:
        return f"M{x:g} {y:g} C{x + _BEND:g} {y:g} {to_x - _BEND:g} {to_y:g} {to_x - 3:g} {to_y:g}"
    to_x = end[0] + WIDTH
    return f"M{x:g} {y:g} C{x + _BEND:g} {y:g} {to_x + _BEND:g} {to_y:g} {to_x + 3:g} {to_y:g}"
