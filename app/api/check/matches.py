"""From findings to LanguageTool's matches: ids, categories, UTF-16 places and replacements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from app.api.check.marked import MarkedText
from app.api.check.offsets import Utf16
from app.api.check.request import CheckIn
from app.api.check.schemas import CategoryOut, ContextOut, Match, Replacement, RuleOut, TypeOut, Url
from app.api.check.words import folded
from app.coach.nouns import Finding, Line, Severity, Target
from app.coach.report import Review
from app.coach.rewrite.rewriter import Rewriter
from app.coach.rules import load_rules
from app.coach.rules.pages import page

Replacer = Callable[[Review], Mapping[Target, Sequence[str]]]
"""Rewrites of whole lines, best first, by the line they stand for."""

REPLACEMENTS = 5
AROUND = 40
CATEGORIES: Mapping[str, str] = {
    "OKR_RESULT": "Results, not work or levels",
    "OKR_MEASURE": "Measures and targets",
    "OKR_WORDING": "Wording",
    "OKR_STRATEGY": "Strategy and time",
    "OKR_PEOPLE": "People and pay",
    "OKR_BALANCE": "Number and balance",
}
_CATEGORY: Mapping[str, str] = {
    "activity-not-outcome": "OKR_RESULT",
    "kpi-as-okr": "OKR_RESULT",
    "vague-wording": "OKR_WORDING",
    "compound-key-result": "OKR_WORDING",
    "metric-in-objective": "OKR_WORDING",
    "missing-strategy-link": "OKR_STRATEGY",
    "copied-from-parent": "OKR_STRATEGY",
    "missing-deadline": "OKR_STRATEGY",
    "horizon-mismatch": "OKR_STRATEGY",
    "individual-goal": "OKR_PEOPLE",
    "tied-to-pay": "OKR_PEOPLE",
    "too-few-key-results": "OKR_BALANCE",
    "too-many-key-results": "OKR_BALANCE",
    "too-many-objectives": "OKR_BALANCE",
    "one-sided-metrics": "OKR_BALANCE",
    "all-lagging": "OKR_BALANCE",
}
_ISSUE: Mapping[str, str] = {
    "duplicate-key-result": "duplication",
    "copied-from-parent": "duplication",
    "missing-baseline": "omission",
    "missing-deadline": "omission",
    "missing-strategy-link": "omission",
    "too-few-key-results": "omission",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which matches a caller wants: rules and categories by LanguageTool's ids, and terms let pass."""

    enabled: frozenset[str]
    disabled: frozenset[str]
    only: bool
    picky: bool
    accepted: frozenset[str]

    @classmethod
    def of(cls, asked: CheckIn, accepted: Collection[str]) -> Choice:
        """From a request."""
        return cls(
            _ids(asked.enabled_rules, asked.enabled_categories),
            _ids(asked.disabled_rules, asked.disabled_categories),
            asked.enabled_only,
            asked.level == "picky",
            frozenset(map(folded, accepted)),
        )

    def takes(self, finding: Finding) -> bool:
        """Whether the caller wants to see it. Suggestions are for the picky, unless they were enabled by name."""
        ids = {rule_id(finding.rule), category_of(finding.rule)}
        if ids & self.disabled or folded(finding.quote) in self.accepted:
            return False
        if ids & self.enabled:
            return True
        return not self.only and (self.picky or finding.severity is not Severity.SUGGESTION)


def rule_id(rule: str) -> str:
    """LanguageTool's id of a rule: `kpi-as-okr` is `OKR_KPI_AS_OKR`."""
    return f"OKR_{rule.upper().replace('-', '_')}"


def category_of(rule: str) -> str:
    """The category's id; what isn't sorted elsewhere is about measures."""
    return _CATEGORY.get(rule, "OKR_MEASURE")


