"""Asking a language model: what every provider shares.

A provider answers a `Prompt` with a validated value of a closed schema, and adds what that took to the
review's `Tally`, whether it succeeded or not. What goes wrong with model or endpoint is an `LlmError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from pydantic import BaseModel

AnswerT = TypeVar("AnswerT", bound=BaseModel)

Hear = Callable[[str], None]
"""Called while an answer arrives, with its text so far, whenever an object in it closes."""

CHARACTERS_A_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Prompt:
    """A rendered prompt.

    `system` and `shots` (examples: what was asked, what was answered) are the same for every call of a task, so that
    providers can cache them; `user` holds the draft.
    """

    task: str
    system: str
    shots: tuple[tuple[str, str], ...]
    user: str

    @property
    def messages(self) -> list[dict[str, str]]:
        """As the turns of a conversation."""
        turns = [{"role": "system", "content": self.system}]
        for asked, answered in self.shots:
            turns += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
        return [*turns, {"role": "user", "content": self.user}]


class LlmError(Exception):
    """No answer. `code` is stable and begins with `llm-`; the message says what happened."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


HOPELESS = frozenset({"llm-down", "llm-refused", "llm-rate-limited"})
"""Faults of the endpoint rather than of one answer: asking something else would meet them again."""


def estimate(text: str) -> int:
    """Tokens in `text`, rather too many than too few."""
    return len(text) // CHARACTERS_A_TOKEN + 1


@dataclass(slots=True)
class Tally:
    """What one review has spent, within its budget of tokens; `seconds` is how long each answered call took."""

    budget: int
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: list[float] = field(default_factory=list)
    _reserved: int = field(default=0, repr=False)

    @property
    def left(self) -> int:
        """Tokens that are neither spent nor held."""
        return self.budget - self.input_tokens - self.output_tokens - self._reserved

    @contextmanager
    def reserve(self, tokens: int) -> Iterator[None]:
        """Hold `tokens` while a call is under way. Raises `LlmError` when they aren't there."""
        if tokens > self.left:
            raise LlmError("llm-budget", f"The review's budget of {self.budget:,} LLM tokens is used up")
        self._reserved += tokens
        try:
            yield
        finally:
            self._reserved -= tokens

    def spend(self, input_tokens: int, output_tokens: int, calls: int = 1, seconds: Sequence[float] = ()) -> None:
        """Add what calls took."""
        self.calls += calls
        self.seconds += seconds
        self.input_tokens += input_tokens
        self.output_tokens += output_tokens


class LanguageModel(Protocol):
    """A provider of answers."""

    @property
    def name(self) -> str:
        """The model's name, as the endpoint knows it."""
        ...

    @property
    def settings(self) -> Mapping[str, object]:
        """What shapes an answer beside the prompt; part of the key of a recorded reply."""
        ...

    async def prepare(self) -> None:
        """Get ready to be asked. What this takes is no part of a review's time."""
        ...

    async def ask(
        self,
        prompt: Prompt,
        schema: type[AnswerT],
        tally: Tally,
        *,
        max_tokens: int,
        hear: Hear | None = None,
    ) -> AnswerT:
        """The model's answer, validated. Raises `LlmError`."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what came of it: an answer, a fault of the model, or neither where asking was given up."""

    prompt: Prompt
    schema: type[BaseModel]
    spent: Tally
    answer: BaseModel | None = None
    fault: LlmError | None = None


class Overheard:
    """A model whose every exchange `heed` is told of, whatever came of it. See `LanguageModel`."""

    def __init__(self, inner: LanguageModel, heed: Callable[[Exchange], None]) -> None:
        self._inner = inner
        self._heed = heed

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
        answer, fault = None, None
        try:
            answer = await self._inner.ask(prompt, schema, own, max_tokens=max_tokens, hear=hear)
        except LlmError as error:
            fault = error
            raise
        else:
            return answer
        finally:
            tally.spend(own.input_tokens, own.output_tokens, own.calls, own.seconds)
            self._heed(Exchange(prompt, schema, own, answer, fault))

    async def close(self) -> None:
        """See `LanguageModel.close`."""
        await self._inner.close()
