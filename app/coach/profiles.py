"""Method profiles: where the schools of OKR differ, as data.

`house` is this project's rubric. Every other profile states only what it does otherwise, each with
a sentence why, in `data/profiles.yaml`; the rest it takes from `house`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field

from app.coach.nouns import Severity
from app.errors import InvalidInputError

HOUSE: Final = "house"


class UnknownProfileError(InvalidInputError):
    """No profile has that name."""

    code = "unknown-profile"

    def __init__(self, name: str) -> None:
        known = ", ".join(load_profiles())
        super().__init__(f"There is no profile {name!r}; there are: {known}.")


@dataclass(frozen=True, slots=True)
class Profile:
    """A method: its thresholds, the rules it would not raise, and its own severities.

    `why` gives the reason for each deviation from `house`, by rule id or name of limit. `precision` is how often each
    tier is right when it says a label; it is measured, not chosen, and the same in every profile.
    """

    name: str
    description: str
    limits: Mapping[str, float]
    off: frozenset[str]
    severity: Mapping[str, Severity]
    why: Mapping[str, str]
    precision: Mapping[str, Mapping[str, float]]


class _Change(BaseModel):
    model_config = ConfigDict(extra="forbid")

    why: str = Field(min_length=1)


class _Limit(_Change):
    value: float


class _RuleChange(_Change):
    severity: Severity | None = None


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    description: str
    limits: dict[str, _Limit] = {}
    rules: dict[str, _RuleChange] = {}
    precision: dict[str, dict[str, float]] = {}


@cache
def load_profiles() -> Mapping[str, Profile]:
    """All profiles by name, `house` first."""
    source = files("app.coach").joinpath("data", "profiles.yaml").read_text(encoding="utf-8")
    entries = {name: _Entry.model_validate(entry) for name, entry in yaml.safe_load(source).items()}
    return MappingProxyType({name: _profile(name, entry, entries[HOUSE]) for name, entry in entries.items()})


def profile(name: str) -> Profile:
    """The profile called `name`. Raises `UnknownProfileError`."""
    try:
        return load_profiles()[name]
    except KeyError:
        raise UnknownProfileError(name) from None


def disagreeing(rule_id: str) -> tuple[str, ...]:
    """The profiles that would not raise this rule."""
    return tuple(name for name, method in load_profiles().items() if rule_id in method.off)


def _profile(name: str, entry: _Entry, house: _Entry) -> Profile:
    limits = {**house.limits, **entry.limits}
    unknown = entry.limits.keys() - house.limits.keys()
    if unknown:
        raise ValueError(f"profiles.yaml: {name} sets limits that {HOUSE} doesn't define: {sorted(unknown)}")
    return Profile(
        name=name,
        description=" ".join(entry.description.split()),
        limits=MappingProxyType({limit: given.value for limit, given in limits.items()}),
        off=frozenset(rule for rule, change in entry.rules.items() if change.severity is None),
        severity=MappingProxyType({rule: change.severity for rule, change in entry.rules.items() if change.severity}),
        why=MappingProxyType({key: change.why for key, change in {**entry.limits, **entry.rules}.items()}),
        precision=MappingProxyType(house.precision),
    )
