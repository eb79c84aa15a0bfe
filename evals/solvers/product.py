"""The product as a solver: every answer comes through `Coach.review`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from app.coach.critic import RULE_OF_KIND, Critic, Judgement
from app.coach.findings import HEADLINE
from app.coach.flow import Coach
from app.coach.nouns import Context, Draft, Finding, Okr, Pillar, Source
from app.coach.rules.rule import LineView
from app.coach.strategy import Link, Linkage
from app.config import settings
from app.errors import ModelError
from app.wiring import build_coach
from evals.cases import LINK_RULE, Case, is_headline, marks_of
from evals.task import Answer, Marks, NoAnswer, Sample, Status

_Place = tuple[int, int | None]


@cache
def product_coach() -> Coach:
    """The coach as settings wire it, models loaded once a process. Raises `ModelError`."""
    return build_coach(settings())


def critic_solver() -> CriticSolver:
    """The product's critic as solver. Raises `ModelError`."""
    return CriticSolver(product_coach())


def linkage_solver() -> LinkageSolver:
    """The product's strategy linkage as solver. Raises `ModelError`."""
    return LinkageSolver(product_coach())


@dataclass
class _Overheard:
    """A critic whose judgements are noted as the review asks for them, with their confidence.

    A review shows only what it flags; calibration needs the confidence of silence as well.
    """

    critic: Critic
    judgements: dict[_Place, Judgement] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        return self.critic.source

    @property
    def name(self) -> str:
        return self.critic.name

    def judge(self, lines: Sequence[tuple[LineView, str]]) -> list[Judgement]:
        judged = self.critic.judge(lines)
        for (line, _), judgement in zip(lines, judged, strict=True):
            self.judgements[line.objective, line.key_result] = judgement
        return judged


class CriticSolver:
    """The headline label of a line, or of every line of an OKR, as the review says it."""

    def __init__(self, coach: Coach) -> None:
        if coach.critic is None:
            raise ModelError("The coach has no critic to measure.")
        self._critic = coach.critic
        self._coach = replace(coach, linkage=None)

    def solve(self, samples: Sequence[Sample[Case]]) -> list[Answer | NoAnswer]:
        """See `Solver.solve`. Samples are reviewed as one draft, each as an OKR of a team of its own."""
        heard = _Overheard(self._critic)
        okrs = tuple(replace(sample.input.okr, team=sample.id) for sample in samples)
        review = replace(self._coach, critic=heard).review(Draft(okrs))
        found: dict[int, list[Finding]] = {}
        for finding in review.findings:
            if finding.rule in HEADLINE:
                found.setdefault(finding.target.objective, []).append(finding)
        return [
            _line_answer(sample.input, at, found.get(at, []), heard.judgements) for at, sample in enumerate(samples)
        ]


class _OverheardLinkage(Linkage):
    """A linkage judge whose links are noted as the review asks for them."""

    def __init__(self, linkage: Linkage) -> None:
        self._linkage = linkage
        self.name = linkage.name
        self.links: list[Link] = []

    def judge(self, okrs: Sequence[Okr], pillars: Sequence[Pillar]) -> list[Link]:
        self.links = self._linkage.judge(okrs, pillars)
        return self.links


class LinkageSolver:
    """Whether an OKR serves one of its pillars, as the review says it."""

    def __init__(self, coach: Coach) -> None:
        if coach.linkage is None:
            raise ModelError("The coach has no strategy linkage to measure.")
        self._heard = _OverheardLinkage(coach.linkage)
        self._coach = replace(coach, critic=None, linkage=self._heard)

    def solve(self, samples: Sequence[Sample[Case]]) -> list[Answer | NoAnswer]:
        """See `Solver.solve`."""
        return [self._answer(sample.input) for sample in samples]

    def _answer(self, case: Case) -> Answer:
        review = self._coach.review(Draft((case.okr,)), _context(case))
        marks = tuple(mark for mark in marks_of(review.findings) if mark == LINK_RULE)
        linked = self._heard.links[0].probability
        return Answer(marks, 1 - linked if marks else linked)


class RulesSolver:
    """Every finding of the rules alone that isn't a headline one."""

    def __init__(self, coach: Coach | None = None) -> None:
        self._coach = coach or Coach()

    def solve(self, samples: Sequence[Sample[Case]]) -> list[Answer | NoAnswer]:
        """See `Solver.solve`."""
        return [Answer(self._marks(sample.input)) for sample in samples]

    def _marks(self, case: Case) -> Marks:
        review = self._coach.review(Draft((case.okr,)), _context(case), critic="none")
        return marks_of(finding for finding in review.findings if not is_headline(finding.rule))


def _context(case: Case) -> Context:
    return Context(team=case.okr.team, cycle=case.okr.cycle, strategy=case.pillars)


def _line_answer(
    case: Case, at: int, found: Sequence[Finding], judgements: dict[_Place, Judgement]
) -> Answer | NoAnswer:
    places = [None] if case.okr.objective else []
    asked: list[int | None] = [*places, *range(len(case.okr.key_results))]
    if case.asked is not None:
        asked = [asked[case.asked]]
    if any((at, place) not in judgements for place in asked):
        return NoAnswer(Status.UNSCORED, "the review had more lines than the critic judges")
    if case.asked is None:
        return Answer(marks_of(found))
    own = [finding for finding in found if finding.target.key_result == asked[0]]
    marks = tuple(sorted({finding.rule for finding in own}))
    judgement = judgements[at, asked[0]]
    agreed = marks == tuple(filter(None, [RULE_OF_KIND.get(judgement.kind)]))
    sure = judgement.confidence if agreed else max((finding.confidence for finding in own), default=None)
    return Answer(marks, sure)
