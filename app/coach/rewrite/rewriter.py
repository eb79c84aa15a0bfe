"""The rewriter: findings → candidates → guard → re-review → rank. Nothing is shown that hasn't passed all of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Literal

from app.coach.flow import Coach
from app.coach.nouns import Context
from app.coach.report import Review
from app.coach.rewrite.embedded import EmbeddedWriter
from app.coach.rewrite.llm import LlmWriter
from app.coach.rewrite.nouns import Rewritten, Wish
from app.coach.rewrite.session import Session
from app.coach.stages import CriticChoice
from app.errors import InvalidInputError

__all__ = ["Rewriter", "Rewritten", "Wish", "WriterChoice"]

WriterChoice = Literal["auto", "embedded", "llm"]


class Rewriter:
    """Rewrites the flagged lines of a review."""

    def __init__(self, coach: Coach, embedded: EmbeddedWriter, llm: LlmWriter | None = None) -> None:
        self._coach = coach
        self._embedded = embedded
        self._llm = llm

    def check(self, writer: WriterChoice) -> None:
        """Raises `InvalidInputError` for a writer that isn't there."""
        if writer == "llm" and self._llm is None:
            raise InvalidInputError(
                "`writer: llm` needs an LLM endpoint, and none is configured here; use `auto` or `embedded`.",
                code="llm-not-configured",
            )

    def rewrite(
        self, review: Review, context: Context = Context(), wish: Wish = Wish(), critic: CriticChoice = "auto"
    ) -> Rewritten:
        """Rewrite with the embedded writer, at once."""
        session = Session(self._coach, review, context, wish, critic)
        session.hear(self._embedded, self._embedded.write(session.briefs))
        return session.result()

    async def rewrite_async(
        self,
        review: Review,
        context: Context = Context(),
        wish: Wish = Wish(),
        critic: CriticChoice = "auto",
        writer: WriterChoice = "auto",
    ) -> Rewritten:
        """Rewrite with every writer asked for. Raises as `check` does."""
        last = Rewritten()
        async with aclosing(self.stream(review, context, wish, critic, writer)) as found:
            async for so_far in found:
                last = so_far
        return last

    def stream(
        self,
        review: Review,
        context: Context = Context(),
        wish: Wish = Wish(),
        critic: CriticChoice = "auto",
        writer: WriterChoice = "auto",
    ) -> AsyncGenerator[Rewritten]:
        """All that passed so far, whenever some more has. Raises as `check` does."""
        self.check(writer)
        return self._stream(review, context, wish, critic, writer)

    async def _stream(
        self, review: Review, context: Context, wish: Wish, critic: CriticChoice, writer: WriterChoice
    ) -> AsyncGenerator[Rewritten]:
        session = await asyncio.to_thread(Session, self._coach, review, context, wish, critic)
        llm = self._llm if writer in {"auto", "llm"} else None
        if writer != "llm":
            yield await asyncio.to_thread(self._embedded_part, session)
        if llm:
            writing = llm.begin(session.briefs)
            async with aclosing(writing.candidates()) as proposals:
                async for candidates in proposals:
                    refused = await asyncio.to_thread(session.refused, writing, candidates)
                    for brief, faults in refused:
                        mended = await writing.mend(brief, faults)
                        await asyncio.to_thread(session.hear, writing, mended)
                    yield await asyncio.to_thread(session.result)
            session.note(writing.dropped())
            yield await asyncio.to_thread(session.result)

    def _embedded_part(self, session: Session) -> Rewritten:
        session.hear(self._embedded, self._embedded.write(session.briefs))
        return session.result()
