"""From verdicts to findings: what the judges of lines and links said, settled into what a coach would say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.coach.critic import RULE_OF_KIND, Judgement, Kind
from app.coach.critic.llm import JudgedLink
from app.coach.critic.settle import Opinion, Precision, Settled, settle
from app.coach.nouns import Finding, Pillar, Severity, Source, Target
from app.coach.rules import kpi_as_okr
from app.coach.rules.rule import LineView, OkrView, Rule
from app.coach.strategy import Link

LINK_RULE = "missing-strategy-link"
MISSING, LINKED = "missing", "linked"

Place = tuple[int, int | None]


@dataclass
class Verdicts:
    """Everything the judges said in one review, by tier; `asked` are the lines they were asked about."""

    lines: Sequence[LineView] = ()
    okrs: Sequence[OkrView] = ()
    pillars: Sequence[Pillar] = ()
    local_lines: Mapping[Place, Judgement] = field(default_factory=dict)
    local_links: Mapping[int, Link] = field(default_factory=dict)
    llm_lines: Mapping[Place, Judgement] = field(default_factory=dict)
    llm_links: Mapping[int, JudgedLink] = field(default_factory=dict)

    @property
    def by_llm(self) -> bool:
        """Whether the LLM gave any verdict."""
        return bool(self.llm_lines or self.llm_links)

    def findings(self, rules: Mapping[str, Rule], precision: Precision) -> Iterator[Finding]:
        """What stands, as findings."""
        for line in self.lines:
            yield from self._on_line(line, rules, precision)
        for okr in self.okrs:
            yield from self._on_link(okr, rules, precision)

    def overruled(self, precision: Precision) -> int:
        """Flags of the embedded critic that the LLM's verdict cleared."""
        cleared = 0
        for line in self.lines:
            local = self.local_lines.get(_place(line))
            settled = self._settle_line(line, precision)
            cleared += bool(local and settled and local.kind is not Kind.NEITHER and settled.label == Kind.NEITHER)
        for okr in self.okrs:
            link = self.local_links.get(okr.index)
            settled = self._settle_link(okr, precision)
            cleared += bool(link and settled and not link.linked and settled.label == LINKED)
        return cleared

    def _settle_line(self, line: LineView, precision: Precision) -> Settled | None:
        given = (
            (Source.LOCAL, self.local_lines.get(_place(line))),
            (Source.LLM, self.llm_lines.get(_place(line))),
        )
        opinions = [Opinion(source, j.kind.value, j.confidence, j.why) for source, j in given if j]
        return settle(opinions, precision) if opinions else None

    def _on_line(self, line: LineView, rules: Mapping[str, Rule], precision: Precision) -> Iterator[Finding]:
        settled = self._settle_line(line, precision)
        rule_id = RULE_OF_KIND.get(Kind(settled.label)) if settled else None
        if settled is None or rule_id is None:
            return
        rule = rules[rule_id]
        guards = rule_id == kpi_as_okr.RULE.id and kpi_as_okr.guards(line, self.lines)
        local, llm = self.local_lines.get(_place(line)), self.llm_lines.get(_place(line))
        quote = llm.quote if llm and Source.LLM in settled.sources else None
        start, end = quote or (0, len(line.text))
        yield Finding(
            rule=rule.id,
            severity=Severity.SUGGESTION if guards else rule.severity,
            start=line.line.start + start,
            end=line.line.start + end,
            quote=line.text[start:end],
            message=kpi_as_okr.GUARD_RAIL if guards else _message(rule, settled),
            question=rule.question,
            sources=settled.sources,
            confidence=round(settled.confidence, 3),
            target=Target(line.objective, line.key_result),
            details={**(local.details if local else {}), **settled.details},
        )

    def _settle_link(self, okr: OkrView, precision: Precision) -> Settled | None:
        opinions = []
        if link := self.local_links.get(okr.index):
            sure = link.probability if link.linked else 1 - link.probability
            opinions.append(Opinion(Source.LOCAL, LINKED if link.linked else MISSING, sure))
        if judged := self.llm_links.get(okr.index):
            label = MISSING if judged.pillar is None else LINKED
            opinions.append(Opinion(Source.LLM, label, judged.confidence, judged.why))
        return settle(opinions, precision) if opinions else None

    def _on_link(self, okr: OkrView, rules: Mapping[str, Rule], precision: Precision) -> Iterator[Finding]:
        settled = self._settle_link(okr, precision)
        if settled is None or settled.label != MISSING or okr.objective is None:
            return
        rule = rules[LINK_RULE]
        link = self.local_links.get(okr.index)
        nearest = f" Nearest: “{self.pillars[link.pillar].name}”." if link else ""
        line = okr.objective.line
        yield Finding(
            rule=rule.id,
            severity=rule.severity,
            start=line.start,
            end=line.end,
            quote=line.text,
            message=_message(rule, settled) + nearest,
            question=rule.question,
            sources=settled.sources,
            confidence=round(settled.confidence, 3),
            target=Target(okr.index),
            details=settled.details,
        )


def _message(rule: Rule, settled: Settled) -> str:
    return f"{rule.message} {settled.why}" if settled.why else rule.message


def _place(line: LineView) -> Place:
    return (line.objective, line.key_result)
