"""Whether a rewrite is still about the same thing: likeness of meaning, shared words, and direction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np

from app.services.embeddings import MODELS, OnnxEncoder, Vectors
from evals.rewriting.shown import BLANK

LEAST_LIKENESS: Final = 0.25
LIKE_ENOUGH: Final = 0.45
"""Cosine to the draft: at least the first with a telling word in common, the second without. docs/rewrites.md says
what reference rewrites reach, and what rewrites of other lines do."""

CLOSE: Final = 0.70
_SMALL: Final = frozenset(
    "a an the of to in on at by for from with who that and or as is are be has have not no we our us their them it its "
    "this these each every all any more most than when until per within under over above below about through into up "
    "down out before after while raise cut lower lift grow bring reduce increase decrease share number time current "
    "target week month quarter year day days keep hold least percent new good better best make get people".split()
)
_WORD: Final = re.compile(r"[a-z][a-z’'-]{1,40}")
_UP: Final = re.compile(r"(?:^|\bto |\band |, )(?:raise|increase|grow|lift|boost|double|triple)\b", re.IGNORECASE)
_DOWN: Final = re.compile(r"(?:^|\bto |\band |, )(?:cut|reduce|lower|decrease|shrink|halve)\b", re.IGNORECASE)
_WORSE: Final = re.compile(
    r"^(?:raise|grow|lift|increase) (?:the )?(?:(?:number|rate|level|amount) of )?(?:[\w’'-]+ ){0,3}?"
    r"(?:errors?|faults?|defects?|complaints?|churn|downtime|waste|delays?|crash(?:es)?|outages?|scrap|overtime|backlogs?"
    r"|accidents?|injur(?:y|ies)|loss(?:es)?|penalt(?:y|ies)|incidents?|mistakes|mis-?\w{3,20} rate|attrition)\b"
    r"(?! (?:fixed|resolved|closed|answered|found|reported|settled|free))",
    re.IGNORECASE,
)
"""What should rather fall, raised; a share of it that is dealt with may rise."""

_STEM: Final = 5


@cache
def encoder() -> OnnxEncoder:
    """The base encoder, which none of the labels have shaped. Raises `ModelError`."""
    return OnnxEncoder(MODELS / "minilm")


_ROWS: dict[str, Vectors] = {}
"""Kept, because the gate scores the accepted answers as well, and most of them haven't changed."""


def likeness(texts: Sequence[str], others: Sequence[str]) -> list[float]:
    """The highest cosine of each of `texts`, blanks aside, to one of `others`, of which there is at least one."""
    plain = [_without_blanks(text) for text in (*texts, *others)]
    if new := [text for text in dict.fromkeys(plain) if text not in _ROWS]:
        _ROWS.update(zip(new, encoder().encode(new), strict=True))
    rows = np.stack([_ROWS[text] for text in plain])
    table = rows[: len(texts)] @ rows[len(texts) :].T
    return [float(row.max()) for row in table]


def terms(text: str) -> frozenset[str]:
    """Stems of the words that say what a text is about."""
    words = (word.strip("’'-") for word in _WORD.findall(_without_blanks(text).lower()))
    return frozenset(word[:_STEM] for whole in words for word in [whole, *whole.split("-")] if word not in _SMALL)


def strays(texts: Sequence[str], line: str, objective: str) -> list[list[str]]:
    """How each rewrite leaves the intent of its line; nothing if it keeps it.

    The aim of a deliverable often stands in its objective, so that words and meaning of either count.
    """
    drafts = [line, objective, f"{line}. {objective}"] if objective else [line]
    known = terms(" ".join(drafts[:2]))
    found = []
    for text, near in zip(texts, likeness(texts, drafts), strict=True):
        faults = []
        if near < LEAST_LIKENESS or (near < LIKE_ENOUGH and not terms(text) & known):
            faults.append(f"means something else (cosine {near:.2f})")
        if _opposite(line, text) or (_WORSE.search(text) and not re.match(r"\w+ the share of", text)):
            faults.append("pulls the other way")
        found.append(faults)
    return found


def _opposite(line: str, text: str) -> bool:
    before, after = _direction(line), _direction(text)
    return bool(before and after) and before != after and "\n" not in text


def _direction(text: str) -> int:
    up, down = bool(_UP.search(text)), bool(_DOWN.search(text))
    return 0 if up == down else 1 if up else -1


def _without_blanks(text: str) -> str:
    return " ".join(BLANK.sub(" ", text).split())
