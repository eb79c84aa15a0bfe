"""Which candidates are shown, in which order, and how they differ from the draft."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_WORDS: Final = re.compile(r"\s+|\S+")


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
    """The words kept, taken out and put in, in reading order; long texts are shown as replaced whole."""
    if len(before) + len(after) > LONGEST_DIFF:
        return (Change("out", before), Change("in", after))
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    changes: list[Change] = []
    for op, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            changes.append(Change("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            changes.append(Change("out", "".join(old[i1:i2])))
        if j2 > j1:
            changes.append(Change("in", "".join(new[j1:j2])))
    return tuple(changes)
