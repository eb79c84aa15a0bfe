"""Markdown as people write it, and JSON."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import groupby

from app.coach.parse import ParseError, parse_document
from app.exchange.entry import Outgoing, checked
from app.services.store.intake import ImportRefusedError, Incoming

_KEYS = ("id", "version", "parent")


def incoming(text: str, *, markdown: bool) -> list[Incoming]:
    """The OKRs of a document; `place` is a line for Markdown and an item for JSON. Raises `ImportRefusedError`."""
    own = None if markdown else _own(text)
    if own is not None:
        return own
    try:
        draft = parse_document(text, "text" if markdown else "auto")
    except ParseError as error:
        raise ImportRefusedError([("file", error.message.rstrip("."))]) from error
    starts = [at + 1 for at, char in enumerate(text) if char == "\n"]
    located = markdown

    def place(start: int, number: int) -> str:
        return f"line {bisect_right(starts, start) + 1}" if located else f"okrs[{number}]"

    errors = [(place(p.start, 0) if located else "file", p.message.rstrip(".")) for p in draft.problems]
    rows = [
        Incoming(
            place=place(okr.lines[0].start, number),
            objective=okr.objective.text if okr.objective else "",
            key_results=tuple(line.text for line in okr.key_results),
            team=okr.team,
            cycle=okr.cycle or draft.cycle,
        )
        for number, okr in enumerate(draft.okrs)
    ]
    return checked(rows, errors)


def _own(text: str) -> list[Incoming] | None:
    """The rows of a file as `json_file` writes it, or None for JSON of another shape."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    items = data.get("okrs") if isinstance(data, dict) else None
    if not isinstance(items, list) or not items or not all(_is_own(item) for item in items):
        return None
    return checked(
        [
            Incoming(
                place=f"okrs[{number}]",
                objective=item["objective"],
                key_results=tuple(item["key_results"]),
                team=item.get("team"),
                cycle=item.get("cycle"),
                parent=item.get("parent"),
                okr_id=item.get("id"),
                version=item.get("version"),
            )
            for number, item in enumerate(items)
        ],
        [],
    )


def _is_own(item: object) -> bool:
    if not isinstance(item, Mapping) or not isinstance(item.get("objective"), str):
        return False
    results = item.get("key_results")
    texts = [item.get(name) for name in ("team", "cycle", "parent", "id")]
    return (
        isinstance(results, list)
        and all(isinstance(result, str) and result.strip() for result in results)
        and all(text is None or isinstance(text, str) for text in texts)
        and (item.get("version") is None or type(item["version"]) is int)
    )


def json_file(okrs: Sequence[Outgoing]) -> bytes:
    """`{"okrs": […]}`."""
    items = [
        {
            "id": okr.okr_id,
            "version": okr.version,
            "cycle": okr.cycle,
            "team": okr.team,
            "parent": okr.parent,
            "objective": okr.objective,
            "key_results": list(okr.key_results),
        }
        for okr in okrs
    ]
    return (json.dumps({"okrs": items}, ensure_ascii=False, indent=2) + "\n").encode()


def markdown(okrs: Sequence[Outgoing]) -> bytes:
    """A heading a team and cycle, then its OKRs; the organisation's own come first and have none."""
    parts = []
    for (cycle, team), found in groupby(okrs, key=lambda okr: (okr.cycle, okr.team)):
        if team:
            parts.append(f"# Team: {_flat(team)}")
        parts.append(f"Cycle: {_flat(cycle)}")
        for okr in found:
            parts.append(f"## Objective: {_flat(okr.objective)}")
            if okr.key_results:
                parts.append("\n".join(f"- KR: {_flat(text)}" for text in okr.key_results))
    return ("\n\n".join(parts) + "\n").encode()


def _flat(text: str) -> str:
    return " ".join(text.split())
