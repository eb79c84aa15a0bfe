"""Merging what several judges found into one list a coach would hand over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.coach.nouns import Finding, Severity, Source, Target, Verdict
from app.coach.profiles import Profile

HEADLINE = ("activity-not-outcome", "kpi-as-okr")
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.SUGGESTION: 2}
_ORDER = {source: rank for rank, source in enumerate(Source)}


def merge(findings: Iterable[Finding], profile: Profile) -> list[Finding]:
    """One finding a rule and place, sources joined, severities by profile, in reading order.

    Judges agree when they raise the same rule on the same line: the shortest quote points best, the
    surest confidence counts. A line keeps only the surer of the two headline findings.
    """
    merged: dict[tuple[str, Target, int | None], Finding] = {}
    for finding in findings:
        if finding.rule in profile.off:
            continue
        judged = finding.rule in HEADLINE
        key = (finding.rule, finding.target, None if judged else finding.start)
        known = merged.get(key)
        merged[key] = finding if known is None else _join(known, finding)
    kept = _one_headline(merged.values())
    kept = [replace(f, severity=profile.severity.get(f.rule, f.severity)) for f in kept]
    return sorted(
        kept,
        key=lambda f: (
            f.target.objective,
            -1 if f.target.key_result is None else f.target.key_result,
            _RANK[f.severity],
            f.start,
            f.rule,
        ),
    )


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """What a line is in a word, from the findings on it."""
    rules = {finding.rule for finding in findings}
    for rule, verdict in _VERDICTS.items():
        if rule in rules:
            return verdict
    return Verdict.GOOD


_VERDICTS: Mapping[str, Verdict] = {
    "individual-goal": Verdict.INDIVIDUAL,
    "activity-not-outcome": Verdict.ACTIVITY,
    "kpi-as-okr": Verdict.KPI,
    "not-measurable": Verdict.UNMEASURABLE,
}


def _join(one: Finding, other: Finding) -> Finding:
    closer, wider = sorted((one, other), key=lambda f: f.end - f.start)
    sources = tuple(sorted({*one.sources, *other.sources}, key=_ORDER.__getitem__))
    return replace(
        closer,
        sources=sources,
        confidence=max(one.confidence, other.confidence),
        severity=min(one.severity, other.severity, key=_RANK.__getitem__),
        details={**wider.details, **closer.details},
    )


def _one_headline(findings: Iterable[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    surest: dict[Target, int] = {}
    for finding in findings:
        at = surest.get(finding.target)
        if finding.rule not in HEADLINE:
            kept.append(finding)
        elif at is None:
            surest[finding.target] = len(kept)
            kept.append(finding)
        elif finding.confidence > kept[at].confidence:
            kept[at] = finding
    return kept
