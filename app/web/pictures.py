"""Tables of teams as drawings, for paper: a grid with names at the left and, slanted, on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

ROW, LEFT, GAP = 26, 250, 2
_WIDE, _NARROW, _BREADTH = 78, 28, 720
_LETTER, _LONGEST_LEFT, _LONGEST_TOP = 6.6, 36, 24


@dataclass(frozen=True, slots=True)
class Name:
    """A row's or column's name at a place, shortened to fit; `whole` is all of it."""

    x: float
    y: float
    text: str
    whole: str


@dataclass(frozen=True, slots=True)
class Box:
    """A cell: where it is, what stands in it, and of which kind it is, for its colour."""

    x: float
    y: float
    width: float
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A drawing in its own units."""

    width: float
    height: float
    rows: tuple[Name, ...]
    columns: tuple[Name, ...]
    boxes: tuple[Box, ...]


def grid(rows: Sequence[str], columns: Sequence[str], cells: Mapping[tuple[int, int], tuple[str, str]]) -> Grid | None:
    """A grid of named rows and columns; `cells` holds text and kind by row and column. None where there is none."""
    if not rows or not columns:
        return None
    wide = min(_WIDE, max(_NARROW, _BREADTH / len(columns)))
    shown = [shortened(name, _LONGEST_TOP) for name in columns]
    top = 14 + max(map(len, shown)) * _LETTER / sqrt(2)
    return Grid(
        # A slanted name leans over the right edge by as much as it is high.
        round(LEFT + wide * len(columns) + top, 1),
        round(top + ROW * len(rows), 1),
        tuple(Name(0, top + ROW * at + 17, shortened(name, _LONGEST_LEFT), name) for at, name in enumerate(rows)),
        tuple(Name(round(LEFT + wide * (at + 0.5), 1), top - 7, text, columns[at]) for at, text in enumerate(shown)),
        tuple(
            Box(
                round(LEFT + wide * column, 1),
                top + ROW * row,
                round(wide - GAP, 1),
                *cells.get((row, column), ("", "")),
            )
            for row in range(len(rows))
            for column in range(len(columns))
        ),
    )


def shortened(name: str, longest: int) -> str:
    """A name that fits."""
    name = " ".join(name.split())
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"
