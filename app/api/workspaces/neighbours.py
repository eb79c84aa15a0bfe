"""A draft against what other teams have planned for the same cycle, found through the index of their lines."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.api.neighbour_schemas import DraftOverlapOut
from app.api.workspaces.access import Seat
from app.api.workspaces.background import noun
from app.coach.nouns import Context, Draft, Okr
from app.coach.overlap import Overlaps, Pair
from app.coach.overlap.lines import shortened
from app.coach.overlap.plan import Plan, team_number
from app.services.line_index import LineIndex
from app.services.store import plans, register
from app.services.store.plans import TeamOkr

NEAREST = 16
"""Stored lines sought for each line of a draft; its own team's may be among them."""
JUDGED = 5
"""Of those the nearest by another team that get a verdict."""
MOST_SHOWN = 30


_MOST_READ = 64


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The index of stored lines, what judges pairs of them, and the stored OKRs read last, made comparable."""

    lines: LineIndex
    finder: Overlaps
    known: OrderedDict[tuple[tuple[str, str, int], ...], Plan] = field(default_factory=OrderedDict)

    def read(self, others: Sequence[TeamOkr]) -> Plan:
        """The OKRs as a plan; somebody who writes is near the same ones again and again."""
        key = tuple((item.okr.workspace_id, item.okr.id, item.okr.version) for item in others)
        plan = self.known.pop(key, None) or self.finder.read([replace(noun(i.okr), team=i.team) for i in others])
        self.known[key] = plan
        if len(self.known) > _MOST_READ:
            self.known.pop(next(iter(self.known)), None)
        return plan


async def overlapping(
    seat: Seat, neighbours: Neighbours, draft: Draft, context: Context, parent: str | None = None
) -> list[DraftOverlapOut] | None:
    """Related lines of other teams in the cycle of `context`, the surest first.

    The draft's `parent` and what is above it are left out: saying the same as those is alignment. None where its
    team or cycle isn't known, since then nobody can say who the others are.
    """
    at = [number for number, okr in enumerate(draft.okrs) if okr.team or context.team]
    okrs = [replace(draft.okrs[number], team=draft.okrs[number].team or context.team) for number in at]
    texts = [text for okr in okrs for line in okr.lines if (text := shortened(line.text).strip())]
    if not texts:
        return None
    async with seat.database.reading() as session:
        cycle = await register.cycle_of(session, seat.workspace, context.cycle)
    if cycle is None:
        return None
    vectors = await asyncio.to_thread(neighbours.finder.encoder.encode, texts)
    near = await neighbours.lines.nearest(seat.workspace, cycle.id, vectors, NEAREST)
    async with seat.database.reading() as session:
        above = await plans.ancestors(session, seat.workspace, parent)
        found = await plans.some(session, seat.workspace, near - above)
    own = {team_number(okr.team or "") for okr in okrs}
    others = [item for item in found if item.okr.cycle_id == cycle.id and team_number(item.team) not in own]
    if not others:
        return []
    pairs = await asyncio.to_thread(_judged, neighbours, okrs, others)
    return [DraftOverlapOut.of(pair, at[pair.a.okr], others[pair.b.okr]) for pair in pairs[:MOST_SHOWN]]


def _judged(neighbours: Neighbours, okrs: Sequence[Okr], others: Sequence[TeamOkr]) -> list[Pair]:
    finder = neighbours.finder
    return finder.against(finder.read(okrs), neighbours.read(others), JUDGED)
