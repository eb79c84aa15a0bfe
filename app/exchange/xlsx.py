"""Spreadsheets, by openpyxl: text alone, no formulas in either direction."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from app.services.store.intake import ImportRefusedError

if TYPE_CHECKING:
    from app.exchange.tables import Row

MOST_BYTES: Final = 50_000_000
"""Unpacked bytes that are read; a small file can unpack to gigabytes."""
MOST_ROWS: Final = 200_000

_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def workbook(table: Iterable[Sequence[str]]) -> bytes:
    """One sheet whose cells are text."""
    from openpyxl import Workbook  # noqa: PLC0415 - heavy
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("OKRs")
    for number, texts in enumerate(table):
        cells = []
        for text in texts:
            cell = WriteOnlyCell(sheet, _ILLEGAL.sub("�", text))
            cell.data_type = "s"
            if not number:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows(data: bytes) -> Iterator[Row]:
    """Rows of the first sheet as text, with their numbers. Raises `ImportRefusedError` for what is no spreadsheet."""
    from openpyxl import load_workbook  # noqa: PLC0415 - heavy

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ImportRefusedError([("file", "isn't an .xlsx spreadsheet")]) from error
    if unpacked > MOST_BYTES:
        raise ImportRefusedError([("file", f"unpacks to more than {MOST_BYTES:,} bytes")])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                sheet = book.worksheets[0]
                sheet.reset_dimensions()
                found = [
                    (number, [_text(value) for value in values])
                    for number, values in enumerate(sheet.iter_rows(max_row=MOST_ROWS, values_only=True), 1)
                ]
            finally:
                book.close()
    except Exception as error:
        raise ImportRefusedError([("file", f"can't be read as a spreadsheet ({type(error).__name__})")]) from error
    yield from found


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if not value.time().isoformat().strip("0:") else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)
