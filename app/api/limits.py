"""Who may call and how much: bearer tokens, body size, request rate."""

from __future__ import annotations

import secrets

from fastapi import Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem
from app.config import Settings
from app.errors import RateLimitedError, UnauthorizedError


class BodyLimit:
    """ASGI middleware that answers 413 as soon as a body is known to be too large."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what is received; a declared length over the limit isn't read at all."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"")
        if declared.isdigit() and int(declared) > self._max:
            await self._refuse(scope, receive, send)
            return
        seen = 0
        answered = False

        async def counted() -> Message:
            nonlocal seen, answered
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._max:
                answered = True
                await self._refuse(scope, receive, send)
                return {"type": "http.disconnect"}
            return message

        async def unless_answered(message: Message) -> None:
            if not answered:
                await send(message)

        await self._app(scope, counted, unless_answered)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        detail = f"The request body is larger than {self._max:,} bytes."
        await problem(413, "too-large", detail)(scope, receive, send)


def bearer(request: Request) -> str:
    """The bearer token sent, or nothing."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class Gatekeeper:
    """A dependency that checks token and rate; a client is its token, else its address."""

    def __init__(self, settings: Settings) -> None:
        self._tokens = tuple(token.encode() for token in settings.tokens)
        self._rate = parse(settings.rate_limit) if settings.rate_limit else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, request: Request) -> None:
        """Raises `UnauthorizedError` or `RateLimitedError`."""
        self.admit(bearer(request), request.client.host if request.client else "?")

    def admit(self, token: str, host: str) -> None:
        """Count one request. Raises `UnauthorizedError` or `RateLimitedError`."""
        sent = token.strip().encode()
        if self._tokens and not any(secrets.compare_digest(sent, known) for known in self._tokens):
            raise UnauthorizedError("This service wants a bearer token: send `Authorization: Bearer …`.")
        self.count(sent.decode() if self._tokens else host)

    def count(self, client: str) -> None:
        """Count one request of a client that was let in. Raises `RateLimitedError`."""
        if self._rate and not self._limiter.hit(self._rate, client):
            raise RateLimitedError(f"More than {self._rate}: wait a moment and send it again.")
