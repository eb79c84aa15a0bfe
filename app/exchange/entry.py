"""An OKR on its way out, and the checks on one that comes in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.services.store.intake import ImportRefusedError, Incoming

LONGEST_TEXT = 10_000
LONGEST_NAME = 500
MOST_RESULTS = 200


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An OKR with the names of what it belongs to; `parent` is the objective above."""

    okr_id: str
    version: int
    cycle: str
    team: str | None
    parent: str | None
    objective: str
    key_results: tuple[str, ...]


def checked(rows: list[Incoming], found: list[tuple[str, str]]) -> list[Incoming]:
    """`rows`, if neither reading (`found`) nor the look at each text has anything against them.

    Raises `ImportRefusedError`.
    """
    rows = [_tidy(row) for row in rows]
    errors = [*found, *((row.place, message) for row in rows for message in _complaints(row))]
    if errors:
        raise ImportRefusedError(errors)
    if not rows:
        raise ImportRefusedError([("file", "holds no OKRs")])
    return rows


def _tidy(row: Incoming) -> Incoming:
    """The row without white space around its texts, and with plain line ends."""
    return replace(
        row,
        objective=_plain(row.objective),
        key_results=tuple(text for said in row.key_results if (text := _plain(said))),
        team=_plain(row.team or "") or None,
        cycle=_plain(row.cycle or "") or None,
        parent=_plain(row.parent or "") or None,
    )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _complaints(row: Incoming) -> Iterator[str]:
    if not row.objective.strip():
        yield "has no objective"
    if len(row.key_results) > MOST_RESULTS:
        yield f"has more than {MOST_RESULTS} key results"
    texts = [("objective", row.objective), *(("key result", text) for text in row.key_results)]
    names = [("team", row.team), ("cycle", row.cycle), ("parent", row.parent)]
    for what, text in texts:
        if len(text) > LONGEST_TEXT:
            yield f"{what} is longer than {LONGEST_TEXT:,} characters"
    for what, name in names:
        if name and len(name) > (LONGEST_TEXT if what == "parent" else LONGEST_NAME):
            yield f"{what} is longer than {LONGEST_NAME} characters"
    for what, said in texts + [(what, name) for what, name in names if name]:
        if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\t\n\r" for char in said or ""):
            yield f"{what} holds a control character, which is no text"
