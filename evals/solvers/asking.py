"""What solvers that ask a language model share: which model answers, and what that took.

Without `--live` recorded replies answer. What isn't recorded is unscored, never taken for silence of the model.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from app.coach.critic.llm import Calls, LlmCritic
from app.config import Settings, settings
from app.errors import ModelError
from app.services.language_model import Exchange, LlmError, Overheard, Tally
from app.services.replay import NotRecordedError
from app.wiring import build_llm
from evals.task import NoAnswer, Spent, Status

REPLIES: Final = Path(__file__).parents[1] / "replies"
RECORDED_MODEL: Final = "qwen"
ENOUGH: Final = 10_000_000
_PATIENCE: Final = 600.0

T = TypeVar("T")
_epoch: ContextVar[int] = ContextVar("epoch", default=0)


@contextmanager
def epoch(number: int) -> Iterator[None]:
    """Solvers made inside ask for the replies of this epoch (the first is 0)."""
    token = _epoch.set(number)
    try:
        yield
    finally:
        _epoch.reset(token)


class Meter:
    """Counts what exchanges took; `price` is money for a million tokens in and out."""

    def __init__(self, price: tuple[float, float] | None = None) -> None:
        self._price = price
        self._tally = Tally(ENOUGH)

    def __call__(self, exchange: Exchange) -> None:
        """Add one exchange."""
        took = exchange.spent
        self._tally.spend(took.input_tokens, took.output_tokens, took.calls, took.seconds)

    @property
    def spent(self) -> Spent:
        """So far."""
        tally, price = self._tally, self._price
        cost = (tally.input_tokens * price[0] + tally.output_tokens * price[1]) / 1_000_000 if price else None
        return Spent(tally.calls, tally.input_tokens, tally.output_tokens, tuple(tally.seconds), cost)


def asking_settings(replies: str, calls: Calls = "review") -> Settings:
    """The operator's model when replies are recorded, else the recorded one, with nothing of the environment.

    `replies` names the file in `evals/replies/`.
    """
    given = settings()
    path = REPLIES / f"{replies}.jsonl"
    fixed = {
        "llm_calls": calls,
        "llm_timeout": _PATIENCE,
        "llm_budget": ENOUGH,
        "llm_concurrency": 1,
        "llm_epoch": _epoch.get(),
    }
    if given.llm_record:
        return given.model_copy(update={**fixed, "llm_replies": given.llm_replies or path})
    plain = {"llm_model": RECORDED_MODEL, "llm_mode": "json_schema", "llm_options": {"temperature": 0}}
    return given.model_copy(update={**fixed, **plain, "llm_replies": path})


def metered_critic(settings: Settings) -> tuple[LlmCritic, Meter]:
    """The product's LLM critic, and the meter on its model. Raises `ModelError` when no model is configured."""
    critic = build_llm(settings)
    if critic is None:
        raise ModelError(
            "--live needs a model: set OKR_COACH_LLM_MODEL, and OPENAI_BASE_URL or OPENAI_API_KEY.",
        )
    meter = Meter(critic.price)
    return replace(critic, model=Overheard(critic.model, meter)), meter


async def answered(ask: Callable[[], Awaitable[T]]) -> T | NoAnswer:
    """What was answered, unscored where the reply isn't recorded or the model failed."""
    try:
        return await ask()
    except NotRecordedError as error:
        return NoAnswer(Status.UNSCORED, str(error))
    except LlmError as error:
        return NoAnswer(Status.UNSCORED, error.message)
