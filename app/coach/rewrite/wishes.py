"""Wishes → something that can be measured: the author's words with a measure and two ends to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Target
from app.coach.rewrite.chunks import chunks
from app.coach.rewrite.english import better_down, lower_first
from app.coach.rewrite.nouns import Candidate
from app.coach.rules.rule import LineView
from app.coach.words import split_words

WHY: Final = "not-measurable: names what you would look at and where it should stand, for you to fill in."
WHY_VAGUE: Final = "vague-wording: says what the word means here by a measure and where it should stand."
WHY_VANITY: Final = "vanity-metric: measures what these people do next instead of how many there are."
WHY_OBJECTIVE: Final = "vague-wording: says whom it is for and what they will notice."
_ENDS: Final = "from [current level] to [target level]"
_WISH: Final = re.compile(
    r"^(?:we (?:will |'ll )?|to |then |also |further |continuously |significantly |successfully |continue to |help |please )*"
    r"(?P<verb>improv|enhanc|optimi[sz]|increas|grow|boost|strengthen|rais|elevat|deepen|accelerat|streamlin|simplif|reduc"
    r"|decreas|lower|minimi[sz]|maximi[sz]|foster|nurtur|cultivat|better|expand|develop|build|driv|speed up)"
    r"(?P<end>e|es|ing|y|ies|ying|s)?\s+(?P<rest>\S.{2,140})$",
    re.IGNORECASE,
)
_DOWNWARD: Final = ("reduc", "decreas", "lower", "minimi")
_SIMPLE: Final = {"improv": "Improve", "enhanc": "Improve", "increas": "Increase", "grow": "Grow", "boost": "Raise", "strengthen": "Strengthen", "rais": "Raise", "elevat": "Raise", "deepen": "Deepen", "accelerat": "Speed up", "streamlin": "Simplify", "simplif": "Simplify", "reduc": "Reduce", "decreas": "Reduce", "lower": "Lower", "minimi": "Reduce", "maximi": "Raise", "foster": "Strengthen", "nurtur": "Strengthen", "cultivat": "Strengthen", "optimi": "Improve", "expand": "Expand", "develop": "Develop", "build": "Build", "driv": "Drive", "speed up": "Speed up"}  # fmt: skip
_COUNTED: Final = re.compile(r"^(?:the )?(?:#|number|amount|share|percentage|rate|frequency) of ", re.IGNORECASE)
_PEOPLE_VANITY: Final = frozenset("followers subscribers visitors users accounts registrations viewers traffic".split())
_LONGEST: Final = 14


def measured(line: LineView, target: Target, writer: str, answers: tuple[str, ...]) -> Iterator[Candidate]:
    """The wish with a measure and its two ends."""
    text = " ".join(line.text.split()).rstrip(" .;!,")
    text = re.sub(r"\s?\([^()]{0,120}\)", "", text) if len(text.split()) > _LONGEST else text
    why = WHY if "not-measurable" in answers else WHY_VAGUE
    wish = _WISH.match(text)
    if wish and len(text.split()) <= _LONGEST:
        stem, rest = wish["verb"].lower().rstrip("sz"), wish["rest"]
        falls = stem.startswith(_DOWNWARD)
        verb = next(
            (verb for known, verb in _SIMPLE.items() if known.startswith(stem[:6]) or stem.startswith(known)), ""
        )
        if _COUNTED.match(rest) or _is_measure(rest):
            lead = "Cut" if falls or (verb == "Improve" and better_down(rest)) else "Raise"
            rest = re.sub(r"^(?:the )?# of ", "the number of ", rest)
            yield Candidate(target, f"{lead} {rest} {_ENDS}", "line", answers, why, writer)
        if verb:
            yield Candidate(
                target,
                f"{verb} {lower_first(rest)}, measured by [measure], {_ENDS}",
                "line",
                answers,
                why,
                writer,
                order=1,
            )
    if text and len(text.split()) <= _LONGEST + 2:
        yield Candidate(target, f"{text}, measured by [measure], {_ENDS}", "line", answers, why, writer, order=2)
    about = chunks(text).object
    if about and not about.is_people:
        yield Candidate(
            target,
            f"Raise [measure of what good looks like] for {about.the} {_ENDS}",
            "line", answers, why, writer, order=4,
        )  # fmt: skip


def _is_measure(rest: str) -> bool:
    """Whether a short phrase names a measure by itself: "API usage", "customer satisfaction", "followers on Twitter"."""
    words = split_words(rest)
    if not 0 < len(words) <= 6 or re.search(r"[,;:(]", rest):
        return False
    named = {
        "usage", "satisfaction", "adoption", "revenue", "retention", "engagement", "conversion", "traffic", "sales", "churn",
        "latency", "throughput", "uptime", "coverage", "attendance", "awareness", "motivation", "productivity", "activation",
        "users", "customers", "contributors", "subscribers", "followers", "signups", "downloads", "cost", "costs", "time",
        "errors", "complaints", "visits", "donations", "members", "participation", "turnover", "margin", "profit", "backlog",
    }  # fmt: skip
    return any(word.text in named for word in words)


def objective(line: LineView, target: Target, writer: str, answers: tuple[str, ...]) -> Iterator[Candidate]:
    """A vague objective with those who will notice and what they will notice."""
    said = chunks(line.text)
    if said.object and not said.object.is_people:
        whom = "[The people it is for]"
        yield Candidate(
            target,
            f"{whom} notice that {said.object.the} [does what it doesn't do today]",
            "line",
            answers,
            WHY_OBJECTIVE,
            writer,
        )
    yield Candidate(
        target,
        "[The people this is for] can [do what they can't do today]",
        "line",
        answers,
        WHY_OBJECTIVE,
        writer,
        order=5,
    )


def next_step(
    line: LineView, span: tuple[int, int], target: Target, writer: str, answers: tuple[str, ...]
) -> Iterator[Candidate]:
    """What those counted do next."""
    start, end = span
    vain = " ".join(line.text[start:end].split())
    share = "from [current %] to [target %]"
    if vain.split()[-1].lower() in _PEOPLE_VANITY:
        place = re.match(r"\s+on\s+([\w /]{2,30})", line.text[end:])
        where = (
            f" on {place[1].split('  ')[0].strip()}"
            if place and not re.search(r"\d|\bby\b|\bto\b|\bfrom\b", place[1])
            else ""
        )
        text = f"Raise the share of {lower_first(vain)}{where} who [take the next step] {share}"
    else:
        text = f"Raise the share of {lower_first(vain)} that lead to [the next step] {share}"
    yield Candidate(target, text, "line", answers, WHY_VANITY, writer)
