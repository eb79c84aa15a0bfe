"""Turns pasted text into an outline: headings, bullets, plain lines and table rows with exact spans.

Block structure that only Markdown knows (headings, underlined headings, tables, fences) comes from
markdown-it. Bullets and indentation are read here, because people paste them from word processors,
mails and spreadsheets in ways that no Markdown dialect accepts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from markdown_it import MarkdownIt

from app.coach.parse import rows as sheet
from app.coach.parse.labels import Role, label
from app.coach.parse.lexicon import HIDDEN, INLINE
from app.coach.parse.lines import Physical, marker, physical, trim, widths, wraps

MAX_NESTING = 20
"""Markdown nesting that is followed; deeper blocks are read as plain lines."""

_INVISIBLE_TABLE = {ord(char): None for char in HIDDEN}
_RULER = re.compile(r"[\s|:+=*_~–—-]*")
_FENCE = re.compile(r"(?:`{3,40}|~{3,40})[^`]{0,40}")
_MARKDOWN = re.compile(r"[#|]|^[ \t]*(?:=+|-+)[ \t]*$", re.MULTILINE)
"""Without any of these a text has neither headings nor tables."""
_STOP = (".", "!", "?", ":", "。", "…")


class Kind(StrEnum):
    """What an entry of the outline is in the layout of the text."""

    HEADING = "heading"
    BULLET = "bullet"
    TEXT = "text"
    ROW = "row"


@dataclass(slots=True)
class Entry:
    """One heading, bullet, plain line or table row; `text[start:end]` is it without its marker.

    `indent` is the column where the line starts, `level` the level of a heading, `marker` the style
    and `number` the number of a bullet, `block` the number of the paragraph (blank lines part
    paragraphs) and `cells` the spans of a row's cells.
    """

    kind: Kind
    start: int
    end: int
    block: int
    indent: int = 0
    level: int = 0
    marker: str = ""
    number: str = ""
    cells: sheet.Cells = ()


def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    reader.core.ruler.enableOnly(["normalize", "block"])
    reader.block.ruler.enableOnly(["table", "fence", "hr", "heading", "lheading", "paragraph"])
    return reader


_READER = _markdown()


def _structure(text: str, lines: list[Physical]) -> tuple[dict[int, int], set[int]]:
    """Levels of heading lines, and the lines of Markdown tables, by line number.

    Bullets are blank lines to the Markdown parser: they are read here.
    """
    shadow = "\n".join(
        ""
        if marker(text, line.start, line.end)
        else " " * min(line.indent, 3) + text[line.start : line.end].translate(_INVISIBLE_TABLE).replace("\xa0", " ")
        for line in lines
    )
    headings: dict[int, int] = {}
    tables: set[int] = set()
    if not _MARKDOWN.search(shadow):
        return headings, tables
    for token in _READER.parse(shadow):
        if token.map is None:
            continue
        first, last = token.map
        if token.type == "heading_open" and (token.markup.startswith("#") or last - first == 2):
            headings[first] = int(token.tag[1:])
        elif token.type == "table_open":
            tables.update(range(first, last))
    return headings, tables


def outline(text: str) -> list[Entry]:
    """The entries of the text in order; wrapped lines are joined into one entry."""
    lines = physical(text)
    headings, tables = _structure(text, lines)
    width = widths(text, lines)
    entries: list[Entry] = []
    block = 0
    sheet_mark = ""
    previous: Physical | None = None
    for number, line in enumerate(lines):
        if _parts_blocks(text, line, heading=number in headings):
            block, sheet_mark, previous = block + 1, "", None
            continue
        before = entries[-1] if previous is not None else None
        sheet_mark = sheet_mark or sheet.sheet_mark(text, line)
        level = headings.get(number, 0)
        entry = _heading(text, line, level) if level else None
        entry = entry or _row(text, line, before, sheet_mark, in_table=number in tables) or _item(text, line)
        entry.block = block
        if before is not None and previous is not None and entry.kind is Kind.TEXT:
            following = lines[number + 1] if number + 1 < len(lines) else line
            wrapped = wraps(text, previous, line, width[number])
            if _continues(text, before, (previous, line, following), wrapped=wrapped):
                before.end = line.end
                previous = line
                continue
        entries.extend(_parted(text, entry))
        previous = line
    return entries


def _parts_blocks(text: str, line: Physical, *, heading: bool) -> bool:
    """An empty line, a ruler or the fence of a code block."""
    if line.start >= line.end:
        return True
    ruler = not heading and _RULER.fullmatch(text, line.start, line.end)
    return bool(ruler or _FENCE.fullmatch(text, line.start, line.end))


def _heading(text: str, line: Physical, level: int) -> Entry:
    start, end = line.start, line.end
    while start < end and text[start] == "#":
        start += 1
    start, end = trim(text, start, end)
    closing = end
    while closing > start and text[closing - 1] == "#":
        closing -= 1
    if start < closing < end and text[closing - 1].isspace():
        start, end = trim(text, start, closing)
    return Entry(Kind.HEADING, start, end, 0, line.indent, level)


def _row(text: str, line: Physical, before: Entry | None, sheet_mark: str, *, in_table: bool) -> Entry | None:
    above = text[before.start] if before is not None and before.kind is Kind.ROW else ""
    mark = sheet_mark or sheet.row_mark(text, line, in_table=in_table, after_row=bool(above))
    if not mark:
        return None
    found = sheet.cells(text, line, mark, after=above, width=len(before.cells) if before and above else 0)
    return Entry(Kind.ROW, line.start, line.end, 0, line.indent, cells=found)


def _item(text: str, line: Physical) -> Entry:
    """A bullet or a plain line."""
    found = marker(text, line.start, line.end)
    if found is None:
        return Entry(Kind.TEXT, line.start, line.end, 0, line.indent)
    indent = line.indent + 2 * found.number.count(".")
    again = marker(text, found.end, line.end)
    start = again.end if again and not again.style.isalnum() else found.end
    start, end = trim(text, start, line.end)
    return Entry(Kind.BULLET, start, end, 0, indent, marker=found.style, number=found.number)


def _parted(text: str, entry: Entry) -> list[Entry]:
    """The entry, parted before each label within it."""
    cuts = list(INLINE.finditer(text, entry.start, entry.end)) if entry.kind is not Kind.ROW else []
    if not cuts:
        return [entry]
    ends = [*(cut.start() for cut in cuts), entry.end]
    following = Kind.TEXT if entry.kind is Kind.HEADING else entry.kind
    return [
        replace(entry, end=ends[0]),
        *(replace(entry, kind=following, start=cut.end(), end=end) for cut, end in zip(cuts, ends[1:], strict=True)),
    ]


def _continues(text: str, entry: Entry, lines: tuple[Physical, ...], *, wrapped: bool) -> bool:
    """Whether a plain line, between the one before and the one after it, carries on the entry above."""
    previous, line, following = lines
    if entry.kind in {Kind.HEADING, Kind.ROW} or _role(text, line.start, line.end) is not Role.PLAIN:
        return False
    stopped = text[previous.start : previous.end].endswith(_STOP)
    lower = text[line.start].islower()
    if entry.kind is Kind.BULLET and line.indent > entry.indent:
        return not stopped or lower
    if stopped:
        return False
    role = _role(text, entry.start, entry.end)
    if role is Role.KEY_RESULT and (lower or line.indent > entry.indent):
        return True
    if role is Role.OBJECTIVE and lower:
        return _role(text, following.start, following.end) in {Role.KEY_RESULT, Role.KEY_RESULTS}
    return wrapped and line.indent >= entry.indent


def _role(text: str, start: int, end: int) -> Role:
    return label(text, start, end).role
