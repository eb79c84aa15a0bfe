"""When two lines say the same: what a line is about, without the words that only dress it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from typing import Final

from app.coach.quantities import Measure
from app.coach.words import Word, phrases

FILLERS: Final = phrases(
    "a, an, the, of, in, on, at, to, for, from, by, with, and, or, our, we, us, your, their, its, his",
    "her, this, that, these, is, are, be, will, as, per, than, least, most, about, up, down, end, total",
    "overall, average, mean, number, amount, current, currently, each, every, all, s",
)
# Fillers in front of a figure, but a place or a time elsewhere: "below 8 %", "below the bridge".
BOUNDS: Final = phrases(
    "over, under, above, below, within, during, until",
)
MOVEMENTS: Final = phrases(
    "increase, increases, increasing, increased, raise, raises, raising, raised, grow, grows, growing",
    "grown, growth, improve, improves, improving, improved, lift, boost, boosting, bring, get, reach",
    "reaching, achieve, achieving, hit, move, push, reduce, reduces, reducing, reduced, cut, cuts",
    "cutting, lower, lowering, decrease, decreasing, decreased, drop, shrink, keep, maintain, double",
    "triple, halve, have, more, less, fewer, higher, better, percent, percentage, points",
)
SYNONYMS: Final = {
    "csat": "satisfaction",
    "client": "customer",
    "attrition": "churn",
    "staff": "employee",
    "signup": "registration",
}
_SHORTEST_PLURAL: Final = 4


def subject(words: Iterable[Word], measure: Measure) -> frozenset[str]:
    """What is measured or done, as a set: no fillers, no verbs of movement, no figures, singular.

    Numbers that aren't figures stay: "ISO 27001" and "ISO 9001" are different things.
    """
    figures = {place for quantity in measure.quantities for place in range(quantity.start, quantity.end)}
    said = list(words)
    found = set()
    for word, following in zip_longest(said, said[1:]):
        dressing = word.text in FILLERS or word.text in MOVEMENTS or word.start in figures
        bound = word.text in BOUNDS and (following is None or following.start in figures)
        if not dressing and not bound:
            found.add(SYNONYMS.get(stem(word.text), stem(word.text)))
    return frozenset(found)


def wording(words: Iterable[Word]) -> frozenset[str]:
    """All that a line says, numbers included, as a set without fillers."""
    return frozenset(stem(word.text) for word in words if word.text not in FILLERS)


def stem(word: str) -> str:
    """A plural as its singular, roughly: customers, customer's → customer; deliveries → delivery."""
    word = word.removesuffix("'s").removesuffix("'")
    if len(word) > _SHORTEST_PLURAL and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared words over all words, 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 0.0
