"""Table rows: lines whose cells are parted by tabs, pipes, or the commas of an exported sheet."""

from __future__ import annotations

import re

from app.coach.parse.lines import Physical, marker, unmarked

_HEADER_NAME = re.compile(r"(?:objectives?|key[ -]?results?|krs?)(?:\s?\d{1,2})?", re.IGNORECASE)
_LONGEST_HEADER = 300
_LONGEST_NAME = 40
_MOST_CELLS = 200

Cells = tuple[tuple[int, int], ...]


def sheet_mark(text: str, row: Physical) -> str:
    """The comma or semicolon that parts the column names of an exported sheet's first line."""
    line = text[row.start : min(row.end, row.start + _LONGEST_HEADER)]
    for mark in (";", ","):
        names = [name.strip(' "') for name in line.split(mark)]
        known = sum(bool(_HEADER_NAME.fullmatch(name)) for name in names)
        if known >= 2 and all(len(name) <= _LONGEST_NAME for name in names):
            return mark
    return ""


def row_mark(text: str, row: Physical, *, in_table: bool, after_row: bool) -> str:
    """The sign that parts the cells of this line, or nothing if it isn't a row."""
    if after_row and "\t" in text[row.begin : row.start]:
        return "\t"
    line = text[row.start : row.end]
    if in_table or line.startswith("|") or line.count(" | ") >= 2:
        return "|" if "|" in line else ""
    found = marker(text, row.start, row.end)
    return "\t" if text.find("\t", found.end if found else row.start, row.end) >= 0 else ""


def cells(text: str, row: Physical, mark: str, *, after: str, width: int = 0) -> Cells:
    """The spans of a row's cells, without the bullets or numbers that start them.

    `after` is the first character of the row above and `width` how many cells it has: they tell whether pipes enclose
    the cells or the first cell is empty.
    """
    if mark in {",", ";"}:
        return _quoted_cells(text, row, mark)
    start = row.begin if mark == "\t" and after else row.start
    found: list[tuple[int, int]] = []
    while len(found) < _MOST_CELLS:
        cut = text.find(mark, start, row.end)
        while mark == "|" and cut > row.start and text[cut - 1] == "\\":
            cut = text.find(mark, cut + 1, row.end)
        found.append(unmarked(text, start, row.end if cut < 0 else cut))
        if cut < 0:
            break
        start = cut + 1
    if mark == "|" and len(found) != width:
        if len(found) > 1 and text[row.start] == "|" and after in {"", "|"}:
            found = found[1:]
        if len(found) > 1 and text[row.end - 1] == "|":
            found = found[:-1]
    return tuple(found)


def _quoted_cells(text: str, row: Physical, mark: str) -> Cells:
    """Cells of an exported sheet, where quotation marks may enclose a cell with a comma in it."""
    found: list[tuple[int, int]] = []
    at = row.start
    while at <= row.end and len(found) < _MOST_CELLS:
        if text.startswith('"', at, row.end):
            close = text.find('"', at + 1, row.end)
            while close >= 0 and text.startswith('"', close + 1, row.end):
                close = text.find('"', close + 2, row.end)
            close = row.end if close < 0 else close
            found.append(unmarked(text, at + 1, close))
            at = text.find(mark, close, row.end)
        else:
            begin, at = at, text.find(mark, at, row.end)
            found.append(unmarked(text, begin, row.end if at < 0 else at))
        if at < 0:
            break
        at += 1
    return tuple(found)
