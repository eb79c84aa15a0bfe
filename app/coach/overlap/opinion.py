"""A language model's opinion on pairs that the embedded judge is in doubt about: a closed verdict a pair.

Whatever goes wrong with the model is a fault of this consultation and of nothing else: the map comes without it, and
says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from pydantic import BaseModel

from app.coach.critic.answers import Confidence
from app.coach.critic.guidance import SURE, SideExample, examples
from app.coach.critic.settle import Opinion, Precision, settle
from app.coach.language import is_english
from app.coach.nouns import Source
from app.coach.orders import is_order
from app.coach.overlap.nouns import RELATIONS, Pair, Relation
from app.services import prompts
from app.services.language_model import HOPELESS, LanguageModel, LlmError, Tally

MOST_ASKED = 24
"""Pairs of one map that are asked about, those first whose being shown hangs most on it."""
PAIRS_A_CALL = 6
TOKENS_A_VERDICT = 90
LONGEST_WHY = 300


class PairVerdict(BaseModel):
    """The verdict on one numbered pair."""

    pair: int
    type: Literal["unrelated", "duplicate", "overlap", "conflict", "dependency"]
    confidence: Confidence
    why: str


class PairsAnswer(BaseModel):
    """One verdict for every numbered pair."""

    verdicts: list[PairVerdict]


@dataclass(frozen=True, slots=True)
class Said:
    """What the model says of a pair."""

    type: Relation
    confidence: float
    why: str


Sides = tuple[prompts.TeamLine, prompts.TeamLine]
"""Both lines of a pair, as the model is shown them."""


@dataclass(frozen=True, slots=True)
class LlmPairs:
    """A language model that is asked about pairs. `timeout` (seconds) and `budget` (tokens) hold for a whole map.

    `precision` is how often each tier is right when it names a relation. A model that nobody has measured would
    change nothing, so it isn't asked.
    """

    model: LanguageModel
    precision: Precision
    concurrency: int = 4
    timeout: float = 20.0
    budget: int = 60_000

    @property
    def counts(self) -> bool:
        """Whether there is anything that its word would change."""
        own: Mapping[str, float] = self.precision.get(Source.LLM.value, {})
        return any(own.get(relation.value, 0.0) > 0 for relation in RELATIONS)

    def from_threads(self) -> AskAbout | None:
        """Asks on the event loop that runs now, for threads that wait meanwhile; None where asking changes nothing."""
        if not self.counts:
            return None
        loop = asyncio.get_running_loop()
        return lambda pairs: asyncio.run_coroutine_threadsafe(self.consult(pairs), loop).result()

    async def consult(self, pairs: Sequence[Sides]) -> Consulted:
        """The model's verdicts, as far as time and budget allow."""
        found = Consulted(self, pairs)
        await found.ask()
        return found


AskAbout = Callable[[Sequence[Sides]], "Consulted"]
"""Asks the model and waits; to be called from a thread of its own."""


@dataclass
class Consulted:
    """What was asked, what was said of which pair (by its number from 0), what it took, and what went wrong."""

    judge: LlmPairs
    pairs: Sequence[Sides]
    said: dict[int, Said] = field(default_factory=dict)
    faults: dict[str, LlmError] = field(default_factory=dict)
    withheld: int = 0
    tally: Tally = field(init=False)

    def __post_init__(self) -> None:
        self.tally = Tally(self.judge.budget)

    def notes(self) -> Iterator[tuple[str, str]]:
        """Code and sentence of everything that didn't go as it should."""
        missing = len(self.pairs) - self.withheld - len(self.said)
        for error in self.faults.values():
            yield (
                error.code,
                f"{error.message}: {missing} of {len(self.pairs)} doubtful pairs went without its verdict.",
            )
        if missing and not self.faults:
            yield "llm-incomplete", f"The LLM gave no usable verdict on {missing} of {len(self.pairs)} doubtful pairs."
        if self.withheld:
            yield (
                "llm-withheld",
                f"Pairs that aren't English or read as an order to a model were kept from the LLM: {self.withheld}.",
            )

    async def ask(self) -> None:
        """Ask about all pairs, a few a call."""
        shown = [at for at, sides in enumerate(self.pairs) if all(map(_may_see, sides))]
        self.withheld = len(self.pairs) - len(shown)
        gate = asyncio.Semaphore(self.judge.concurrency)

        async def call(batch: Sequence[int]) -> None:
            async with gate:
                if self.faults.keys() & HOPELESS:
                    return
                try:
                    await self._ask(batch)
                except LlmError as error:
                    self.faults.setdefault(error.code, error)

        try:
            await self.judge.model.prepare()
            async with asyncio.timeout(self.judge.timeout), asyncio.TaskGroup() as group:
                for at in range(0, len(shown), PAIRS_A_CALL):
                    group.create_task(call(shown[at : at + PAIRS_A_CALL]))
        except TimeoutError:
            late = LlmError("llm-timeout", f"The LLM took longer than {self.judge.timeout:g} s")
            self.faults.setdefault(late.code, late)
        except ExceptionGroup as several:
            raise several.exceptions[0] from several

    async def _ask(self, batch: Sequence[int]) -> None:
        numbered = tuple(prompts.NumberedPair(number, *self.pairs[at]) for number, at in enumerate(batch, 1))
        answer = await self.judge.model.ask(
            prompts.render(_context(numbered), pair_shots()),
            PairsAnswer,
            self.tally,
            max_tokens=(len(batch) + 1) * TOKENS_A_VERDICT,
        )
        for verdict in answer.verdicts:
            if 1 <= verdict.pair <= len(batch):
                sentence = prompts.plain(verdict.why, LONGEST_WHY)
                self.said.setdefault(
                    batch[verdict.pair - 1], Said(Relation(verdict.type), verdict.confidence, sentence)
                )


