"""Two people, one draft: lines with ids that survive edits, and a three-way merge line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

MOST_LINES = 400
"""Lines of a draft; the comparison costs their square at worst."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a draft; its id is what comments and votes hang on."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Both sides changed the same lines, and differently: `ours` is what was sent, `theirs` what stands by now."""

    base: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


def rows_of(lines: Sequence[dict[str, Any]]) -> list[Row]:
    """Lines as stored."""
    return [Row(line["id"], line["text"]) for line in lines]


def stored(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Lines to store."""
    return [{"id": row.id, "text": row.text} for row in rows]


def text_of(rows: Sequence[Row]) -> str:
    """The draft as its author sees it."""
    return "\n".join(row.text for row in rows)


def merge(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str] | list[Clash]:
    """`theirs` with what `ours` changed since `base`; or the clashes, if there are any.

    Changes of the same lines clash unless they are the same change; lines that both added in one place are all kept.
    """
    merged: list[str] = []
    clashes: list[Clash] = []
    at = 0
    for start, end, mine, yours in _chunks(base, ours, theirs):
        merged.extend(base[at:start])
        before = tuple(base[start:end])
        if yours in (mine, before):
            merged.extend(mine)
        elif mine == before:
            merged.extend(yours)
        elif not before:
            # Both added lines in the same gap: nobody's words replace the other's.
            merged.extend([*yours, *mine])
        else:
            clashes.append(Clash(before, mine, yours))
        at = end
    merged.extend(base[at:])
    return clashes or merged


def _chunks(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> list[tuple[int, int, tuple[str, ...], tuple[str, ...]]]:
    """Ranges of `base` that somebody changed, joined where they overlap, with what each side has there."""
    changed = [(i, j, 0, k, m) for i, j, k, m in _changes(base, ours)]
    changed += [(i, j, 1, k, m) for i, j, k, m in _changes(base, theirs)]
    changed.sort(key=lambda item: (item[0], item[1]))
    groups: list[tuple[int, int]] = []
    for start, end, *_ in changed:
        if groups and (start < groups[-1][1] or (start, end) == groups[-1]):
            groups[-1] = groups[-1][0], max(end, groups[-1][1])
        else:
            groups.append((start, end))
    sides = (_changes(base, ours), ours), (_changes(base, theirs), theirs)
    found = []
    for start, end in groups:
        said = [_side(base, side, changes, start, end) for changes, side in sides]
        found.append((start, end, said[0], said[1]))
    return found


def _side(
    base: Sequence[str], side: Sequence[str], changes: Sequence[tuple[int, int, int, int]], start: int, end: int
) -> tuple[str, ...]:
    """What one side has in place of `base[start:end]`, which is a union of whole changes."""
    said: list[str] = []
    at = start
    for i, j, k, m in changes:
        inside = (start <= i and j <= end) if start < end else (i, j) == (start, end)
        if inside and (i < end or (i, j) == (start, end)):
            said.extend([*base[at:i], *side[k:m]])
            at = j
    return (*said, *base[at:end])


def _changes(base: Sequence[str], side: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """What differs, as ranges of both; lines reworded one for one are a change each."""
    found: list[tuple[int, int, int, int]] = []
    for tag, i, j, k, m in SequenceMatcher(None, base, side, autojunk=False).get_opcodes():
        if tag == "replace" and j - i == m - k:
            found += [(i + at, i + at + 1, k + at, k + at + 1) for at in range(j - i)]
        elif tag != "equal":
            found.append((i, j, k, m))
    return found


def renumbered(before: Sequence[Row], texts: Sequence[str], following: int) -> tuple[list[Row], int]:
    """`texts` as rows: a line that stayed or was reworded in place keeps its id, a new one gets the next.

    Returns the rows and the next free id.
    """
    rows: list[Row] = []
    codes = SequenceMatcher(None, [row.text for row in before], texts, autojunk=False).get_opcodes()
    for tag, i, j, k, m in codes:
        kept = before[i:j] if tag in {"equal", "replace"} else []
        for offset, text in enumerate(texts[k:m]):
            if offset < len(kept):
                rows.append(Row(kept[offset].id, text))
            else:
                rows.append(Row(following, text))
                following += 1
    return rows, following
