"""What people answer to findings, what is not to be raised again, and what was found in stored OKRs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError
from app.services.store.ids import new_id
from app.services.store.tables import Dismissal, Feedback, Okr, OkrFinding, SeenFinding, now

SEEN_FOR = timedelta(days=30)
"""How long feedback can name a finding by its id alone."""

_SEEN_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Words:
    """A finding by its content: the rule, the words it is about, and the line they stand in.

    An empty `line` stands for any. `content` is the caller's hash of these three.
    """

    rule: str
    quote: str
    line: str
    content: str
    objective: str = ""
    is_objective: bool = False


async def give(session: AsyncSession, workspace: str, words: Words, verdict: str, reason: str, by: str) -> Feedback:
    """Keep an answer; `dismiss` also silences the finding, and `accept` lets it speak again."""
    fields = {"rule": words.rule, "quote": words.quote, "line": words.line, "reason": reason, "by": by}
    row = Feedback(
        workspace_id=workspace,
        id=new_id(),
        content=words.content,
        objective=words.objective,
        is_objective=words.is_objective,
        verdict=verdict,
        **fields,
    )
    session.add(row)
    if verdict == "dismiss":
        await session.merge(Dismissal(workspace_id=workspace, content=words.content, at=now(), **fields))
    else:
        await session.execute(
            delete(Dismissal).where(Dismissal.workspace_id == workspace, Dismissal.content == words.content)
        )
    await session.flush()
    return row


async def dismissed(
    session: AsyncSession, workspace: str, *, limit: int | None = None, after: str = ""
) -> Sequence[Dismissal]:
    """What isn't raised any more in this workspace."""
    asked = select(Dismissal).where(Dismissal.workspace_id == workspace, Dismissal.content > after)
    return (await session.scalars(asked.order_by(Dismissal.content).limit(limit))).all()


async def withdraw(session: AsyncSession, workspace: str, content: str) -> None:
    """Let a dismissed finding be raised again. Raises `NotFoundError`."""
    where = Dismissal.workspace_id == workspace, Dismissal.content == content
    if (await session.execute(delete(Dismissal).where(*where).returning(Dismissal.content))).first() is None:
        raise NotFoundError("No finding of that content is dismissed in this workspace.")


async def answers(session: AsyncSession, workspace: str) -> Sequence[Feedback]:
    """All feedback, oldest first."""
    return (
        await session.scalars(select(Feedback).where(Feedback.workspace_id == workspace).order_by(Feedback.id))
    ).all()


async def see(session: AsyncSession, workspace: str, findings: Iterable[tuple[str, Words]]) -> None:
    """Keep what the findings of a review were about, by id, and drop what was kept long enough."""
    old = SeenFinding.workspace_id == workspace, SeenFinding.at < now() - SEEN_FOR
    await session.execute(delete(SeenFinding).where(*old))
    rows = dict(list(findings)[:_SEEN_AT_ONCE])
    known = SeenFinding.workspace_id == workspace, SeenFinding.id.in_(rows)
    await session.execute(delete(SeenFinding).where(*known))
    session.add_all(
        SeenFinding(
            workspace_id=workspace,
            id=finding_id,
            rule=words.rule,
            quote=words.quote,
            line=words.line,
            objective=words.objective,
            is_objective=words.is_objective,
        )
        for finding_id, words in rows.items()
    )
    await session.flush()


async def seen(session: AsyncSession, workspace: str, finding_id: str) -> SeenFinding:
    """What a finding was about. Raises `NotFoundError`."""
    found = await session.get(SeenFinding, (workspace, finding_id))
    if found is None:
        raise NotFoundError(
            f"No review of this workspace in the last {SEEN_FOR.days} days raised a finding {finding_id}; "
            "send its `rule` and `quote` instead."
        )
    return found


async def keep_report(session: AsyncSession, okr: Okr, grade: int | None, report: dict[str, Any]) -> None:
    """Keep what was found in this version of an OKR in place of what was found before."""
    await session.merge(
        OkrFinding(
            workspace_id=okr.workspace_id,
            okr_id=okr.id,
            okr_version=okr.version,
            grade=grade,
            report=report,
            at=now(),
        )
    )
    await session.flush()


async def report_of(session: AsyncSession, workspace: str, okr_id: str) -> OkrFinding:
    """What was last found in an OKR. Raises `NotFoundError`."""
    found = await session.get(OkrFinding, (workspace, okr_id))
    if found is None:
        raise NotFoundError("This OKR hasn't been reviewed yet: POST to its `review`.")
    return found
