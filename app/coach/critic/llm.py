"""The LLM critic: a closed verdict on every line, and one on every OKR, from a language model.

It is never asked for a free list of findings. It quotes and code locates: a flag whose quote isn't in the line is
dropped and counted. Whatever goes wrong with the model is a fault of this consultation and of nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from app.coach.critic import Judgement, Kind
from app.coach.critic.answers import CriticAnswer, LineVerdict, LinkVerdict, NumberedVerdict, StrategyAnswer, hearing
from app.coach.critic.guidance import line_shots, link_shots, review_shots
from app.coach.critic.quotes import locate
from app.coach.language import is_english
from app.coach.nouns import Pillar, Source
from app.coach.orders import is_order
from app.coach.rules.rule import LineView, OkrView
from app.services import prompts
from app.services.language_model import HOPELESS, LanguageModel, LlmError, Tally

Calls = Literal["review", "line"]

LINES_A_CALL = 40
OKRS_A_CALL = 20
TOKENS_A_VERDICT = 120
LONGEST_WHY = 300
WITHHELD = "Text that isn't English or reads as an order to a model was kept from the LLM and judged without it"


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A line with what the model says of it."""

    line: LineView
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class JudgedLink:
    """An OKR with the pillar that the model says it serves; None for none."""

    okr: OkrView
    pillar: int | None
    confidence: float
    why: str


Judged = JudgedLine | JudgedLink


@dataclass(frozen=True, slots=True)
class LlmCritic:
    """A language model as critic. `calls` says whether it gets a review or a line at a time, `concurrency` how many
    calls one review may have under way.

    `timeout` (seconds) and `budget` (tokens) hold for a whole review; `price` is money for a million tokens in and out.
    """

    model: LanguageModel
    calls: Calls = "review"
    concurrency: int = 4
    timeout: float = 20.0
    budget: int = 60_000
    price: tuple[float, float] | None = None

    source = Source.LLM

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    def consult(
        self, lines: Sequence[tuple[LineView, str]], okrs: Sequence[OkrView], pillars: Sequence[Pillar]
    ) -> Consultation:
        """Begin to ask about each (line, its objective's text or "") and each OKR, for one review."""
        return Consultation(self, lines, okrs, pillars)


