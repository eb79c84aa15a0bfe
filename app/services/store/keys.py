"""API keys: one workspace and one scope each; the secret is shown once and kept as a hash.

A secret is 256 random bits, which nobody guesses, so one fast hash does; a slow one guards passwords.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError
from app.services.store.tables import ApiKey, now

PREFIX = "okrc"
_ID_BYTES = 8
_SECRET_BYTES = 32


class Scope(StrEnum):
    """What a key may do; each scope may do what those before it may."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def allows(self, needed: Scope) -> bool:
        """Whether a key of this scope may do what `needed` may."""
        order = list(Scope)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Granted:
    """A key that was shown: who it is, where it may act, and how."""

    key_id: str
    name: str
    workspace: str
    scope: Scope


def looks_like_key(token: str) -> bool:
    """Whether a bearer token has the form of a workspace key."""
    return token.startswith(f"{PREFIX}_") and token.count("_") >= 2


async def issue(session: AsyncSession, workspace: str, name: str, scope: Scope) -> tuple[ApiKey, str]:
    """A new key and its token, which can't be had again."""
    key_id, secret = secrets.token_hex(_ID_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey(id=key_id, workspace_id=workspace, name=name, scope=scope.value, digest=_digest(secret))
    session.add(key)
    await session.flush()
    return key, f"{PREFIX}_{key_id}_{secret}"


async def verify(session: AsyncSession, token: str) -> Granted | None:
    """What a token grants; None for one that is unknown, wrong or revoked."""
    prefix, _, rest = token.partition("_")
    key_id, _, secret = rest.partition("_")
    if prefix != PREFIX or not key_id.isalnum() or not key_id.isascii() or not secret:
        return None
    key = await session.get(ApiKey, key_id)
    # An unknown key costs as much as a wrong one.
    right = hmac.compare_digest(_digest(secret), key.digest if key else _digest(""))
    if key is None or not right or key.revoked_at:
        return None
    return Granted(key.id, key.name, key.workspace_id, Scope(key.scope))


async def standing(session: AsyncSession, key_id: str) -> tuple[Granted, str] | None:
    """A key that still counts, by its id, and a secret to sign in its name with; None for one that is gone."""
    key = await session.get(ApiKey, key_id)
    if key is None or key.revoked_at:
        return None
    return Granted(key.id, key.name, key.workspace_id, Scope(key.scope)), key.digest


async def revoke(session: AsyncSession, key_id: str) -> ApiKey:
    """Make a key useless from now on. Raises `NotFoundError`."""
    key = await session.get(ApiKey, key_id)
    if key is None:
        raise NotFoundError(f"There is no key {key_id}; `okr-coach key list` shows them.")
    key.revoked_at = key.revoked_at or now()
    return key


async def listed(session: AsyncSession, workspace: str) -> Sequence[ApiKey]:
    """All keys of a workspace, revoked ones too."""
    order = ApiKey.created_at, ApiKey.id
    return (await session.scalars(select(ApiKey).where(ApiKey.workspace_id == workspace).order_by(*order))).all()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
