"""Reviews on a terminal: findings under the words they are about, as a good compiler shows them."""

from __future__ import annotations

import asyncio
import json
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from app.api.schemas import ContextIn, ReviewOut
from app.coach.flow import Coach
from app.coach.nouns import Context, Draft, Finding, Severity
from app.coach.parse import ParseError, parse_document
from app.coach.profiles import load_profiles
from app.coach.report import VERDICT_WORDS, OkrReport, Review, as_markdown
from app.coach.rules import load_rules
from app.coach.rules.pages import page
from app.coach.stages import CriticChoice
from app.config import Settings
from app.errors import InvalidInputError, NotFoundError, TooLargeError

STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.SUGGESTION: "cyan"}
LONGEST_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One file and its review; `structured` when offsets count within each item's own string."""

    name: str
    text: str
    structured: bool
    review: Review


def read_context(path: Path | None) -> Context:
    """The context file, or nothing. Raises `InvalidInputError` naming what is wrong with it."""
    if path is None:
        return Context()
    text = _read(str(path))
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidInputError(f"{path}: not valid YAML or JSON: {error}") from error
    try:
        return ContextIn.model_validate(data or {}).to_noun()
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInputError(f"{path}: {place or 'context'}: {first['msg']}") from error


def review_sources(
    coach: Coach,
    names: Sequence[str],
    context: Context,
    profile: str,
    critic: CriticChoice,
    settings: Settings,
) -> list[Reviewed]:
    """Review every file. Raises `InvalidInputError` for what can't be read."""
    drafts = list(_drafts(names, settings))

    async def review_all() -> list[Review]:
        try:
            return [await coach.review_async(draft, context, profile, critic) for _, _, _, draft in drafts]
        finally:
            await coach.close()

    reviews = asyncio.run(review_all())
    return [
        Reviewed(name, text, structured, review)
        for (name, text, structured, _), review in zip(drafts, reviews, strict=True)
    ]


def _drafts(names: Sequence[str], settings: Settings) -> Iterator[tuple[str, str, bool, Draft]]:
    for name in names:
        text = _read(name)
        if len(text) > settings.max_draft_chars:
            raise TooLargeError(
                f"{name}: {len(text):,} characters; up to {settings.max_draft_chars:,} are reviewed at a time."
            )
        structured = Path(name).suffix.lower() in {".json", ".yaml", ".yml"} or text.lstrip()[:1] in {
            "{",
            "[",
        }
        try:
            draft = parse_document(text)
        except ParseError as error:
            raise InvalidInputError(f"{name}: {error}") from error
        if not draft.okrs and draft.problems:
            raise InvalidInputError(f"{name}: {draft.problems[0].message}")
        yield name, text, structured, draft


def print_reviews(reviewed: Sequence[Reviewed], format: str) -> None:  # noqa: A002
    """Print to standard output as `text`, `json` or `markdown`."""
    if format == "json":
        items = [{"file": item.name, **ReviewOut.of(item.review).model_dump(mode="json")} for item in reviewed]
        sys.stdout.write(json.dumps(items[0] if len(items) == 1 else items, indent=2, ensure_ascii=False) + "\n")
    elif format == "markdown":
        sys.stdout.write("\n".join(as_markdown(item.review) for item in reviewed))
    else:
        console = Console(highlight=False, soft_wrap=False)
        for item in reviewed:
            _print_text(console, item)


def print_catalogue() -> None:
    """All rules and profiles."""
    console = Console()
    table = Table("rule", "severity", "what it says", box=None, pad_edge=False)
    for rule in load_rules():
        table.add_row(rule.id, Text(rule.severity.value, STYLE[rule.severity]), rule.message)
    console.print(table)
    console.print()
    profiles = Table("profile", "what it stands for", box=None, pad_edge=False)
    for profile in load_profiles().values():
        profiles.add_row(profile.name, profile.description)
    console.print(profiles)


def print_rule(rule_id: str) -> None:
    """One rule's page. Raises `NotFoundError`."""
    for rule in load_rules():
        if rule.id == rule_id:
            shown = page(rule)
            parts = [f"# {rule.id}", f"*{rule.severity.value}* — {rule.message} {rule.question}"]
            parts += [f"## {title}\n\n{text}" for title, text in shown.sections.items()]
            parts.append(f"Profiles that raise it: {', '.join(shown.agree)}.")
            if shown.disagree:
                parts.append(f"Profiles that don't: {', '.join(shown.disagree)}.")
            Console().print(Markdown("\n\n".join(parts)))
            return
    raise NotFoundError(f"There is no rule `{rule_id}`; `okr-coach rules` lists them.")


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InvalidInputError(f"{name}: {error.strerror or error}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            f"{name}: not UTF-8 text (byte {error.start}); save it as UTF-8 and try again."
        ) from error


