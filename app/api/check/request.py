"""What clients send to `/v2/check`: a form, JSON or a query string, as LanguageTool takes them."""

from __future__ import annotations

import json
from typing import Any, Literal, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic.alias_generators import to_camel
from starlette.formparsers import MultiPartException

from app.api.check.marked import MarkedText
from app.errors import CoachError, InvalidInputError

_MAX_FIELDS = 100

Given = TypeVar("Given", bound="Caller")


class AnnotationIn(BaseModel):
    """A piece of `data`: text, or markup and what to read it as (nothing, unless told)."""

    model_config = ConfigDict(alias_generator=to_camel)

    text: str | None = None
    markup: str | None = None
    interpret_as: str | None = None

    @model_validator(mode="after")
    def _one_of(self) -> AnnotationIn:
        if (self.text is None) == (self.markup is None):
            raise ValueError("a piece of `data` has either `text` or `markup`")
        return self


class DataIn(BaseModel):
    """`data`: a text in pieces."""

    annotation: list[AnnotationIn] = Field(max_length=100_000)


class Caller(BaseModel):
    """Who asks. `apiKey` is a bearer token of this service, where it wants one."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    username: str = Field("", max_length=200)
    api_key: str = Field("", max_length=1_000)


class WordIn(Caller):
    """A term to accept or to take back."""

    word: str = Field(min_length=1, max_length=200)

    @field_validator("word")
    @classmethod
    def _holds_words(cls, word: str) -> str:
        if not word.strip():
            raise ValueError("the term is empty")
        return word


class CheckIn(Caller):
    """A text to check; parameters that only a grammar checker has a use for are let pass."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "O: Guests come back\nKR1: Launch the app", "language": "auto"}],
        },
    )

    text: str | None = None
    data: DataIn | None = None
    language: str = Field(max_length=40)
    preferred_variants: str = Field("", max_length=1_000)
    enabled_rules: str = Field("", max_length=10_000)
    disabled_rules: str = Field("", max_length=10_000)
    enabled_categories: str = Field("", max_length=10_000)
    disabled_categories: str = Field("", max_length=10_000)
    enabled_only: bool = False
    level: Literal["default", "picky"] = "default"

    @field_validator("data", mode="before")
    @classmethod
    def _unpacked(cls, data: object) -> object:
        if isinstance(data, str):
            try:
                return json.loads(data)
            except (ValueError, RecursionError) as error:
                raise ValueError("`data` is not valid JSON") from error
        return data

    @field_validator(
        "preferred_variants",
        "enabled_rules",
        "disabled_rules",
        "enabled_categories",
        "disabled_categories",
        mode="before",
    )
    @classmethod
    def _joined(cls, listed: object) -> object:
        return ",".join(map(str, listed)) if isinstance(listed, list) else listed

    @model_validator(mode="after")
    def _sensible(self) -> CheckIn:
        if (self.text is None) == (self.data is None):
            raise ValueError("send either `text` or `data`, and not both")
        if self.enabled_only:
            if not (self.enabled_rules or self.enabled_categories):
                raise ValueError("`enabledOnly` wants `enabledRules` or `enabledCategories`")
            if self.disabled_rules or self.disabled_categories:
                raise ValueError("`enabledOnly` doesn't go with `disabledRules` or `disabledCategories`")
        return self

    @property
    def marked(self) -> MarkedText:
        """The text that was sent, with its markup told apart."""
        if self.data is None:
            return MarkedText.text(self.text or "")
        return MarkedText.of(
            (part.text, None) if part.text is not None else (part.markup or "", part.interpret_as or "")
            for part in self.data.annotation
        )


async def given(request: Request, kind: type[Given]) -> Given:
    """The request's parameters, wherever they stand. Raises `InvalidInputError`; `CoachError` for what isn't JSON."""
    fields: dict[str, Any] = dict(request.query_params)
    if request.method != "GET":
        fields |= await _body(request)
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise InvalidInputError(f"{place}: {said}" if place else said, code="invalid-request") from error


async def _body(request: Request) -> dict[str, Any]:
    if "json" in request.headers.get("content-type", ""):
        try:
            found = json.loads(await request.body() or b"{}")
        except (ValueError, RecursionError) as error:
            raise CoachError("The request body is not valid JSON.", code="malformed-json") from error
        if not isinstance(found, dict):
            raise InvalidInputError("The request body is JSON, but not an object.", code="invalid-request")
        return found
    try:
        form = await request.form(max_fields=_MAX_FIELDS, max_files=0)
    except MultiPartException as error:
        raise CoachError(f"The form can't be read: {error.message}", code="malformed-form") from error
    return {key: value for key, value in form.items() if isinstance(value, str)}