def doubtful(pairs: Sequence[Pair], threshold: float, shown: float) -> list[int]:
    """The places in `pairs` of those that may or may not be worth showing, the most doubtful first."""
    band = [at for at, pair in enumerate(pairs) if threshold <= pair.score < (1 + shown) / 2]
    return sorted(band, key=lambda at: (abs(pairs[at].score - shown), at))[:MOST_ASKED]


def weighed(pair: Pair, said: Said, precision: Precision, threshold: float, needing: Literal["a", "b"]) -> Pair:
    """The pair as it stands once the model has spoken: the more precise of both judges counts, and the other is kept.

    Where the model's word stands, the pair is as likely related as its word is right.
    """
    settled = settle(
        [
            Opinion(Source.LOCAL, pair.type.value, pair.score),
            Opinion(Source.LLM, said.type.value, said.confidence, said.why),
        ],
        precision,
    )
    kept = replace(pair, sources=settled.sources, others=settled.others)
    sure = precision.get(Source.LLM.value, {}).get(said.type.value, 0.0)
    if Source.LLM not in settled.sources or sure <= 0:
        return kept
    related = said.type is not Relation.UNRELATED
    score = max(pair.score, sure, threshold) if related else min(pair.score, 1 - sure)
    relation = said.type if score >= threshold else Relation.UNRELATED
    waits = needing if relation is Relation.DEPENDENCY else None
    why = said.why if Source.LOCAL not in settled.sources and said.why else pair.why
    return replace(kept, type=relation, score=round(score, 4), why=why, needs=waits)


def side(team: str, text: str, objective: str) -> prompts.TeamLine:
    """A line as the model is shown it."""
    return prompts.TeamLine(prompts.plain(team), prompts.plain(text), prompts.plain(objective))


@cache
def pair_shots() -> tuple[prompts.Shot, ...]:
    """All examples in one call, with one answer."""
    shown = examples().pairs
    numbered = tuple(
        prompts.NumberedPair(number, _shown(example.a), _shown(example.b)) for number, example in enumerate(shown, 1)
    )
    verdicts = [
        PairVerdict(pair=number, type=example.type, confidence=SURE, why=example.why)
        for number, example in enumerate(shown, 1)
    ]
    return ((_context(numbered), PairsAnswer(verdicts=verdicts)),)


def _shown(example: SideExample) -> prompts.TeamLine:
    return side(example.team, example.text, example.objective)


def _context(numbered: tuple[prompts.NumberedPair, ...]) -> prompts.Pairs:
    texts = [text for pair in numbered for one in (pair.a, pair.b) for text in (one.team, one.text, one.objective)]
    return prompts.Pairs(prompts.fence_of(texts), numbered)


def _may_see(line: prompts.TeamLine) -> bool:
    """Whether the model may be shown this: an order in another language is an order as well."""
    texts = [text for text in (line.team, line.text, line.objective) if text]
    return is_english([line.text]) and not any(map(is_order, texts))
