"""Judges that ask a language model, as solvers; without `--live` they answer from recorded replies.

What isn't recorded is unscored, never taken for silence of the model.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from app.coach.critic.llm import Calls, LlmCritic
from app.coach.findings import HEADLINE
from app.coach.flow import Coach
from app.coach.nouns import Context, Draft, Finding
from app.coach.report import Review
from app.coach.stages import CriticChoice
from app.config import Settings, settings
from app.errors import ModelError
from app.services.language_model import AnswerT, Hear, LanguageModel, LlmError, Prompt, Tally
from app.services.replay import NotRecordedError
from app.wiring import build_llm
from evals.cases import LINK_RULE, Case
from evals.solvers.product import product_coach
from evals.task import Answer, NoAnswer, Sample, Spent, Status

REPLIES = Path(__file__).parents[1] / "replies" / "critic-llm.jsonl"
RECORDED_MODEL = "qwen"
_PATIENCE = 600.0
_ENOUGH = 10_000_000
_AN_ANSWER = 500


def _settings(calls: Calls, replies: Path) -> Settings:
    """The operator's model when replies are recorded, else the recorded one, with nothing of the environment."""
    given = settings()
    fixed = {"llm_calls": calls, "llm_timeout": _PATIENCE, "llm_budget": _ENOUGH, "llm_concurrency": 1}
    if given.llm_record:
        return given.model_copy(update={**fixed, "llm_replies": given.llm_replies or replies})
    plain = {"llm_model": RECORDED_MODEL, "llm_mode": "json_schema", "llm_options": {"temperature": 0}}
    return given.model_copy(update={**fixed, **plain, "llm_replies": replies})


def language_critic(calls: Calls, replies: Path = REPLIES) -> LlmCritic:
    """The product's LLM critic over a model that is metered. Raises `ModelError` when none is configured."""
    critic = build_llm(_settings(calls, replies))
    if critic is None:
        raise ModelError(
            "--live needs a model: set OKR_COACH_LLM_MODEL, and OPENAI_BASE_URL or OPENAI_API_KEY.",
        )
    return replace(critic, model=Metered(critic.model))


class Metered:
    """A model whose every call is counted. See `LanguageModel`."""

    def __init__(self, inner: LanguageModel) -> None:
        self._inner = inner
        self.spent = Tally(_ENOUGH)

    @property
    def name(self) -> str:
        """See `LanguageModel.name`."""
        return self._inner.name

    @property
    def settings(self) -> Mapping[str, object]:
        """See `LanguageModel.settings`."""
        return self._inner.settings

    async def prepare(self) -> None:
        """See `LanguageModel.prepare`."""
        await self._inner.prepare()

    async def ask(
        self,
        prompt: Prompt,
        schema: type[AnswerT],
        tally: Tally,
        *,
        max_tokens: int,
        hear: Hear | None = None,
    ) -> AnswerT:
        """See `LanguageModel.ask`."""
        own = Tally(tally.left)
        try:
            return await self._inner.ask(prompt, schema, own, max_tokens=max_tokens, hear=hear)
        finally:
            for each in (tally, self.spent):
                each.spend(own.input_tokens, own.output_tokens, own.calls, own.seconds)

    async def close(self) -> None:
        """See `LanguageModel.close`."""
        await self._inner.close()


class ReviewSolver:
    """What the whole review says with the judges of `critic`: of one line, or of the OKR's link to the strategy."""

    def __init__(self, critic: CriticChoice, calls: Calls | None = None) -> None:
        self._llm = language_critic(calls) if calls else None
        self._coach: Coach = replace(product_coach(), llm=self._llm)
        self._choice = critic
        self._reviews: dict[tuple[object, ...], Review | NoAnswer] = {}

    @property
    def spent(self) -> Spent | None:
        """What the model took, None where none is asked."""
        return spent_by(self._llm) if self._llm else None

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
        try:
            return await self._coach.review_async(Draft((case.okr,)), context, critic=self._choice)
        except NotRecordedError as error:
            return NoAnswer(Status.UNSCORED, str(error))


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
        self._critic = language_critic("review")
        self._heard: dict[tuple[object, ...], PlainAnswer | NoAnswer] = {}

    @property
    def spent(self) -> Spent | None:
        """What the model took."""
        return spent_by(self._critic)

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
            await self._critic.model.close()
        return answers

    async def _ask(self, case: Case) -> PlainAnswer | NoAnswer:
        prompt = Prompt("plain", PLAIN, (), _as_pasted(case))
        try:
            return await self._critic.model.ask(prompt, PlainAnswer, Tally(_ENOUGH), max_tokens=_AN_ANSWER)
        except NotRecordedError as error:
            return NoAnswer(Status.UNSCORED, str(error))
        except LlmError as error:
            return NoAnswer(Status.UNSCORED, error.message)


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


def spent_by(critic: LlmCritic) -> Spent | None:
    """What a metered critic's model took; None for one that isn't metered."""
    tally = critic.model.spent if isinstance(critic.model, Metered) else None
    if tally is None:
        return None
    price = critic.price
    cost = (tally.input_tokens * price[0] + tally.output_tokens * price[1]) / 1_000_000 if price else None
    return Spent(tally.calls, tally.input_tokens, tally.output_tokens, tuple(tally.seconds), cost)


by_line = partial(ReviewSolver, "llm", "line")
by_review = partial(ReviewSolver, "llm", "review")
local_alone = partial(ReviewSolver, "local")
local_and_llm = partial(ReviewSolver, "auto", "line")
