"""What workspaces send and take."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

T = TypeVar("T")
R = TypeVar("R")


def storable(text: str) -> str:
    """Text that every database takes, with plain line ends. Raises ValueError for control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\t\n" for char in text):
        raise ValueError("holds a control character or a lone surrogate, which is no text")
    return text


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(storable)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(storable)]
Person = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(storable)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000), AfterValidator(storable)
]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000), AfterValidator(storable)]
Ref = Annotated[str, StringConstraints(pattern="^[0-9a-z]{1,32}$")]


class In(BaseModel):
    """A body with no unknown fields."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """A row as an answer."""

    model_config = ConfigDict(from_attributes=True)


class Kept(Out):
    """What every resource says of itself; `version` is its ETag without the quotation marks."""

    id: str
    version: int
    created_at: datetime
    updated_at: datetime


class Page(BaseModel, Generic[T]):
    """Some items, and where the next page begins; null: there is none."""

    items: list[T]
    next: str | None = None


def paged(rows: Sequence[R], limit: int, shown: Callable[[R], T], cursor: Callable[[R], str]) -> Page[T]:
    """A page of `limit` items from rows of which one more was asked for."""
    items = [shown(row) for row in rows[:limit]]
    return Page(items=items, next=cursor(rows[limit - 1]) if len(rows) > limit else None)


class WorkspaceIn(In):
    """A workspace's settings."""

    name: Name


class WorkspaceOut(Out):
    """A workspace."""

    id: str
    name: str
    version: int
    created_at: datetime


class CycleIn(In):
    """A planning cycle; with dates the coach knows which one is under way."""

    name: Name = Field(examples=["Q3 2026"])
    starts_on: date | None = None
    ends_on: date | None = None


class CycleOut(Kept):
    """A planning cycle."""

    name: str
    starts_on: date | None
    ends_on: date | None


class TeamIn(In):
    """A team."""

    name: Name
    function: Short = Field("", description="Groups teams, such as engineering")


class TeamOut(Kept):
    """A team."""

    name: str
    function: str


class StoredPillarIn(In):
    """A strategic priority, of one cycle or (null) of all."""

    name: Name
    text: Prose = ""
    cycle_id: Ref | None = None


class StoredPillarOut(Kept):
    """A strategic priority."""

    name: str
    text: str
    cycle_id: str | None


class StoredKpiIn(In):
    """A standing measure; `target` is its normal level, as people write it ("80 %")."""

    name: Name
    definition: Prose = ""
    target: Short | None = None
    owner: Short = ""


class StoredKpiOut(Kept):
    """A standing measure."""

    name: str
    definition: str
    target: str | None
    owner: str


class KpiValueIn(In):
    """A reading, in the unit of the KPI's target (71 for 71 %)."""

    value: float = Field(allow_inf_nan=False)


class KpiValueOut(Out):
    """A reading."""

    on: date
    value: float


class StoredOkrIn(In):
    """An OKR; `team_id` null is the organisation's own. `by` and `why` go into its history."""

    objective: Line
    key_results: list[Line] = Field(max_length=200)
    cycle_id: Ref
    team_id: Ref | None = None
    parent_id: Ref | None = None
    by: Person = Field("", description="The person who makes the change; the key's name is kept as well")
    why: Prose = Field("", description="Needed to change key results that the team has committed to")


class StoredOkrOut(Kept):
    """An OKR as it stands."""

    objective: str
    key_results: list[str]
    cycle_id: str
    team_id: str | None
    parent_id: str | None


class VersionOut(Out):
    """One version of an OKR; `change` is created, changed or deleted."""

    okr_id: str
    version: int
    change: str
    objective: str
    key_results: list[str]
    cycle_id: str
    team_id: str | None
    parent_id: str | None
    by: str
    at: datetime
    why: str
