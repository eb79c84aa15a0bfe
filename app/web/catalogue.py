"""What the pages know of each rule and method: words for cards, and rule pages as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from markdown_it import MarkdownIt
from markupsafe import Markup

from app.coach.grade import WHOLE_OKR
from app.coach.nouns import Severity, Source
from app.coach.profiles import load_profiles
from app.coach.report import VERDICT_WORDS
from app.coach.rules import load_rules
from app.coach.rules.pages import page
from app.coach.rules.rule import Rule

SEVERITY_WORDS: Mapping[Severity, str] = {
    Severity.ERROR: "Send back",
    Severity.WARNING: "Worth fixing",
    Severity.SUGGESTION: "Consider",
}
SOURCE_WORDS: Mapping[Source, str] = {
    Source.RULE: "the rules",
    Source.LOCAL: "the embedded critic",
    Source.LLM: "the language model",
}

OPINION_WORDS: Mapping[str, str] = {
    "activity": "an activity",
    "kpi": "a KPI",
    "neither": "neither activity nor KPI",
    "missing": "no link to the strategy",
    "linked": "serves the strategy",
}

PLACE_WORDS: Mapping[str, str] = {
    "roadmap": "belongs on the roadmap",
    "health metrics": "belongs among the health metrics",
    "personal development": "belongs in somebody’s own development",
    "pay talk": "belongs in the talk about pay",
    "later cycle": "belongs in a later cycle",
    "nowhere": "can go",
}

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False})
_MARKS = re.compile(r"[*_`]")


@dataclass(frozen=True, slots=True)
class Stance:
    """A method that treats a rule differently: what it makes of it, and why."""

    profile: str
    view: str
    why: str


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What a card says of its rule beside the finding itself."""

    id: str
    title: str
    severity: Severity
    message: str
    question: str
    summary: str
    why: str
    whole: bool
    agree: tuple[str, ...]
    stances: tuple[Stance, ...]


@cache
def catalogue() -> Mapping[str, RuleFacts]:
    """All rules by id."""
    return MappingProxyType({rule.id: _facts(rule) for rule in load_rules()})


@cache
def sections(rule_id: str) -> Mapping[str, Markup]:
    """A rule's page as HTML by section. Markdown may hold no HTML of its own."""
    rule = next(rule for rule in load_rules() if rule.id == rule_id)
    return MappingProxyType(
        {name: Markup(_MARKDOWN.render(text)) for name, text in page(rule).sections.items()}  # noqa: S704
    )


@cache
def for_script() -> dict[str, object]:
    """The same for the browser, and the words for what the API names by code."""
    return {
        "rules": {
            facts.id: {
                "title": facts.title,
                "why": facts.why,
                "whole": facts.whole,
                "agree": facts.agree,
                "stances": [{"profile": s.profile, "view": s.view, "why": s.why} for s in facts.stances],
            }
            for facts in catalogue().values()
        },
        "severities": {severity.value: words for severity, words in SEVERITY_WORDS.items()},
        "sources": {source.value: words for source, words in SOURCE_WORDS.items()},
        "opinions": dict(OPINION_WORDS),
        "places": dict(PLACE_WORDS),
        "verdicts": {verdict.value: words for verdict, words in VERDICT_WORDS.items()},
    }


def _facts(rule: Rule) -> RuleFacts:
    shown = page(rule)
    stances = tuple(
        Stance(
            stance.profile,
            f"calls it “{SEVERITY_WORDS[stance.severity].lower()}”" if stance.severity else "would not raise it",
            stance.why,
        )
        for stance in shown.stances
    )
    different = {stance.profile for stance in stances}
    return RuleFacts(
        id=rule.id,
        title=shown.title,
        severity=rule.severity,
        message=rule.message,
        question=rule.question,
        summary=_plain(shown.summary),
        why=_plain(shown.sections["Why it matters"].split("\n\n")[0]),
        whole=rule.id in WHOLE_OKR,
        agree=tuple(name for name in load_profiles() if name not in different),
        stances=stances,
    )


def _plain(markdown: str) -> str:
    return _MARKS.sub("", " ".join(markdown.split()))
