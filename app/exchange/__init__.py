"""OKRs in files: read for a bulk import, written for an export, as Markdown, CSV, XLSX or JSON.

CSV, XLSX and JSON bring every text back as it was; Markdown is for people, and its line breaks within a text become
spaces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from app.errors import InvalidInputError
from app.exchange import documents, tables, xlsx
from app.exchange.entry import Outgoing
from app.services.store.intake import Incoming
from app.services.store.tables import Okr

__all__ = ["Format", "Outgoing", "format_of", "outgoing", "read", "write"]


class Format(StrEnum):
    """A kind of file."""

    MARKDOWN = "markdown"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """Its Content-Type."""
        return _TYPES[self]

    @property
    def suffix(self) -> str:
        """How its file names end."""
        return _SUFFIXES[self]


_TYPES: Mapping[Format, str] = {
    Format.MARKDOWN: "text/markdown",
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
}
_SUFFIXES: Mapping[Format, str] = {
    Format.MARKDOWN: ".md",
    Format.CSV: ".csv",
    Format.XLSX: ".xlsx",
    Format.JSON: ".json",
}
_OTHER_SUFFIXES: Mapping[str, Format] = {
    ".markdown": Format.MARKDOWN,
    ".txt": Format.MARKDOWN,
    ".yaml": Format.JSON,
    ".yml": Format.JSON,
}


def format_of(name: str) -> Format:
    """The format of a Content-Type or a file name. Raises `InvalidInputError`."""
    kind = name.partition(";")[0].strip().lower()
    suffix = Path(kind).suffix
    found = next((f for f in Format if kind in {f.value, f.media_type} or suffix == f.suffix), None)
    found = found or _OTHER_SUFFIXES.get(suffix) or (Format.MARKDOWN if kind == "text/plain" else None)
    if found is None:
        raise InvalidInputError(
            f"“{kind[:80]}” isn't a format that OKRs are read from: use Markdown, CSV, XLSX or JSON.",
            code="unknown-format",
        )
    return found


def read(data: bytes, kind: Format) -> list[Incoming]:
    """The OKRs of a file, each with its place. Raises `ImportRefusedError` naming every place that is wrong."""
    if kind is Format.XLSX:
        return tables.incoming(xlsx.rows(data), "row")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"The file isn't UTF-8 text (byte {error.start}); save it as UTF-8.") from error
    if kind is Format.CSV:
        return tables.incoming(tables.csv_rows(text), "line")
    return documents.incoming(text, markdown=kind is Format.MARKDOWN)


def outgoing(rows: Iterable[tuple[Okr, str, str | None, str | None]]) -> list[Outgoing]:
    """What the store hands out, ready to be written."""
    return [
        Outgoing(okr.id, okr.version, cycle, team, parent, okr.objective, tuple(okr.key_results))
        for okr, cycle, team, parent in rows
    ]


def write(okrs: Sequence[Outgoing], kind: Format) -> bytes:
    """A file of OKRs."""
    writers: Mapping[Format, Callable[[Sequence[Outgoing]], bytes]] = {
        Format.MARKDOWN: documents.markdown,
        Format.CSV: tables.csv_file,
        Format.XLSX: lambda found: xlsx.workbook(tables.rows(found)),
        Format.JSON: documents.json_file,
    }
    return writers[kind](okrs)
