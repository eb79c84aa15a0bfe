"""What an organisation doesn't want to hear again: findings known by their content, wherever they turn up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.coach.nouns import Draft, Finding


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A finding that isn't raised, and the reason somebody gave."""

    finding: Finding
    reason: str


def content(rule: str, quote: str, line: str = "") -> str:
    """The hash that a finding is known by: rule, words, and the line they stand in; no line means any.

    White space doesn't count, so a line that is wrapped otherwise is the same.
    """
    parts = (" ".join(part.split()) for part in (rule, quote, line))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def line_of(draft: Draft, finding: Finding) -> str:
    """The line that a finding is about."""
    okr, at = draft.okrs[finding.target.objective], finding.target.key_result
    if at is not None:
        return okr.key_results[at].text
    return okr.objective.text if okr.objective else finding.quote


def part(
    draft: Draft, findings: Iterable[Finding], reasons: Mapping[str, str]
) -> tuple[list[Finding], tuple[Dismissed, ...]]:
    """The findings to raise, and those dismissed; `reasons` are by content."""
    raised, silent = [], []
    for finding in findings:
        line = line_of(draft, finding) if reasons else ""
        known = [content(finding.rule, finding.quote, place) for place in (line, "")] if reasons else []
        reason = next((reasons[key] for key in known if key in reasons), None)
        if reason is None:
            raised.append(finding)
        else:
            silent.append(Dismissed(finding, reason))
    return raised, tuple(silent)
