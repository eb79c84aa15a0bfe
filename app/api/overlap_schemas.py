"""What goes over the wire for overlaps between teams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.schemas import ContextIn, NoteOut, ParentIn, PillarIn, encodable
from app.coach.nouns import Context, Okr, Source
from app.coach.overlap import Copy, OverlapMap, Overlaps, Pair, Place, Relation
from app.coach.overlap.clusters import Cluster, Need
from app.coach.overlap.coverage import Coverage, Served

MOST_OKRS = 5_000


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TeamOkrIn(_In):
    """One OKR of a team: structured, or everything of the team as pasted `text`."""

    team: str | None = Field(None, max_length=500)
    objective: str | None = Field(None, max_length=10_000)
    key_results: list[str] = Field(default_factory=list, max_length=1_000)
    cycle: str | None = Field(None, max_length=200)
    text: str | None = None

    @model_validator(mode="after")
    def _one_of(self) -> TeamOkrIn:
        if self.text is not None and (self.objective is not None or self.key_results):
            raise ValueError("send either `text`, or `objective` and `key_results`")
        return self


class OverlapsIn(_In):
    """The OKRs of several teams in one cycle, and what they may serve."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "okrs": [
                        {
                            "team": "Platform",
                            "objective": "Running costs stop growing faster than we do",
                            "key_results": ["Cut cloud spend from 90k to 60k a month"],
                        },
                        {
                            "team": "Expansion",
                            "objective": "Customers overseas get the speed they pay for",
                            "key_results": ["Double the cloud regions we run in from 3 to 6"],
                        },
                    ]
                }
            ]
        },
    )

    okrs: list[TeamOkrIn] = Field(max_length=MOST_OKRS)
    all: bool = Field(
        False, strict=True, description="Return every pair of key results of different teams, unrelated ones too"
    )
    strategy: list[str | PillarIn] = Field(default_factory=list, max_length=50)
    parent: ParentIn | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_unicode(cls, data: object) -> object:
        if not encodable(data):
            raise ValueError("the request holds a lone surrogate, which is no valid Unicode text")
        return data

    def context(self) -> Context:
        """Strategy and parent as the flow's values."""
        return ContextIn.model_validate(
            {"strategy": self.strategy, "parent": self.parent}, from_attributes=True
        ).to_noun()


class PlaceOut(BaseModel):
    """A line: indices from 0 in `okrs`; `key_result` null for the objective."""

    okr: int
    key_result: int | None

    @classmethod
    def of(cls, place: Place) -> PlaceOut:
        """From the coach's value."""
        return cls(okr=place.okr, key_result=None if place.is_objective else place.key_result)


class OtherViewOut(BaseModel):
    """A judge whose word didn't count, since it is right less often."""

    source: Source
    type: Relation
    confidence: float
    why: str


class PairOut(BaseModel):
    """What two lines of different teams are to each other."""

    a: PlaceOut
    b: PlaceOut
    type: Relation
    score: float = Field(ge=0, le=1, description="Probability that the two are related")
    why: str
    quotes: list[str] = Field(description="The line at `a`, then the line at `b`, as sent")
    needs: Literal["a", "b"] | None = Field(None, description="Of a dependency: which side waits for the other")
    sources: list[Source] = Field(description="Who judges it so: the embedded models, an LLM, or both")
    disagree: list[OtherViewOut] = Field(description="Who sees it otherwise")

    @classmethod
    def of(cls, pair: Pair) -> PairOut:
        """From the coach's value."""
        return cls(
            a=PlaceOut.of(pair.a),
            b=PlaceOut.of(pair.b),
            type=pair.type,
            score=pair.score,
            why=pair.why,
            quotes=list(pair.quotes),
            needs=pair.needs,
            sources=list(pair.sources),
            disagree=[
                OtherViewOut(
                    source=other.source, type=Relation(other.label), confidence=other.confidence, why=other.why
                )
                for other in pair.others
            ],
        )