def _print_text(console: Console, item: Reviewed) -> None:
    review = item.review
    starts = [0, *(at + 1 for at, char in enumerate(item.text) if char == "\n")]
    for index, report in enumerate(review.okrs):
        own = [f for f in review.findings if f.target.objective == index]
        _print_head(console, report)
        for finding in own:
            _print_finding(console, item, report, finding, starts)
        _print_verdicts(console, report)
    for note in review.notes:
        console.print(Text("note: ", "bold blue").append(visible(note.message), "default"))
    counts = {severity: sum(f.severity is severity for f in review.findings) for severity in Severity}
    summary = ", ".join(f"{n} {s.value}{'s' if n != 1 else ''}" for s, n in counts.items() if n)
    total = sum(review.engine.milliseconds.values())
    grade = f"grade {review.grade:g}/100, " if review.grade is not None else ""
    console.print(
        Text(f"{item.name}: {grade}{summary or 'nothing to fix'}", "bold").append(
            f"  ({' + '.join(review.engine.tiers)}, {total:.0f} ms)", "dim"
        )
    )


def _print_head(console: Console, report: OkrReport) -> None:
    okr = report.okr
    where = " · ".join(part for part in (okr.team, okr.cycle) if part)
    title = Text(visible(okr.objective.text) if okr.objective else "Key results without an objective", "bold")
    if where:
        title.append(f"  {visible(where)}", "dim")
    console.print(title)
    console.print()


def _print_finding(console: Console, item: Reviewed, report: OkrReport, finding: Finding, starts: list[int]) -> None:
    style = STYLE[finding.severity]
    head = Text(finding.severity.value, style).append(f"[{finding.rule}]", style)
    console.print(head.append(f" {visible(finding.message)}", "default"))
    if item.structured:
        source, start, place = _own_line(report, finding)
        column = finding.start - start
    else:
        row = bisect_right(starts, finding.start)
        begin = starts[row - 1]
        end = item.text.find("\n", begin)
        source = item.text[begin : end if end >= 0 else None].rstrip("\r")
        column = finding.start - begin
        place = f"{item.name}:{row}:{column + 1}"
    console.print(Text(f"  --> {place}", "dim"))
    length = min(finding.end - finding.start, max(1, len(source) - column))
    begin = max(0, column - LONGEST_SHOWN // 2)
    shown = source[begin : begin + LONGEST_SHOWN]
    marks = " " * (column - begin) + "^" * max(1, min(length, len(shown) - (column - begin)))
    for text, look in ((visible(shown), "default"), (marks, style)):
        console.print(Text("   | ", "dim").append(text, look), no_wrap=True, overflow="ignore", crop=False)
    who = "+".join(source.value for source in finding.sources)
    console.print(Text("   ? ", "dim").append(finding.question, "italic").append(f"  ({who})", "dim"))
    console.print()


def _own_line(report: OkrReport, finding: Finding) -> tuple[str, int, str]:
    at = finding.target.key_result
    line = report.okr.objective if at is None else report.okr.key_results[at]
    assert line
    label = "objective" if at is None else f"key result {at + 1}"
    return line.text, line.start, f"OKR {finding.target.objective + 1}, {label}"


def _print_verdicts(console: Console, report: OkrReport) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    if report.verdict:
        table.add_row("Objective", VERDICT_WORDS[report.verdict])
    for at, verdict in enumerate(report.verdicts, 1):
        table.add_row(f"KR {at}", VERDICT_WORDS[verdict])
    console.print(table)
    if report.grade:
        lost = [f"{d.points:g} {', '.join(d.rules)}" for d in report.grade.deductions]
        console.print(Text(f"grade {report.grade.score} = 100" + "".join(f" - {part}" for part in lost), "bold"))
    console.print()


def visible(text: str) -> str:
    """Text whose control and direction-changing characters can't play tricks on a terminal."""
    return "".join(c if c == "\t" or c.isprintable() else "�" for c in text).replace("\t", " ")
