"""What solvers are asked about overlaps: two lines of different teams, in the plan they stand in."""

from __future__ import annotations

from dataclasses import dataclass

from app.coach.overlap import Place
from app.training.plans import PlanSample

RELATED = "related"
SHOWN = "shown"
"""Mark of an answer that a user would see unasked."""


@dataclass(frozen=True, slots=True)
class PairCase:
    """Two places in a plan."""

    plan: PlanSample
    a: Place
    b: Place

    @property
    def text(self) -> str:
        """Both lines as people read them, each with its team and objective."""
        return "\n\n".join(self._told(place) for place in (self.a, self.b))

    @property
    def title(self) -> str:
        """The two lines."""
        return " / ".join(self.line(place) for place in (self.a, self.b))

    def line(self, place: Place) -> str:
        """The words at `place`."""
        okr = self.plan.okrs[place.okr]
        line = okr.objective if place.is_objective else okr.key_results[place.key_result]
        return line.text if line else ""

    def _told(self, place: Place) -> str:
        okr = self.plan.okrs[place.okr]
        objective = f"O: {okr.objective.text}" if okr.objective else ""
        head = f"Team: {okr.team}\n{objective}"
        return head if place.is_objective else f"{head}\nKR: {self.line(place)}"
