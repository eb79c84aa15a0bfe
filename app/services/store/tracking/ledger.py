"""The ledger: what was changed in key results after a team had committed to them, and why.

It is written by the change itself, whichever way that comes in, so that no target moves unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import CoachError
from app.services.store.ids import new_id
from app.services.store.tables import Cycle, Okr, OkrVersion
from app.services.store.tracking.alignment import aligned, plain
from app.services.store.tracking.tables import Commitment, TargetChange

MOST_SHOWN = 20
_Change = tuple[str, int | None, str | None, str | None]


class ReasonNeededError(CoachError):
    """Key results that a team has committed to change with a reason only; `errors` names them."""

    status = 422
    code = "reason-needed"

    def __init__(self, changes: Sequence[_Change]) -> None:
        super().__init__(
            "The team has committed to this OKR: say in `why` for what reason its key results change. "
            "The reason goes into the ledger. Nothing was changed."
        )
        self.errors = [
            {
                "at": "cycle_id" if place is None else f"key_results/{place}",
                "message": f"{kind}: {before or '(nothing)'} → {after or '(nothing)'}",
            }
            for kind, place, before, after in changes[:MOST_SHOWN]
        ]


def differences(before: Sequence[str], after: Sequence[str]) -> Iterator[_Change]:
    """Key results that were changed, removed or added; another case or spacing is no change."""
    places = aligned(before, after)
    for at, place in enumerate(places):
        if place is None:
            yield "removed", at, before[at], None
        elif plain(before[at]) != plain(after[place]):
            yield "changed", at, before[at], after[place]
    for place in sorted(set(range(len(after))) - set(places)):
        yield "added", place, None, after[place]


async def enter(session: AsyncSession, before: OkrVersion, okr: Okr, reason: str) -> None:
    """Write down what a change did to an OKR that was committed; nothing for one that wasn't.

    Raises `ReasonNeededError`.
    """
    if await session.get(Commitment, (before.workspace_id, okr.id)) is None:
        return
    changes = list(differences(before.key_results, () if okr.deleted_at else okr.key_results))
    if okr.cycle_id != before.cycle_id:
        names = [await _name(session, before.workspace_id, cycle) for cycle in (before.cycle_id, okr.cycle_id)]
        changes.append(("moved", None, names[0], names[1]))
    if changes and not reason.strip():
        raise ReasonNeededError(changes)
    session.add_all(
        TargetChange(
            workspace_id=before.workspace_id,
            id=new_id(),
            okr_id=okr.id,
            okr_version=before.version,
            cycle_id=before.cycle_id,
            kind=kind,
            key_result=place,
            before=was,
            after=became,
            reason=reason,
        )
        for kind, place, was, became in changes
    )


async def entries(
    session: AsyncSession,
    workspace: str,
    *,
    cycle: str | None = None,
    okr: str | None = None,
    limit: int | None = None,
    before: str = "",
) -> Sequence[TargetChange]:
    """Changes of a cycle or of one OKR, the latest first; `before` is the entry to go on from."""
    asked = select(TargetChange).where(TargetChange.workspace_id == workspace)
    if cycle:
        asked = asked.where(TargetChange.cycle_id == cycle)
    if okr:
        asked = asked.where(TargetChange.okr_id == okr)
    if before:
        asked = asked.where(TargetChange.id < before)
    return (await session.scalars(asked.order_by(TargetChange.id.desc()).limit(limit))).all()


async def committed(session: AsyncSession, workspace: str, ids: Collection[str] | None = None) -> set[str]:
    """Which OKRs (of `ids`, else of all) a team has committed to."""
    asked = select(Commitment.okr_id).where(Commitment.workspace_id == workspace)
    if ids is not None:
        asked = asked.where(Commitment.okr_id.in_(sorted(ids)))
    return set(await session.scalars(asked))


async def commit(session: AsyncSession, okrs: Sequence[Okr]) -> int:
    """Commit to OKRs as they stand, and tell how many weren't committed before."""
    if not okrs:
        return 0
    known = await committed(session, okrs[0].workspace_id, [okr.id for okr in okrs])
    new = [okr for okr in okrs if okr.id not in known]
    session.add_all(
        Commitment(workspace_id=okr.workspace_id, okr_id=okr.id, okr_version=okr.version, cycle_id=okr.cycle_id)
        for okr in new
    )
    await session.flush()
    return len(new)


async def _name(session: AsyncSession, workspace: str, cycle: str) -> str:
    return (await session.get_one(Cycle, (workspace, cycle))).name
