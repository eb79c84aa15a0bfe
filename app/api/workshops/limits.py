"""How much room a workshop gives a team: objectives, and key results under each."""

from __future__ import annotations

from collections.abc import Iterable

from app.coach.parse import parse_text
from app.errors import ConflictError
from app.services.store.workshops.merge import rows_of, text_of
from app.services.store.workshops.tables import Workshop, WorkshopTeam

_LONGEST = 60


def exceeded(okrs: Iterable[tuple[str | None, int]], workshop: Workshop) -> list[str]:
    """What of a draft is over the limits, a sentence each; `okrs` are objectives with their number of key results."""
    found = list(okrs)
    objectives = sum(objective is not None for objective, _ in found)
    over = []
    if objectives > workshop.max_objectives:
        over.append(f"{objectives} objectives, and this workshop has room for {workshop.max_objectives} a team.")
    for objective, results in found:
        if results > workshop.max_key_results:
            name = f"“{_short(objective)}” has" if objective else "The lines without an objective are"
            over.append(f"{name} {results} key results, and there is room for {workshop.max_key_results}.")
    return over


def check(team: WorkshopTeam, workshop: Workshop) -> None:
    """Raises `ConflictError` for a draft that is over the limits as it stands."""
    okrs = parse_text(text_of(rows_of(team.lines))).okrs
    over = exceeded(((okr.objective.text if okr.objective else None, len(okr.key_results)) for okr in okrs), workshop)
    if over:
        raise ConflictError(
            f"Not ready yet: {' '.join(over)} Leave out what matters least, or ask the facilitator to let it pass.",
            code="over-limit",
        )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
