"""The report: what a review says, as one value, and as Markdown for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.coach.dismissals import Dismissed
from app.coach.findings import verdict_of
from app.coach.grade import Grade, grade, mean
from app.coach.nouns import Draft, Finding, Okr, Verdict

VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.GOOD: "good",
    Verdict.ACTIVITY: "activity → roadmap",
    Verdict.KPI: "KPI → dashboard",
    Verdict.INDIVIDUAL: "individual → performance talk",
    Verdict.UNMEASURABLE: "unmeasurable → say how you will know",
}


@dataclass(frozen=True, slots=True)
class Note:
    """Something said once about the whole review."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What asking the LLM took; `cost` is None without a price, `dropped_quotes` counts flags without a real quote."""

    model: str
    calls: int
    input_tokens: int
    output_tokens: int
    cost: float | None
    dropped_quotes: int


@dataclass(frozen=True, slots=True)
class Engine:
    """What judged: version, models by role, tiers used, milliseconds by stage, and what the LLM took if asked."""

    version: str
    models: Mapping[str, str]
    tiers: tuple[str, ...]
    milliseconds: Mapping[str, float]
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class OkrReport:
    """One OKR with the verdict on each line and its grade (None for lone lines)."""

    okr: Okr
    verdict: Verdict | None
    verdicts: tuple[Verdict, ...]
    grade: Grade | None


@dataclass(frozen=True, slots=True)
class Review:
    """The whole report on one submission; `dismissed` are findings that the organisation doesn't want raised."""

    draft: Draft
    okrs: tuple[OkrReport, ...]
    findings: tuple[Finding, ...]
    grade: float | None
    profile: str
    notes: tuple[Note, ...]
    engine: Engine
    dismissed: tuple[Dismissed, ...] = ()


def report_okrs(draft: Draft, findings: Sequence[Finding]) -> tuple[OkrReport, ...]:
    """Verdicts and grades for every OKR of `draft`."""
    by_okr: dict[int, list[Finding]] = {}
    for finding in findings:
        by_okr.setdefault(finding.target.objective, []).append(finding)
    reports = []
    for index, okr in enumerate(draft.okrs):
        own = by_okr.get(index, [])
        by_line: dict[int | None, list[Finding]] = {}
        for finding in own:
            by_line.setdefault(finding.target.key_result, []).append(finding)
        reports.append(
            OkrReport(
                okr,
                verdict_of(by_line.get(None, [])) if okr.objective else None,
                tuple(verdict_of(by_line.get(at, [])) for at in range(len(okr.key_results))),
                grade(okr, own) if okr.objective else None,
            )
        )
    return tuple(reports)


def mean_grade(reports: Sequence[OkrReport]) -> float | None:
    """The mean over OKRs that have an objective."""
    return mean([report.grade for report in reports if report.grade])


def as_markdown(review: Review) -> str:
    """The review as Markdown that can be pasted into a document or a chat."""
    lines = ["# OKR review", ""]
    if review.grade is not None:
        lines += [f"**Grade {review.grade:g} / 100** (profile `{review.profile}`)", ""]
    for index, report in enumerate(review.okrs):
        own = [f for f in review.findings if f.target.objective == index]
        if report.okr.objective and report.verdict and report.grade:
            title = _escape(report.okr.objective.text)
            lines += [f"## {title}", "", f"Grade {report.grade.score} · {VERDICT_WORDS[report.verdict]}", ""]
            lines += [_bullet(f) for f in own if f.target.key_result is None]
        for at, (line, verdict) in enumerate(zip(report.okr.key_results, report.verdicts, strict=True)):
            lines.append(f"- **{_escape(line.text)}** — {VERDICT_WORDS[verdict]}")
            lines += ["  " + _bullet(f) for f in own if f.target.key_result == at]
        lines.append("")
    if review.dismissed:
        lines += ["Dismissed before, so not raised again:", ""]
        lines += [f"- `{d.finding.rule}` {_escape(d.finding.quote)}: {_escape(d.reason)}" for d in review.dismissed]
        lines.append("")
    lines += [f"> {note.message}" for note in review.notes]
    return "\n".join(lines).rstrip() + "\n"


def _bullet(finding: Finding) -> str:
    return f"- `{finding.rule}` ({finding.severity.value}): {_escape(finding.message)} *{_escape(finding.question)}*"


def _escape(text: str) -> str:
    flat = " ".join(text.split())
    return "".join("\\" + c if c in "\\`*_[]<>#|" else c for c in flat)
