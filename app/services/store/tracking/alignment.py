"""Which key result of one version is which of the next: the same words, or else most of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

LIKE: Final = 0.5
"""Share of words that a reworded key result keeps, at least."""
_READ: Final = 200
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_LINKING: Final = frozenset({"and", "for", "from", "per", "the", "until", "with"})


def aligned(before: Sequence[str], after: Sequence[str]) -> tuple[int | None, ...]:
    """For each of `before` its place in `after`; None for one that is gone. No place is given twice."""
    found: list[int | None] = [None] * len(before)
    places: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(after):
        places[plain(text)].append(at)
    for at, text in enumerate(before):
        if places[plain(text)]:
            found[at] = places[plain(text)].pop(0)
    free = sorted(set(range(len(after))) - set(found))
    lost = [at for at, place in enumerate(found) if place is None]
    olds = {at: _words(before[at]) for at in lost}
    news = {at: _words(after[at]) for at in free}
    pairs = [(-_likeness(olds[one], news[two]), abs(one - two), one, two) for one in lost for two in free]
    for _, _, one, two in sorted(pair for pair in pairs if -pair[0] >= LIKE):
        if found[one] is None and two in news:
            found[one] = two
            del news[two]
    return tuple(found)


def plain(text: str) -> str:
    """Text without differences of case and spacing."""
    return " ".join(text.split()).casefold()


def _words(text: str) -> Counter[str]:
    """The words of a line that name things; figures are left out, since they are what moves."""
    return Counter(word for word in _WORD.findall(text.casefold())[:_READ] if word not in _LINKING)


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0
