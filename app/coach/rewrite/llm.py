"""The LLM writer: several candidates for every flagged line of an OKR, in one structured call.

What it writes is judged by the same guard and re-review as everything else. What the guard refuses is mended by code
where that can be done, and else goes back to the model once, with the reason. Lines that read as orders, and text that
isn't English, are kept from it. It writes wordings and nothing else: why a wording helps, and whether it is a guess,
is said by code, so that nothing of the model's is shown that the guard hasn't read.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.coach.language import is_english
from app.coach.orders import is_order
from app.coach.rewrite import answers
from app.coach.rewrite.guard import Fault, Guard, new_words
from app.coach.rewrite.mending import MENDABLE, mended
from app.coach.rewrite.nouns import Brief, Candidate, Dropped
from app.coach.rewrite.shots import RewriteAnswer, rewrite_shots
from app.services import prompts
from app.services.language_model import HOPELESS, LanguageModel, LlmError, Tally

NAME: Final = "llm"
TOKENS_A_REWRITE: Final = 80
MOST_REFUSED: Final = 12
LONGEST_TEXT: Final = 1_000
OWN_WORDS: Final = 4
MORE_THAN_SHOWN: Final = 1
WHY: Final[Mapping[str, str]] = {
    "activity-not-outcome": "says what the work may change for those it is for, instead of the work.",
    "kpi-as-okr": "makes the measure move, from where it stands to where you want it.",
    "not-measurable": "names what you would look at and where it should stand, for you to fill in.",
    "vague-wording": "says by a measure what the word means here.",
    "missing-baseline": "says where the figure stands today, so that the target can be judged.",
    "no-stretch": "asks for a target that needs a different way of working.",
    "compound-key-result": "two results in two lines, so that each can be scored.",
    "vanity-metric": "measures what these people do next instead of how many there are.",
    "metric-in-objective": "leaves the figure to a key result, so that the objective says what it is for.",
    "horizon-mismatch": "asks how far you want to be when this cycle ends.",
    "individual-goal": "asks for the team's result, whoever brings it about.",
    "tied-to-pay": "the result without what hangs on it, so that the target can be bold.",
}
"""What a wording helps against, and how; lines with none of these findings aren't shown to the model."""

FIGURES_KEPT: Final = frozenset({"missing-baseline", "compound-key-result"})


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
        self._until: float | None = None

    def repair(self, brief: Brief, candidate: Candidate, fault: Fault) -> Candidate | None:
        """What code can mend; what it can't goes back to the model with all the others, see `mend`."""
        if fault.code not in MENDABLE:
            return None
        return replace(candidate, text=mended(candidate.text, Guard.of(brief).stated(candidate)))

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
        if not asked or self.faults.keys() & HOPELESS:
            return []
        try:
            async with asyncio.timeout_at(self._until):
                return await self._ask(brief, tuple(asked))
        except TimeoutError:
            self._late()
            return []

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

        try:
            await self._writer.model.prepare()
            self._until = asyncio.get_running_loop().time() + self._writer.timeout
            async with asyncio.timeout_at(self._until), asyncio.TaskGroup() as group:
                for brief in self._briefs:
                    group.create_task(one(brief))
        except TimeoutError:
            self._late()
        except LlmError as error:
            self.faults.setdefault(error.code, error)
        except ExceptionGroup as several:
            raise several.exceptions[0] from several
        finally:
            heard.put_nowait(None)

    def _late(self) -> None:
        seconds = f"{self._writer.timeout:g} s"
        self.faults["llm-timeout"] = LlmError("llm-timeout", f"The LLM took longer than {seconds}")

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
            ),
            rewrite_shots(n),
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
        return [
            _candidate(brief, places[line.line], text, order)
            for line in answer.rewrites
            if line.line in places
            for order, text in enumerate(line.texts[: 2 * n])
        ]


def _asked(brief: Brief) -> list[int | None]:
    """The flagged lines that the model may see and can do something about."""
    found = []
    for at in brief.targets:
        line = brief.okr.objective if at is None else brief.okr.key_results[at]
        if line and _may_see(line.text) and WHY.keys() & set(brief.rules(at)):
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


def _candidate(brief: Brief, at: int | None, said: str, order: int) -> Candidate:
    line = brief.okr.objective if at is None else brief.okr.key_results[at]
    text = "\n".join(part for part in (" ".join(p.split()) for p in said[:LONGEST_TEXT].split("\n")) if part)
    rules = tuple(rule for rule in brief.rules(at) if rule in WHY)
    why = f"{rules[0]}: {WHY[rules[0]]}"
    candidate = Candidate(brief.target(at), text, "line", rules, why, NAME, order=order)
    source = [line.text if line else "", *(a.text for a in answers.of_line(brief, at))]
    own = len(new_words(candidate, source))
    guess = own > (0 if "activity-not-outcome" in rules else OWN_WORDS) and not set(rules) <= FIGURES_KEPT
    return replace(candidate, guess=guess)


def _number(at: int | None) -> int:
    return 0 if at is None else at + 1


def _may_see(text: str) -> bool:
    shown = prompts.plain(text)
    return is_english([shown]) and not is_order(shown)
