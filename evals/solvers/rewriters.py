"""Writers of rewrites as solvers: the product's two, the bare template and the plain prompt that they must beat."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from pydantic import BaseModel

from app.coach.flow import Coach
from app.coach.nouns import Draft, Finding, Severity, Source, Target
from app.coach.report import Review
from app.coach.rewrite.nouns import Rewrite
from app.coach.rewrite.rewriter import Rewriter, Rewritten, Wish
from app.config import settings
from app.services.language_model import Prompt, Tally
from app.services.replay import ANSWERED_BADLY
from app.wiring import build_rewriter
from evals.rewriting.shown import NOT_FLAGGED, Flagged, Shown, as_answer
from evals.solvers.asking import ENOUGH, answered, asking_settings, metered_critic
from evals.solvers.product import product_coach
from evals.task import Answer, NoAnswer, Sample, Spent, Status

_REPLIES = "rewrite"
_AN_OKR = 500

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


class LlmRewriteSolver:
    """What the product shows when the language model writes.

    The model is told the findings that a coach raised rather than those of the embedded critic, so that its replies
    outlive the critic's next training; guard and re-review are the product's.
    """

    def __init__(self) -> None:
        settings = asking_settings(_REPLIES)
        critic, self._meter = metered_critic(settings)
        self._coach = replace(product_coach(), llm=critic)
        self._rewriter = build_rewriter(settings, self._coach)

    @property
    def spent(self) -> Spent:
        """What the model took."""
        return self._meter.spent

    def solve(self, samples: Sequence[Sample[Flagged]]) -> list[Answer | NoAnswer]:
        """See `Solver.solve`. Each sample is a draft of its own."""
        return asyncio.run(self._solve(samples))

    async def _solve(self, samples: Sequence[Sample[Flagged]]) -> list[Answer | NoAnswer]:
        try:
            return [await self._rewritten(sample) for sample in samples]
        finally:
            await self._coach.close()

    async def _rewritten(self, sample: Sample[Flagged]) -> Answer | NoAnswer:
        target = Target(0, sample.input.key_result)
        review = self._told(sample, target)
        ask = partial(self._rewriter.rewrite_async, review, wish=Wish((target,)), critic="local", writer="llm")
        found: Rewritten | NoAnswer = await answered(ask)
        if isinstance(found, NoAnswer):
            return found
        faults = [one for one in found.dropped if one.reason.startswith("llm-") and one.reason not in ANSWERED_BADLY]
        if faults:
            return NoAnswer(Status.UNSCORED, faults[0].message)
        return _answer(sample, found.rewrites)

    def _told(self, sample: Sample[Flagged], target: Target) -> Review:
        line = sample.input.line
        review = self._coach.review(Draft((sample.input.case.okr,)), critic="none")
        told = tuple(
            Finding(rule, Severity.ERROR, line.start, line.end, line.text, "", "", (Source.RULE,), 1.0, target)
            for rule in sample.target or ()
        )
        return replace(review, findings=told)


class PlainOkr(BaseModel):
    """The OKR in better words."""

    objective: str
    key_results: list[str]


PLAIN = "Rewrite this OKR so that it is good."


class PlainRewriteSolver:
    """The same model asked as people ask; what it says is taken as it comes, without guard or re-review."""

    def __init__(self) -> None:
        critic, self._meter = metered_critic(asking_settings(_REPLIES))
        self._model = critic.model

    @property
    def spent(self) -> Spent:
        """What the model took."""
        return self._meter.spent

    def solve(self, samples: Sequence[Sample[Flagged]]) -> list[Answer | NoAnswer]:
        """See `Solver.solve`."""
        return asyncio.run(self._solve(samples))

    async def _solve(self, samples: Sequence[Sample[Flagged]]) -> list[Answer | NoAnswer]:
        try:
            return [await self._rewritten(sample) for sample in samples]
        finally:
            await self._model.close()

    async def _rewritten(self, sample: Sample[Flagged]) -> Answer | NoAnswer:
        okr = sample.input.case.okr
        lines = [f"Objective: {okr.objective.text}"] if okr.objective else []
        lines += [f"Key result: {line.text}" for line in okr.key_results]
        prompt = Prompt("plain_rewrite", PLAIN, (), "\n".join(lines))
        said = await answered(partial(self._model.ask, prompt, PlainOkr, Tally(ENOUGH), max_tokens=_AN_OKR))
        if isinstance(said, NoAnswer):
            return said
        texts = [said.objective] if sample.input.key_result is None else said.key_results
        plain = [" ".join(text.split()) for text in texts]
        return as_answer(Shown("line", text, sample.target or ()) for text in plain if text)


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
