"""Signed-in readers of a workspace's pages: a cookie names the key, and the key's own hash signs it.

So no secret has to be configured or shared between server processes, and revoking the key ends every session of it.
"""

from __future__ import annotations

from fastapi import Request
from itsdangerous import BadSignature, TimestampSigner
from starlette.responses import Response

from app.api.workspaces.access import Seat
from app.services.store import Database, Scope, keys

COOKIE = "okr_coach_reader"
SECONDS = 12 * 60 * 60
_SALT = "okr-coach.reader"


async def reader(request: Request, database: Database, workspace: str) -> Seat | None:
    """The seat of whoever is signed in to this workspace; None for anybody else."""
    sent = request.cookies.get(COOKIE, "")
    key_id = sent.partition(".")[0]
    if not key_id.isalnum() or len(sent) > 500:
        return None
    async with database.reading() as session:
        found = await keys.standing(session, key_id)
    if found is None or found[0].workspace != workspace:
        return None
    try:
        TimestampSigner(found[1], salt=_SALT).unsign(sent, max_age=SECONDS)
    except BadSignature:
        return None
    return Seat(database, found[0])


async def sign_in(request: Request, database: Database, workspace: str, token: str, response: Response) -> bool:
    """Let the holder of a key to this workspace in; false if `token` is none."""
    async with database.reading() as session:
        granted = await keys.verify(session, token.strip())
        found = await keys.standing(session, granted.key_id) if granted else None
    if found is None or found[0].workspace != workspace or not found[0].scope.allows(Scope.READ):
        return False
    response.set_cookie(
        COOKIE,
        TimestampSigner(found[1], salt=_SALT).sign(found[0].key_id).decode(),
        max_age=SECONDS,
        path=f"/workspaces/{workspace}",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return True


def sign_out(workspace: str, response: Response) -> None:
    """Forget the reader."""
    response.delete_cookie(COOKIE, path=f"/workspaces/{workspace}", httponly=True, samesite="lax")
