"""What a draft has to do with what other teams have planned, as it goes over the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from app.api.rewrite_schemas import TargetOut
from app.coach.overlap import Pair, Relation
from app.coach.overlap.shelf import Stored


class NeighbourOut(BaseModel):
    """The line of another team; `key_result` null for the objective."""

    team: str
    okr_id: str
    key_result: int | None
    objective: str
    text: str


class DraftOverlapOut(BaseModel):
    """A line of the draft and a line of another team in the same cycle."""

    target: TargetOut
    type: Relation
    score: float = Field(ge=0, le=1, description="Probability that the two are related")
    why: str
    quote: str = Field(description="The draft's line")
    other: NeighbourOut
    needs: Literal["draft", "other"] | None = Field(None, description="Of a dependency: which of the two waits")

    @classmethod
    def of(cls, pair: Pair, objective: int, other: Stored) -> DraftOverlapOut:
        """From a pair whose `a` is in the draft, the place of its OKR there, and the OKR that `b` is in."""
        return cls(
            target=TargetOut(objective=objective, key_result=None if pair.a.is_objective else pair.a.key_result),
            type=pair.type,
            score=pair.score,
            why=pair.why,
            quote=pair.quotes[0],
            other=NeighbourOut(
                team=other.okr.team or "",
                okr_id=other.id,
                key_result=None if pair.b.is_objective else pair.b.key_result,
                objective=other.okr.objective.text if other.okr.objective else "",
                text=pair.quotes[1],
            ),
            needs={"a": "draft", "b": "other"}[pair.needs] if pair.needs else None,
        )
