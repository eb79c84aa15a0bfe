"""`/`: paste and review; `/rules`: the catalogue and its pages. All of it works without JavaScript."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from pydantic import ValidationError
from starlette.responses import HTMLResponse, Response

from app.api.reviews import read
from app.api.schemas import ReviewIn
from app.coach.flow import Coach
from app.coach.nouns import Context
from app.coach.profiles import Profile, UnknownProfileError, load_profiles
from app.coach.report import Review
from app.coach.rewrite.rewriter import Rewriter
from app.config import Settings
from app.errors import CoachError, ForbiddenError, InvalidInputError
from app.web.catalogue import catalogue, for_script, sections
from app.web.desk import DeskView, Wanted, rewritten
from app.web.rendering import html
from app.web.sample import EXAMPLE_DRAFT, EXAMPLE_STRATEGY, shown_lines
from app.web.view import view

router = APIRouter(include_in_schema=False)

OPENAI = "api.openai.com"

_LIMITS = {
    "min_key_results": "At least {:g} key results",
    "max_key_results": "At most {:g} key results",
    "many_objectives": "Beyond {:g} objectives, a warning",
    "max_objectives": "At most {:g} objectives",
    "small_change_percent": "A change of up to {:g} % is small",
    "near_limit_percent": "From {:g} % on, small steps count",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as filled in."""

    draft: str = ""
    strategy: str = ""
    team: str = ""
    cycle: str = ""
    profile: str = "house"
    llm: bool = False


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """The model that can be asked as well, and the host that it is asked at."""

    name: str
    host: str


@router.get("/")
def paste(request: Request, example: bool = False) -> HTMLResponse:
    """The empty page, or with the example filled in."""
    asked = Asked(EXAMPLE_DRAFT, EXAMPLE_STRATEGY, llm=True) if example else Asked(llm=True)
    return _page(request, asked)


@router.post("/")
async def review(
    request: Request,
    *,
    draft: Annotated[str, Form()] = "",
    strategy: Annotated[str, Form()] = "",
    team: Annotated[str, Form()] = "",
    cycle: Annotated[str, Form()] = "",
    profile: Annotated[str, Form()] = "house",
    llm: Annotated[str, Form()] = "",
    token: Annotated[str, Form()] = "",
    rewrite: Annotated[str, Form()] = "",
    answer: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """The same page with the review; what can't be reviewed comes back with the reason.

    `rewrite` names a line, or a whole OKR, whose better wordings are to be shown beside it.
    """
    asked = Asked(_lines(draft), _lines(strategy), team, cycle, profile, bool(llm))
    try:
        same_site(request)
        request.app.state.gatekeeper.admit(token, request.client.host if request.client else "?")
        reviewed, context = await _reviewed(request, asked)
        desk = None
        if wanted := Wanted.read(rewrite):
            rewriter: Rewriter = request.app.state.rewriter
            desk = await rewritten(rewriter, reviewed, context, wanted, answer, llm=asked.llm)
        return await asyncio.to_thread(_page, request, asked, reviewed, desk)
    except UnknownProfileError as error:
        return _page(request, asked, problem=str(error), status=422)
    except CoachError as error:
        return _page(request, asked, problem=error.message, status=error.status)


@router.get("/rules")
def rules() -> HTMLResponse:
    """The catalogue."""
    return html(
        "rules",
        here="rules",
        rules=list(catalogue().values()),
        profiles=[_method(profile) for profile in load_profiles().values()],
    )


@router.get("/rules/{rule_id}")
def rule(rule_id: str) -> Response:
    """One rule's page, or a page that says there is none."""
    facts = catalogue().get(rule_id)
    if facts is None:
        return html("missing", 404, here="rules")
    return html("rule", here="rules", rule=facts, sections=sections(rule_id))


def _page(
    request: Request,
    asked: Asked,
    review: Review | None = None,
    desk: DeskView | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HTMLResponse:
    settings: Settings = request.app.state.settings
    return html(
        "page",
        status,
        here="review",
        asked=asked,
        view=view(asked.draft, review) if review else None,
        desk=desk,
        problem=problem,
        profiles=list(load_profiles().values()),
        guarded=bool(settings.tokens),
        llm=_language_model(settings),
        shown_lines=shown_lines(),
        for_script=for_script(),
    )


async def _reviewed(request: Request, asked: Asked) -> tuple[Review, Context]:
    coach: Coach = request.app.state.coach
    try:
        body = ReviewIn.model_validate(
            {
                "text": asked.draft,
                "context": {
                    "team": asked.team.strip() or None,
                    "cycle": asked.cycle.strip() or None,
                    "strategy": [line.strip() for line in asked.strategy.splitlines() if line.strip()],
                },
                "profile": asked.profile,
            }
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInputError(f"{first['loc'][-1]}: {first['msg']}.") from error
    draft = await asyncio.to_thread(read, body, request.app.state.settings)
    context = body.context.to_noun()
    return await coach.review_async(draft, context, body.profile, "auto" if asked.llm else "local"), context


def _language_model(settings: Settings) -> LanguageModel | None:
    """Whom the operator lets drafts be sent to, if anybody."""
    if not settings.llm_configured:
        return None
    if settings.llm_replies and not settings.llm_record:
        return LanguageModel(settings.llm_model, "a file of recorded replies")
    host = urlsplit(settings.openai_base_url).netloc.rpartition("@")[2] if settings.openai_base_url else OPENAI
    return LanguageModel(settings.llm_model, host)


def same_site(request: Request) -> None:
    """Refuse forms of other sites. Raises `ForbiddenError`.

    There is no session to ride on, but a review costs time and, with an LLM, money.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site:
        own = site in {"same-origin", "none"}
    else:
        own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not own:
        raise ForbiddenError("This form was sent from another site. Paste the draft here instead.")


def _lines(text: str) -> str:
    """A form's text with the line ends it was typed with."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _method(profile: Profile) -> dict[str, Any]:
    rules = catalogue()
    differs = [
        {
            "title": rules[key].title if key in rules else _limit(profile, key),
            "href": f"/rules/{key}" if key in rules else "",
            "why": why,
        }
        for key, why in profile.why.items()
    ]
    return {"name": profile.name, "description": profile.description, "differs": differs}


def _limit(profile: Profile, name: str) -> str:
    words = _LIMITS.get(name)
    return words.format(profile.limits[name]) if words else name.replace("_", " ").capitalize()
