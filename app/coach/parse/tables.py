"""Objectives and key results in table rows, with or without a header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.coach.parse.labels import Role, label, words
from app.coach.parse.lines import unmarked
from app.coach.parse.outline import Entry
from app.coach.quantities import measure
from app.coach.quantities.cells import NUMERIC

_NAMES = {
    "team": "team|squad|department|dept|business unit|tribe|function|équipe|equipo",
    "cycle": "cycle|quarter|period|term|time frame|timeframe",
    "type": "type|kind|level|o/kr",
    "objective": "objective|obj|o|goal|company objective|team objective|objective name|objective title"
    "|objective statement|objective description|ziel|objectif|objetivo|obiettivo",
    "key result": "key result|key-result|keyresult|kr|key result name|key result title"
    "|key result description|measurable result|schlüsselergebnis|résultat clé|resultado clave",
    "measure": "metric|measure|key metric|success metric|how we measure|measured by",
    "title": "title|name|description|okr|statement|text|item",
    "baseline": "baseline|start|starting value|start value|from|current|current value|today|now|as is",
    "target": "target|target value|goal value|to|end value|to be",
    "other": "#|no|id|ref|owner|dri|lead|status|score|grade|progress|confidence|priority|due|due date"
    "|deadline|initiative|task|project|note|comment|weight|rag|unit|link|check-in|actual|%|who|when|why"
    "|risk|dependency|dependencies|parent|pillar|strategy|theme|responsible|assignee",
}
"""What the columns of a table are called, in the singular."""

_COLUMN = {name: kind for kind, names in _NAMES.items() for name in names.split("|")}
_COUNTED = re.compile(r"(?:e?s)?(?:\s?[#№]?\d{1,2})?(?:\s?\((?:s|krs?|okrs?)\))?\Z")
_BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)
_WHEN = re.compile(r"\A(?:(?:q[1-4]|h[12]|(?:fy\s?)?(?:20)?\d\d|eoq|eoy|end of (?:quarter|year))\s){1,2}")
_NUMBER = re.compile(r"(?<![^\W_])\d")
_SHORTEST = 6
_LONGEST_NAME = 60
_SAMPLE = 50
_MOST_COLUMNS = 40
_WORDY = re.compile(r"[^\W\d_]{2}")
_TYPES = {"o": "objective", "obj": "objective", "kr": "key result"}
_SAID = {
    Role.OBJECTIVE: "objective",
    Role.OBJECTIVES: "objective",
    Role.KEY_RESULT: "key result",
    Role.KEY_RESULTS: "key result",
    Role.TEAM: "team",
    Role.CYCLE: "cycle",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell of a row says: its role ("objective", "key result", "team", "cycle") and span."""

    role: str
    start: int
    end: int


def columns(text: str, entry: Entry) -> list[str] | None:
    """The columns that a header row names, or None if the row isn't a header."""
    names = []
    for start, end in entry.cells[:_MOST_COLUMNS]:
        if end - start > _LONGEST_NAME:
            return None
        first, last = words(text, start, end)
        names.append(column_role(text[first:last].strip(" :.")))
    known = sum(1 for name in names if name)
    if "key result" not in names:
        names = ["key result" if name == "measure" else name for name in names]
    told = {"objective", "key result", "title"} & set(names)
    return names if told and known * 2 > len(names) and known >= 2 else None


def column_role(name: str) -> str:
    """What a column of this name holds, or nothing if the name isn't known."""
    name = _WHEN.sub("", name.casefold())
    return _COLUMN.get(name) or _COLUMN.get(_COUNTED.sub("", name), "")


def read_rows(text: str, entries: list[Entry]) -> Iterator[tuple[Entry, list[Cell]]]:
    """The cells of each row that say something; a row that says nothing readable yields no cells."""
    header = columns(text, entries[0])
    body = entries[1:] if header else entries
    known = header or _guess(text, body)
    for entry in body:
        if any(start < end for start, end in entry.cells):
            yield entry, list(_row(text, entry, known))


