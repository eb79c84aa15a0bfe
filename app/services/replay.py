"""Recorded replies: a provider that answers from a file, and one that writes it.

A reply is found by what was asked: model, settings, schema, rendered prompt and epoch. Change any of them and the
reply is no longer an answer to the question, so it has to be recorded again. No network is needed to replay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from app.errors import CoachError
from app.services.language_model import AnswerT, Hear, LanguageModel, LlmError, Prompt, Tally

ANSWERED_BADLY = frozenset({"llm-junk", "llm-truncated"})
"""Faults that are the model's answer and are recorded like one; those of the endpoint are not."""


class NotRecordedError(CoachError):
    """A question that no recorded reply answers; never taken for silence of the model."""

    status = 500
    code = "reply-not-recorded"


def key_of(prompt: Prompt, model: str, settings: Mapping[str, object], schema: type[BaseModel], epoch: int = 0) -> str:
    """The key of a reply: a hash of everything that was asked."""
    asked = [model, dict(settings), schema.model_json_schema(), prompt.messages, epoch]
    text = json.dumps(asked, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


class ReplayModel:
    """Answers from a file of recorded replies. See `LanguageModel`."""

    def __init__(
        self, name: str, settings: Mapping[str, object], path: Path, *, record_with: str, epoch: int = 0
    ) -> None:
        """`record_with` is the command that records what is missing; the error names it."""
        self.name = name
        self.settings = settings
        self._path = path
        self._record_with = record_with
        self._epoch = epoch
        self._replies = _read(path)

    async def prepare(self) -> None:
        """Always ready."""

    async def ask(
        self,
        prompt: Prompt,
        schema: type[AnswerT],
        tally: Tally,
        *,
        max_tokens: int,
        hear: Hear | None = None,
    ) -> AnswerT:
        """See `LanguageModel.ask`. Raises `NotRecordedError`."""
        reply = self._replies.get(key_of(prompt, self.name, self.settings, schema, self._epoch))
        if reply is None:
            raise NotRecordedError(
                f"{self._path} holds no reply of {self.name} to this {prompt.task} prompt: prompt, model or "
                f"settings have changed since it was recorded. Record it with: {self._record_with}"
            )
        tally.spend(**reply["usage"])
        if reply.get("fault"):
            raise LlmError(**reply["fault"])
        if hear:
            hear(json.dumps(reply["answer"], ensure_ascii=False))
        try:
            return schema.model_validate(reply["answer"])
        except ValidationError as error:
            raise NotRecordedError(
                f"{self._path} holds a reply that isn't a {schema.__name__}: {error.error_count()} errors. "
                f"Record it with: {self._record_with}"
            ) from error

    async def close(self) -> None:
        """Nothing is open."""


class RecordingModel:
    """Passes every question on and writes the replies down. See `LanguageModel`.

    A question whose reply is in the file already is asked again and the later reply stands, as its line comes later.
    """

    def __init__(self, inner: LanguageModel, path: Path, *, epoch: int = 0) -> None:
        self._inner = inner
        self._path = path
        self._epoch = epoch

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
        reply: dict[str, Any] = {
            "key": key_of(prompt, self.name, self.settings, schema, self._epoch),
            "task": prompt.task,
            "model": self.name,
            "epoch": self._epoch,
        }
        try:
            answer = await self._inner.ask(prompt, schema, own, max_tokens=max_tokens, hear=hear)
        except LlmError as error:
            reply["fault"] = {"code": error.code, "message": error.message}
            if error.code in ANSWERED_BADLY:
                self._write(reply, own)
            raise
        else:
            reply["answer"] = answer.model_dump(mode="json")
            self._write(reply, own)
            return answer
        finally:
            tally.spend(own.input_tokens, own.output_tokens, own.calls, own.seconds)

    async def close(self) -> None:
        """See `LanguageModel.close`."""
        await self._inner.close()

    def _write(self, reply: dict[str, Any], spent: Tally) -> None:
        reply["usage"] = {
            "calls": spent.calls,
            "input_tokens": spent.input_tokens,
            "output_tokens": spent.output_tokens,
            "seconds": spent.seconds,
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(reply, ensure_ascii=False) + "\n")


def _read(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    replies = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return {reply["key"]: reply for reply in replies}
