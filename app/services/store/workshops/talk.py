"""What people say in a workshop beside their drafts: comments, votes, requests between teams, the room's lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import ConflictError, NotFoundError
from app.services.store.ids import new_id
from app.services.store.tables import now
from app.services.store.workshops.log import Turn
from app.services.store.workshops.tables import (
    WorkshopComment,
    WorkshopNote,
    WorkshopRequest,
    WorkshopTeam,
    WorkshopVote,
)

R = TypeVar("R", WorkshopComment, WorkshopNote, WorkshopRequest)
MOST = 2_000
"""Comments, requests or notes in one workshop."""
BLANK = "blank"
"""The kind of note that says who owns a blank: `text` is the line's id and the blank's words."""


def quoted(team: WorkshopTeam, line: int) -> str:
    """A line of a draft as it reads now. Raises `NotFoundError`."""
    for row in team.lines:
        if row["id"] == line:
            return str(row["text"])
    raise NotFoundError("That line isn't in the draft any more.")


async def comments(session: AsyncSession, workspace: str, workshop: str, team: str) -> Sequence[WorkshopComment]:
    """Remarks on a team's draft, the oldest first."""
    asked = select(WorkshopComment).where(*_of(WorkshopComment, workspace, workshop), WorkshopComment.team_id == team)
    return (await session.scalars(asked.order_by(WorkshopComment.id))).all()


async def comment(turn: Turn, team: WorkshopTeam, line: int, text: str, by: str) -> WorkshopComment:
    """A remark on a line. Raises `NotFoundError`, `ConflictError`."""
    row = WorkshopComment(
        workspace_id=turn.workspace,
        workshop_id=turn.workshop,
        id=new_id(),
        team_id=team.id,
        line=line,
        quote=quoted(team, line),
        text=text,
        by=by,
    )
    return await _add(turn, row)


async def find_comment(turn: Turn, team: str, comment_id: str) -> WorkshopComment:
    """A remark on that team's draft. Raises `NotFoundError`."""
    found = await turn.session.get(WorkshopComment, (turn.workspace, turn.workshop, comment_id))
    if found is None or found.team_id != team:
        raise NotFoundError("There is no such comment at this table.")
    return found


async def votes(session: AsyncSession, workspace: str, workshop: str, team: str) -> Sequence[WorkshopVote]:
    """All votes on a team's lines; whose they are is for counting alone."""
    asked = select(WorkshopVote).where(*_of(WorkshopVote, workspace, workshop), WorkshopVote.team_id == team)
    return (await session.scalars(asked.order_by(WorkshopVote.line))).all()


async def vote(turn: Turn, team: str, line: int, kind: str, person: str, value: int) -> None:
    """One person's vote in place of their last; 0 takes it back."""
    key = {"team_id": team, "line": line, "kind": kind, "person_id": person}
    row = WorkshopVote(workspace_id=turn.workspace, workshop_id=turn.workshop, value=value, **key)
    if value:
        await turn.session.merge(row)
        await turn.session.flush()
    else:
        where = (getattr(WorkshopVote, name) == wanted for name, wanted in key.items())
        await turn.session.execute(
            delete(WorkshopVote).where(*_of(WorkshopVote, turn.workspace, turn.workshop), *where)
        )


async def forget_confidence(turn: Turn, team: str, line: int) -> None:
    """Drop the confidence votes on a line, for another round."""
    await turn.session.execute(
        delete(WorkshopVote).where(
            *_of(WorkshopVote, turn.workspace, turn.workshop),
            WorkshopVote.team_id == team,
            WorkshopVote.line == line,
            WorkshopVote.kind == "confidence",
        )
    )


async def requests(session: AsyncSession, workspace: str, workshop: str) -> Sequence[WorkshopRequest]:
    """Dependencies between teams, the oldest first."""
    asked = select(WorkshopRequest).where(*_of(WorkshopRequest, workspace, workshop))
    return (await session.scalars(asked.order_by(WorkshopRequest.id))).all()


