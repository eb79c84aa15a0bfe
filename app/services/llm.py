"""Any OpenAI-compatible endpoint: the only place that knows openai and instructor.

Both are imported when the first question is asked, off the event loop, so that nobody without an endpoint pays for
them. Re-asking after an answer that doesn't validate is instructor's; metering, streaming and the bound
on how often a question is asked are here.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from app.services.language_model import AnswerT, Hear, LlmError, Prompt, Tally, estimate

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

Mode = Literal["json_schema", "tools"]

LONGEST_WAIT = 5.0
NO_KEY = "none"
JUNK = "The LLM did not answer with the JSON it was asked for"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is and how it is asked.

    `retries` bounds how often one question is asked again, for whatever reason. `options` go into every
    request as they are. `stream` False is for endpoints that can't.
    """

    model: str
    base_url: str | None = None
    api_key: str | None = None
    mode: Mode = "json_schema"
    options: Mapping[str, object] | None = None
    timeout: float = 20.0
    retries: int = 1
    concurrency: int = 4
    stream: bool = True


@dataclass(frozen=True, slots=True)
class _Line:
    """A client and a gate of one event loop: connections can't be shared between loops."""

    loop: asyncio.AbstractEventLoop
    client: AsyncOpenAI
    gate: asyncio.Semaphore


class OpenAIModel:
    """See `LanguageModel`."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.name = endpoint.model
        self._endpoint = endpoint
        self._line: _Line | None = None

    @property
    def settings(self) -> Mapping[str, object]:
        """See `LanguageModel.settings`."""
        return {"mode": self._endpoint.mode, "options": dict(self._endpoint.options or {})}

    async def prepare(self) -> None:
        """See `LanguageModel.prepare`: imports take a second or two."""
        await self._connect()

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
        line = await self._connect()
        import instructor  # noqa: PLC0415
        from instructor.core.exceptions import (  # noqa: PLC0415
            IncompleteOutputException,
            InstructorRetryException,
        )

        question = _Question(self._endpoint, line, tally, max_tokens, hear)
        mode = instructor.Mode.TOOLS if self._endpoint.mode == "tools" else instructor.Mode.JSON_SCHEMA
        create: Any = instructor.patch(create=question.create, mode=mode)
        try:
            answer: AnswerT = await create(
                response_model=_prepared(schema),
                messages=prompt.messages,
                max_retries=self._endpoint.retries,
                strict=False,
            )
        # The causes hold the draft and the answer: they are cut off, so that no log will show them.
        except IncompleteOutputException:
            raise LlmError("llm-truncated", "The LLM's answer was cut off before its end") from None
        except InstructorRetryException as error:
            raise _fault(error.__cause__) from None
        return answer

    async def close(self) -> None:
        """See `LanguageModel.close`."""
        line, self._line = self._line, None
        if line and line.loop is asyncio.get_running_loop():
            await line.client.close()

    async def _connect(self) -> _Line:
        loop = asyncio.get_running_loop()
        if self._line is None or self._line.loop is not loop:
            await asyncio.to_thread(_import)
        if self._line is None or self._line.loop is not loop:
            from openai import AsyncOpenAI  # noqa: PLC0415

            client = AsyncOpenAI(
                api_key=self._endpoint.api_key or NO_KEY,
                base_url=self._endpoint.base_url or None,
                timeout=self._endpoint.timeout,
                max_retries=0,
            )
            self._line = _Line(loop, client, asyncio.Semaphore(self._endpoint.concurrency))
        return self._line


class _NoCompletionError(LlmError):
    """What came isn't a completion at all."""


class _Question:
    """One question while it is asked, and asked again."""

    def __init__(self, endpoint: Endpoint, line: _Line, tally: Tally, max_tokens: int, hear: Hear | None) -> None:
        self._endpoint = endpoint
        self._line = line
        self._tally = tally
        self._max_tokens = max_tokens
        self._hear = hear
        self._asked = 0

    async def create(self, **request: Any) -> ChatCompletion:  # noqa: ANN401 - the vendor's arguments
        """The raw completion that instructor validates; asks again when the endpoint stumbles."""
        from openai import APIConnectionError, APITimeoutError, InternalServerError, RateLimitError  # noqa: PLC0415

        while True:
            if self._asked > self._endpoint.retries:
                raise LlmError("llm-junk", JUNK)
            self._asked += 1
            try:
                return await self._metered(request)
            except APITimeoutError:
                raise
            except (RateLimitError, InternalServerError, APIConnectionError, _NoCompletionError) as error:
                wait = _wait(error, self._asked)
                if self._asked > self._endpoint.retries or wait > LONGEST_WAIT:
                    raise
            await asyncio.sleep(wait)

    async def _metered(self, request: dict[str, Any]) -> ChatCompletion:
        expected = sum(estimate(str(message.get("content") or "")) for message in request["messages"])
        # Endpoints other than OpenAI's own know the cap by its older name.
        cap = "max_tokens" if self._endpoint.base_url else "max_completion_tokens"
        request = {
            **request,
            "model": self._endpoint.model,
            cap: self._max_tokens,
            **(self._endpoint.options or {}),
        }
        with self._tally.reserve(expected + self._max_tokens):
            async with self._line.gate:
                heard = _Heard(self._hear)
                began = time.monotonic()
                try:
                    completion = await self._send(request, heard)
                except BaseException as error:
                    # An answer that was begun is paid for, whether or not its end was waited for.
                    begun = heard.text or isinstance(error, asyncio.CancelledError)
                    self._tally.spend(expected if begun else 0, estimate(heard.text) if begun else 0)
                    raise
            used = completion.usage
            tokens = (
                (used.prompt_tokens, used.completion_tokens) if used else (expected, estimate(_text_of(completion)))
            )
            self._tally.spend(*tokens, seconds=(time.monotonic() - began,))
        return completion

    async def _send(self, request: dict[str, Any], heard: _Heard) -> ChatCompletion:
        create: Any = self._line.client.chat.completions.create
        if self._hear and self._endpoint.stream:
            options = {"include_usage": True}
            stream = await create(**request, stream=True, stream_options=options)
            async with stream:
                return await heard.completion(stream, self._endpoint.model)
        completion = await create(**request)
        # The client takes whatever comes: a page of HTML arrives as a string.
        if not getattr(completion, "choices", None):
            raise _NoCompletionError("llm-junk", JUNK)
        result: ChatCompletion = completion
        return result


