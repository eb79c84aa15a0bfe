"""Activity → the outcome it serves: guesses from the curated map, worded for the line, and what never needs a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.coach.likeness import stem
from app.coach.nouns import Target
from app.coach.rewrite.chunks import BUILD, EVENT, MEET, MEND, STUDY, WRITE, Chunks, Noun, chunks
from app.coach.rewrite.elsewhere import is_elsewhere
from app.coach.rewrite.english import GROUPS, PEOPLE, is_plural, singular, upper_first
from app.coach.rewrite.nouns import Candidate
from app.coach.rewrite.outcomes import GENERAL, Near, Outcome
from app.coach.rewrite.sorts import EVIDENCE, FAULTS, SORTS, general_entry, tells, uptake
from app.coach.rewrite.standards import COUNT, SHARE
from app.coach.rules.rule import LineView

RULE: Final = "activity-not-outcome"
QUESTION: Final = "What will be different for whom when this is done?"
NEAR_ENOUGH: Final = 0.44
NEAR_WITHOUT_A_WORD: Final = 0.64
NEAR_FOR_ITS_OBJECT: Final = 0.66
NEAR_ALONE_AND_JOINTLY: Final = (0.5, 1.1)
LEAST_FIT: Final = 0.25
CLOSE_TO_BEST: Final = 0.1
MOST_AN_ENTRY: Final = 2
MOST_GUESSES: Final = 5
AFTER_AIMS: Final = 10
"""What is added to the order of general guesses: what the objective says comes before them."""
WHY_GUESS: Final = (
    "{rule}: says what the work is for instead of the work; the outcome is a guess at what such work usually serves, "
    "so pick one or write your own."
)
WHY_MEASURE: Final = "{rule}: a measure that such work usually moves; it is a guess, so pick one or write your own."
WHY_MOVE: Final = (
    "activity-not-outcome: as it stands this is work, welcome on the roadmap as an initiative under the objective."
)
_OBJECT: Final = "{object}"
# What may follow an object that stands alone in the map's wording; before any other word it is a modifier.
_AFTER_NOUN: Final = re.compile(
    r"\{object\}(?= (?:from|in|each|every|with|to|by|on|should|switched|after|at|without|within|and|or|for|a|the|"
    r"asks|describes|covers|says|offers|costs|brings|needs|makes|who|that|which|"
    r"is|was|still|stands|takes|running|ready|usable|unaided|inside|instead|off)\b|[ ,.;]*$)"
)
_MOVED: Final = re.compile(
    r"^(?P<verb>\w+) (?P<what>.{5,120}?) from \[current [^\]]{1,20}\] to \[target [^\]]{1,20}\](?P<rest>.{0,40})$"
)
_WHO_DO: Final = re.compile(r"^(?P<people>[\w' -]{3,50}?) (?:who|that) (?P<do>.{4,90})$")
# What the map says without the line's noun must not speak of "it".
_UNNAMED: Final = re.compile(r"\b(?:it|its)\b|\bthe (?:offer|feature|place|task|tested step|problem)\b")


def guesses(
    line: LineView,
    near: Sequence[Near],
    target: Target,
    writer: str,
    rules: tuple[str, ...] = (RULE,),
    objective: LineView | None = None,
) -> Iterator[Candidate]:
    """Outcomes of the entries that fit the line, the best first, at most two an entry and five in all.

    None speaks of a setting, such as a shop, that neither the line nor its objective does.
    """
    said = chunks(line.text)
    draft = f"{line.text} {objective.text if objective else ''}"
    why = WHY_GUESS if rules[0] in {RULE, "kpi-as-okr"} else WHY_MEASURE
    order = 0
    seen: set[str] = set()
    for found in fitting(said, near):
        told = 0
        for outcome in fitted(found):
            wording = worded(outcome, said.object if _takes(found, said.object) else None)
            if wording is None or wording[0] in seen or told == MOST_AN_ENTRY or order == MOST_GUESSES:
                continue
            if is_elsewhere(wording[1], draft):
                continue
            seen.add(wording[0])
            yield Candidate(
                target,
                wording[0],
                "line",
                rules,
                why.format(rule=rules[0]),
                writer,
                guess=True,
                lent=wording[1],
                order=order + (AFTER_AIMS if found.entry.id.startswith(GENERAL) else 0),
            )
            told += 1
            order += 1


def fitted(found: Near) -> list[Outcome]:
    """The outcomes of an entry that fit the line or its objective: with its own words first, then by fit."""
    told = zip(found.fits, found.entry.outcomes, strict=True)
    general = found.entry.id.startswith(GENERAL)
    near = [(outcome, fit) for fit, outcome in told if general or fit >= LEAST_FIT]
    return [outcome for outcome, fit in sorted(near, key=lambda each: (_OBJECT not in each[0].text, -each[1]))]


def fitting(said: Chunks, near: Sequence[Near]) -> Iterator[Near]:
    """The entries near enough to be more than chance, then the general entry for the sort of thing that is made."""
    specific = [found for found in near if not found.entry.id.startswith(GENERAL)]
    best = specific[0].nearness if specific else 0.0
    for found in specific:
        shared = said.object is not None and tells(said.object) and stem(said.object.head) in found.entry.stems
        enough = NEAR_ENOUGH if shared else NEAR_WITHOUT_A_WORD
        if found.nearness >= max(enough, best - CLOSE_TO_BEST) or (found is specific[0] and _is_agreed(found)):
            yield found
    wanted = general_entry(said)
    general = [found for found in near if found.entry.id.startswith(GENERAL)]
    if said.object and (sort := next((found for found in general if found.entry.id == wanted), None)):
        yield sort


def _is_agreed(found: Near) -> bool:
    """Whether the line alone and the line with its objective point to the same entry, neither faintly."""
    least, together = NEAR_ALONE_AND_JOINTLY
    return min(found.nearness, found.jointly) >= least and found.nearness + found.jointly >= together


def _takes(found: Near, noun: Noun | None) -> bool:
    """Whether the entry's wording is made for things such as this one."""
    if noun is None:
        return False
    general = found.entry.id.startswith(GENERAL)
    return general or found.nearness >= NEAR_FOR_ITS_OBJECT or stem(noun.head) in found.entry.stems


