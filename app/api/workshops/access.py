"""Who is in the room, and what each role may do there.

A link is signed with the workshop's own secret, and so is the session that a person gets for it; neither opens another
workshop. Browsers carry the session in a cookie, programs as a bearer token.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Path, Request, Response
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from app.api.limits import bearer
from app.api.workshops.desk import Desk
from app.api.workshops.rooms import Room
from app.api.workspaces.access import Id
from app.errors import ConflictError, ForbiddenError, NotFoundError, UnauthorizedError
from app.services.store import Database
from app.services.store.tables import now
from app.services.store.workshops import rooms
from app.services.store.workshops.tables import Workshop, WorkshopLink, WorkshopPerson

SESSION_LIVES: Final = timedelta(days=14)
PREFIX: Final = "okrw_"
_NOT_IN = "You aren't in this workshop: open the link that its facilitator gave you, and say your name."
_NO_LINK = "This link doesn't open the workshop: ask its facilitator for a new one."


class Role(StrEnum):
    """What somebody is in the room."""

    FACILITATOR = "facilitator"
    LEAD = "lead"
    MEMBER = "member"
    OBSERVER = "observer"


EVERYBODY: Final = tuple(Role)
AT_TABLE: Final = (Role.FACILITATOR, Role.LEAD, Role.MEMBER)
LEADING: Final = (Role.FACILITATOR, Role.LEAD)
FACILITATING: Final = (Role.FACILITATOR,)


@dataclass(frozen=True, slots=True)
class Badge:
    """Somebody who is in the room."""

    database: Database
    desk: Desk
    workshop: Workshop
    person: WorkshopPerson

    @property
    def role(self) -> Role:
        """Their role."""
        return Role(self.person.role)

    @property
    def workspace(self) -> str:
        """The workspace of the workshop."""
        return self.workshop.workspace_id

    @property
    def id(self) -> str:
        """The id of the workshop."""
        return self.workshop.id

    @property
    def room(self) -> Room:
        """Where it is spoken."""
        return self.desk.rooms.of(self.workspace, self.id)

    def sees(self, team_id: str) -> bool:
        """Whether this person may read that team's table."""
        return self.role is Role.FACILITATOR or (self.role in AT_TABLE and self.person.team_id == team_id)

    def at(self, team_id: str) -> str:
        """`team_id`, if this person may act at that table. Raises `ForbiddenError`."""
        if not self.sees(team_id):
            raise ForbiddenError("This is another team's table; you can see it on the board.")
        return team_id

    def open(self) -> None:
        """Raises `ConflictError` once the workshop is frozen."""
        if self.workshop.frozen_at:
            raise ConflictError("The workshop is frozen: its facilitator can reopen it.", code="workshop-frozen")


def link_token(room: Workshop, link: WorkshopLink) -> str:
    """What a link carries."""
    return _signer(room, "link").dumps(link.id)


def session_token(room: Workshop, person: WorkshopPerson) -> str:
    """What somebody shows who has joined."""
    return PREFIX + _signer(room, "session").dumps(person.id)


def cookie_name(workshop: str) -> str:
    """A cookie a workshop, so that one browser can be in several."""
    return f"okrw_{workshop}"


def keep_session(request: Request, response: Response, room: Workshop, token: str) -> None:
    """Let the browser show the session from now on."""
    response.set_cookie(
        cookie_name(room.id),
        token,
        max_age=int(SESSION_LIVES.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


async def opened_by(database: Database, workshop: str, token: str) -> tuple[Workshop, WorkshopLink]:
    """The workshop and the valid link that a token stands for. Raises `UnauthorizedError`."""
    async with database.reading() as session:
        room = await rooms.by_id(session, workshop)
        if room is None:
            raise UnauthorizedError(_NO_LINK, code="link-invalid")
        try:
            link_id = _signer(room, "link").loads(token)
        except BadSignature as error:
            raise UnauthorizedError(_NO_LINK, code="link-invalid") from error
        link = await rooms.link(session, room, str(link_id))
    if link is None or link.revoked_at:
        raise UnauthorizedError(_NO_LINK, code="link-invalid")
    if link.expires_at <= now():
        raise UnauthorizedError("This link has expired: ask the facilitator for a new one.", code="link-expired")
    return room, link


def stored(request: Request) -> Database:
    """The database. Raises `NotFoundError` where no workspaces are kept."""
    database: Database | None = request.app.state.database
    if database is None:
        raise NotFoundError(
            "This service keeps no workspaces, so it holds no workshops. Start it with `okr-coach serve --data DIR`.",
            code="workspaces-off",
        )
    return database


async def badge(request: Request, workshop: str) -> Badge:
    """Who is asking. Raises `UnauthorizedError`, and `ForbiddenError` for what another site sends."""
    database = stored(request)
    shown = bearer(request)
    token = shown or request.cookies.get(cookie_name(workshop), "")
    if token and not shown and request.method not in {"GET", "HEAD"}:
        same_site(request)
    async with database.reading() as session:
        room = await rooms.by_id(session, workshop)
        if room is None or not token.startswith(PREFIX):
            raise UnauthorizedError(_NOT_IN)
        try:
            lives = int(SESSION_LIVES.total_seconds())
            person_id = _signer(room, "session").loads(token.removeprefix(PREFIX), max_age=lives)
        except SignatureExpired as error:
            raise UnauthorizedError("Your session has expired: open the link again.", code="session-expired") from error
        except BadSignature as error:
            raise UnauthorizedError(_NOT_IN) from error
        person = await rooms.person(session, room, str(person_id))
    if person is None:
        raise UnauthorizedError(_NOT_IN)
    return Badge(database, request.app.state.desk, room, person)


def may(*roles: Role) -> Callable[[Request, str], Awaitable[Badge]]:
    """A dependency: the badge of somebody with one of `roles`. Raises `ForbiddenError` for others."""

    async def enter(request: Request, workshop: WorkshopId) -> Badge:
        shown = await badge(request, workshop)
        if shown.role not in roles:
            raise ForbiddenError(f"This is for: {', '.join(roles)}. You are here as {shown.role}.")
        return shown

    return enter


def same_site(request: Request) -> None:
    """Raises `ForbiddenError` for a request that another site had a browser send."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    own = site in {"same-origin", "none"} if site else urlsplit(origin or "").netloc == request.headers.get("host")
    if not own:
        raise ForbiddenError("This was sent from another site. Use the workshop's own pages.")


def _signer(room: Workshop, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(room.secret, salt=f"{purpose}:{room.id}")


WorkshopId = Annotated[str, Path(alias="workshop", max_length=32, pattern="^[0-9a-z]+$")]
Anybody = Annotated[Badge, Depends(may(*EVERYBODY))]
Seated = Annotated[Badge, Depends(may(*AT_TABLE))]
Leading = Annotated[Badge, Depends(may(*LEADING))]
Facilitator = Annotated[Badge, Depends(may(*FACILITATING))]
TeamId = Id
