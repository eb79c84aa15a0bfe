"""Errors with a code and a status; every face shows the same code and sentence (RFC 9457)."""

from __future__ import annotations

from typing import Any


class CoachError(Exception):
    """A failure that is the caller's to mend. `code` is stable, `message` says what to do.

    `errors` names the places that are wrong (`at`) and why (`message`), where there are several.
    """

    status = 400
    code = "bad-request"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.errors: list[dict[str, Any]] = []
        if code:
            self.code = code


class InvalidInputError(CoachError):
    """The request is well formed but holds a value we can't use."""

    status = 422
    code = "invalid-input"


class TooLargeError(CoachError):
    """The submission exceeds a size limit."""

    status = 413
    code = "too-large"


class NotFoundError(CoachError):
    """No such thing."""

    status = 404
    code = "not-found"


class UnauthorizedError(CoachError):
    """A token is required and none that is valid was sent."""

    status = 401
    code = "unauthorized"


class ForbiddenError(CoachError):
    """The request comes from where it may not."""

    status = 403
    code = "forbidden"


class RateLimitedError(CoachError):
    """Too many requests in the window."""

    status = 429
    code = "rate-limited"


class ModelError(CoachError):
    """A model that was asked for can't be loaded."""

    status = 503
    code = "model-unavailable"


class ConflictError(CoachError):
    """It would clash with what is there."""

    status = 409
    code = "conflict"


class StaleError(CoachError):
    """Somebody else has changed it since the caller read it."""

    status = 412
    code = "stale"


class UnconditionalError(CoachError):
    """A change must say which version it is a change of."""

    status = 428
    code = "if-match-required"


class StoreError(CoachError):
    """The database can't be used."""

    status = 503
    code = "store-unavailable"
