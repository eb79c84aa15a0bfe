"""`/v2/…`: LanguageTool's protocol, so that clients written for it can ask this service.

A grammar client sends whatever it sees; what holds no OKRs comes back without a match.
"""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query, Request

from app.api.check import languages
from app.api.check.marked import MarkedText
from app.api.check.matches import Choice, Replacer, matches
from app.api.check.offsets import Utf16
from app.api.check.request import Caller, CheckIn, WordIn, given
from app.api.check.schemas import (
    AddedOut,
    CheckOut,
    CodeOut,
    DeletedOut,
    Detected,
    IgnoreRange,
    InfoOut,
    LanguageOut,
    LanguageUsed,
    Match,
    Software,
    Warnings,
    WordsOut,
)
from app.api.check.words import Words
from app.api.problems import ERRORS
from app.coach.flow import Coach
from app.coach.language import is_english
from app.coach.nouns import Line
from app.coach.parse import parse_text
from app.coach.parse.gate import gate, weigh
from app.errors import ForbiddenError, InvalidInputError, TooLargeError

router = APIRouter(prefix="/v2", tags=["LanguageTool"])

SOFTWARE = Software(name="OKR Coach", version=version("okr-coach"))
_SURE, _LIKELY = 1.0, 0.9
_EXTENSIONS = ("chrome-extension", "moz-extension", "safari-web-extension")
_GUARDED: dict[int | str, dict[str, Any]] = ERRORS | {403: ERRORS[401] | {"description": "Forbidden"}}
_TOO_LONG = "Only the beginning of the text was looked through for OKRs."


def _body(kind: type[Caller]) -> dict[str, Any]:
    """The description of a body that is read by hand, as it comes in two forms."""
    schema = kind.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    form = {**schema, "properties": dict(schema["properties"])}
    form.pop("examples", None)
    if "data" in form["properties"]:
        form["properties"]["data"] = {"type": "string", "description": "JSON: {annotation: [{text} or {markup}]}"}
        schema["properties"]["data"] = {"type": "object", "description": "{annotation: [{text} or {markup}]}"}
    content = {"application/x-www-form-urlencoded": {"schema": form}, "application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


async def _asked(request: Request) -> CheckIn:
    asked = await given(request, CheckIn)
    _admit(request, asked)
    return asked


async def _worded(request: Request) -> WordIn:
    asked = await given(request, WordIn)
    _admit(request, asked)
    _own_pages_only(request)
    return asked


def _admit(request: Request, caller: Caller) -> None:
    """The token, which stands in the header or in `apiKey`. Raises as `Gatekeeper.admit` does."""
    request.app.state.gatekeeper.admit(_token(request, caller), request.client.host if request.client else "?")


def _token(request: Request, caller: Caller) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return (token if scheme.lower() == "bearer" else caller.api_key).strip()


@router.post("/check", response_model_exclude_none=True, responses=ERRORS, openapi_extra=_body(CheckIn))
async def check(asked: Annotated[CheckIn, Depends(_asked)], request: Request) -> CheckOut:
    """Check a text that may hold OKRs; offsets count UTF-16 code units of everything that was sent.

    Findings come from the rules and the embedded critic. `level: picky` adds suggestions. Replacements come for a
    check after a pause of a quarter of a second, or for OKRs that were checked before.
    """
    code = languages.known(asked.language)
    if code is None:
        raise InvalidInputError(
            f"`language`: {asked.language[:20]!r} is not a language code; send `auto` or one of /v2/languages.",
            code="unknown-language",
        )
    text = asked.marked
    limit = request.app.state.settings.max_draft_chars
    if len(text.source) > limit:
        raise TooLargeError(f"The text has {len(text.source):,} characters; this service reads up to {limit:,}.")
    words: Words = request.app.state.words
    accepted = await words.listed(_owner(request, asked)) if asked.username else []
    if code not in languages.READ and code != languages.AUTO:
        everything = IgnoreRange(from_=0, to=Utf16(text.source).at(len(text.source)), language=CodeOut(code=code))
        return CheckOut(
            software=SOFTWARE,
            warnings=Warnings(incomplete_results=False),
            language=_language(code, code, _SURE),
            matches=[],
            ignore_ranges=[everything],
        )
    return await asyncio.to_thread(
        _checked,
        request.app.state.coach,
        text,
        Choice.of(asked, accepted),
        asked=(code, languages.preferred(asked.preferred_variants)),
        base_url=str(request.base_url).rstrip("/"),
        replacer=request.app.state.replacer,
    )


@router.get("/languages")
def read_languages() -> list[LanguageOut]:
    """The languages that are read; others are let pass unread."""
    return [LanguageOut(name=name, code="en", long_code=code) for code, name in languages.READ.items()]


@router.get("/info")
def info() -> InfoOut:
    """Who answers."""
    return InfoOut(software=SOFTWARE)


@router.get("/maxtextlength")
def maxtextlength(request: Request) -> int:
    """How many characters one text may have."""
    limit: int = request.app.state.settings.max_draft_chars
    return limit


@router.get("/words", responses=ERRORS)
async def list_words(
    request: Request,
    username: Annotated[str, Query(max_length=200)] = "",
    api_key: Annotated[str, Query(alias="apiKey", max_length=1_000)] = "",
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=0, le=500)] = 10,
) -> WordsOut:
    """The terms that a user has accepted."""
    caller = Caller(username=username, api_key=api_key)
    _admit(request, caller)
    words: Words = request.app.state.words
    return WordsOut(words=(await words.listed(_owner(request, caller)))[offset : offset + limit])


