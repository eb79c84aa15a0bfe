"""Recorded replies: a provider that answers from a file, and what writes that file.

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
from app.services.language_model import AnswerT, Exchange, Hear, LanguageModel, LlmError, Overheard, Prompt, Tally

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


class Recorder:
    """Writes exchanges of the model called `name` down, to be heeded by `Overheard`.

    A question whose reply is in the file already is written again and the later reply stands, as its line comes later.
    """

    def __init__(self, name: str, settings: Mapping[str, object], path: Path, *, epoch: int = 0) -> None:
        self._name = name
        self._settings = settings
        self._path = path
        self._epoch = epoch

    def __call__(self, exchange: Exchange) -> None:
        """Add one exchange to the file, unless there was no answer."""
        spent, fault = exchange.spent, exchange.fault
        reply: dict[str, Any] = {
            "key": key_of(exchange.prompt, self._name, self._settings, exchange.schema, self._epoch),
            "task": exchange.prompt.task,
            "model": self._name,
            "epoch": self._epoch,
        }
        if exchange.answer is not None:
            reply["answer"] = exchange.answer.model_dump(mode="json")
        elif fault and fault.code in ANSWERED_BADLY:
            reply["fault"] = {"code": fault.code, "message": fault.message}
        else:
            return
        reply["usage"] = {
            "calls": spent.calls,
            "input_tokens": spent.input_tokens,
            "output_tokens": spent.output_tokens,
            "seconds": spent.seconds,
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(reply, ensure_ascii=False) + "\n")


def recording(model: LanguageModel, path: Path, *, epoch: int = 0) -> Overheard:
    """The same model, its replies written down."""
    return Overheard(model, Recorder(model.name, model.settings, path, epoch=epoch))


def _read(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    replies = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return {reply["key"]: reply for reply in replies}
