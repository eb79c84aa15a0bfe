"""What goes back to a LanguageTool client. Offsets and lengths count UTF-16 code units."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class _Out(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Software(_Out):
    """Who answers."""

    name: str
    version: str
    build_date: str = ""
    api_version: int = 1
    premium: bool = False
    premium_hint: str = ""
    status: str = ""


class InfoOut(_Out):
    """`GET /v2/info`."""

    software: Software


class LanguageOut(_Out):
    """A language that can be asked for."""

    name: str
    code: str
    long_code: str


class Detected(_Out):
    """What the text reads as. The test says yes or no, so `confidence` takes two values."""

    name: str
    code: str
    confidence: float
    source: str = "okr-coach"


class LanguageUsed(_Out):
    """The language that the text was checked in."""

    name: str
    code: str
    detected_language: Detected


class Replacement(_Out):
    """Words to put in the place of the match."""

    value: str
    short_description: str | None = None


class ContextOut(_Out):
    """Some text around a match, on one line, and where the match is in it."""

    text: str
    offset: int
    length: int


class TypeOut(_Out):
    """LanguageTool's older sorting: `Hint` or `Other`."""

    type_name: str


class CategoryOut(_Out):
    """A group of rules."""

    id: str
    name: str


class Url(_Out):
    """A page about the rule."""

    value: str


class RuleOut(_Out):
    """The rule behind a match."""

    id: str
    description: str
    issue_type: str
    category: CategoryOut
    urls: list[Url]
    is_premium: bool = False


class Match(_Out):
    """One finding, as a grammar client shows it."""

    message: str
    short_message: str
    replacements: list[Replacement]
    offset: int
    length: int
    context: ContextOut
    sentence: str
    type: TypeOut
    rule: RuleOut
    ignore_for_incomplete_sentence: bool = False
    context_for_sure_match: int = 0


class Warnings(_Out):
    """Whether something was left unread, and why."""

    incomplete_results: bool
    incomplete_results_reason: str | None = None


class CodeOut(_Out):
    """A language by its code."""

    code: str


class IgnoreRange(_Out):
    """A part that was left alone because of its language; `und` where that couldn't be told."""

    from_: int = Field(alias="from")
    to: int
    language: CodeOut


class CheckOut(_Out):
    """The answer of `/v2/check`."""

    software: Software
    warnings: Warnings
    language: LanguageUsed
    matches: list[Match]
    ignore_ranges: list[IgnoreRange]


class WordsOut(_Out):
    """Accepted terms."""

    words: list[str]


class AddedOut(_Out):
    """Whether a term was new."""

    added: bool


class DeletedOut(_Out):
    """Whether a term was there."""

    deleted: bool
