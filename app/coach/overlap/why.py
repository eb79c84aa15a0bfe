"""One sentence of why: what two lines share, or where they pull apart, in the authors' own words."""

from __future__ import annotations

from collections.abc import Callable

from app.coach.likeness import SYNONYMS, stem
from app.coach.overlap.lines import Said
from app.coach.overlap.nouns import Relation
from app.coach.overlap.signals import CENTRAL, DOWN, GATE, HOUSEKEEPING, LOCAL, SPEED, UP
from app.coach.words import Lexicon, split_words

_SHOWN = 60
_MOST_SHARED = 4
_OPPOSED: tuple[tuple[Lexicon, Lexicon, str], ...] = (
    (SPEED, GATE, "one wants it quicker, the other adds a check before it"),
    (CENTRAL, LOCAL, "one brings it together, the other leaves it to each team"),
    (UP, DOWN, "one pushes up what the other brings down"),
)


def why(a: Said, b: Said, relation: Relation, weigh: Callable[[str], float]) -> str:
    """The sentence for a pair; `weigh` says how telling a word is."""
    shared = _shared(a, b, weigh)
    about = f"“{shared}”" if shared else ""
    one, other = _team(a), _team(b)
    match relation:
        case Relation.DUPLICATE:
            said = f"the same result, {about}" if about else "the same result in other words"
            return f"{one} and {other} both promise {said}: one of them should own it."
        case Relation.OVERLAP:
            said = f"Both work on {about}" if about else f"Both are after one outcome in different words, {_both(a, b)}"
            return f"{said}: {one} and {other} should settle who does what before the cycle starts."
        case Relation.CONFLICT:
            over = f" over {about}" if about else ""
            return f"{one} and {other} pull against each other{over}: {_opposition(a, b)}."
        case Relation.DEPENDENCY:
            over = f" with {about}" if about else ""
            return f"{one} and {other} need each other's work{over}: {_both(a, b)} can't both be planned alone."
        case _:
            return _apart(a, b, about)


def _apart(a: Said, b: Said, about: str) -> str:
    kinds = [kind for kind, lexicon in HOUSEKEEPING.items() if _has(lexicon, a) and _has(lexicon, b)]
    if kinds:
        return f"Each team's own {kinds[0]}; nothing says that they share it."
    if about:
        return f"They share the words {about}, but no outcome, lever or customer."
    return "They share no outcome, lever or customer."


def _opposition(a: Said, b: Said) -> str:
    for first, second, sentence in _OPPOSED:
        for one, other in ((a, b), (b, a)):
            if _has(first, one) and _has(second, other) and not _has(first, other):
                return sentence
    return f"{_both(a, b)} can't both be had in full"


def _has(lexicon: Lexicon, said: Said) -> bool:
    return lexicon.within(split_words(said.text))


def _shared(a: Said, b: Said, weigh: Callable[[str], float]) -> str:
    """The longest run of words that both lines say, or else their most telling words in common."""
    mine = split_words(a.text)
    stems = [SYNONYMS.get(stem(word.text), stem(word.text)) for word in mine]
    both = (a.terms & b.terms) or (a.terms & b.about) or (b.terms & a.about) or (a.about & b.about)
    spoken = {found: word.text for found, word in zip(stems, mine, strict=True)}
    for word in (*split_words(b.text), *split_words(a.objective)):
        spoken.setdefault(SYNONYMS.get(stem(word.text), stem(word.text)), word.text)
    best = sorted(both, key=lambda word: (-weigh(word), word))[:_MOST_SHARED]
    run = _run([found in both for found in stems])
    if run and run[1] - run[0] > 1:
        return a.text[mine[run[0]].start : mine[run[1] - 1].end]
    return ", ".join(spoken.get(word, word) for word in best[:2])


def _run(inside: list[bool]) -> tuple[int, int] | None:
    best: tuple[int, int] | None = None
    begin = 0
    for at, is_in in enumerate([*inside, False]):
        if not is_in:
            if at > begin and (best is None or at - begin > best[1] - best[0]):
                best = begin, at
            begin = at + 1
    return best


def _both(a: Said, b: Said) -> str:
    return f"“{_cut(a.text)}” and “{_cut(b.text)}”"


def _team(said: Said) -> str:
    return _cut(said.team) or "A team"


def _cut(text: str) -> str:
    flat = " ".join(text[: _SHOWN * 2].split())
    return flat if len(flat) <= _SHOWN else flat[:_SHOWN].rstrip() + "…"
