"""Which candidates are shown, in which order, and how they differ from the draft."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from app.coach.likeness import jaccard, wording
from app.coach.rewrite.blanks import without_blanks
from app.coach.rewrite.nouns import Change, Rewrite
from app.coach.words import split_words

TOO_ALIKE: Final = 0.6
GAIN_STEP: Final = 5
ORDER_STEP: Final = 10
LONGEST_DIFF: Final = 4_000
_WORDS: Final = re.compile(r"\s+|\[[^\[\]\n]{1,80}\]|[,;:.](?=\s|$)|(?:(?!\[[^\[\]\n]{1,80}\])(?![,;:.](?:\s|$))\S)+")
_ISLAND: Final = 1


def closeness(text: str, draft: str) -> float:
    """How much of their words two texts share, 0 to 1; blanks count for neither."""
    return jaccard(wording(split_words(without_blanks(text))), wording(split_words(draft)))


def ranked(rewrites: Sequence[Rewrite], draft: str) -> list[Rewrite]:
    """Best first: by grade gained, then the writer's preference, then closeness to the draft."""
    return sorted(
        rewrites,
        key=lambda rewrite: (
            rewrite.candidate.kind == "move",
            -round((rewrite.grade_after - rewrite.grade_before) / GAIN_STEP),
            rewrite.candidate.order // ORDER_STEP,
            rewrite.candidate.order - 4 * closeness(rewrite.candidate.text, draft),
        ),
    )


def diverse(rewrites: Sequence[Rewrite], n: int) -> list[Rewrite]:
    """At most `n` that aren't moves, none of them nearly another in other words, and one move of each sort."""
    kept: list[Rewrite] = []
    for rewrite in rewrites:
        same = [other for other in kept if (other.candidate.kind == "move") == (rewrite.candidate.kind == "move")]
        if rewrite.candidate.kind == "move":
            if not any(other.candidate.goes_to == rewrite.candidate.goes_to for other in same):
                kept.append(rewrite)
        elif len(same) < n and all(
            closeness(rewrite.candidate.text, without_blanks(other.candidate.text)) < TOO_ALIKE
            or rewrite.candidate.kind != other.candidate.kind
            for other in same
        ):
            kept.append(rewrite)
    return kept


def diff(before: str, after: str) -> tuple[Change, ...]:
    """The words kept, taken out and put in, in reading order; long texts are shown as replaced whole.

    A blank is one word, and a lone word kept between two changes counts as changed, so that both versions can be read.
    """
    if len(before) + len(after) > LONGEST_DIFF:
        return (Change("out", before), Change("in", after))
    changes: list[Change] = []
    out = put = ""
    for kept, old, new in _runs(_WORDS.findall(before), _WORDS.findall(after)):
        if not kept:
            out, put = out + old, put + new
            continue
        changes += _changed(out, put)
        changes.append(Change("same", old))
        out = put = ""
    return (*changes, *_changed(out, put))


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    """Whether a run of words is kept, with its words in both texts."""
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for at, (op, i1, i2, j1, j2) in enumerate(codes):
        words = sum(not token.isspace() for token in old[i1:i2])
        island = words <= _ISLAND and 0 < at < len(codes) - 1 and "\n" not in "".join(old[i1:i2])
        yield op == "equal" and not island, "".join(old[i1:i2]), "".join(new[j1:j2])


def _changed(out: str, put: str) -> Iterator[Change]:
    if out:
        yield Change("out", out)
    if put:
        yield Change("in", put)
