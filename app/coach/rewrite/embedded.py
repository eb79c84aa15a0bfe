"""The embedded writer: builds candidates from the measured line and the curated map. No key, no network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from app.coach.nouns import Finding, Target
from app.coach.rewrite import activities, aims, answers, asking, figures, kpis, persons, wholes, wishes
from app.coach.rewrite.guard import Fault
from app.coach.rewrite.nouns import Brief, Candidate
from app.coach.rewrite.outcomes import Near, OutcomeMap
from app.coach.rules.rule import LineView

NAME = "embedded"
NEAREST = 4
MAPPED = frozenset({"activity-not-outcome", "kpi-as-okr", "not-measurable", "vague-wording"})


class EmbeddedWriter:
    """See `Writer`."""

    name = NAME

    def __init__(self, outcomes: OutcomeMap) -> None:
        self._outcomes = outcomes

    def write(self, briefs: Sequence[Brief]) -> list[Candidate]:
        """See `Writer.write`; the lines of all OKRs are embedded in one pass."""
        asked = [
            (brief, at, line)
            for brief in briefs
            for at in brief.targets
            if (line := line_of(brief, at)) and MAPPED & set(brief.rules(at))
        ]
        near = self._near(asked)
        known = {(id(brief), at): found for (brief, at, _), found in zip(asked, near, strict=True)}
        return [
            candidate
            for brief in briefs
            for at in brief.targets
            for candidate in _for_target(brief, at, known.get((id(brief), at), []))
        ]

    def _near(self, asked: Sequence[tuple[Brief, int | None, LineView]]) -> list[list[Near]]:
        """The entries near each line, read together with the objective it stands under."""
        if not asked:
            return []
        texts = list(dict.fromkeys(text for brief, _, line in asked for text in (line.text, _setting(brief, line))))
        rows = self._outcomes.encode(texts)
        place = {text: at for at, text in enumerate(texts)}
        lines = rows[[place[line.text] for _, _, line in asked]]
        settings = rows[[place[_setting(brief, line)] for brief, _, line in asked]]
        return self._outcomes.nearest(lines, settings, NEAREST)

    def repair(self, brief: Brief, candidate: Candidate, fault: Fault) -> Candidate | None:
        """See `Writer.repair`."""
        return None


def _setting(brief: Brief, line: LineView) -> str:
    return brief.okr.objective.text if brief.okr.objective else line.text


def line_of(brief: Brief, at: int | None) -> LineView | None:
    """The line at a place, None for the objective of lone lines."""
    return brief.okr.objective if at is None else brief.okr.key_results[at]


def _for_target(brief: Brief, at: int | None, near: list[Near]) -> Iterator[Candidate]:
    line = line_of(brief, at)
    rules = brief.rules(at)
    if line is None:
        return
    yield from answers.told(brief, at, line, rules, NAME)
    if at is None:
        yield from _for_objective(brief, line, rules, near)
    else:
        yield from _for_key_result(brief, at, line, rules, near)


def _for_key_result(
    brief: Brief, at: int, line: LineView, rules: Sequence[str], near: list[Near]
) -> Iterator[Candidate]:
    target = brief.target(at)
    found = {finding.rule: finding for finding in brief.findings.get(at, ())}
    if "tied-to-pay" in found:
        yield from persons.unpaid(brief, at, found["tied-to-pay"], line, NAME)
    elif "individual-goal" in found:
        yield from persons.team_result(brief, at, found["individual-goal"], line, NAME)
    if "individual-goal" in found:
        pass
    elif "activity-not-outcome" in found:
        yield from _outcomes(line, brief.okr.objective, near, target)
        yield activities.move(line, target, NAME)
    elif "kpi-as-okr" in found:
        yield from kpis.moved(line, target, NAME)
        yield kpis.move(line, target, NAME)
    elif wished := tuple(rule for rule in rules if rule in {"not-measurable", "vague-wording"}):
        yield from wishes.measured(line, target, NAME, wished)
        likely = [found for found in near if found.nearness >= activities.NEAR_WITHOUT_A_WORD]
        yield from activities.guesses(line, likely, target, NAME, wished)
    elif "compound-key-result" in found:
        yield from figures.split(line, target, NAME, ("compound-key-result",))
    elif "vanity-metric" in found:
        yield from wishes.next_step(line, _span(line, found["vanity-metric"]), target, NAME, ("vanity-metric",))
    elif "no-stretch" in found:
        yield from figures.stretched(line, target, NAME, ("no-stretch",))
    elif "missing-baseline" in found:
        yield from figures.from_today(line, target, NAME, ("missing-baseline",))
    elif "horizon-mismatch" in found:
        span = _span(line, found["horizon-mismatch"])
        yield from figures.within_cycle(line, span, brief.cycle, target, NAME, ("horizon-mismatch",))
    if "duplicate-key-result" in found:
        yield from wholes.undoubled(brief, at, NAME)
    if "copied-from-parent" in found:
        yield from wholes.own_part(brief, at, line, NAME)
    if "missing-deadline" in found:
        yield figures.dated(line, target, NAME, ("missing-deadline",))


def _for_objective(brief: Brief, line: LineView, rules: Sequence[str], near: list[Near]) -> Iterator[Candidate]:
    target = brief.target(None)
    found = {finding.rule: finding for finding in brief.findings.get(None, ())}
    if "tied-to-pay" in found:
        yield from persons.unpaid(brief, None, found["tied-to-pay"], line, NAME)
    if "individual-goal" in found:
        yield from persons.team_result(brief, None, found["individual-goal"], line, NAME)
    if "activity-not-outcome" in found:
        yield from activities.objective_guesses(line, near, target, NAME)
    if "metric-in-objective" in found:
        yield from wholes.unmeasured(brief, line, NAME)
    if "vague-wording" in found:
        yield from wishes.objective(line, target, NAME, ("vague-wording",))
    if "copied-from-parent" in found:
        yield from wholes.own_part(brief, None, line, NAME)
    for rule, cure in _WHOLE.items():
        if rule in rules:
            yield from cure(brief, NAME)


def _outcomes(line: LineView, above: LineView | None, near: list[Near], target: Target) -> Iterator[Candidate]:
    rule, whom = activities.RULE, asking.people_of(line, above)
    yield from activities.guesses(line, near, target, NAME, (rule,), above)
    yield from aims.aimed(line, above, target, NAME, rule)
    yield from activities.adoption(line, target, NAME, rule, whom)
    yield from asking.so_that(line, target, NAME, rule, whom)


def _span(line: LineView, finding: Finding) -> tuple[int, int]:
    """Where the finding's quote stands within its line."""
    return finding.start - line.line.start, finding.end - line.line.start


_WHOLE: Mapping[str, Callable[[Brief, str], Iterator[Candidate]]] = {
    "missing-strategy-link": wholes.linked,
    "too-many-key-results": wholes.fewer,
    "too-few-key-results": wholes.more,
    "one-sided-metrics": wholes.guarded,
    "all-lagging": wholes.leading,
    "missing-deadline": wholes.dated,
    "too-many-objectives": wholes.dropped,
}
