"""A workshop's outcome as Markdown: text that was typed stays text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

_MARKS = re.compile(r"([\\`*_\[\]#|~])")


def markdown(report: Mapping[str, Any]) -> str:
    """The report, ready to be pasted into a document."""
    return "\n".join(_lines(report)).rstrip() + "\n"


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    total = report["summary"]
    yield f"# {plain(report['name'])}"
    yield ""
    yield (
        f"{plain(report['cycle'])}: {total['teams']} teams, {total['objectives']} objectives, "
        f"{total['key_results']} key results, {total['open_findings']} findings open."
    )
    if report.get("progress"):
        yield from ("", f"How they go from now on: <{report['progress']}>")
    for team in report["teams"]:
        yield from ("", f"## {plain(team['name'])}", "")
        if team["grade"] is not None:
            yield f"Grade {team['grade']:.0f} of 100."
        for okr in team["okrs"]:
            yield from ("", f"**{plain(okr['objective'] or 'No objective')}**", "")
            yield from (f"- {plain(text)}" for text in okr["key_results"])
        for change in team["changed"]:
            was, now = plain(change["was"]), plain(change["is"])
            said = f"~~{was}~~ → {now}" if was and now else f"added {now}" if now else f"dropped {was}"
            yield f"- since the draft: {said}"
    yield from _listed("Dependencies", [_dependency(item) for item in report["dependencies"]])
    yield from _listed("Where teams meet", [_pair(pair) for pair in report["overlaps"]])
    yield from _listed("Pillars", [f"{plain(row['pillar'])}: {_served(row)}" for row in report["coverage"]])
    for kind, title in (("decision", "Decisions"), ("not-doing", "Not doing"), ("homework", "Homework")):
        yield from _listed(title, [_note(note) for note in report["notes"] if note["kind"] == kind])


def _listed(title: str, items: list[str]) -> Iterator[str]:
    if items:
        yield from ("", f"## {title}", "", *(f"- {item}" for item in items))


def _dependency(item: Mapping[str, Any]) -> str:
    more = [item["state"], f"owner {item['owner']}" if item["owner"] else "", item["reason"]]
    said = "; ".join(plain(part) for part in more if part)
    return f"{plain(item['from'])} needs of {plain(item['to'])}: {plain(item['text'])} ({said})"


def _pair(pair: Mapping[str, Any]) -> str:
    one, other = pair["quotes"]
    return f"{pair['type']}: {plain(pair['teams'][0])} “{plain(one)}” and {plain(pair['teams'][1])} “{plain(other)}”"


def _served(row: Mapping[str, Any]) -> str:
    return f"{row['state']}, {', '.join(plain(team) for team in row['teams']) or 'nobody'}"


def _note(note: Mapping[str, Any]) -> str:
    return plain(note["text"]) + (f" ({plain(note['owner'])})" if note["owner"] else "")


def plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _MARKS.sub(r"\\\1", html.escape(" ".join(str(text).split()), quote=False))
