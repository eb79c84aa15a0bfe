"""A review as the page shows it; `static/view.js` makes the same of the API's answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.coach.grade import WHOLE_OKR
from app.coach.nouns import Finding, Severity, Target, Verdict
from app.coach.report import VERDICT_WORDS, OkrReport, Review, as_markdown
from app.web.annotate import RANK, Background, Numbered, Row, Section, annotate
from app.web.catalogue import OPINION_WORDS, SEVERITY_WORDS, SOURCE_WORDS, RuleFacts, catalogue

FIXES: Final = 3
WHOLE: Final = "Whole OKR"


@dataclass(frozen=True, slots=True)
class Card:
    """One finding beside the words it is about."""

    number: int
    finding: Finding
    rule: RuleFacts
    word: str
    place: str
    judged: str
    otherwise: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Chip:
    """What a line is, in a word: its verdict, or how far a good line with remarks is from done."""

    name: str
    words: str


NEARLY: Final = Chip("nearly", "nearly there")
REWORK: Final = Chip("rework", "needs rework")


@dataclass(frozen=True, slots=True)
class RowView:
    """A line of the draft with its chips and cards; `labelled` if the draft itself doesn't number it.

    `lines` names the lines in it as OKR/key result, for verdicts that arrive later.
    """

    row: Row
    label: str
    labelled: bool
    lines: str
    chips: tuple[Chip, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a grade's arithmetic."""

    place: str
    what: str
    points: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """One OKR: its heading and grade, what is said of the whole, and its lines.

    `whole` is what a rewrite of all of it is asked by, where that is `worth_whole`. `heads` names the rewrites that
    stand above its lines.
    """

    title: str
    score: int | None
    steps: tuple[Step, ...]
    cards: tuple[Card, ...]
    blocks: tuple[RowView | Background, ...]
    whole: str
    worth_whole: bool
    heads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fix:
    """One of the first things to fix: where, what, and the points it wins back."""

    place: str
    what: str
    points: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The whole review."""

    grade: str
    headline: str
    advice: str
    counts: tuple[tuple[Severity, int], ...]
    fixes: tuple[Fix, ...]
    sections: tuple[SectionView | Background, ...]
    notes: tuple[str, ...]
    judged: str
    markdown: str


def view(text: str, review: Review) -> ReviewView:
    """Everything the template needs."""
    counts = tuple((severity, sum(f.severity is severity for f in review.findings)) for severity in Severity)
    headline, advice = _headline(review, dict(counts))
    tiers = _listed([words for source, words in SOURCE_WORDS.items() if source.value in review.engine.tiers])
    took = sum(review.engine.milliseconds.values())
    return ReviewView(
        grade="" if review.grade is None else f"{review.grade:g}",
        headline=headline,
        advice=advice,
        counts=tuple((severity, count) for severity, count in counts if count),
        fixes=tuple(_fixes(review)),
        sections=tuple(
            part if isinstance(part, Background) else _section(part, review) for part in annotate(text, review)
        ),
        notes=tuple(note.message for note in review.notes),
        judged=f"Judged by {tiers} in {took:.0f} ms, method “{review.profile}”.",
        markdown=as_markdown(review),
    )


def _headline(review: Review, counts: dict[Severity, int]) -> tuple[str, str]:
    if not review.okrs:
        return (
            "No OKRs in this text yet",
            "Begin the objective with “O:” and each key result with “KR:”, or paste a list or a table.",
        )
    if not review.findings:
        return (
            "Nothing to send back",
            "Each line says what will be different and how you will know. Set the first check-in and start.",
        )
    errors = counts[Severity.ERROR]
    if errors:
        things = "One thing" if errors == 1 else f"{errors} things"
        return f"{things} to send back", "Start with what costs most; the words meant are underlined below."
    return "Nothing to send back, some things to settle", "A word changed here and there, and it is ready."


def _section(section: Section, review: Review) -> SectionView:
    report = review.okrs[section.okr]
    blocks: list[RowView | Background] = []
    for block in section.blocks:
        if isinstance(block, Background):
            blocks.append(block)
            continue
        target = block.targets[0]
        blocks.append(
            RowView(
                block,
                "Objective" if target.key_result is None else f"KR {target.key_result + 1}",
                not any(character.isalnum() for character in block.before),
                " ".join(line_id(t) for t in block.targets),
                tuple(dict.fromkeys(_chip(verdict, block) for verdict in _verdicts(block, review))),
                tuple(_card(numbered, review) for numbered in block.findings),
            )
        )
    heading = [f"OKR {section.okr + 1}"] if len(review.okrs) > 1 or not (report.okr.team or report.okr.cycle) else []
    heading += [part for part in (report.okr.team, report.okr.cycle) if part]
    if not report.okr.objective:
        heading.append("no objective")
    return SectionView(
        title=" · ".join(heading),
        score=report.grade.score if report.grade and section.first else None,
        steps=tuple(_steps(report)) if section.first else (),
        cards=tuple(_card(numbered, review) for numbered in section.whole),
        blocks=tuple(blocks),
        whole=f"{section.okr}/*",
        worth_whole=section.first and _worth_whole(review, section.okr),
        heads=(f"{section.okr}/*", *([] if report.okr.objective else [f"{section.okr}/"])) if section.first else (),
    )


def _worth_whole(review: Review, okr: int) -> bool:
    """Whether it makes sense to ask for the OKR as a whole."""
    own = review.okrs[okr].okr
    flagged = any(finding.target.objective == okr for finding in review.findings)
    return own.objective is not None and bool(own.key_results) and flagged


def line_id(target: Target) -> str:
    """A line as OKR/key result, the latter empty for the objective."""
    return f"{target.objective}/{'' if target.key_result is None else target.key_result}"


def _verdicts(row: Row, review: Review) -> Iterator[Verdict]:
    for target in row.targets:
        report = review.okrs[target.objective]
        verdict = report.verdict if target.key_result is None else report.verdicts[target.key_result]
        if verdict:
            yield verdict


def _chip(verdict: Verdict, row: Row) -> Chip:
    if verdict is not Verdict.GOOD or not row.findings:
        return Chip(verdict.value, VERDICT_WORDS[verdict])
    weights = {finding.severity for _, finding in row.findings}
    return REWORK if Severity.ERROR in weights else NEARLY


def _card(numbered: Numbered, review: Review) -> Card:
    number, finding = numbered
    judged = _listed([SOURCE_WORDS[source] for source in finding.sources]) + _sure(finding.confidence)
    return Card(
        number=number,
        finding=finding,
        rule=catalogue()[finding.rule],
        word=SEVERITY_WORDS[finding.severity],
        place=_place(review, finding.target.objective, finding.target.key_result, (finding.rule,)),
        judged=judged,
        otherwise=tuple(_otherwise(finding)),
        target=line_id(finding.target),
    )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _sure(confidence: float) -> str:
    return f", {int(confidence * 100 + 0.5)} % sure" if confidence < 1 else ""


def _otherwise(finding: Finding) -> Iterator[str]:
    """Judges whose verdict did not stand."""
    differing = finding.details.get("disagree")
    for one in differing if isinstance(differing, list) else ():
        said = f"{SOURCE_WORDS[one['source']]}: {OPINION_WORDS[one['verdict']]}{_sure(one['confidence'])}"
        yield f"{said}. {one['why']}".strip() if one["why"] else f"{said}."


def _place(review: Review, okr: int, key_result: int | None, rules: tuple[str, ...]) -> str:
    many = len(review.okrs) > 1
    if rules[0] in WHOLE_OKR:
        return f"OKR {okr + 1}" if many else WHOLE
    name = "Objective" if key_result is None else f"KR {key_result + 1}"
    return f"OKR {okr + 1}, {name}" if many else name


def _titles(rules: tuple[str, ...]) -> str:
    return ", ".join(dict.fromkeys(catalogue()[rule].title for rule in rules))


def _steps(report: OkrReport) -> Iterator[Step]:
    for deduction in report.grade.deductions if report.grade else ():
        if deduction.rules[0] in WHOLE_OKR:
            place = WHOLE
        else:
            place = "Objective" if deduction.key_result is None else f"KR {deduction.key_result + 1}"
        yield Step(place, _titles(deduction.rules), f"{deduction.points:g}")


def _fixes(review: Review) -> Iterator[Fix]:
    """What wins back most points; of drafts without a grade, the weightiest findings."""
    costly = [
        (deduction, okr)
        for okr, report in enumerate(review.okrs)
        for deduction in (report.grade.deductions if report.grade else ())
    ]
    costly.sort(key=lambda item: -item[0].points)
    for deduction, okr in costly[:FIXES]:
        finding = next(
            f
            for f in review.findings
            if f.rule == deduction.rules[0] and (f.target.objective, f.target.key_result) == (okr, deduction.key_result)
        )
        place = _place(review, okr, deduction.key_result, deduction.rules)
        yield Fix(place, _titles(deduction.rules), f"{deduction.points:g}", finding)
    if not costly:
        for finding in sorted(review.findings, key=lambda f: RANK[f.severity])[:FIXES]:
            target = finding.target
            place = _place(review, target.objective, target.key_result, (finding.rule,))
            yield Fix(place, _titles((finding.rule,)), "", finding)