class ClusterOut(BaseModel):
    """Lines of several teams about one thing, and who should own it."""

    teams: list[str]
    places: list[PlaceOut]
    topic: str
    types: list[Relation]
    score: float
    owner: str
    owner_why: str

    @classmethod
    def of(cls, cluster: Cluster) -> ClusterOut:
        """From the coach's value."""
        return cls(
            teams=list(cluster.teams),
            places=[PlaceOut.of(place) for place in cluster.places],
            topic=cluster.topic,
            types=list(cluster.types),
            score=cluster.score,
            owner=cluster.owner,
            owner_why=cluster.owner_why,
        )


class NeedOut(BaseModel):
    """An edge of the dependency graph."""

    needs: PlaceOut
    feeds: PlaceOut
    needing_team: str
    feeding_team: str
    score: float

    @classmethod
    def of(cls, need: Need) -> NeedOut:
        """From the coach's value."""
        return cls(
            needs=PlaceOut.of(need.needs),
            feeds=PlaceOut.of(need.feeds),
            needing_team=need.needing_team,
            feeding_team=need.feeding_team,
            score=need.score,
        )


class CellOut(BaseModel):
    """The OKRs of one team that serve a pillar."""

    team: str
    okrs: list[int]


class CoverageRowOut(BaseModel):
    """One pillar and who serves it."""

    pillar: str
    state: Served
    cells: list[CellOut]


class CoverageOut(BaseModel):
    """Pillars against teams; `serving_nothing` are OKRs aimed at no pillar."""

    teams: list[str]
    pillars: list[CoverageRowOut]
    serving_nothing: list[int]

    @classmethod
    def of(cls, coverage: Coverage) -> CoverageOut:
        """From the coach's value."""
        return cls(
            teams=list(coverage.teams),
            pillars=[
                CoverageRowOut(
                    pillar=row.pillar,
                    state=row.state,
                    cells=[CellOut(team=cell.team, okrs=list(cell.okrs)) for cell in row.cells],
                )
                for row in coverage.rows
            ],
            serving_nothing=list(coverage.serving_nothing),
        )


class CopyOut(BaseModel):
    """A line that repeats the parent's."""

    place: PlaceOut
    quote: str
    parent: str

    @classmethod
    def of(cls, copy: Copy) -> CopyOut:
        """From the coach's value."""
        return cls(place=PlaceOut.of(copy.place), quote=copy.quote, parent=copy.parent)


class ReadOkrOut(BaseModel):
    """An OKR as read, which the indices count in."""

    team: str
    objective: str | None
    key_results: list[str]


class OverlapsOut(BaseModel):
    """The map of the plan."""

    pairs: list[PairOut]
    clusters: list[ClusterOut]
    dependencies: list[NeedOut]
    copied_from_parent: list[CopyOut]
    coverage: CoverageOut | None = Field(description="Null where no strategy was given")
    okrs: list[ReadOkrOut]
    threshold: float = Field(description="Pairs scored below it are `unrelated`")
    shown: float = Field(description="Without `all`, pairs scored below it are left out: too many of them are wrong")
    model: str
    notes: list[NoteOut] = Field(description="What went wrong with the LLM, where one was asked about doubtful pairs")

    @classmethod
    def of(cls, okrs: Sequence[Okr], found: OverlapMap, finder: Overlaps) -> OverlapsOut:
        """From the coach's values."""
        return cls(
            pairs=[PairOut.of(pair) for pair in found.pairs],
            clusters=[ClusterOut.of(cluster) for cluster in found.clusters],
            dependencies=[NeedOut.of(need) for need in found.needs],
            copied_from_parent=[CopyOut.of(copy) for copy in found.copies],
            coverage=CoverageOut.of(found.coverage) if found.coverage else None,
            okrs=[
                ReadOkrOut(
                    team=okr.team or "",
                    objective=okr.objective.text if okr.objective else None,
                    key_results=[line.text for line in okr.key_results],
                )
                for okr in okrs
            ],
            threshold=found.threshold,
            shown=found.shown,
            model=finder.judge.name,
            notes=[NoteOut(code=code, message=message) for code, message in found.notes],
        )
