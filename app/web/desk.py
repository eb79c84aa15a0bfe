"""The rewrites of a line or a whole OKR as the page shows them; `static/desk.js` makes the same of the API's answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.coach.nouns import Context, Target
from app.coach.report import Review
from app.coach.rewrite.nouns import Answer, Rewrite
from app.coach.rewrite.rewriter import Rewriter, Wish
from app.web.catalogue import PLACE_WORDS, catalogue

NONE: Final = "No wording passed every check. The question on the card is the way on: answer it in the line itself."
BLANKS: Final = " A blank left empty stays in the draft, in brackets."
NO_WHOLE: Final = "No version of the whole passed every check. Try its lines one by one."
_WANTED: Final = re.compile(r"(\d{1,5})/(\d{1,5}|\*)?", re.ASCII)
_WHY: Final = re.compile(r"([a-z-]+): (.*)", re.DOTALL)
_LONGEST: Final = 300

Words = tuple[Literal["same", "out", "in"], str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be rewritten: one line (`key_result` None for the objective), or the whole OKR."""

    objective: int
    key_result: int | None
    whole: bool

    @classmethod
    def read(cls, text: str) -> Wanted | None:
        """From a form: `0/2`, `0/` for the objective, `0/*` for the whole; None if it is none of these."""
        match = _WANTED.fullmatch(text)
        if match is None:
            return None
        whole = match[2] == "*"
        return cls(int(match[1]), None if whole or match[2] is None else int(match[2]), whole)

    @property
    def name(self) -> str:
        """As `read` reads it."""
        return f"{self.objective}/{'*' if self.whole else '' if self.key_result is None else self.key_result}"

    @property
    def target(self) -> Target:
        """The line, or where the whole OKR's findings stand."""
        return Target(self.objective, self.key_result)

    def title(self, *, many: bool) -> str:
        """The heading, with the number of the OKR where there are several."""
        okr = f"OKR {self.objective + 1}"
        if self.whole:
            return f"Rewriting {okr if many else 'the whole OKR'}"
        line = "the objective" if self.key_result is None else f"KR {self.key_result + 1}"
        return f"Rewriting {line} of {okr}" if many else f"Rewriting {line}"

    def among(self, review: Review) -> tuple[Target, ...]:
        """The lines to ask rewrites of."""
        if not self.whole:
            return (self.target,)
        flagged = (f.target for f in review.findings if f.target.objective == self.objective)
        return tuple(dict.fromkeys((self.target, *flagged)))


@dataclass(frozen=True, slots=True)
class Option:
    """One rewrite. `wording` is the diff; of a move, what the line becomes elsewhere."""

    kind: str
    gain: str
    filled: bool
    guess: bool
    goes: str
    wording: tuple[Words, ...]
    because: str
    answered: str


@dataclass(frozen=True, slots=True)
class DeskView:
    """What is shown beside the line: the coach's question with the answer given, and the rewrites."""

    target: str
    title: str
    question: str
    answer: str
    said: str
    options: tuple[Option, ...]
    refused: tuple[tuple[str, str], ...]


async def rewritten(
    rewriter: Rewriter, review: Review, context: Context, wanted: Wanted, answer: str, *, llm: bool
) -> DeskView:
    """Rewrite what is `wanted` of a review and put it into the page's words."""
    answer = answer.strip()[:_LONGEST]
    answers = (Answer(wanted.target, answer),) if answer and not wanted.whole else ()
    wish = Wish(wanted.among(review), answers)
    found = await rewriter.rewrite_async(
        review, context, wish, "auto" if llm else "local", "auto" if llm else "embedded"
    )
    rewrites = [
        rewrite
        for rewrite in found.rewrites
        if rewrite.candidate.target == wanted.target and (rewrite.candidate.kind == "okr" or not wanted.whole)
    ]
    options = tuple(_option(rewrite, rewrites[at - 1] if at else None) for at, rewrite in enumerate(rewrites))
    question = "" if wanted.whole else next((q.text for q in found.questions if q.target == wanted.target), "")
    return DeskView(
        wanted.name,
        wanted.title(many=len(review.okrs) > 1),
        question,
        answer,
        said(rewrites, whole=wanted.whole),
        options,
        tuple(
            (dropped.text, dropped.message)
            for dropped in found.dropped
            if dropped.text and (wanted.whole or dropped.target == wanted.target)
        ),
    )


def said(rewrites: Sequence[Rewrite], *, whole: bool) -> str:
    """What there is, in a sentence."""
    if not rewrites:
        return NO_WHOLE if whole else NONE
    count = "One suggestion." if len(rewrites) == 1 else f"{len(rewrites)} suggestions, the best first."
    return count + (BLANKS if any(rewrite.blanks for rewrite in rewrites) else "")


def _option(rewrite: Rewrite, previous: Rewrite | None) -> Option:
    """An option; a reason that stands above already isn't repeated."""
    candidate = rewrite.candidate
    moved = candidate.kind == "move"
    return Option(
        candidate.kind,
        f"{rewrite.grade_before} → {rewrite.grade_after}",
        bool(rewrite.blanks),
        candidate.guess,
        PLACE_WORDS.get(candidate.goes_to, "belongs elsewhere") if moved else "",
        (("same", candidate.text),) if moved else tuple(_words(rewrite)),
        "" if previous and previous.candidate.why == candidate.why else because(candidate.why),
        "; ".join(rewrite.answered),
    )


def _words(rewrite: Rewrite) -> Iterator[Words]:
    """The diff, with the space around a change left out of it."""
    for change in rewrite.diff:
        if change.op == "same":
            yield "same", change.text
            continue
        words = change.text.strip()
        before, _, after = change.text.partition(words) if words else (change.text, "", "")
        yield from ((op, text) for op, text in (("same", before), (change.op, words), ("same", after)) if text)  # type: ignore[misc]


def because(why: str) -> str:
    """The reason with the rule's title for its code."""
    match = _WHY.fullmatch(why)
    rule = catalogue().get(match[1]) if match else None
    return f"{rule.title}: {match[2]}" if match and rule else why
