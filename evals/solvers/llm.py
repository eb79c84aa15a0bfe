"""Judges that ask a language model, as solvers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from pydantic import BaseModel

from app.coach.critic.llm import Calls
from app.coach.findings import HEADLINE
from app.coach.flow import Coach
from app.coach.nouns import Context, Draft, Finding
from app.coach.report import Review
from app.coach.stages import CriticChoice
from app.services.language_model import Prompt, Tally
from evals.cases import LINK_RULE, Case
from evals.solvers.asking import ENOUGH, Meter, answered, asking_settings, metered_critic
from evals.solvers.product import product_coach
from evals.task import Answer, NoAnswer, Sample, Spent

_REPLIES = "critic-llm"
_AN_ANSWER = 500


class ReviewSolver:
    """What the whole review says with the judges of `critic`: of one line, or of the OKR's link to the strategy."""

    def __init__(self, critic: CriticChoice, calls: Calls | None = None) -> None:
        self._meter: Meter | None = None
        self._coach: Coach = replace(product_coach(), llm=None)
        if calls:
            llm, self._meter = metered_critic(asking_settings(_REPLIES, calls))
            self._coach = replace(self._coach, llm=llm)
        self._choice = critic
        self._reviews: dict[tuple[object, ...], Review | NoAnswer] = {}

    @property
    def spent(self) -> Spent | None:
        """What the model took, None where none is asked."""
        return self._meter.spent if self._meter else None

    def solve(self, samples: Sequence[Sample[Case]]) -> list[Answer | NoAnswer]:
        """See `Solver.solve`. Samples of one OKR are answered by one review of it."""
        return asyncio.run(self._solve(samples))

    async def _solve(self, samples: Sequence[Sample[Case]]) -> list[Answer | NoAnswer]:
        answers = []
        try:
            for case in (sample.input for sample in samples):
                key = (case.okr, case.pillars)
                if key not in self._reviews:
                    self._reviews[key] = await self._review(case)
                review = self._reviews[key]
                answers.append(review if isinstance(review, NoAnswer) else _read(case, review.findings))
        finally:
            await self._coach.close()
        return answers

    async def _review(self, case: Case) -> Review | NoAnswer:
        context = Context(team=case.okr.team, cycle=case.okr.cycle, strategy=case.pillars)
        return await answered(partial(self._coach.review_async, Draft((case.okr,)), context, critic=self._choice))


class PlainFinding(BaseModel):
    """One problem; `line` 0 is the OKR as a whole, 1 its objective."""

    line: int
    problem: Literal["activity-not-outcome", "kpi-as-okr", "missing-strategy-link"]
    why: str


class PlainAnswer(BaseModel):
    """Everything found."""

    findings: list[PlainFinding]


PLAIN = (
    "You are an OKR expert. Review the OKR you are given against the company's strategy. List every problem: "
    "activity-not-outcome for a line that is a task or a deliverable instead of an outcome, kpi-as-okr for a line that "
    "is a KPI to keep instead of a change, missing-strategy-link (line 0) for an OKR that serves none of the pillars. "
    "Give the number of the line and why in one short sentence."
)


class PlainPromptSolver:
    """The same model asked as people ask: one prompt, and a free list of what is wrong."""

    def __init__(self) -> None:
        critic, self._meter = metered_critic(asking_settings(_REPLIES))
        self._model = critic.model
        self._heard: dict[tuple[object, ...], PlainAnswer | NoAnswer] = {}

    @property
    def spent(self) -> Spent:
        """What the model took."""
        return self._meter.spent

    def solve(self, samples: Sequence[Sample[Case]]) -> list[Answer | NoAnswer]:
        """See `Solver.solve`."""
        return asyncio.run(self._solve(samples))

    async def _solve(self, samples: Sequence[Sample[Case]]) -> list[Answer | NoAnswer]:
        answers: list[Answer | NoAnswer] = []
        try:
            for case in (sample.input for sample in samples):
                key = (case.okr, case.pillars)
                if key not in self._heard:
                    self._heard[key] = await self._ask(case)
                heard = self._heard[key]
                answers.append(heard if isinstance(heard, NoAnswer) else _listed(case, heard))
        finally:
            await self._model.close()
        return answers

    async def _ask(self, case: Case) -> PlainAnswer | NoAnswer:
        prompt = Prompt("plain", PLAIN, (), _as_pasted(case))
        return await answered(
            partial(self._model.ask, prompt, PlainAnswer, Tally(ENOUGH), max_tokens=_AN_ANSWER),
        )


def _as_pasted(case: Case) -> str:
    pillars = "\n".join(f"- {pillar.statement}" for pillar in case.pillars)
    lines = "\n".join(f"{number}. {line.text}" for number, line in enumerate(case.okr.lines, 1))
    return f"Strategy:\n{pillars}\n\nOKR (line 1 is the objective):\n{lines}"


def _listed(case: Case, answer: PlainAnswer) -> Answer:
    if case.asked is None:
        return Answer((LINK_RULE,) if any(found.problem == LINK_RULE for found in answer.findings) else ())
    named = [f.problem for f in answer.findings if f.line == case.asked + 1 and f.problem in HEADLINE]
    return Answer(tuple(named[:1]))


def _read(case: Case, findings: Sequence[Finding]) -> Answer:
    if case.asked is None:
        return Answer((LINK_RULE,) if any(finding.rule == LINK_RULE for finding in findings) else ())
    place = case.asked - 1 if case.okr.objective else case.asked
    key_result = None if place < 0 else place
    return Answer(tuple(f.rule for f in findings if f.rule in HEADLINE and f.target.key_result == key_result))


by_line = partial(ReviewSolver, "llm", "line")
by_review = partial(ReviewSolver, "llm", "review")
local_alone = partial(ReviewSolver, "local")
local_and_llm = partial(ReviewSolver, "auto", "line")
