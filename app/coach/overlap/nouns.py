"""The nouns of overlap: a place in a plan, how two places relate, and the map of a whole plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from app.coach.critic.settle import Opinion
from app.coach.nouns import Source


class Relation(StrEnum):
    """What a line of one team is to a line of another."""

    UNRELATED = "unrelated"
    DUPLICATE = "duplicate"
    OVERLAP = "overlap"
    CONFLICT = "conflict"
    DEPENDENCY = "dependency"


RELATIONS = tuple(Relation)
"""The order of a judge's columns; `unrelated` is the first."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Which line: the OKR and the key result within it, from 0; `key_result` -1 for the objective itself."""

    okr: int
    key_result: int = -1

    @property
    def is_objective(self) -> bool:
        """Whether the place is an objective."""
        return self.key_result < 0


@dataclass(frozen=True, slots=True)
class Pair:
    """What two lines of different teams are to each other.

    `score` is the calibrated probability (0-1) that they are related at all, `quotes` the two lines as written,
    `needs` which side of a dependency waits for the other. `sources` judged it so, `others` see it otherwise.
    """

    a: Place
    b: Place
    type: Relation
    score: float
    why: str
    quotes: tuple[str, str]
    needs: Literal["a", "b"] | None = None
    sources: tuple[Source, ...] = (Source.LOCAL,)
    others: tuple[Opinion, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """A line that repeats the parent's text (`copied-from-parent`), which is no overlap with the others that do."""

    place: Place
    quote: str
    parent: str
