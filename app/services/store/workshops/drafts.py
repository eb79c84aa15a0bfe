"""A team's draft: every version is kept, and an edit of an older one is merged or refused, never lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.services.store.tables import now
from app.services.store.workshops.log import Turn
from app.services.store.workshops.merge import MOST_LINES, Clash, Row, merge, renumbered, rows_of, stored, text_of
from app.services.store.workshops.tables import WorkshopDraft, WorkshopTeam

LONGEST = 20_000
"""Characters of a team's draft."""


class ClashError(ConflictError):
    """An edit and somebody else's touch the same lines; `errors` holds both texts, clash by clash."""

    code = "edit-clash"

    def __init__(self, version: int, text: str, clashes: Sequence[Clash]) -> None:
        super().__init__(
            "Somebody has changed the same lines meanwhile. Nothing was overwritten: choose between both wordings "
            f"and send the draft again as an edit of version {version}."
        )
        self.errors = [
            {
                "at": f"version {version}",
                "message": "The same lines were changed twice.",
                "base": "\n".join(clash.base),
                "yours": "\n".join(clash.ours),
                "theirs": "\n".join(clash.theirs),
            }
            for clash in clashes
        ] + [{"at": "draft", "message": "How the draft stands.", "version": version, "text": text}]


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome of an edit: the version that holds it, and whether somebody else's change was merged in."""

    team: WorkshopTeam
    merged: bool


async def team(session: AsyncSession, workspace: str, workshop: str, team_id: str) -> WorkshopTeam:
    """One team. Raises `NotFoundError`."""
    found = await session.get(WorkshopTeam, (workspace, workshop, team_id), populate_existing=True)
    if found is None:
        raise NotFoundError(f"There is no team {team_id} in this workshop.")
    return found


async def save(turn: Turn, team_id: str, base: int, text: str, by: str, base_text: str | None = None) -> Saved:
    """Take an edit that was made from version `base`, or from `base_text` where the writer had gone on typing.

    Raises `ClashError`, and `InvalidInputError` for a version that isn't there or a draft that is too long.
    """
    texts = _split(text)
    row = await team(turn.session, turn.workspace, turn.workshop, team_id)
    before = rows_of(row.lines)
    was = await _at(turn.session, row, base) if base_text is None else _split(base_text)
    current = [line.text for line in before]
    outcome = merge(was, texts, current)
    if outcome and isinstance(outcome[0], Clash):
        raise ClashError(row.version, text_of(before), [clash for clash in outcome if isinstance(clash, Clash)])
    wanted = [line for line in outcome if isinstance(line, str)]
    merged = wanted != texts
    if wanted == current:
        return Saved(row, merged)
    _split("\n".join(wanted))
    rows, following = renumbered(before, wanted, row.next_line)
    row.lines, row.next_line, row.version = stored(rows), following, row.version + 1
    turn.session.add(
        WorkshopDraft(
            workspace_id=turn.workspace,
            workshop_id=turn.workshop,
            team_id=team_id,
            version=row.version,
            lines=row.lines,
            by=by,
            at=now(),
        )
    )
    await turn.session.flush()
    await turn.say("draft", {"team": team_id, "version": row.version, "lines": row.lines, "by": by}, team_id)
    return Saved(row, merged)


async def keep_review(
    turn: Turn, team_id: str, version: int, grade: float | None, report: dict[str, Any]
) -> WorkshopTeam | None:
    """Keep the review of a version, unless one of a later version is there already (None)."""
    row = await team(turn.session, turn.workspace, turn.workshop, team_id)
    if row.reviewed_version > version:
        return None
    row.reviewed_version, row.grade, row.report = version, grade, report
    if grade is not None and row.trend[-1:] != [grade]:
        row.trend = [*row.trend, grade][-_TREND:]
    await turn.session.flush()
    return row


async def version_of(
    session: AsyncSession, workspace: str, workshop: str, team_id: str, version: int
) -> WorkshopDraft | None:
    """One version as it was saved; None for version 0, the empty draft, and for one that isn't there."""
    return await session.get(WorkshopDraft, (workspace, workshop, team_id, version))


async def earliest(session: AsyncSession, workspace: str, workshop: str, team_id: str) -> Sequence[WorkshopDraft]:
    """The first versions of a draft, the first first."""
    asked = select(WorkshopDraft).where(
        WorkshopDraft.workspace_id == workspace,
        WorkshopDraft.workshop_id == workshop,
        WorkshopDraft.team_id == team_id,
    )
    return (await session.scalars(asked.order_by(WorkshopDraft.version).limit(_SHOWN))).all()


async def history(
    session: AsyncSession, workspace: str, workshop: str, team_id: str, before: int | None = None
) -> Sequence[WorkshopDraft]:
    """The last versions of a draft, or the last before one, the latest first."""
    asked = select(WorkshopDraft).where(
        WorkshopDraft.workspace_id == workspace,
        WorkshopDraft.workshop_id == workshop,
        WorkshopDraft.team_id == team_id,
    )
    if before is not None:
        asked = asked.where(WorkshopDraft.version < before)
    return (await session.scalars(asked.order_by(WorkshopDraft.version.desc()).limit(_SHOWN))).all()


async def mark_start(turn: Turn) -> None:
    """Remember how every draft stands now as the one that coaching begins with, where none is marked yet."""
    await turn.session.execute(
        update(WorkshopTeam)
        .where(
            WorkshopTeam.workspace_id == turn.workspace,
            WorkshopTeam.workshop_id == turn.workshop,
            WorkshopTeam.start_version.is_(None),
            WorkshopTeam.version > 0,
        )
        .values(start_version=WorkshopTeam.version)
    )


_TREND = 40
_SHOWN = 200


async def _at(session: AsyncSession, row: WorkshopTeam, version: int) -> list[str]:
    """The lines of a version. Raises `InvalidInputError`."""
    if version == row.version:
        return [line["text"] for line in row.lines]
    if version == 0:
        return []
    found = await version_of(session, row.workspace_id, row.workshop_id, row.id, version)
    if found is None:
        raise InvalidInputError(f"version: this draft has no version {version}; it is at {row.version}.")
    return [line["text"] for line in found.lines]


def _split(text: str) -> list[str]:
    lines = text.split("\n") if text else []
    if len(text) > LONGEST or len(lines) > MOST_LINES:
        raise InvalidInputError(
            f"A team's draft has up to {LONGEST:,} characters and {MOST_LINES} lines; this one is longer.",
            code="draft-too-long",
        )
    return lines


__all__ = [
    "ClashError",
    "Row",
    "Saved",
    "earliest",
    "history",
    "keep_review",
    "mark_start",
    "save",
    "team",
    "version_of",
]
