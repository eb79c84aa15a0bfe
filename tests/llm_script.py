"""A language model that answers from a script, for tests of everything around it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from llm_endpoint import sensible

from app.services.language_model import AnswerT, Hear, Prompt, Tally


class ScriptedModel:
    """Answers `script` of the request as the endpoint would see it; each answer takes `seconds`."""

    name = "scripted"
    settings: Mapping[str, object] = {}

    def __init__(self, script: Callable[[dict[str, Any]], Any] = sensible, seconds: float = 0.0) -> None:
        self.script = script
        self.seconds = seconds
        self.prompts: list[Prompt] = []
        self.cancelled = 0
        self.closed = False
        self._asked = asyncio.Semaphore(0)

    async def prepare(self) -> None:
        pass

    async def ask(
        self, prompt: Prompt, schema: type[AnswerT], tally: Tally, *, max_tokens: int, hear: Hear | None = None
    ) -> AnswerT:
        self.prompts.append(prompt)
        self._asked.release()
        with tally.reserve(max_tokens):
            try:
                await asyncio.sleep(self.seconds)
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
            answer = self.script({"messages": prompt.messages})
            if isinstance(answer, Exception):
                raise answer
            tally.spend(100, 20)
        if hear:
            hear(json.dumps(answer))
        return schema.model_validate(answer)

    async def asked(self, times: int) -> None:
        """Wait until it has been asked so often."""
        for _ in range(times):
            await self._asked.acquire()

    async def close(self) -> None:
        self.closed = True
