"""What the map page shows, from the coach's values: tables whose cells lead to quotes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.coach.nouns import Okr
from app.coach.overlap import OverlapMap, Pair, Place, Relation
from app.coach.overlap.clusters import Cluster
from app.coach.overlap.coverage import Coverage
from app.web.map_graph import HEIGHT, WIDTH, Drawing, drawing

MOST_PAIRS = 500
SIGNS = {Relation.CONFLICT: "≠", Relation.DUPLICATE: "=", Relation.OVERLAP: "∩", Relation.DEPENDENCY: "→"}
"""The gravest first; a sign and a word, so that nothing hangs on colour."""
WORDS = {
    Relation.CONFLICT: "conflict",
    Relation.DUPLICATE: "duplicate",
    Relation.OVERLAP: "overlap",
    Relation.DEPENDENCY: "dependency",
}
PLURALS = {kind: f"{word}s" for kind, word in WORDS.items()} | {Relation.DEPENDENCY: "dependencies"}
_BOX = 24


@dataclass(frozen=True, slots=True)
class Between:
    """A cell of the overlap table: what two teams (by number) have to do with each other, the gravest first."""

    key: str
    one: int
    other: int
    type: Relation
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Serving:
    """A cell of the coverage table."""

    key: str
    team: str
    objectives: tuple[str, ...]

    @property
    def shade(self) -> int:
        """How deep the cell is coloured, 0 to 3."""
        return min(3, len(self.objectives))


@dataclass(frozen=True, slots=True)
class Pillar:
    """A row of the coverage table."""

    name: str
    state: str
    cells: tuple[Serving, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A cluster with its lines, team and text."""

    cluster: Cluster
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MapView:
    """The page. `involved` are numbers of the teams that have anything to do with another."""

    teams: tuple[str, ...]
    okrs: int
    involved: tuple[int, ...]
    between: dict[tuple[int, int], Between]
    listed: tuple[Between, ...]
    counts: tuple[tuple[Relation, int], ...]
    left_out: int
    topics: tuple[Topic, ...]
    graph: Drawing | None
    pillars: tuple[Pillar, ...]
    nothing: tuple[tuple[str, str], ...]
    copies: tuple[tuple[str, str], ...]

    @property
    def apart(self) -> tuple[str, ...]:
        """Teams that have nothing to do with any other."""
        known = set(self.involved)
        return tuple(team for at, team in enumerate(self.teams) if at not in known)

    @property
    def box(self) -> tuple[int, int]:
        """Width and height of a team's box in the drawing."""
        return WIDTH, HEIGHT

    def short(self, team: int) -> str:
        """A team's name as it fits into its box."""
        name = self.teams[team]
        return name if len(name) <= _BOX else name[: _BOX - 1].rstrip() + "…"


def map_view(okrs: Sequence[Okr], found: OverlapMap, matrix: Coverage | None) -> MapView:
    """Everything the page needs, in its order."""
    teams = tuple(dict.fromkeys(okr.team or "" for okr in okrs))
    number = {team: at for at, team in enumerate(teams)}
    shown = found.pairs[:MOST_PAIRS]
    groups: dict[tuple[int, int], list[Pair]] = defaultdict(list)
    arrows: Counter[tuple[int, int]] = Counter()
    for pair in shown:
        a, b = number[okrs[pair.a.okr].team or ""], number[okrs[pair.b.okr].team or ""]
        groups[min(a, b), max(a, b)].append(pair)
        if pair.type is Relation.DEPENDENCY and a != b:
            arrows[(a, b) if pair.needs == "b" else (b, a)] += 1
    gravity = list(SIGNS)
    cells = {
        (one, other): Between(
            f"t{one}-{other}",
            one,
            other,
            min((pair.type for pair in pairs), key=gravity.index),
            tuple(sorted(pairs, key=lambda pair: (gravity.index(pair.type), -pair.score))),
        )
        for (one, other), pairs in groups.items()
    }
    counted = Counter(pair.type for pair in found.pairs)
    return MapView(
        teams,
        len(okrs),
        tuple(sorted({team for key in cells for team in key})),
        {key: cell for (one, other), cell in cells.items() for key, cell in _both(one, other, cell)},
        tuple(cells[key] for key in sorted(cells)),
        tuple((kind, counted[kind]) for kind in SIGNS if counted[kind]),
        len(found.pairs) - len(shown),
        tuple(
            Topic(cluster, tuple((okrs[place.okr].team or "", _text(okrs, place)) for place in cluster.places))
            for cluster in found.clusters
            if len(cluster.teams) > 2
        ),
        drawing(arrows) if arrows else None,
        _pillars(okrs, matrix) if matrix else (),
        tuple(_named(okrs, at) for at in matrix.serving_nothing) if matrix else (),
        tuple((okrs[copy.place.okr].team or "", copy.quote) for copy in found.copies),
    )


def _both(one: int, other: int, cell: Between) -> list[tuple[tuple[int, int], Between]]:
    return [((one, other), cell), ((other, one), cell)]


def _pillars(okrs: Sequence[Okr], matrix: Coverage) -> tuple[Pillar, ...]:
    return tuple(
        Pillar(
            row.pillar,
            row.state.value,
            tuple(
                Serving(f"p{at}-{column}", cell.team, tuple(_named(okrs, okr)[1] for okr in cell.okrs))
                for column, cell in enumerate(row.cells)
            ),
        )
        for at, row in enumerate(matrix.rows)
    )


def _named(okrs: Sequence[Okr], at: int) -> tuple[str, str]:
    lines = okrs[at].lines
    return okrs[at].team or "", lines[0].text if lines else ""


def _text(okrs: Sequence[Okr], place: Place) -> str:
    objective = okrs[place.okr].objective
    return (
        (objective.text if objective else "")
        if place.is_objective
        else okrs[place.okr].key_results[place.key_result].text
    )
