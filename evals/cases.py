"""What solvers are asked about: a line of an OKR, or a whole OKR with the strategy it should serve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.coach.findings import HEADLINE
from app.coach.nouns import Finding, Line, Okr, Pillar
from app.training.data import LineSample, OkrSample
from evals.task import Marks

LINK_RULE = "missing-strategy-link"
"""The headline finding on a whole OKR."""

RULE_OF_LABEL = {"activity": "activity-not-outcome", "kpi": "kpi-as-okr"}

OKR_WIDE = frozenset(
    {
        "all-lagging",
        "copied-from-parent",
        "duplicate-key-result",
        "missing-deadline",
        LINK_RULE,
        "one-sided-metrics",
        "too-few-key-results",
        "too-many-key-results",
        "too-many-objectives",
    }
)
"""Findings on an OKR as a whole: which of its lines they are pinned to is not compared."""


@dataclass(frozen=True, slots=True)
class Case:
    """An OKR under review. `asked` is the place in `okr.lines` of the one line judged; None = all."""

    okr: Okr
    pillars: tuple[Pillar, ...] = ()
    asked: int | None = None

    @property
    def text(self) -> str:
        """The OKR as people write it; the line judged, if it is one, is marked with an arrow."""
        heading = [f"Cycle: {self.okr.cycle}"] if self.okr.cycle else []
        heading += [f"Pillar: {pillar.statement}" for pillar in self.pillars]
        roles = ["O"] if self.okr.objective else []
        roles += ["KR"] * len(self.okr.key_results)
        lines = [
            f"{'→ ' if at == self.asked else ''}{role}: {line.text}"
            for at, (role, line) in enumerate(zip(roles, self.okr.lines, strict=True))
        ]
        return "\n".join(heading + lines)

    @property
    def title(self) -> str:
        """The line judged, or all lines of the OKR."""
        if self.asked is not None:
            return self.okr.lines[self.asked].text
        return " / ".join(line.text for line in self.okr.lines)


def line_case(sample: LineSample) -> Case:
    """One line with its objective, if it has one."""
    line = Line.whole(sample.text)
    if sample.is_objective:
        return Case(Okr(line, (), cycle=sample.cycle), asked=0)
    objective = Line.whole(sample.objective) if sample.objective else None
    return Case(Okr(objective, (line,), cycle=sample.cycle), asked=1 if objective else 0)


def okr_case(sample: OkrSample) -> Case:
    """A whole OKR with its organisation's pillars."""
    key_results = tuple(Line.whole(text) for text in sample.key_results)
    okr = Okr(Line.whole(sample.objective), key_results, sample.team, sample.cycle)
    return Case(okr, tuple(Pillar(name, text) for name, text in sample.pillars))


def mark(rule: str, key_result: int | None) -> str:
    """A finding as evals compare it; key results are numbered from 0, as in labels and sample ids."""
    return rule if key_result is None or rule in OKR_WIDE else f"{rule}@kr{key_result}"


def rule_of(mark: str) -> str:
    """The rule id of a mark."""
    return mark.partition("@")[0]


def marks_of(findings: Iterable[Finding]) -> Marks:
    """Findings of a review as marks."""
    return tuple(sorted({mark(finding.rule, finding.target.key_result) for finding in findings}))


def is_headline(rule: str) -> bool:
    """Whether a finding is one of the three that critics judge."""
    return rule in HEADLINE or rule == LINK_RULE
