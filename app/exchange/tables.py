"""Tables of OKRs: a row a key result, objective and team repeated or left empty below the first.

A cell that a spreadsheet would take for a formula is written with an apostrophe in front, and read without it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.coach.parse.tables import column_role
from app.exchange.entry import Outgoing, checked
from app.services.store.intake import ImportRefusedError, Incoming

COLUMNS = ("id", "version", "cycle", "team", "parent", "objective", "key result")
MOST_CELLS = 200
_OWN_NAMES = {"id", "version", "parent"}
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")

Row = tuple[int, Sequence[str]]


def guarded(text: str) -> str:
    """Text that no spreadsheet runs."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def rows(okrs: Sequence[Outgoing]) -> Iterator[list[str]]:
    """The header, then a row a key result; an OKR without any has one row."""
    yield list(COLUMNS)
    for okr in okrs:
        start = [okr.okr_id, str(okr.version), okr.cycle, okr.team or "", okr.parent or "", okr.objective]
        for text in okr.key_results or ("",):
            yield [guarded(cell) for cell in (*start, text)]


def csv_file(okrs: Sequence[Outgoing]) -> bytes:
    """UTF-8 with a mark that spreadsheets need to know it by."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows(okrs))
    return out.getvalue().encode("utf-8-sig")


def csv_rows(text: str) -> Iterator[Row]:
    """Rows with the number of the line that each begins on. Raises `ImportRefusedError` for what is no CSV."""
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise ImportRefusedError([(f"line {begins}", f"isn't CSV: {error}")]) from error


def incoming(table: Iterable[Row], word: str) -> list[Incoming]:
    """The OKRs of a table whose first row names the columns. Raises `ImportRefusedError`."""
    found = ((number, [unguarded(cell.strip()) for cell in cells]) for number, cells in table)
    filled = ((number, cells) for number, cells in found if any(cells))
    header = next(filled, None)
    if header is None:
        raise ImportRefusedError([("file", "holds no rows")])
    names = _names(header[1])
    if "objective" not in names:
        seen = ", ".join(cell[:40] for cell in header[1][:8])
        raise ImportRefusedError(
            [(f"{word} {header[0]}", f"must name the columns, `objective` among them; it says: {seen}")]
        )
    reader = _Reader(names, word)
    for number, cells in filled:
        reader.read(number, cells)
    return checked(reader.found, reader.errors)


def _names(header: Sequence[str]) -> list[str]:
    names = []
    for cell in header[:MOST_CELLS]:
        name = cell.casefold().replace("_", " ").strip(" :.")
        names.append(name if name in _OWN_NAMES else column_role(name))
    return names


class _Reader:
    """Joins the rows of one OKR."""

    def __init__(self, names: Sequence[str], word: str) -> None:
        self._names, self._word = names, word
        self._results = [at for at, name in enumerate(names) if name == "key result"]
        self.found: list[Incoming] = []
        self.errors: list[tuple[str, str]] = []

    def read(self, number: int, cells: Sequence[str]) -> None:
        place = f"{self._word} {number}"
        said = self._said(cells)
        results = tuple(cells[at] for at in self._results if at < len(cells) and cells[at])
        if not said.get("objective"):
            self._go_on(place, said, results)
            return
        version = said.get("version", "")
        if version and not (version.isascii() and version.isdigit() and len(version) < 10):
            self.errors.append((place, f"version must be a whole number, not “{version[:40]}”"))
            version = ""
        row = Incoming(
            place=place,
            objective=said["objective"],
            key_results=results,
            team=said.get("team") or None,
            cycle=said.get("cycle") or None,
            parent=said.get("parent") or None,
            okr_id=said.get("id") or None,
            version=int(version) if version else None,
        )
        if self.found and self._is_same(self.found[-1], row):
            self._add(results)
        else:
            self.found.append(row)

    def _said(self, cells: Sequence[str]) -> Mapping[str, str]:
        said: dict[str, str] = {}
        for name, cell in zip(self._names, cells, strict=False):
            if name and cell:
                said.setdefault(name, cell)
        return said

    def _go_on(self, place: str, said: Mapping[str, str], results: tuple[str, ...]) -> None:
        """A row without an objective belongs to the one above, unless it says that it is another team's."""
        above = self.found[-1] if self.found else None
        strange = above and any(
            said.get(name) and said[name] != value
            for name, value in (("team", above.team), ("cycle", above.cycle), ("id", above.okr_id))
        )
        if not results:
            return
        if above is None or strange:
            self.errors.append((place, "has a key result but no objective"))
        else:
            self._add(results)

    def _add(self, results: tuple[str, ...]) -> None:
        above = self.found[-1]
        self.found[-1] = replace(above, key_results=above.key_results + results)

    def _is_same(self, above: Incoming, row: Incoming) -> bool:
        return replace(row, place=above.place, key_results=above.key_results) == above
