"""Who may enter a workspace: the key decides which one, and what it may do there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Header, Path, Query, Request

from app.api.limits import bearer
from app.errors import ForbiddenError, NotFoundError, UnauthorizedError, UnconditionalError
from app.services.store import Database, Granted, Scope, keys

_TAG = re.compile(r'"(\d{1,9})"')
_TAGS = 20
MOST_ITEMS: Final = 500


@dataclass(frozen=True, slots=True)
class Seat:
    """A key that was let in: where it may act, in whose name, and the database."""

    database: Database
    granted: Granted

    @property
    def workspace(self) -> str:
        """The one workspace that this key is for."""
        return self.granted.workspace

    def author(self, by: str) -> str:
        """The name that a change is kept under: the person's if the caller gives one, and the key's."""
        return f"{by} ({self.granted.name})"[:500] if by else self.granted.name


async def caller(request: Request) -> None:
    """Who may call what isn't part of a workspace: a workspace's key, or whoever the gatekeeper lets in."""
    if request.app.state.database is not None and keys.looks_like_key(bearer(request)):
        request.state.seat = await seat(request)
    else:
        await request.app.state.gatekeeper(request)


async def seat(request: Request) -> Seat:
    """The seat of the key sent. Raises `NotFoundError` where no workspaces are kept, `UnauthorizedError`."""
    taken: Seat | None = getattr(request.state, "seat", None)
    if taken:
        return taken
    database: Database | None = request.app.state.database
    if database is None:
        raise NotFoundError(
            "This service keeps no workspaces. Start it with `okr-coach serve --data DIR`, or set "
            "OKR_COACH_DATABASE_URL.",
            code="workspaces-off",
        )
    async with database.reading() as session:
        granted = await keys.verify(session, bearer(request))
    if granted is None:
        raise UnauthorizedError(
            "A workspace wants its key: send `Authorization: Bearer okrc_…`; `okr-coach key create` makes one."
        )
    request.app.state.gatekeeper.count(granted.key_id)
    return Seat(database, granted)


def allowed(needed: Scope) -> Callable[[Request], Awaitable[Seat]]:
    """A dependency: the seat of a key to the workspace in the path that may do what `needed` may.

    Raises `NotFoundError` for another workspace, whether there is one or not, and `ForbiddenError`.
    """

    async def enter(request: Request) -> Seat:
        seated = await seat(request)
        check(seated, request.path_params.get("workspace", seated.workspace), needed)
        return seated

    return enter


def check(seated: Seat, workspace: str, needed: Scope) -> None:
    """Raises `NotFoundError` for another workspace than the key's, `ForbiddenError` for too small a scope."""
    if workspace != seated.workspace:
        raise NotFoundError("There is no such workspace for this key.")
    if not seated.granted.scope.allows(needed):
        raise ForbiddenError(f"This needs a key with the scope `{needed}`; this one has `{seated.granted.scope}`.")


def etag(version: int) -> str:
    """A version as an entity tag."""
    return f'"{version}"'


def tags(header: str) -> frozenset[int]:
    """The versions that an If-Match or If-None-Match header lists; anything else in it matches nothing."""
    listed = (part.strip() for part in header.split(",")[:_TAGS])
    return frozenset(int(found.group(1)) for part in listed if (found := _TAG.fullmatch(part)))


def _expected(
    if_match: Annotated[str | None, Header(description='The ETag that you read, such as `"3"`; `*` for any')] = None,
) -> frozenset[int] | None:
    if if_match is None:
        raise UnconditionalError(
            "Send the ETag that you read as `If-Match`, so that nobody's change in between is lost."
        )
    return None if if_match.strip() == "*" else tags(if_match)


Reader = Annotated[Seat, Depends(allowed(Scope.READ))]
Writer = Annotated[Seat, Depends(allowed(Scope.WRITE))]
Admin = Annotated[Seat, Depends(allowed(Scope.ADMIN))]
Expected = Annotated[frozenset[int] | None, Depends(_expected)]
WorkspaceId = Annotated[str, Path(alias="workspace", max_length=32, pattern="^[0-9a-z]+$")]
Id = Annotated[str, Path(max_length=32, pattern="^[0-9a-z]+$")]
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS, description="Items at a time")]
After = Annotated[str, Query(max_length=64, pattern="^[0-9a-z]*$", description="`next` of the page before")]