def _row(text: str, entry: Entry, known: list[str]) -> Iterator[Cell]:
    role = ""
    for number, (start, end) in enumerate(entry.cells[:_MOST_COLUMNS]):
        if start >= end:
            continue
        column = known[number] if number < len(known) else ""
        said = label(text, start, end)
        if said.role in _SAID:
            role = _SAID[said.role]
            first, last = words(text, said.start, said.end)
            if first < last:
                yield Cell(role, first, last)
                role = ""
        elif column == "type" and text[start:end].casefold() in _TYPES:
            role = _TYPES[text[start:end].casefold()]
        elif column in {"objective", "key result"} or (role and column in {"", "title"}):
            kind = role if column in {"", "title"} else column
            role = ""
            last = _with_numbers(text, entry, known, number) if kind == "key result" else end
            yield from _parts(text, kind, start, last)
        elif column in {"team", "cycle"}:
            first, last = words(text, start, end)
            yield Cell(column, first, last)


def _with_numbers(text: str, entry: Entry, known: list[str], number: int) -> int:
    """A key result reaches over its baseline and target, or, if it has no number itself, over the one beside it."""
    start, end = entry.cells[number]
    if (both := _baseline_and_target(text, entry, known, number)) and not measure(text[start:end]).baseline:
        return both
    if _NUMBER.search(text, start, end):
        return end
    for column in range(number + 1, min(len(entry.cells), len(known))):
        first, last = entry.cells[column]
        if known[column] not in {"baseline", "target"} or not NUMERIC.fullmatch(text, first, last):
            break
        end = last
    return end


def _baseline_and_target(text: str, entry: Entry, known: list[str], number: int) -> int:
    """Where the target cell ends, if a baseline stands right before it and both are numbers; else 0."""
    for column in range(number + 1, min(len(entry.cells), len(known)) - 1):
        if (known[column], known[column + 1]) == ("baseline", "target"):
            cells = entry.cells[column], entry.cells[column + 1]
            return cells[1][1] if all(NUMERIC.fullmatch(text, *cell) for cell in cells) else 0
    return 0


def _parts(text: str, kind: str, start: int, end: int) -> Iterator[Cell]:
    at = start
    for cut in [*_BREAK.finditer(text, start, end), None]:
        first, last = unmarked(text, at, cut.start() if cut else end)
        said = label(text, first, last)
        first, last = words(text, said.start if said.role in _SAID else first, last)
        if first < last and _WORDY.search(text, first, last):
            yield Cell(kind, first, last)
        at = cut.end() if cut else end


def _guess(text: str, rows: list[Entry]) -> list[str]:
    """Columns of rows without a header: objective and key result, or a key result alone."""
    if any(
        label(text, *cell).role in {Role.OBJECTIVE, Role.KEY_RESULT}
        for row in rows[:_SAMPLE]
        for cell in row.cells[:2]
        if cell[0] < cell[1]
    ):
        return []
    width = max((len(row.cells) for row in rows), default=0)
    layout = [""] * width
    cells: dict[int, list[str]] = {}
    for row in rows[:_SAMPLE]:
        for number, (start, end) in enumerate(row.cells[:8]):
            cell = text[start:end]
            if cell and not NUMERIC.fullmatch(cell) and len(cell) >= _SHORTEST:
                cells.setdefault(number, []).append(cell)
    lengths = {number: sum(map(len, found)) / len(found) for number, found in cells.items()}
    distinct = [number for number, found in cells.items() if len(set(found)) == len(found)]
    if not lengths:
        return layout
    results = max(distinct or lengths, key=lambda number: lengths[number])
    left = [number for number in lengths if number < results]
    if not left:
        wordy = (
            number
            for number, found in sorted(cells.items())
            if number > results and sum(len(cell.split()) for cell in found) >= 2.5 * len(found)
        )
        right = next(wordy, None)
        left, results = ([], results) if right is None else ([results], right)
    layout[results] = "key result"
    if left:
        layout[max(left, key=lambda number: (" " in cells[number][0], number))] = "objective"
    return layout
