"""`GET /v1/rules`: what is checked, and what each finding means."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from app.api.problems import NOT_FOUND
from app.coach.nouns import Severity
from app.coach.profiles import load_profiles
from app.coach.rules import load_rules
from app.coach.rules.pages import page
from app.errors import NotFoundError

router = APIRouter(prefix="/v1", tags=["rules"])


class RuleOut(BaseModel):
    """A rule in the catalogue."""

    id: str
    severity: Severity
    message: str
    question: str
    help_url: str


class RulePageOut(RuleOut):
    """A rule with its page: Markdown by section, and which method profiles would raise it."""

    sections: dict[str, str]
    agree: list[str]
    disagree: list[str]


class ProfileOut(BaseModel):
    """A method profile."""

    name: str
    description: str
    limits: dict[str, float]
    off: list[str]
    severity: dict[str, Severity]


@router.get("/rules")
def rules() -> list[RuleOut]:
    """Every finding that a review can hold."""
    return [
        RuleOut(
            id=rule.id,
            severity=rule.severity,
            message=rule.message,
            question=rule.question,
            help_url=f"/rules/{rule.id}",
        )
        for rule in load_rules()
    ]


@router.get("/rules/{rule_id}", responses=NOT_FOUND)
def rule(rule_id: str) -> RulePageOut:
    """One rule's page."""
    for known in load_rules():
        if known.id == rule_id:
            shown = page(known)
            return RulePageOut(
                id=known.id,
                severity=known.severity,
                message=known.message,
                question=known.question,
                help_url=f"/rules/{known.id}",
                sections=dict(shown.sections),
                agree=list(shown.agree),
                disagree=list(shown.disagree),
            )
    raise NotFoundError("There is no rule of that name; GET /v1/rules lists them.")


@router.get("/profiles")
def profiles() -> list[ProfileOut]:
    """The method profiles a review can follow."""
    return [
        ProfileOut(
            name=profile.name,
            description=profile.description,
            limits=dict(profile.limits),
            off=sorted(profile.off),
            severity=dict(profile.severity),
        )
        for profile in load_profiles().values()
    ]