@router.post("/words/add", responses=_GUARDED, openapi_extra=_body(WordIn))
async def add_word(asked: Annotated[WordIn, Depends(_worded)], request: Request) -> AddedOut:
    """Accept a term: findings about exactly these words are not shown to this user."""
    words: Words = request.app.state.words
    return AddedOut(added=await words.add(_owner(request, asked), asked.word))


@router.post("/words/delete", responses=_GUARDED, openapi_extra=_body(WordIn))
async def delete_word(asked: Annotated[WordIn, Depends(_worded)], request: Request) -> DeletedOut:
    """Take an accepted term back."""
    words: Words = request.app.state.words
    return DeletedOut(deleted=await words.delete(_owner(request, asked), asked.word))


def _checked(
    coach: Coach, text: MarkedText, choice: Choice, *, asked: tuple[str, str], base_url: str, replacer: Replacer | None
) -> CheckOut:
    """`asked` is the language asked for, and the English that the user prefers."""
    code, variant = asked
    found: list[Match] = []
    foreign: list[Line] = []
    reasons = [_TOO_LONG] if _is_longer_than_the_gate_reads(text.plain) else []
    weight = weigh(text.plain)
    if weight.holds:
        draft = parse_text(text.plain, weight)
        foreign = [line for okr in draft.okrs if not is_english(part.text for part in okr.lines) for line in okr.lines]
        review = coach.review(draft)
        found = matches(review, text, choice, base_url=base_url, replacer=replacer, skip=foreign)
        reasons += [note.message for note in review.notes if note.code == "critic-limit"]
    reads = is_english([text.plain])
    used = code if code != languages.AUTO else variant
    return CheckOut(
        software=SOFTWARE,
        warnings=Warnings(incomplete_results=bool(reasons), incomplete_results_reason=" ".join(reasons) or None),
        language=_language(used, variant if reads else languages.UNKNOWN, _LIKELY),
        matches=found,
        ignore_ranges=_ranges(text, foreign),
    )


def _ranges(text: MarkedText, lines: list[Line]) -> list[IgnoreRange]:
    units = Utf16(text.source)
    found = []
    for line in lines:
        start, end = text.span(line.start, line.end)
        found.append(IgnoreRange(from_=units.at(start), to=units.at(end), language=CodeOut(code=languages.UNKNOWN)))
    return found


def _is_longer_than_the_gate_reads(text: str) -> bool:
    rules = gate()
    if len(text) <= rules.max_lines:
        return False
    return len(text) > rules.max_lines * rules.max_columns or len(text.splitlines()) > rules.max_lines


def _language(used: str, detected: str, confidence: float) -> LanguageUsed:
    return LanguageUsed(
        name=languages.READ.get(used, used),
        code=used,
        detected_language=Detected(name=languages.READ.get(detected, detected), code=detected, confidence=confidence),
    )


def _owner(request: Request, caller: Caller) -> str:
    """Whose terms: a user name belongs to the token it comes with. Raises `InvalidInputError` without a name."""
    if not caller.username.strip():
        raise InvalidInputError("`username`: say whose terms these are.", code="username-missing")
    token = _token(request, caller) if request.app.state.settings.tokens else ""
    return f"{token}\x1f{caller.username.strip()}"


def _own_pages_only(request: Request) -> None:
    """Refuse pages of other sites: a form on any page could change a user's terms. Raises `ForbiddenError`."""
    origin = request.headers.get("origin")
    if origin is None or origin in request.app.state.settings.cors_origins:
        return
    where = urlsplit(origin)
    if where.scheme not in _EXTENSIONS and where.netloc != request.headers.get("host"):
        raise ForbiddenError("This comes from a page of another site, which may not change anybody's terms.")
