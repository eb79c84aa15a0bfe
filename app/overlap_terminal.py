"""Overlaps on a terminal: teams from files, the map as a table or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from app.api.overlap_schemas import OverlapsOut
from app.coach.nouns import Context, Okr
from app.coach.overlap import OverlapMap, Overlaps, Relation
from app.coach.parse import ParseError, parse_document
from app.config import Settings
from app.errors import InvalidInputError, TooLargeError
from app.terminal import read_text, visible

SUFFIXES = (".md", ".markdown", ".txt", ".text", ".json", ".yaml", ".yml")
STYLE = {
    Relation.CONFLICT: "bold red",
    Relation.DUPLICATE: "yellow",
    Relation.OVERLAP: "cyan",
    Relation.DEPENDENCY: "magenta",
    Relation.UNRELATED: "dim",
}


def read_teams(names: Sequence[str], settings: Settings) -> list[Okr]:
    """The OKRs in files and folders, each with its team: the one named in the text, or else the file's name.

    Raises `InvalidInputError` for what can't be read or holds no OKR, and where there are fewer than two teams.
    """
    okrs: list[Okr] = []
    size = 0
    for path in _files(names):
        text = read_text(str(path))
        size += len(text)
        if size > settings.max_plan_chars:
            raise TooLargeError(
                f"{path}: more than {settings.max_plan_chars:,} characters in all (OKR_COACH_MAX_PLAN_CHARS)."
            )
        try:
            draft = parse_document(text)
        except ParseError as error:
            raise InvalidInputError(f"{path}: {error}") from error
        if not draft.okrs:
            raise InvalidInputError(f"{path}: {draft.problems[0].message if draft.problems else 'holds no OKR.'}")
        okrs += [replace(okr, team=okr.team or path.stem) for okr in draft.okrs]
    teams = {okr.team for okr in okrs}
    if len(teams) < 2:
        raise InvalidInputError(
            f"Overlaps are found between teams, and there is only “{visible(okrs[0].team or '')}”: give each team "
            "a file, or name the teams in headings (“Team: …”)."
        )
    return okrs


def print_map(finder: Overlaps, okrs: Sequence[Okr], context: Context, *, as_json: bool, all_pairs: bool) -> OverlapMap:
    """Find and print; returns what was found."""
    found = finder.find(okrs, context.strategy, context.parent, all_pairs=all_pairs)
    if as_json:
        out = OverlapsOut.of(okrs, found, finder).model_dump(mode="json")
        sys.stdout.write(json.dumps(out, indent=2, ensure_ascii=False) + "\n")
        return found
    console = Console(highlight=False)
    _pairs(console, okrs, found)
    _clusters(console, found)
    _coverage(console, okrs, found)
    for copy in found.copies:
        console.print(
            Text("copied-from-parent ", "yellow").append(
                visible(f"{okrs[copy.place.okr].team}: {copy.quote}"), "default"
            )
        )
    teams = len({okr.team for okr in okrs})
    related = sum(pair.type is not Relation.UNRELATED for pair in found.pairs)
    lines = sum(len(okr.key_results) for okr in okrs)
    ending = "" if related == 1 else "s"
    console.print(Text(f"{teams} teams, {lines} key results: {related} related pair{ending}", "bold"))
    return found


def _pairs(console: Console, okrs: Sequence[Okr], found: OverlapMap) -> None:
    if not found.pairs:
        return
    table = Table("type", "score", "one team", "another", "why", box=None, pad_edge=False)
    for pair in found.pairs:
        sides = [
            Text(visible(okrs[place.okr].team or ""), "bold").append(f" {visible(quote)}", "default")
            for place, quote in zip((pair.a, pair.b), pair.quotes, strict=True)
        ]
        table.add_row(Text(pair.type.value, STYLE[pair.type]), f"{pair.score:.2f}", *sides, Text(visible(pair.why)))
    console.print(table)
    console.print()


def _clusters(console: Console, found: OverlapMap) -> None:
    wide = [cluster for cluster in found.clusters if len(cluster.places) > 2]
    if not wide:
        return
    table = Table("must talk", "about", "should own it", box=None, pad_edge=False)
    for cluster in wide:
        owner = Text(visible(cluster.owner), "bold").append(f" ({visible(cluster.owner_why)})", "dim")
        table.add_row(Text(visible(", ".join(cluster.teams))), Text(visible(cluster.topic)), owner)
    console.print(table)
    console.print()


def _coverage(console: Console, okrs: Sequence[Okr], found: OverlapMap) -> None:
    if not found.coverage:
        return
    table = Table("pillar", "", *(escape(visible(team)) for team in found.coverage.teams), box=None, pad_edge=False)
    for row in found.coverage.rows:
        table.add_row(Text(visible(row.pillar)), row.state.value, *(str(len(cell.okrs) or "") for cell in row.cells))
    console.print(table)
    for at in found.coverage.serving_nothing:
        objective = okrs[at].objective
        console.print(
            Text("serves no pillar: ", "yellow").append(
                visible(f"{okrs[at].team}: {objective.text if objective else '(no objective)'}"), "default"
            )
        )
    console.print()


def _files(names: Sequence[str]) -> Iterator[Path]:
    for name in names:
        path = Path(name)
        if path.is_dir():
            inside = sorted(entry for entry in path.rglob("*") if entry.is_file() and entry.suffix.lower() in SUFFIXES)
            if not inside:
                raise InvalidInputError(f"{name}: the folder holds no file ending in {', '.join(SUFFIXES)}.")
            yield from inside
        else:
            yield path
