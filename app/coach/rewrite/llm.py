"""The LLM writer: several candidates for every flagged line of an OKR, in one structured call.

What it writes is judged by the same guard and re-review as everything else; what they refuse it may mend once, told
why. Lines that read as orders, and text that isn't English, are kept from it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import BaseModel

from app.coach.language import is_english
from app.coach.orders import is_order
from app.coach.rewrite import answers
from app.coach.rewrite.guard import Fault, new_words
from app.coach.rewrite.nouns import Brief, Candidate, Dropped
from app.services import prompts
from app.services.language_model import HOPELESS, LanguageModel, LlmError, Tally

NAME: Final = "llm"
TOKENS_A_REWRITE: Final = 110
MOST_REFUSED: Final = 12
LONGEST_WHY: Final = 300
LONGEST_TEXT: Final = 1_000
OWN_WORDS: Final = 4
MORE_THAN_SHOWN: Final = 1
REWRITABLE: Final = frozenset(
    {
        "activity-not-outcome", "kpi-as-okr", "not-measurable", "vague-wording", "missing-baseline", "no-stretch",
        "compound-key-result", "vanity-metric", "metric-in-objective", "horizon-mismatch", "individual-goal", "tied-to-pay",
    }
)  # fmt: skip
FIGURES_KEPT: Final = frozenset({"missing-baseline", "compound-key-result"})


class NumberedRewrite(BaseModel):
    """One wording of the numbered line; 0 is the objective."""

    line: int
    text: str
    guess: bool
    why: str


class RewriteAnswer(BaseModel):
    """All wordings."""

    rewrites: list[NumberedRewrite]


@dataclass(frozen=True, slots=True)
class LlmWriter:
    """A language model as writer; `timeout` (seconds) and `budget` (tokens) hold for a whole draft."""

    model: LanguageModel
    timeout: float = 20.0
    budget: int = 60_000
    concurrency: int = 4

    @property
    def name(self) -> str:
        """See `Proposer.name`."""
        return NAME

    def begin(self, briefs: Sequence[Brief]) -> Writing:
        """Begin to write for one draft."""
        return Writing(self, briefs)


class Writing:
    """One draft's calls: what they took and what went wrong."""

    def __init__(self, writer: LlmWriter, briefs: Sequence[Brief]) -> None:
        self._writer = writer
        self._briefs = [brief for brief in briefs if _asked(brief)]
        self._gate = asyncio.Semaphore(writer.concurrency)
        self.tally = Tally(writer.budget)
        self.faults: dict[str, LlmError] = {}
        self.name = writer.name

    def repair(self, brief: Brief, candidate: Candidate, fault: Fault) -> Candidate | None:
        """Not at once: refused candidates go back together, see `mend`."""
        return None

    async def candidates(self) -> AsyncGenerator[list[Candidate]]:
        """The candidates of one OKR after the other, as they arrive."""
        heard: asyncio.Queue[list[Candidate] | None] = asyncio.Queue()
        asking = asyncio.create_task(self._ask_all(heard))
        try:
            while (found := await heard.get()) is not None:
                yield found
            await asking
        finally:
            asking.cancel()
            await asyncio.wait({asking})

    async def mend(self, brief: Brief, refused: Sequence[Dropped]) -> list[Candidate]:
        """One more try at what was refused, told why."""
        asked = [
            prompts.RefusedLine(_number(one.target.key_result), prompts.plain(one.text), prompts.plain(one.message))
            for one in refused[:MOST_REFUSED]
            if one.text
        ]
        return await self._ask(brief, tuple(asked)) if asked and not self.faults.keys() & HOPELESS else []

    def dropped(self) -> list[Dropped]:
        """What went wrong with the model, as reasons for what isn't there."""
        target = self._briefs[0].target(None) if self._briefs else None
        return [
            Dropped(error.code, f"{error.message}.", target, writer=NAME) for error in self.faults.values() if target
        ]

    async def _ask_all(self, heard: asyncio.Queue[list[Candidate] | None]) -> None:
        async def one(brief: Brief) -> None:
            async with self._gate:
                if not self.faults.keys() & HOPELESS:
                    heard.put_nowait(await self._ask(brief))

        seconds = self._writer.timeout
        try:
            await self._writer.model.prepare()
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                for brief in self._briefs:
                    group.create_task(one(brief))
        except TimeoutError:
            self.faults["llm-timeout"] = LlmError("llm-timeout", f"The LLM took longer than {seconds:g} s")
        except LlmError as error:
            self.faults.setdefault(error.code, error)
        finally:
            heard.put_nowait(None)

    async def _ask(self, brief: Brief, refused: tuple[prompts.RefusedLine, ...] = ()) -> list[Candidate]:
        wanted = _asked(brief)
        n = brief.n + MORE_THAN_SHOWN
        lines = tuple(_shown(brief, wanted))
        texts = [line.text for line in lines] + [answer for line in lines for answer in line.answers]
        prompt = prompts.render(
            prompts.Rewrite(
                fence=prompts.fence_of([*texts, *(one.text for one in refused)]),
                team=prompts.plain(brief.okr.okr.team or brief.context.team or ""),
                cycle=prompts.plain(brief.cycle or ""),
                lines=lines,
                n=n,
                refused=refused,
            )
        )
        count = len(refused) or len(wanted) * n
        try:
            answer = await self._writer.model.ask(
                prompt, RewriteAnswer, self.tally, max_tokens=(count + 1) * TOKENS_A_REWRITE
            )
        except LlmError as error:
            self.faults.setdefault(error.code, error)
            return []
        places = {_number(at): at for at in wanted}
        found = []
        for order, one in enumerate(answer.rewrites[: 2 * count + 2]):
            if one.line in places:
                found.append(_candidate(brief, places[one.line], one, order))
        return found


