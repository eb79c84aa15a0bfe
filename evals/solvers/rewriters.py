"""Writers of rewrites as solvers: the product's, and the bare template that it must beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.coach.flow import Coach
from app.coach.nouns import Draft, Target
from app.coach.rewrite.nouns import Rewrite
from app.coach.rewrite.rewriter import Rewriter, Wish
from app.config import settings
from app.wiring import build_rewriter
from evals.rewriting.shown import NOT_FLAGGED, Flagged, Shown, as_answer
from evals.solvers.product import product_coach
from evals.task import Answer, NoAnswer, Sample

TEMPLATE = "Raise [metric] from [x] to [y] by [date]"
"""What a form would say to any line."""


def embedded_rewriter() -> RewriteSolver:
    """The product's embedded writer with its guard and re-review. Raises `ModelError`."""
    coach = replace(product_coach(), llm=None)
    return RewriteSolver(coach, build_rewriter(settings(), coach))


class RewriteSolver:
    """What the product shows for a flagged line."""

    def __init__(self, coach: Coach, rewriter: Rewriter) -> None:
        self._coach = coach
        self._rewriter = rewriter

    def solve(self, samples: Sequence[Sample[Flagged]]) -> list[Answer | NoAnswer]:
        """See `Solver.solve`. Samples are one draft, each an OKR of a team of its own."""
        okrs = tuple(replace(sample.input.case.okr, team=sample.id) for sample in samples)
        review = self._coach.review(Draft(okrs))
        targets = tuple(Target(at, sample.input.key_result) for at, sample in enumerate(samples))
        found = self._rewriter.rewrite(review, wish=Wish(targets))
        shown: dict[Target, list[Rewrite]] = {}
        for rewrite in found.rewrites:
            shown.setdefault(rewrite.candidate.target, []).append(rewrite)
        flagged = {(finding.target, finding.rule) for finding in review.findings}
        return [
            _answer(sample, shown.get(target, ()))
            if any((target, rule) in flagged for rule in sample.target or ())
            else Answer((NOT_FLAGGED,))
            for sample, target in zip(samples, targets, strict=True)
        ]


def _answer(sample: Sample[Flagged], rewrites: Sequence[Rewrite]) -> Answer:
    """The candidates that answer one of the sample's findings."""
    wanted = set(sample.target or ())
    return as_answer(
        Shown(rewrite.candidate.kind, rewrite.candidate.text, tuple(sorted(wanted.intersection(rewrite.answers))))
        for rewrite in rewrites
        if wanted.intersection(rewrite.answers)
    )


class BareTemplate:
    """The same empty sentence for every line."""

    def solve(self, samples: Sequence[Sample[Flagged]]) -> list[Answer | NoAnswer]:
        """See `Solver.solve`."""
        return [as_answer([Shown("line", TEMPLATE, sample.target or ())]) for sample in samples]
