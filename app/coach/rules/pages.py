"""Rule pages: a rule's docstring, read as the page that people see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.coach.nouns import Severity
from app.coach.profiles import disagreeing, load_profiles
from app.coach.rules.rule import Rule

SECTIONS: Final = ("Finds", "Why it matters", "Do this instead", "Sources")
_SPELLINGS: Final = {"kpi": "KPI", "okr": "OKR", "one sided": "one-sided"}
_HEADING: Final = "## "


@dataclass(frozen=True, slots=True)
class Stance:
    """What a method profile makes of a rule: its severity, None if it would not raise it, and why."""

    profile: str
    severity: Severity | None
    why: str


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule's public page: Markdown by section, and which method profiles agree.

    `stances` lists only the profiles that treat the rule differently from the default.
    """

    title: str
    summary: str
    severity: Severity
    sections: Mapping[str, str]
    agree: tuple[str, ...]
    disagree: tuple[str, ...]
    stances: tuple[Stance, ...]


def page(rule: Rule) -> RulePage:
    """The page of a discovered rule. Raises ValueError if its docstring lacks a section."""
    summary, sections = _split(rule.page)
    missing = [name for name in SECTIONS if not sections.get(name)]
    if missing:
        raise ValueError(f"The page of {rule.id} lacks: {', '.join(missing)}.")
    disagree = disagreeing(rule.id)
    return RulePage(
        title=title(rule.id),
        summary=summary,
        severity=rule.severity,
        sections=MappingProxyType({name: sections[name] for name in SECTIONS}),
        agree=tuple(name for name in load_profiles() if name not in disagree),
        disagree=disagree,
        stances=tuple(_stances(rule)),
    )


def markdown(rule: Rule) -> str:
    """The page as Markdown, for people who read files; `corpus/guidance/` holds a copy of each."""
    shown = page(rule)
    parts = [f"# {shown.title}", f"`{rule.id}`, {shown.severity.value} by default", shown.summary]
    for name, text in shown.sections.items():
        parts += [f"## {name}", text]
    if shown.stances:
        told = (
            f"- {each.profile} ({each.severity.value if each.severity else 'off'}): {each.why}"
            for each in shown.stances
        )
        parts += ["## Methods that see it otherwise", "\n".join(told)]
    return "\n\n".join(parts) + "\n"


def title(rule_id: str) -> str:
    """An id as a heading: `kpi-as-okr` is "KPI as OKR"."""
    name = rule_id.replace("-", " ")
    for written, spelled in _SPELLINGS.items():
        name = name.replace(written, spelled)
    return name[:1].upper() + name[1:]


def _split(docstring: str) -> tuple[str, dict[str, str]]:
    sections: dict[str, list[str]] = {}
    intro: list[str] = []
    into = intro
    for line in docstring.splitlines():
        if line.startswith(_HEADING):
            into = sections.setdefault(line.removeprefix(_HEADING).strip(), [])
        else:
            into.append(line)
    return "\n".join(intro).strip(), {name: "\n".join(lines).strip() for name, lines in sections.items()}


def _stances(rule: Rule) -> Iterator[Stance]:
    for name, method in load_profiles().items():
        if rule.id in method.off or rule.id in method.severity:
            yield Stance(name, method.severity.get(rule.id), method.why[rule.id])
