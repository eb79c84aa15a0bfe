"""A vague word with nothing beside it that pins it down.

## Finds

Words of praise and direction that every reader fills differently: better, seamless, robust, user-friendly.
In a key result they are flagged when the line holds no number and no condition ("so that…", "without…")
that says what the word means. In an objective they are flagged only when the key results don't pin them
down either: there are none, or none holds a number and at least one is as vague itself.

It leaves alone a vague word beside a number, in a stated purpose ("add search filters for better
orientation") and in a name ("Better Cotton label"). Where the whole line is a wish, `not-measurable` says so
as well, and a few more words count as vague ("stronger ties with…").

## Why it matters

"A seamless hand-over" is agreed by everyone in the room because each pictures something else. The
differences come out at the end of the cycle, when it is too late to talk about them.

## Do this instead

Keep the word in the objective if it moves people, and let a key result say how you would recognise it. In a
key result, swap the word for what you would see.

Before:

```okr
KR: Ship a robust booking form for all clinics
```

After:

```okr
KR: Cut bookings that are lost half-way from 12 % to 4 % in all clinics by the end of May
```

## Sources

Tesoract: a wish to improve satisfaction gives a direction and is no goal yet. Google's playbook wants an
observer to be able to tell whether an objective was met, and several OKR checkers hunt for words such as
"significantly" without a number. On the other side stand Wodtke and Castro: an objective should inspire,
and an inspiring word may stay vague as long as the key results carry the measure, which is why this rule
lets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from app.coach.nouns import Severity
from app.coach.rules.not_measurable import WISH_VERBS, wish
from app.coach.rules.rule import DraftView, Hit, LineView, OkrView, Rule
from app.coach.words import Lexicon, Match, Word, phrases

VAGUE_WORDS: Final = phrases(
    "better, world class, best in class, best of breed, state of the art, cutting edge, robust, seamless",
    "seamlessly, frictionless, user friendly, intuitive, high quality, top notch, first class, excellent",
    "amazing, delightful, superior, performant, smoother, easier, simpler, significantly, substantially",
    "drastically, dramatically, considerably, next level, as much as possible, where possible",
    "effectively, efficiently, improved, enhanced, easy to use",
)
VAGUE_VERBS: Final = phrases(
    "improve, improving, optimise, optimising, optimize, optimizing, enhance, enhancing, strengthen",
    "strengthening, optimised, optimized",
)
# Only where the whole line is a wish: a "stronger beam" may be a product.
VAGUE_COMPARATIVES: Final = phrases(
    "stronger, deeper, greater, closer, tighter, smarter, happier, healthier, friendlier, nicer",
)
# Fixed terms in which the word is no praise.
TERMS: Final = phrases(
    "enhanced due diligence, enhanced rate, better cotton, better regulation, robust statistics",
    "first class mail, first class post, first class honours, first class degree, superior court",
    "the state of the art, find a better, find better, choose a better, pick a better",
    "search for a better",
)
# "for better orientation" and "to improve search" give a reason, they promise nothing.
PURPOSE: Final = phrases(
    "for, to, towards, toward, that, which",
)
PINS: Final = phrases(
    "so that, such that, without, measured by, as measured, defined as, meaning, i e, that is, instead of",
    "rather than, than, according to, as rated, as shown by, until, every, each, zero, no more, never",
)

_WORDS: Final = Lexicon(VAGUE_WORDS)
_VERBS: Final = Lexicon(VAGUE_VERBS)
_COMPARED: Final = Lexicon(VAGUE_COMPARATIVES)
_TERMS: Final = Lexicon(TERMS)
_WISHES: Final = Lexicon(WISH_VERBS - phrases("understand, understanding, raise, raising, lower, focus on, work on"))
_PINS: Final = Lexicon(PINS)
_LONGEST_LEAD: Final = 2


def _check(draft: DraftView) -> Iterator[Hit]:
    for okr in draft.okrs:
        if okr.objective and (hit := _in_objective(okr.objective, okr)):
            yield hit
        for line in okr.key_results:
            if hit := _in_key_result(line):
                yield hit


def _in_key_result(line: LineView) -> Hit | None:
    if line.measure.quantities or _PINS.within(line.words):
        return None
    lists = (_WORDS, _VERBS, _COMPARED) if wish(line) else (_WORDS, _VERBS)
    found = [match for words in lists for match in words.find(line.words) if _is_claim(line, match)]
    if not found:
        return None
    words = " and ".join(f"“{word}”" for word in dict.fromkeys(match.phrase for match in found[:3]))
    return Hit(
        line,
        found[0].start,
        found[0].end,
        f"{words} can mean something different to everyone who reads it, and nothing here pins it down.",
    )


def _in_objective(line: LineView, okr: OkrView) -> Hit | None:
    if line.measure.quantities or any(key_result.measure.quantities for key_result in okr.key_results):
        return None
    found = _WISHES.first(line.words) if _WISHES.at(line.words, 0) else _WORDS.first(line.words)
    if not found or _PINS.within(line.words) or not _is_claim(line, found):
        return None
    if okr.key_results and not any(wish(line) or _in_key_result(line) for line in okr.key_results):
        return None
    follow = (
        "none of the key results says what it would look like"
        if okr.key_results
        else "there is no key result yet to say what it would look like"
    )
    return Hit(line, found.start, found.end, f"“{found.phrase}” is fine as a direction, but {follow}.")


def _is_claim(line: LineView, found: Match) -> bool:
    """Whether the word is the author's promise rather than a name, a fixed term or a purpose."""
    words = line.words
    before = words[found.position - 1].text if found.position else ""
    after = words[found.position + found.length :][:1]
    named = line.text[found.start].isupper() and (found.position > 0 or _is_name(line, after))
    return not (named or before in PURPOSE or _in_term(line, found.position))


def _is_name(line: LineView, words: Sequence[Word]) -> bool:
    """Whether `words` go on as a name does: "Robust Perception"."""
    return any(line.text[word.start].isupper() and not line.text[word.start : word.end].isupper() for word in words)


def _in_term(line: LineView, position: int) -> bool:
    """Whether a fixed term covers the word at `position`."""
    starts = range(position - _LONGEST_LEAD, position + 1)
    return any(start + _TERMS.at(line.words, start) > position for start in starts)


RULE = Rule(
    id="vague-wording",
    severity=Severity.WARNING,
    message="This word can mean something different to everyone who reads it, and nothing here pins it down.",
    question="If it came true, what would people see that they don't see today?",
    check=_check,
)