@dataclass
class Consultation:
    """One review's questions: what was said, what it took, and what went wrong."""

    critic: LlmCritic
    lines: Sequence[tuple[LineView, str]]
    okrs: Sequence[OkrView]
    pillars: Sequence[Pillar]
    judgements: dict[tuple[int, int | None], Judgement] = field(default_factory=dict)
    links: dict[int, JudgedLink] = field(default_factory=dict)
    dropped: set[tuple[int, int | None]] = field(default_factory=set)
    withheld: int = 0
    faults: dict[str, LlmError] = field(default_factory=dict)
    tally: Tally = field(init=False)
    _gate: asyncio.Semaphore = field(init=False)
    _heard: asyncio.Queue[Judged | None] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self.tally = Tally(self.critic.budget)
        self._gate = asyncio.Semaphore(self.critic.concurrency)
        self._withhold()

    @property
    def dropped_quotes(self) -> int:
        """Flags dropped because their quote isn't in the line."""
        return len(self.dropped)

    @property
    def cost(self) -> float | None:
        """What it cost, where a price is known."""
        if self.critic.price is None:
            return None
        paid = (self.tally.input_tokens, self.tally.output_tokens)
        return round(sum(t * p for t, p in zip(paid, self.critic.price, strict=True)) / 1_000_000, 6)

    def notes(self) -> Iterator[tuple[str, str]]:
        """Code and sentence of everything that didn't go as it should."""
        lines = sum((line.objective, line.key_result) not in self.judgements for line, _ in self.lines)
        okrs = sum(okr.index not in self.links for okr in self.okrs)
        missing = [_of(lines, len(self.lines), "line"), _of(okrs, len(self.okrs), "OKR")]
        without = " and ".join(part for part in missing if part)
        if self.faults:
            for error in self.faults.values():
                yield error.code, f"{error.message}: {without or 'nothing'} went without its verdict."
        elif without:
            yield "llm-incomplete", f"The LLM gave no usable verdict on {without}."
        if self.withheld:
            yield "llm-withheld", f"{WITHHELD}: {self.withheld}."

    async def verdicts(self) -> AsyncGenerator[Judged]:
        """The verdicts as they arrive; ends when all have, or time, budget or patience is up.

        Closing the iterator cancels what is under way.
        """
        asking = asyncio.create_task(self._ask_all())
        try:
            while (judged := await self._heard.get()) is not None:
                yield judged
            await asking
        finally:
            asking.cancel()
            await asyncio.wait({asking})

    async def _ask_all(self) -> None:
        seconds = self.critic.timeout
        try:
            await self.critic.model.prepare()
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                for question in self._questions():
                    group.create_task(self._ask(question))
        except TimeoutError:
            self._fault(LlmError("llm-timeout", f"The LLM took longer than {seconds:g} s"))
        except ExceptionGroup as several:
            raise several.exceptions[0] from several
        finally:
            self._heard.put_nowait(None)

    def _questions(self) -> list[Callable[[], Awaitable[None]]]:
        by_line = self.critic.calls == "line"
        lines, okrs = (1, 1) if by_line else (LINES_A_CALL, OKRS_A_CALL)
        ask_lines = self._ask_line if by_line else self._ask_lines
        return [
            *(partial(ask_lines, self.lines[at : at + lines]) for at in range(0, len(self.lines), lines)),
            *(partial(self._ask_links, self.okrs[at : at + okrs]) for at in range(0, len(self.okrs), okrs)),
        ]

    async def _ask(self, question: Callable[[], Awaitable[None]]) -> None:
        async with self._gate:
            if self.faults.keys() & HOPELESS:
                return
            try:
                await question()
            except LlmError as error:
                self._fault(error)

    async def _ask_line(self, batch: Sequence[tuple[LineView, str]]) -> None:
        ((line, _),) = batch
        text = prompts.plain(line.text)
        prompt = prompts.render(
            prompts.CriticLine(fence=prompts.fence_of((text,)), role=_role(line), text=text), line_shots()
        )
        answer = await self.critic.model.ask(prompt, LineVerdict, self.tally, max_tokens=2 * TOKENS_A_VERDICT)
        self._hear_line(line, answer)

    async def _ask_lines(self, batch: Sequence[tuple[LineView, str]]) -> None:
        by_number = {number: line for number, (line, _) in enumerate(batch, 1)}
        groups = _groups(batch)
        prompt = prompts.render(
            prompts.Critic(
                fence=prompts.fence_of(text.text for group in groups for text in group.lines), groups=groups
            ),
            review_shots(),
        )

        def hear(verdict: NumberedVerdict) -> None:
            if line := by_number.get(verdict.line):
                self._hear_line(line, verdict)

        answer = await self.critic.model.ask(
            prompt,
            CriticAnswer,
            self.tally,
            max_tokens=(len(batch) + 1) * TOKENS_A_VERDICT,
            hear=hearing(NumberedVerdict, hear),
        )
        for verdict in answer.verdicts:
            hear(verdict)

    async def _ask_links(self, okrs: Sequence[OkrView]) -> None:
        by_number = dict(enumerate(okrs, 1))
        shown = tuple(
            prompts.NumberedOkr(
                number,
                prompts.plain(okr.objective.text) if okr.objective else "",
                tuple(prompts.plain(kr.text) for kr in okr.key_results if _may_see(kr.text)),
            )
            for number, okr in by_number.items()
        )
        pillars = tuple(prompts.plain(pillar.statement) for pillar in self.pillars)
        prompt = prompts.render(
            prompts.Strategy(
                fence=prompts.fence_of([*pillars, *(text for o in shown for text in (o.objective, *o.key_results))]),
                pillars=pillars,
                okrs=shown,
            ),
            link_shots(),
        )

        def hear(verdict: LinkVerdict) -> None:
            if okr := by_number.get(verdict.okr):
                self._hear_link(okr, verdict)

        answer = await self.critic.model.ask(
            prompt,
            StrategyAnswer,
            self.tally,
            max_tokens=(len(okrs) + 1) * TOKENS_A_VERDICT,
            hear=hearing(LinkVerdict, hear),
        )
        for verdict in answer.verdicts:
            hear(verdict)

    def _hear_line(self, line: LineView, verdict: LineVerdict | NumberedVerdict) -> None:
        place = (line.objective, line.key_result)
        if place in self.judgements:
            return
        kind = Kind(verdict.kind)
        quote = None
        if kind is not Kind.NEITHER:
            quote = locate(line.text, verdict.quote)
            if quote is None:
                self.dropped.add(place)
                return
        self.dropped.discard(place)
        judgement = Judgement(kind, verdict.confidence, _sentence(verdict.why), quote)
        self.judgements[place] = judgement
        self._heard.put_nowait(JudgedLine(line, judgement))

    def _hear_link(self, okr: OkrView, verdict: LinkVerdict) -> None:
        if okr.index in self.links or not 0 <= verdict.pillar <= len(self.pillars):
            return
        link = JudgedLink(
            okr,
            verdict.pillar - 1 if verdict.pillar else None,
            verdict.confidence,
            _sentence(verdict.why),
        )
        self.links[okr.index] = link
        self._heard.put_nowait(link)

    def _fault(self, error: LlmError) -> None:
        self.faults.setdefault(error.code, error)

    def _withhold(self) -> None:
        """Keep from the model what it shouldn't be told."""
        kept = [(line, objective) for line, objective in self.lines if _may_see(line.text)]
        self.withheld = len(self.lines) - len(kept)
        self.lines = [(line, objective if _may_see(objective) else "") for line, objective in kept]
        if hidden := sum(not _may_see(pillar.statement) for pillar in self.pillars):
            self.withheld += hidden
            self.okrs = ()
        self.okrs = [okr for okr in self.okrs if okr.objective and _may_see(okr.objective.text)]


def _groups(batch: Sequence[tuple[LineView, str]]) -> tuple[prompts.LineGroup, ...]:
    grouped: dict[int, list[tuple[int, LineView, str]]] = {}
    for number, (line, objective) in enumerate(batch, 1):
        grouped.setdefault(line.objective, []).append((number, line, objective))
    groups = []
    for items in grouped.values():
        shows_objective = any(line.is_objective for _, line, _ in items)
        groups.append(
            prompts.LineGroup(
                "" if shows_objective else prompts.plain(items[0][2]),
                tuple(prompts.NumberedLine(number, _role(line), prompts.plain(line.text)) for number, line, _ in items),
            )
        )
    return tuple(groups)


def _of(some: int, total: int, what: str) -> str:
    return f"{some} of {total} {what}{'s' if total != 1 else ''}" if some else ""


def _role(line: LineView) -> str:
    return "objective" if line.is_objective else "line"


def _may_see(text: str) -> bool:
    """Whether the model may be shown this: an order in another language is an order as well."""
    shown = prompts.plain(text)
    return is_english([shown]) and not is_order(shown)


def _sentence(text: str) -> str:
    return prompts.plain(text, LONGEST_WHY)
