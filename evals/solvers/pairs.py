"""A language model asked about pairs, by our prompt and plainly; without `--live` it answers from recorded replies.

Asking takes seconds a pair, so a part of the samples is drawn; the others, and what isn't recorded, are unscored.
"""

from __future__ import annotations

import asyncio
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from app.coach.overlap import Place, Relation
from app.coach.overlap.opinion import PAIRS_A_CALL, LlmPairs, Sides, side
from app.coach.profiles import HOUSE, profile
from app.services.language_model import Prompt, Tally
from app.services.prompts import TeamLine
from evals.pairs import SHOWN, PairCase
from evals.solvers.asking import ENOUGH, answered, asking_settings, metered_critic
from evals.task import Answer, NoAnswer, Sample, Spent, Status

_REPLIES = "overlap"
ONE_IN = 4
"""Of the pairs, drawn by a hash of their ids."""
NOT_DRAWN = NoAnswer(Status.UNSCORED, f"a language model is asked about one pair in {ONE_IN}")
_AN_ANSWER = 200


def drawn(sample_id: str) -> bool:
    """Whether a language model is asked about this sample."""
    return hashlib.blake2b(sample_id.encode(), digest_size=4).digest()[0] % ONE_IN == 0


class _Asking(ABC):
    """What both have in common: a metered model that is asked about the drawn samples."""

    def __init__(self) -> None:
        self._critic, self._meter = metered_critic(asking_settings(_REPLIES))

    @property
    def spent(self) -> Spent:
        """What the model took."""
        return self._meter.spent

    def solve(self, samples: Sequence[Sample[PairCase]]) -> list[Answer | NoAnswer]:
        """See `Solver.solve`."""
        return asyncio.run(self._solve(samples))

    async def _solve(self, samples: Sequence[Sample[PairCase]]) -> list[Answer | NoAnswer]:
        chosen = [sample for sample in samples if drawn(sample.id)]
        try:
            told = dict(zip((sample.id for sample in chosen), await self._ask(chosen), strict=True))
        finally:
            await self._critic.model.close()
        return [told.get(sample.id, NOT_DRAWN) for sample in samples]

    @abstractmethod
    async def _ask(self, samples: Sequence[Sample[PairCase]]) -> Sequence[Answer | NoAnswer]:
        """One answer a sample, in order."""


class PairOpinionSolver(_Asking):
    """The product's prompt with its closed verdicts, a few pairs of one sample set in a call."""

    async def _ask(self, samples: Sequence[Sample[PairCase]]) -> Sequence[Answer | NoAnswer]:
        critic = self._critic
        judge = LlmPairs(critic.model, profile(HOUSE).precision, 1, critic.timeout, critic.budget)
        answers: list[Answer | NoAnswer] = []
        for at in range(0, len(samples), PAIRS_A_CALL):
            answers += await self._call(judge, [_sides(sample.input) for sample in samples[at : at + PAIRS_A_CALL]])
        return answers

    async def _call(self, judge: LlmPairs, pairs: Sequence[Sides]) -> list[Answer | NoAnswer]:
        told = await answered(lambda: judge.consult(pairs))
        if isinstance(told, NoAnswer):
            return [told] * len(pairs)
        missing = NoAnswer(Status.UNSCORED, "; ".join(note for _, note in told.notes()) or "no verdict")
        return [
            _answer(said.type, said.confidence) if (said := told.said.get(at)) else missing for at in range(len(pairs))
        ]


class PlainPairAnswer(BaseModel):
    """How the two relate."""

    relation: Literal["unrelated", "duplicate", "overlap", "conflict", "dependency"]


PLAIN = (
    "You are an OKR expert. You are given OKR lines of two teams of one company. Are they duplicate, overlap, "
    "conflict, dependency or unrelated? Answer with the relation."
)


class PlainPairSolver(_Asking):
    """The same model asked as people ask: one pair, one sentence of instruction."""

    async def _ask(self, samples: Sequence[Sample[PairCase]]) -> Sequence[Answer | NoAnswer]:
        return [await self._one(sample.input) for sample in samples]

    async def _one(self, case: PairCase) -> Answer | NoAnswer:
        prompt = Prompt("plain-pair", PLAIN, (), case.text)
        model = self._critic.model
        told = await answered(lambda: model.ask(prompt, PlainPairAnswer, Tally(ENOUGH), max_tokens=_AN_ANSWER))
        if isinstance(told, NoAnswer):
            return told
        return _answer(Relation(told.relation), None)


def _answer(relation: Relation, confidence: float | None) -> Answer:
    """What it calls related it would show."""
    return Answer((), confidence) if relation is Relation.UNRELATED else Answer((relation.value, SHOWN), confidence)


def _sides(case: PairCase) -> Sides:
    return _side(case, case.a), _side(case, case.b)


def _side(case: PairCase, place: Place) -> TeamLine:
    okr = case.plan.okrs[place.okr]
    above = okr.objective.text if okr.objective and not place.is_objective else ""
    return side(okr.team or "", case.line(place), above)