def _asked(brief: Brief) -> list[int | None]:
    """The flagged lines that the model may see and can do something about."""
    found = []
    for at in brief.targets:
        line = brief.okr.objective if at is None else brief.okr.key_results[at]
        if line and _may_see(line.text) and REWRITABLE & set(brief.rules(at)):
            found.append(at)
    return found


def _shown(brief: Brief, wanted: Sequence[int | None]) -> list[prompts.FlaggedLine]:
    places: list[int | None] = [None, *range(len(brief.okr.key_results))] if brief.okr.objective else []
    shown = []
    for at in places or list(range(len(brief.okr.key_results))):
        line = brief.okr.objective if at is None else brief.okr.key_results[at]
        if line is None or not _may_see(line.text):
            continue
        flagged = at in wanted
        shown.append(
            prompts.FlaggedLine(
                _number(at),
                "objective" if at is None else "key result",
                prompts.plain(line.text),
                tuple(brief.rules(at)) if flagged else (),
                tuple(prompts.plain(answer.text) for answer in answers.of_line(brief, at)) if flagged else (),
            )
        )
    return shown


def _candidate(brief: Brief, at: int | None, one: NumberedRewrite, order: int) -> Candidate:
    line = brief.okr.objective if at is None else brief.okr.key_results[at]
    text = "\n".join(part for part in (" ".join(p.split()) for p in one.text[:LONGEST_TEXT].split("\n")) if part)
    rules = tuple(rule for rule in brief.rules(at) if rule in REWRITABLE)
    candidate = Candidate(
        brief.target(at), text, "line", rules, prompts.plain(one.why, LONGEST_WHY), NAME, guess=one.guess, order=order
    )
    source = [line.text if line else "", *(a.text for a in answers.of_line(brief, at))]
    if not candidate.guess and len(new_words(candidate, source)) > OWN_WORDS and not set(rules) <= FIGURES_KEPT:
        candidate = replace(candidate, guess=True)  # a measure of its own is a guess, whatever the model says
    return candidate


def _number(at: int | None) -> int:
    return 0 if at is None else at + 1


def _may_see(text: str) -> bool:
    shown = prompts.plain(text)
    return is_english([shown]) and not is_order(shown)