async def ask(
    turn: Turn, asking: WorkshopTeam, asked: WorkshopTeam, text: str, line: int | None, by: str
) -> WorkshopRequest:
    """One team asks another. Raises `ConflictError` for a team that asks itself."""
    if asking.id == asked.id:
        raise ConflictError("A team can't depend on itself: choose another team.", code="same-team")
    row = WorkshopRequest(
        workspace_id=turn.workspace,
        workshop_id=turn.workshop,
        id=new_id(),
        from_team=asking.id,
        to_team=asked.id,
        line=line,
        quote=quoted(asking, line) if line else "",
        text=text,
        asked_by=by,
    )
    return await _add(turn, row)


async def find_request(turn: Turn, request_id: str) -> WorkshopRequest:
    """A dependency. Raises `NotFoundError`."""
    found = await turn.session.get(WorkshopRequest, (turn.workspace, turn.workshop, request_id))
    if found is None:
        raise NotFoundError("There is no such request in this workshop.")
    return found


async def answer(turn: Turn, row: WorkshopRequest, state: str, reason: str, owner: str, by: str) -> None:
    """The other team's word; a later one replaces it."""
    row.state, row.reason, row.owner, row.answered_by, row.answered_at = state, reason, owner, by, now()
    await turn.session.flush()


async def notes(session: AsyncSession, workspace: str, workshop: str) -> Sequence[WorkshopNote]:
    """Decisions, what isn't done, homework; the oldest first."""
    asked = select(WorkshopNote).where(*_of(WorkshopNote, workspace, workshop), WorkshopNote.kind != BLANK)
    return (await session.scalars(asked.order_by(WorkshopNote.id))).all()


async def owners(session: AsyncSession, workspace: str, workshop: str) -> list[dict[str, Any]]:
    """Who finds out what a blank stands for: `team`, `line`, `blank` and `owner`, also of blanks filled since."""
    asked = select(WorkshopNote).where(*_of(WorkshopNote, workspace, workshop), WorkshopNote.kind == BLANK)
    found = []
    for row in await session.scalars(asked.order_by(WorkshopNote.id)):
        line, _, blank = row.text.partition(" ")
        found.append({"team": row.team_id, "line": int(line), "blank": blank, "owner": row.owner})
    return found


async def own(turn: Turn, team: str, line: int, blank: str, owner: str, by: str) -> None:
    """Give a blank of a draft an owner in place of the last one; an empty name takes it back."""
    text = f"{line} {blank}"
    asked = select(WorkshopNote).where(
        *_of(WorkshopNote, turn.workspace, turn.workshop),
        WorkshopNote.kind == BLANK,
        WorkshopNote.team_id == team,
        WorkshopNote.text == text,
    )
    row = await turn.session.scalar(asked)
    if row and not owner:
        await turn.session.delete(row)
    elif row:
        row.owner = owner
    elif owner:
        await note(turn, BLANK, text, owner, team, by)
    await turn.session.flush()


async def note(turn: Turn, kind: str, text: str, owner: str, team: str | None, by: str) -> WorkshopNote:
    """A line for one of the room's lists."""
    row = WorkshopNote(
        workspace_id=turn.workspace,
        workshop_id=turn.workshop,
        id=new_id(),
        kind=kind,
        text=text,
        owner=owner,
        team_id=team,
        by=by,
    )
    return await _add(turn, row)


async def find_note(turn: Turn, note_id: str) -> WorkshopNote:
    """A line of the room's lists. Raises `NotFoundError`."""
    found = await turn.session.get(WorkshopNote, (turn.workspace, turn.workshop, note_id))
    if found is None:
        raise NotFoundError("There is no such note in this workshop.")
    return found


async def _add(turn: Turn, row: R) -> R:
    table = type(row)
    asked = select(table.id).where(*_of(table, turn.workspace, turn.workshop)).limit(MOST)
    if len((await turn.session.scalars(asked)).all()) >= MOST:
        raise ConflictError(f"This workshop holds {MOST} of these already.", code="room-full")
    turn.session.add(row)
    await turn.session.flush()
    return row


def _of(
    table: type[R] | type[WorkshopVote], workspace: str, workshop: str
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.workspace_id == workspace, table.workshop_id == workshop
