"""Verbs and adverbs that move a measure, keep it, or guard it."""

from __future__ import annotations

from typing import Final

from app.coach.quantities.tokens import BLANK, COMPARE, HASH, MONEY, NUMBER, SIGN, WORD, Token, words
from app.coach.quantities.units import NUMBER_WORDS


def _forms(verbs: str) -> frozenset[str]:
    forms: set[str] = set()
    for verb in verbs.split():
        stem = verb.removesuffix("e")
        forms |= {verb, f"{verb}s", f"{stem}ed", f"{stem}ing"}
    return frozenset(forms)


UP, DOWN, REACH, BRING, GAIN, KEEP, HOLD, GUARD, IMPROVE = range(1, 10)
CUES: Final = (
    dict.fromkeys(_forms("increase raise boost expand lift climb uplift scale"), UP)
    | dict.fromkeys(_forms("improve accelerate"), IMPROVE)
    | dict.fromkeys(_forms("double triple quadruple treble"), UP)
    | dict.fromkeys(_forms("halve"), DOWN)
    | dict.fromkeys(words("grow grows growing grew grown rise rises rising rose"), UP)
    | dict.fromkeys(_forms("decrease reduce lower shorten minimize minimise decline lessen slash trim"), DOWN)
    | dict.fromkeys(words("cut cuts cutting drop drops dropping dropped fall falls falling fell shrink shrinks"), DOWN)
    | dict.fromkeys(words("reach reaches reached reaching"), REACH)
    | dict.fromkeys(
        words("get gets getting bring brings bringing take takes taking push pushes move moves moving"), BRING
    )
    | dict.fromkeys(words("drive drives driving return returns go goes ramp"), BRING)
    | dict.fromkeys(
        words("add adds adding gain gains gaining win wins winning acquire acquires attract attracts"), GAIN
    )
    | dict.fromkeys(_forms("maintain remain sustain continue ensure"), KEEP)
    | dict.fromkeys(words("keep keeps keeping kept stay stays staying always never"), KEEP)
    | dict.fromkeys(words("hold holds holding"), HOLD)
    | dict.fromkeys(words("while whilst without"), GUARD)
)
"""Cue words by kind; "improve" goes whichever way the numbers say."""
Cue = tuple[int, int]
"""Token index and kind."""
_NOUNLIKE: Final = words("a an the at of large our this that price pay tax with in on full")
_FIGURES: Final = frozenset({NUMBER, MONEY, BLANK, COMPARE, SIGN, HASH})
_MEASURED: Final = words(
    "a an the at more over least n x xx top first half break zero our about approximately nearly up"
)
_LEVELLED: Final = words("at steady flat below above under within over")
_AUXILIARY: Final = words("is are be been have has get was were")
_PARTICLES: Final = words("by to from below above under")


def is_verbal(tokens: list[Token], index: int, cue: int) -> bool:
    """Whether a cue word stands as a verb here."""
    word, before, after = tokens[index][1], tokens[index - 1][1], tokens[index + 1]
    if cue == HOLD:
        following = [token[1] for token in tokens[index + 1 : index + 7]]
        return after[0] == WORD and not _LEVELLED.isdisjoint(following)
    if cue == KEEP:
        return not (word in {"keep", "keeps"} and after[1] in {"track", "up"})
    if cue in {BRING, GUARD}:
        return True
    if before in _NOUNLIKE or after[1] in {"out", "support"}:
        return False
    if cue == REACH:
        return index == 0 or after[0] in _FIGURES or after[1] in _MEASURED or after[1] in NUMBER_WORDS
    if word.startswith("scal") and not (index == 0 or before in {"to", "and"}):
        return False
    if word in {"raise", "raises"} and after[0] in {NUMBER, MONEY}:
        return False
    if word.endswith("ed") and index > 1:
        return after[1] in _PARTICLES or before in _AUXILIARY
    return not (word == "lower" and index > 0 and before not in {"to", "and", "we", "will", "or", ":", "-"})