def matches(
    review: Review,
    text: MarkedText,
    choice: Choice,
    *,
    base_url: str,
    replacer: Replacer | None = None,
    skip: Sequence[Line] = (),
) -> list[Match]:
    """The findings that the caller wants, in the order of the text; lines in `skip` are left alone.

    `base_url` is where the rules' pages are, without a slash at its end.
    """
    left_alone = {(line.start, line.end) for line in skip}
    wanted = []
    for finding in review.findings:
        line = _line(review, finding.target)
        if line and (line.start, line.end) not in left_alone and finding.start < finding.end and choice.takes(finding):
            wanted.append((finding, line))
    if not wanted:
        return []
    rewrites = replacer(review) if replacer else {}
    units = Utf16(text.source)
    return [
        _match(finding, line, text, units, base_url, rewrites.get(finding.target, ()))
        for finding, line in sorted(wanted, key=lambda pair: (pair[0].start, pair[0].end))
    ]


def line_rewrites(rewriter: Rewriter) -> Replacer:
    """The embedded writer's rewrites that take one line's place."""

    def replacer(review: Review) -> Mapping[Target, Sequence[str]]:
        found: dict[Target, list[str]] = {}
        for rewrite in rewriter.rewrite(review).rewrites:
            candidate = rewrite.candidate
            if candidate.kind == "line":
                found.setdefault(candidate.target, []).append(candidate.text)
        return found

    return replacer


def replacements(line: Line, start: int, end: int, rewrites: Sequence[str]) -> Iterator[str]:
    """What to put in the place of `start` to `end` (as in the draft), for rewrites that change nothing else."""
    before, after = line.text[: start - line.start], line.text[end - line.start :]
    seen = {line.text[start - line.start : end - line.start]}
    for rewrite in rewrites:
        fits = len(rewrite) >= len(before) + len(after) and rewrite.startswith(before) and rewrite.endswith(after)
        if fits and "\n" not in rewrite:
            value = rewrite[len(before) : len(rewrite) - len(after)]
            if value not in seen:
                seen.add(value)
                yield value


def _match(
    finding: Finding, line: Line, text: MarkedText, units: Utf16, base_url: str, rewrites: Sequence[str]
) -> Match:
    start, end = text.span(finding.start, finding.end)
    offset, length = units.span(start, end)
    # Markup inside the words would be lost with them.
    whole = text.source[start:end] == finding.quote
    values = list(replacements(line, finding.start, finding.end, rewrites))[:REPLACEMENTS] if whole else []
    return Match(
        message=f"{finding.message} {finding.question}",
        short_message=_titles().get(finding.rule, finding.rule),
        replacements=[Replacement(value=value) for value in values],
        offset=offset,
        length=length,
        context=_context(text.source, start, end),
        sentence=line.text,
        type=TypeOut(type_name="Hint" if finding.severity is Severity.SUGGESTION else "Other"),
        rule=_rule(finding.rule, base_url),
    )


def _line(review: Review, target: Target) -> Line | None:
    okr = review.draft.okrs[target.objective]
    if target.key_result is not None:
        return okr.key_results[target.key_result]
    return okr.objective or next(iter(okr.key_results), None)


def _context(text: str, start: int, end: int) -> ContextOut:
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    head = ("..." if first else "") + _flat(text[first:start])
    words = _flat(text[start:end])
    whole = head + words + _flat(text[end:last]) + ("..." if last < len(text) else "")
    offset, length = Utf16(whole).span(len(head), len(head) + len(words))
    return ContextOut(text=whole, offset=offset, length=length)


def _flat(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _rule(rule: str, base_url: str) -> RuleOut:
    category = category_of(rule)
    return RuleOut(
        id=rule_id(rule),
        description=_titles().get(rule, rule),
        issue_type=_ISSUE.get(rule, "style"),
        category=CategoryOut(id=category, name=CATEGORIES[category]),
        urls=[Url(value=f"{base_url}/rules/{rule}")],
    )


@cache
def _titles() -> Mapping[str, str]:
    return {rule.id: page(rule).title for rule in load_rules()}


def _ids(*lists: str) -> frozenset[str]:
    return frozenset(part.strip().upper() for listed in lists for part in listed.split(",") if part.strip())
