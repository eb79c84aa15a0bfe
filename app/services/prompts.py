"""Prompts: Jinja files in `prompts/`, each filled from one typed context.

A template has two blocks: `system`, the same for every call, and `user`, which holds the draft. Examples are further
contexts put through the same `user` block, each with its answer, so that they look just like what is asked.
The draft is data from a stranger: `plain` makes it lines that can't close its fence, and every template puts it
between `<fence>` and `</fence>`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import ClassVar, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from pydantic import BaseModel

from app.services.language_model import Prompt

PROMPTS = Path(__file__).resolve().parents[2] / "prompts"
"""Beside `app/` in the source tree and in an installed wheel alike."""

LONGEST_LINE = 600
FENCE: Final = "draft-"
_FENCE_IN_TEXT = re.compile(rf"<(?=[\s/]{{0,9}}{FENCE})", re.IGNORECASE)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line to be judged, under the number that the answer names it by."""

    number: int
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines of one OKR; `objective` is "" where it is among the lines, or there is none."""

    objective: str
    lines: tuple[NumberedLine, ...]


@dataclass(frozen=True, slots=True)
class NumberedOkr:
    """A whole OKR to be judged."""

    number: int
    objective: str
    key_results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Critic:
    """All lines of a review in one call."""

    template: ClassVar[str] = "critic"
    fence: str
    groups: tuple[LineGroup, ...]


@dataclass(frozen=True, slots=True)
class CriticLine:
    """One line in a call of its own. Its objective is left out: shown it, small models judge that instead."""

    template: ClassVar[str] = "critic_line"
    fence: str
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Strategy:
    """Which pillar, if any, each OKR serves."""

    template: ClassVar[str] = "strategy"
    fence: str
    pillars: tuple[str, ...]
    okrs: tuple[NumberedOkr, ...]


@dataclass(frozen=True, slots=True)
class FlaggedLine:
    """A line of an OKR with what was found on it, and what its author said about it."""

    number: int
    role: str
    text: str
    findings: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A rewrite that can't be shown, and why."""

    number: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One OKR whose flagged lines are to be rewritten, `n` times each; `refused` is empty at the first try."""

    template: ClassVar[str] = "rewrite"
    fence: str
    team: str
    cycle: str
    lines: tuple[FlaggedLine, ...]
    n: int
    refused: tuple[RefusedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A line of a team's OKRs; `objective` is "" for the objective itself, or where there is none."""

    team: str
    text: str
    objective: str


@dataclass(frozen=True, slots=True)
class NumberedPair:
    """Lines of two teams to be told apart or together."""

    number: int
    a: TeamLine
    b: TeamLine


@dataclass(frozen=True, slots=True)
class Pairs:
    """How lines of different teams stand to each other."""

    template: ClassVar[str] = "pairs"
    fence: str
    pairs: tuple[NumberedPair, ...]


Context = Critic | CriticLine | Strategy | Rewrite | Pairs
Shot = tuple[Context, BaseModel]


def render(context: Context, shots: Sequence[Shot] = ()) -> Prompt:
    """The prompt of a context. Raises `jinja2.UndefinedError` when the template wants more than there is."""
    answered = tuple((_block("user", example), answer.model_dump_json()) for example, answer in shots)
    return Prompt(context.template, _block("system", context), answered, _block("user", context))


def plain(text: str, limit: int = LONGEST_LINE) -> str:
    """Untrusted text as one line that can't close its fence: at most `limit` characters, all of them visible."""
    seen = "".join(" " if is_unseen(c) else c for c in text[:limit])
    return " ".join(_FENCE_IN_TEXT.sub("‹", seen).split())


def is_unseen(character: str) -> bool:
    """Whether nobody sees this character, so that it could carry a message past the reader."""
    return unicodedata.category(character) in _UNSEEN


def fence_of(texts: Iterable[str]) -> str:
    """The fence around these texts: the same for the same draft, and not to be guessed from within it."""
    joined = "\x1f".join(texts).encode("utf-8", "surrogatepass")
    return FENCE + hashlib.sha256(joined).hexdigest()[:6]


def _block(name: str, context: Context) -> str:
    template = _template(context.template)
    values = {field.name: getattr(context, field.name) for field in fields(context)}
    return "".join(template.blocks[name](template.new_context(values))).strip()


@cache
def _template(name: str) -> Template:
    return environment().get_template(f"{name}.jinja")


@cache
def environment() -> Environment:
    """Strict about variables; prompts are plain text, so nothing is escaped."""
    return Environment(
        loader=FileSystemLoader(PROMPTS),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        trim_blocks=True,
        lstrip_blocks=True,
    )
