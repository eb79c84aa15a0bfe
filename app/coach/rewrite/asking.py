"""Work whose outcome nobody can guess: the line with its result left for the author to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Target
from app.coach.rewrite.chunks import COMMON, LEADS, VERBS, chunks, infinitive
from app.coach.rewrite.english import IRREGULAR, PEOPLE, lower_first, singular, upper_first
from app.coach.rewrite.nouns import Candidate
from app.coach.rewrite.standards import SHARE
from app.coach.rules.rule import LineView
from app.coach.words import phrases

LONGEST_READ: Final = 300
WHY_PEOPLE: Final = "{rule}: asks for the result that the work is for; fill in who will do what."
WHY_MEASURE: Final = "{rule}: asks for the result that the work is for; fill in what will change, and by how much."
_MOST_WORDS_OF_PEOPLE: Final = 3
_LONGEST_WORK: Final = 12
_SHORTEST_WORK: Final = 2
_FULL_STOP: Final = r"(?<!\bno)(?<!\bvs)(?<!\bapprox)(?<!\be\.g)(?<!\bi\.e)\.(?=\s)"
_CUTS: Final = re.compile(
    rf"[,:!?…–—\[\]]|{_FULL_STOP}|;(?=\s)|\s(?:and|able to|to|so that|in order|which|that|by|with|for|because|when|if|"
    r"as|in|at|on|through|about|via|from|-)\s|\s\w+ing (?=them |it |us )",
    re.IGNORECASE,
)
_CLAUSES: Final = re.compile(rf"\bso that\b|[\[\]:;!?…]|{_FULL_STOP}", re.IGNORECASE)
_HANGING: Final = re.compile(r"\s(?:to \w+|and|or|of|with)$", re.IGNORECASE)
_FINITE: Final = phrases("is, are, has, have, can, will, was, were, be, gets, get, exist, exists, runs, works, follows")
_VERB_OR_NOUN: Final = phrases(
    "figure, fund, brief, feature, pair, book, mount, light, cover, shoot, stock, square, trial, sample, pilot, label",
    "request, plant, ring, host, film, file, staff, fit, scale, test, screen, stage, seat, house, bank, shop, tour",
)
_DONE: Final = frozenset(IRREGULAR.values())


def people_of(line: LineView, objective: LineView | None) -> str | None:
    """Whom the work is for: as the line says, else the people with whom the objective begins; None if neither does."""
    said = chunks(line.text)
    if said.whom or objective is None:
        return said.whom
    above = chunks(objective.text)
    found = None if above.verb else above.object
    people = found is not None and found.head in PEOPLE and found.is_plural and found.head != "people"
    return lower_first(found.text) if found and people and len(found.text.split()) <= _MOST_WORDS_OF_PEOPLE else None


def so_that(line: LineView, target: Target, writer: str, rule: str, whom: str | None = None) -> Iterator[Candidate]:
    """The work with its result joined on: who will do what, and what gets better. No guess at all."""
    begun = _begun(line.text)
    if not begun:
        return
    change = f"more {whom or 'of [the people it is for]'} [do what they can't do today]: {SHARE}"
    measure = "[the time or cost it should save] drops from [current level] to [target level]"
    yield Candidate(target, f"{begun} {change}", "line", (rule,), WHY_PEOPLE.format(rule=rule), writer, order=30)
    yield Candidate(target, f"{begun} {measure}", "line", (rule,), WHY_MEASURE.format(rule=rule), writer, order=40)


def _begun(text: str) -> str:
    if work := plain_work(text):
        named = "" if _is_clause(work) else _named(work)
        return f"With {named}," if named else f"{work}, so that"
    said = chunks(text)
    found = said.object
    known = found and said.verb and not found.is_people and " " in found.text
    return f"With {found.the}," if found and known else ""


def plain_work(text: str) -> str:
    """The line as a clause that another can follow, cut to its beginning where it is long; "" where that fails."""
    work = " ".join(text[:LONGEST_READ].split()).rstrip(" .;,!:")
    if work.endswith("?"):
        return ""
    if "(" in work:
        work = re.sub(r"\s?\([^()]{0,120}\)", "", work)
    while len(work.split()) > _LONGEST_WORK or _CLAUSES.search(work):
        cuts = [match.start() for match in _CUTS.finditer(work)]
        if not cuts:
            return ""
        work = _HANGING.sub("", work[: cuts[-1]].rstrip(" ,;:–—-."))
    return upper_first(work) if len(work.split()) >= _SHORTEST_WORK else ""


def _is_clause(work: str) -> bool:
    """Whether it says that something is done, rather than name a thing."""
    words = work.lower().replace(",", "").split()
    while len(words) > 1 and (words[0] in LEADS or words[0].endswith("ly")):
        words = words[1:]
    return words[0] in VERBS or any(word in _FINITE or _is_done(word) for word in words[1:])


def _is_done(word: str) -> bool:
    return word in _DONE or (word.endswith("ed") and infinitive(word) != "")


def _named(work: str) -> str:
    """A thing named without a verb, as it goes on in a sentence; "" where the words are hardly a name."""
    if work.split(maxsplit=1)[0].lower() in _VERB_OR_NOUN:
        return ""
    found = chunks(work).object
    named = found and (" " in found.text or singular(found.head) in COMMON)
    return (
        found.the + work[len(found.text) :] if found and named and work.lower().startswith(found.text.lower()) else ""
    )