def worded(outcome: Outcome, found: Noun | None) -> tuple[str, str] | None:
    """An outcome in the words of the line, and the map's part of it; None where it would speak of an unnamed "it"."""
    if _OBJECT in outcome.text and found is not None and not found.is_people:
        alone = _AFTER_NOUN.search(outcome.text) is not None
        phrase = found.the if alone else found.modifier
        if phrase is not None:
            text = outcome.text.replace(_OBJECT, phrase)
            if found.is_plural:
                text = _of_many(text, phrase)
            return text, outcome.text.replace(_OBJECT, " ")
    if _UNNAMED.search(outcome.plain):
        return None
    return outcome.plain, outcome.plain


def _of_many(text: str, phrase: str) -> str:
    """What goes with a plural: "what the posters asks" → "what the posters ask", "miss it" → "miss them"."""
    text = text.replace(f"{phrase} asks", f"{phrase} ask").replace(f"{phrase} describes", f"{phrase} describe")
    return text.replace(" miss it ", " miss them ")


def adoption(
    line: LineView, target: Target, writer: str, rule: str = RULE, whom: str | None = None
) -> Iterator[Candidate]:
    """Others taking up what the work makes, in the line's own words: an outcome for work that the map doesn't know."""
    said = chunks(line.text)
    text = _adopted(said, said.object, whom) if said.object else None
    if text:
        yield Candidate(
            target, text, "line", (rule,), WHY_GUESS.format(rule=rule), writer, guess=True, lent=text, order=20
        )


def _adopted(said: Chunks, found: Noun, told: str | None) -> str | None:
    if found.is_people:
        asked = found.is_plural and (said.verb in MEET | STUDY)
        return f"Raise the number of {found.text} {found.relative} [do what you hope for] {COUNT}" if asked else None
    if said.verb in MEND and singular(found.head) in FAULTS:
        return f"Cut {found.the} {COUNT} a month" if found.is_plural else None
    whom = told or "[the people it is for]"
    who = "that" if told and told.rpartition(" ")[2].lower() in GROUPS else "who"
    if said.verb in EVENT and found.modifier and singular(found.head) in SORTS["any-event"] | SORTS["any-training"]:
        return f"Raise the share of {found.modifier} attendees who [do what you hope for next] {SHARE}"
    if said.verb in STUDY and singular(found.head) in EVIDENCE:
        return f"Raise the number of decisions that rest on {found.the} {COUNT}"
    if general_entry(said) == "any-document" and said.verb in WRITE:
        return f"Raise the share of {whom} {who} act on what they read in {found.the} {SHARE}"
    if said.verb in MEND and general_entry(said) == "any-fix":
        return f"Cut the problems that {told or '[the people affected]'} report with {found.the} {COUNT}"
    taken = uptake(said)
    if said.verb in MEET | EVENT or not taken:
        return None
    return f"Raise the share of {whom} {who} {taken} {found.the} {SHARE}"


def move(line: LineView, target: Target, writer: str) -> Candidate:
    """The line as an initiative on the roadmap."""
    text = " ".join(line.text.split())
    return Candidate(target, text, "move", (RULE,), WHY_MOVE, writer, goes_to="roadmap", order=90)


def as_objective(candidate: Candidate) -> Candidate | None:
    """A guessed outcome as an objective: the change without its figures; None where that doesn't read well."""
    moved = _MOVED.match(candidate.text)
    if not moved or moved["rest"].strip():
        return None
    much = "Fewer" if moved["verb"].lower() in {"cut", "lower", "reduce", "shorten", "decrease"} else "More"
    what = re.sub(r"^(?:the )?(?:share|number) of ", "", moved["what"])
    who = _WHO_DO.match(what)
    if who:
        last = who["people"].rpartition(" ")[2].lower()
        if last not in PEOPLE and last not in GROUPS:
            return None
        return replace(candidate, text=f"{much} {who['people']} {who['do']}")
    head = re.split(r" (?:about|that|in|from|which|after|with|because|for|to|by|on|at)\b", what)[0]
    if head.startswith("the ") or not is_plural(head.rpartition(" ")[2].lower()) or len(head.split()) > 4:
        return None
    return replace(candidate, text=f"{much} {what}")


def objective_guesses(line: LineView, near: Sequence[Near], target: Target, writer: str) -> Iterator[Candidate]:
    """What an objective that is nothing but a deliverable could say instead."""
    said = chunks(line.text)
    for candidate in guesses(line, near, target, writer):
        if turned := as_objective(candidate):
            yield turned
    found = said.object
    if found and not found.is_people and (not said.verb or said.verb in BUILD | WRITE | MEND | STUDY):
        whom = upper_first(said.whom) if said.whom else "[The people it is for]"
        verb = "decide with the help of" if said.verb in STUDY - BUILD else "rely on"
        text = f"{whom} {verb} {found.the}"
        yield Candidate(
            target, text, "line", (RULE,), WHY_GUESS.format(rule=RULE), writer, guess=True, lent=text, order=20
        )
    thanks = f" with {found.the}" if found and not found.is_people else ""
    text = f"[The people this is for] can [do what they can't do today]{thanks}"
    why = "activity-not-outcome: an objective says what will be different for whom; fill in both."
    yield Candidate(target, text, "line", (RULE,), why, writer, order=40)
