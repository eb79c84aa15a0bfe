"""Rows of a set that users bring: what a line or an OKR with its labels looks like.

`dataset.schema.json` is the JSON Schema of these models; a test holds the two equal.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from evals.cases import RULE_OF_LABEL

LABEL_OF_RULE = {rule: label for label, rule in RULE_OF_LABEL.items()}


def _label(value: object) -> object:
    if value == []:
        return "neither"
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return LABEL_OF_RULE.get(value, value) if isinstance(value, str) else value


def _empty(value: object) -> object:
    return "" if value is None else value


Name = Annotated[str, BeforeValidator(_empty)]

Label = Annotated[
    Literal["activity", "kpi", "neither"] | None,
    BeforeValidator(_label),
    Field(
        description="Headline label of the line alone; the rule ids activity-not-outcome and kpi-as-okr are "
        "read as well. null (an empty cell) = undecided: shown but never scored."
    ),
]


class Row(BaseModel):
    """What every row may say of itself."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, coerce_numbers_to_str=True)

    id: Name = Field("", description="Unique name of the row; its place in the file if left out.")
    org: Name = Field("", description="Organisation. Rows of one organisation are resampled together.")
    team: Name = ""
    cycle: str | None = Field(None, description='Planning cycle, such as "Q3 2026".')
    function: Name = Field("", description="Group for break-downs, such as engineering.")
    sector: Name = Field("", description="Group for break-downs, such as retail.")


class LineRow(Row):
    """One line with its headline label; measured by the task critic-local."""

    text: str = Field(min_length=1, description="The key result or objective.")
    label: Label
    objective: str | None = Field(None, description="The objective that a key result stands under.")
    is_objective: bool = Field(False, description="Whether the line is an objective itself.")
    form: Name = Field("", description="Group for break-downs, such as noun-phrase.")


class LabelledLine(BaseModel):
    """A line of an OKR with its headline label."""

    text: str = Field(min_length=1)
    label: Label


class NamedPillar(BaseModel):
    """A strategic priority."""

    name: str = Field(min_length=1)
    text: str = ""


class LabelledFinding(BaseModel):
    """A finding that a coach would raise."""

    rule: str = Field(min_length=1, description="Rule id, as `okr-coach rules` lists them.")
    kr: int | None = Field(None, ge=0, description="Key result from 0; null = objective or whole OKR.")


class OkrRow(Row):
    """One whole OKR.

    Measured by the task strategy if `strategy` and `pillars` are given, by rules if `findings` is, and
    by critic-local where its lines are labelled.
    """

    objective: str | LabelledLine
    key_results: list[str | LabelledLine]
    pillars: list[str | NamedPillar] = []
    strategy: Literal["linked", "missing"] | None = Field(None, description="Whether it serves a pillar.")
    link: Literal["direct", "indirect", "trap", "none", ""] = Field("", description="Kind of link, if known.")
    findings: list[LabelledFinding] | None = Field(
        None, description="Every finding of the rubric; [] = a clean OKR; null = not fully labelled."
    )


FIELDS = frozenset(
    name for model in (LineRow, OkrRow, LabelledLine, NamedPillar, LabelledFinding) for name in model.model_fields
)

ROW: TypeAdapter[OkrRow | LineRow] = TypeAdapter(OkrRow | LineRow)


def schema() -> dict[str, Any]:
    """JSON Schema of one row."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One row of a data set for okr-coach eval: a line, or an OKR with key_results",
        **ROW.json_schema(),
    }
