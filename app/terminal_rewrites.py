"""Rewrites on a terminal: under the line they are for, as JSON, or as a patch of the file."""

from __future__ import annotations

import asyncio
import difflib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from app.api.rewrite_schemas import RewritesOut
from app.coach.flow import Coach
from app.coach.nouns import Context, Line, Okr
from app.coach.rewrite.nouns import Rewrite
from app.coach.rewrite.rewriter import Rewriter, Rewritten, Wish, WriterChoice
from app.coach.stages import CriticChoice
from app.terminal import Reviewed, visible

STYLES = {"same": "default", "out": "strike dim", "in": "green"}


@dataclass(frozen=True, slots=True)
class RewrittenFile:
    """One reviewed file with its rewrites."""

    item: Reviewed
    rewritten: Rewritten


def rewrite_reviewed(
    coach: Coach,
    rewriter: Rewriter,
    reviewed: Sequence[Reviewed],
    context: Context,
    wish: Wish,
    critic: CriticChoice,
    writer: WriterChoice,
) -> list[RewrittenFile]:
    """Rewrite every reviewed file. Raises as `Rewriter.check` does."""
    rewriter.check(writer)

    async def rewrite_all() -> list[Rewritten]:
        try:
            return [await rewriter.rewrite_async(item.review, context, wish, critic, writer) for item in reviewed]
        finally:
            await coach.close()

    found = asyncio.run(rewrite_all())
    return [RewrittenFile(item, rewritten) for item, rewritten in zip(reviewed, found, strict=True)]


def print_rewrites(files: Sequence[RewrittenFile], format: str) -> None:  # noqa: A002
    """Print to standard output as `text`, `json` or `patch`."""
    if format == "json":
        items = [{"file": f.item.name, **RewritesOut.of(f.rewritten).model_dump(mode="json")} for f in files]
        sys.stdout.write(json.dumps(items[0] if len(items) == 1 else items, indent=2, ensure_ascii=False) + "\n")
    elif format == "patch":
        sys.stdout.write("".join(patch(one) for one in files))
    else:
        console = Console(highlight=False, soft_wrap=True)
        for one in files:
            _print_text(console, one)


def patch(one: RewrittenFile) -> str:
    """A unified diff that puts the best wording of every line in its place; "" where there is none.

    In JSON and YAML a line is replaced where its text stands once in the file just as it was read.
    """
    text = one.item.text
    edits: list[tuple[int, int, str]] = []
    for rewrite in _best(one.rewritten.rewrites):
        okr = one.item.review.draft.okrs[rewrite.candidate.target.objective]
        if edit := _edit(one, okr, rewrite):
            edits.append(edit)
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    lines = [one.item.text.splitlines(keepends=True), text.splitlines(keepends=True)]
    before, after = ([line if line.endswith("\n") else line + "\n" for line in part] for part in lines)
    name = "draft" if one.item.name == "-" else one.item.name
    return "".join(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"))


def _best(rewrites: Sequence[Rewrite]) -> list[Rewrite]:
    """The first wording of each line."""
    found: dict[object, Rewrite] = {}
    for rewrite in rewrites:
        if rewrite.candidate.kind == "line":
            found.setdefault(rewrite.candidate.target, rewrite)
    return list(found.values())


def _edit(one: RewrittenFile, okr: Okr, rewrite: Rewrite) -> tuple[int, int, str] | None:
    at = rewrite.candidate.target.key_result
    line = okr.objective if at is None else okr.key_results[at]
    if line is None:
        return None
    new = rewrite.candidate.text.split("\n")
    if one.item.structured:
        alone = one.item.text.count(line.text) == 1 and len(new) == 1
        start = one.item.text.find(line.text)
        return (start, start + len(line.text), new[0]) if alone else None
    if len(new) == 1:
        return line.start, line.end, new[0]
    return _edit_of_many(one.item.text, okr, at, line, new)


def _edit_of_many(text: str, okr: Okr, at: int | None, line: Line, new: list[str]) -> tuple[int, int, str] | None:
    """Several lines in the place of one, each with the bullet that the draft uses."""
    model = line if at is not None else next(iter(okr.key_results), None)
    if model is None:
        return None
    begin = text.rfind("\n", 0, model.start) + 1
    bullet = text[begin : model.start]
    if at is not None:
        return line.start, line.end, f"\n{bullet}".join(new)
    end = text.find("\n", line.end)
    end = len(text) if end < 0 else end
    added = "".join(f"\n{bullet}{extra}" for extra in new[1:])
    return line.start, end, new[0] + text[line.end : end] + added


def _print_text(console: Console, one: RewrittenFile) -> None:
    review = one.item.review
    for index, report in enumerate(review.okrs):
        own = [rewrite for rewrite in one.rewritten.rewrites if rewrite.candidate.target.objective == index]
        title = report.okr.objective.text if report.okr.objective else "Key results without an objective"
        console.print(Text(visible(title), "bold"))
        shown: object = None
        for rewrite in own:
            candidate = rewrite.candidate
            if candidate.kind != "okr" and candidate.target != shown:
                shown = candidate.target
                at = candidate.target.key_result
                place = "objective" if at is None else f"key result {at + 1}"
                question = next((q.text for q in one.rewritten.questions if q.target == shown), "")
                console.print(Text(f"\n  {place}", "cyan").append(f"  {question}", "italic dim"))
            _print_rewrite(console, rewrite)
        console.print()
    none = sum(dropped.reason == "none-passed" for dropped in one.rewritten.dropped)
    failed = len(one.rewritten.dropped) - none
    console.print(
        Text(f"{one.item.name}: {len(one.rewritten.rewrites)} rewrites", "bold").append(
            f"  ({failed} more failed a check{f', {none} lines got none' if none else ''})", "dim"
        )
    )


def _print_rewrite(console: Console, rewrite: Rewrite) -> None:
    candidate = rewrite.candidate
    grade = f"{rewrite.grade_before} → {rewrite.grade_after}" + (" when filled" if rewrite.blanks else "")
    marks = [grade, *(["a guess"] if candidate.guess else []), candidate.writer]
    if candidate.kind == "move":
        console.print(Text("    → ", "magenta").append(f"{candidate.goes_to}", "magenta").append(f"  ({grade})", "dim"))
    elif candidate.kind == "okr":
        console.print(Text("\n  whole OKR", "cyan").append(f"  ({', '.join(marks)})", "dim"))
        for line in candidate.text.split("\n"):
            console.print(Text(f"    {visible(line)}"))
    else:
        for line in candidate.text.split("\n"):
            console.print(Text("    + ", "green").append(visible(line), "default"))
        console.print(Text(f"      ({', '.join(marks)})", "dim"))
    console.print(Text(f"      {visible(candidate.why)}", "dim italic"))
