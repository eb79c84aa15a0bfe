"""Rule fixtures: Markdown files of flagged and clean drafts, read into cases and run.

A case is a `###` heading, a line of reason and a fenced `okr` block. The block holds a draft as people
paste it; leading `Strategy:`, `Parent:` and `Parent KR:` lines are context. In a flagged case every
line with a finding ends with ` ← severity` and, where the exact words matter, `"quote"`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.coach.nouns import Context, Draft, Line, Okr, Pillar, Severity
from app.coach.parse import parse_text
from app.coach.profiles import HOUSE, profile
from app.coach.quantities import measure
from app.coach.rules.rule import DraftView, Hit, LineView, OkrView, Rule

ARROW = " ← "
SECTIONS = ("Flagged", "Clean")

Judge = Callable[[DraftView], Iterable[Hit]]


@dataclass(frozen=True)
class Said:
    """One finding as a fixture writes it: on which line of the draft, how severe, about which words."""

    line: int
    severity: Severity
    quote: str | None = None


@dataclass(frozen=True)
class Case:
    """One example of a fixture."""

    rule: str
    name: str
    flagged: bool
    reason: str
    text: str
    context: Context
    expected: tuple[Said, ...]


def read_fixture(path: Path) -> tuple[Case, ...]:
    """The cases of a fixture file. Raises ValueError where it doesn't keep to the form."""
    cases: list[Case] = []
    section, name = "", ""
    reason: list[str] = []
    block: list[str] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if block is not None:
            if line.startswith("```"):
                cases.append(_case(path.stem, section, name, reason, block))
                block, name = None, ""
            else:
                block.append(line)
        elif line.startswith("## "):
            section = line.removeprefix("## ").strip()
            if section not in SECTIONS:
                raise ValueError(f"{path.name}: the section {section!r} is neither Flagged nor Clean.")
        elif line.startswith("### "):
            name, reason = line.removeprefix("### ").strip(), []
        elif line.startswith("```"):
            if line.strip() != "```okr" or not name:
                raise ValueError(f"{path.name}: a block must be ```okr below a ### heading (near {name!r}).")
            block = []
        elif name and line.strip():
            reason.append(line.strip())
    return tuple(cases)


def look(draft: Draft, context: Context, profile_name: str = HOUSE) -> DraftView:
    """A draft as rules see it."""

    def see(line: Line, objective: int, key_result: int | None) -> LineView:
        return LineView(line, measure(line.text), objective, key_result)

    okrs = tuple(
        OkrView(
            okr,
            at,
            see(okr.objective, at, None) if okr.objective else None,
            tuple(see(line, at, index) for index, line in enumerate(okr.key_results)),
        )
        for at, okr in enumerate(draft.okrs)
    )
    return DraftView(okrs, context, context.cycle or draft.cycle, profile(profile_name).limits)


def view_of(case: Case) -> DraftView:
    """The draft of a case as rules see it."""
    draft = parse_text(case.text)
    if not draft.okrs:
        raise ValueError(f"{case.rule}, {case.name!r}: no OKR was found in the block: {draft.problems}")
    return look(draft, case.context)


def said_by(case: Case, rule: Rule, judge: Judge) -> tuple[Said, ...]:
    """What a judge says of the draft of a case, in reading order."""
    return tuple(sorted(_said(case, rule, judge), key=lambda said: (said.line, said.quote or "")))


def _said(case: Case, rule: Rule, judge: Judge) -> Iterator[Said]:
    quoted = {said.line for said in case.expected if said.quote is not None}
    for hit in judge(view_of(case)):
        start = hit.where.line.start + (hit.start or 0)
        line = case.text.count("\n", 0, start)
        quote = hit.where.text[hit.start : hit.end]
        yield Said(line, hit.severity or rule.severity, quote if line in quoted else None)


def _case(rule: str, section: str, name: str, reason: list[str], block: list[str]) -> Case:
    if not section or not reason:
        raise ValueError(f"{rule}, {name!r}: a case needs a section above it and a line of reason.")
    draft: list[str] = []
    expected: list[Said] = []
    strategy: tuple[Pillar, ...] = ()
    parent: list[str] = []
    for line in block:
        text, arrow, mark = line.rpartition(ARROW)
        label, _, value = line.partition(":")
        if label == "Strategy":
            strategy = tuple(Pillar(name.strip()) for name in value.split(";") if name.strip())
        elif label in {"Parent", "Parent KR"}:
            parent.append(value)
        elif arrow:
            severity, _, quote = mark.partition(" ")
            expected.append(Said(len(draft), Severity(severity), quote.strip()[1:-1] if quote else None))
            draft.append(text)
        else:
            draft.append(line)
    flagged = section == "Flagged"
    if flagged != bool(expected):
        raise ValueError(f"{rule}, {name!r}: a flagged case needs an arrow, a clean one must have none.")
    return Case(
        rule=rule,
        name=name,
        flagged=flagged,
        reason=" ".join(reason),
        text="\n".join(draft),
        context=Context(strategy=strategy, parent=_parent(parent)),
        expected=tuple(expected),
    )


def _parent(lines: list[str]) -> Okr | None:
    """The parent OKR: its objective first, then key results."""
    if not lines:
        return None
    objective, *key_results = (Line.whole(line) for line in lines)
    return Okr(objective, tuple(key_results))