class _Heard:
    """A streamed answer put together again."""

    def __init__(self, hear: Hear | None) -> None:
        self._hear = hear
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    async def completion(self, stream: AsyncStream[ChatCompletionChunk], model: str) -> ChatCompletion:
        """The whole completion, once it has been heard."""
        from openai.types.chat import ChatCompletion  # noqa: PLC0415

        by_tool = False
        finish = "stop"
        usage = None
        async for chunk in stream:
            usage = chunk.usage or usage
            for choice in chunk.choices[:1]:
                finish = choice.finish_reason or finish
                calls = choice.delta.tool_calls
                by_tool = by_tool or bool(calls)
                called = calls[0].function if calls else None
                piece = (called.arguments if called else choice.delta.content) or ""
                if piece:
                    self._pieces.append(piece)
                if self._hear and "}" in piece:
                    self._hear(self.text)
        message: dict[str, Any] = {"role": "assistant", "content": self.text}
        if by_tool:
            call = {"name": "answer", "arguments": self.text}
            message |= {"content": None, "tool_calls": [{"id": "0", "type": "function", "function": call}]}
        return ChatCompletion.model_validate(
            {
                "id": "",
                "object": "chat.completion",
                "created": 0,
                "model": model,
                "choices": [{"index": 0, "finish_reason": finish, "message": message, "logprobs": None}],
                "usage": usage,
            }
        )


def _import() -> None:
    import instructor.core.patch  # noqa: PLC0415
    import instructor.v2.providers.openai.handlers  # noqa: F401, PLC0415
    import openai.resources.chat  # noqa: F401, PLC0415

    # instructor reports answers that don't validate as errors, with the draft and the answer in them.
    logging.getLogger("instructor").setLevel(logging.CRITICAL)


@cache
def _prepared(schema: type[BaseModel]) -> type[BaseModel]:
    """The schema as instructor wants it; without this it would make a new class for every question."""
    from instructor import response_schema  # noqa: PLC0415

    return response_schema(schema)


def _text_of(completion: ChatCompletion) -> str:
    message = completion.choices[0].message
    return f"{message.content or ''}{message.tool_calls or ''}"


def _wait(error: Exception, asked: int) -> float:
    """Seconds until the question may be asked again: as the endpoint says, else longer each time."""
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", {})
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return 0.25 * float(2**asked)


def _fault(cause: BaseException | None) -> LlmError:
    from httpx2 import HTTPError  # noqa: PLC0415
    from openai import (  # noqa: PLC0415
        APIConnectionError,
        APIError,
        APIStatusError,
        APITimeoutError,
        InternalServerError,
        RateLimitError,
    )

    match cause:
        case LlmError():
            return cause
        case APITimeoutError():
            return LlmError("llm-timeout", "The LLM did not answer in time")
        case RateLimitError():
            return LlmError("llm-rate-limited", "The LLM endpoint takes no more requests for now (HTTP 429)")
        case InternalServerError():
            return LlmError("llm-down", f"The LLM endpoint failed (HTTP {cause.status_code})")
        case APIStatusError():
            return LlmError(
                "llm-refused",
                f"The LLM endpoint refused the request (HTTP {cause.status_code}); the operator should "
                "check its key, model and options",
            )
        case APIConnectionError():
            return LlmError("llm-down", "The LLM endpoint could not be reached")
        case APIError():
            return LlmError("llm-down", "The LLM endpoint reported an error in the middle of its answer")
        case HTTPError():
            return LlmError("llm-truncated", "The connection broke off in the middle of the LLM's answer")
    return LlmError("llm-junk", JUNK)
