"""Activity → the outcome it serves: guesses from the curated map, worded for the line, and what never needs a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.coach.nouns import Target
from app.coach.rewrite.chunks import BUILD, EVENT, MEET, MEND, STUDY, WRITE, Chunks, Noun, chunks
from app.coach.rewrite.english import better_down, lower_first, upper_first
from app.coach.rewrite.nouns import Brief, Candidate
from app.coach.rewrite.outcomes import Near, Outcome
from app.coach.rules.rule import LineView

RULE: Final = "activity-not-outcome"
QUESTION: Final = "What will be different for whom when this is done?"
NEAR_ENOUGH: Final = 0.34
CLOSE_TO_BEST: Final = 0.12
WHY_GUESS: Final = (
    "activity-not-outcome: says what the work is for instead of the work; the outcome is a guess at what such work "
    "usually serves, so pick one or write your own."
)
WHY_SO_THAT: Final = "activity-not-outcome: keeps the work and adds the result that it is for, which you fill in."
WHY_MOVE: Final = (
    "activity-not-outcome: as it stands this is work, welcome on the roadmap as an initiative under the objective."
)
_OBJECT: Final = "{object}"
# What may follow an object that stands alone in the map's wording; before any other word it is a modifier.
_AFTER_NOUN: Final = re.compile(
    r"\{object\}(?= (?:from|in|each|every|with|to|by|on|should|switched|after|at|without|within|and|or|for|a|the)\b|[ ,.;]*$)"
)
_MOVED: Final = re.compile(
    r"^(?P<verb>\w+) (?P<what>.{5,120}?) from \[current (?P<unit>[^\]]{1,20})\] to \[target [^\]]{1,20}\](?P<rest>.{0,40})$"
)
_SHARE_OF: Final = re.compile(r"^(?:the )?(?:share|number) of (?P<people>[\w' -]{3,50}?) (?:who|that) (?P<do>.{4,90})$")
_NUMBER_OF: Final = re.compile(r"^(?:the )?number of (?P<what>.{4,90})$")
_LONGEST_WORK: Final = 11


def guesses(line: LineView, near: Sequence[Near], target: Target, writer: str) -> Iterator[Candidate]:
    """Outcomes of the nearest entries, the nearest first, at most six."""
    said = chunks(line.text)
    best = near[0].nearness if near else 0.0
    order = 0
    for found in near:
        if found.nearness < max(NEAR_ENOUGH, best - CLOSE_TO_BEST):
            continue
        own = sorted(found.entry.outcomes, key=lambda outcome: _OBJECT not in outcome.text)
        for outcome in own[: 3 if found is near[0] else 1]:
            text, lent = worded(outcome, said.object)
            yield Candidate(
                target, text, "line", (RULE,), WHY_GUESS, writer, guess=True, lent=lent, order=order
            )
            order += 1


def worded(outcome: Outcome, found: Noun | None) -> tuple[str, str]:
    """An outcome in the words of the line, and the map's part of it."""
    if _OBJECT not in outcome.text or found is None or found.is_people:
        return outcome.plain, outcome.plain
    alone = _AFTER_NOUN.search(outcome.text) is not None
    phrase = found.the if alone else found.modifier
    if phrase is None:
        return outcome.plain, outcome.plain
    return outcome.text.replace(_OBJECT, phrase), outcome.text.replace(_OBJECT, " ")


def adoption(line: LineView, target: Target, writer: str) -> Iterator[Candidate]:
    """Others taking up what the work makes, in the line's own words: an outcome for work that the map doesn't know."""
    said = chunks(line.text)
    if said.object is None:
        return
    text = _adopted(said, said.object)
    if text:
        yield Candidate(target, text, "line", (RULE,), WHY_GUESS, writer, guess=True, lent=text, order=20)


def _adopted(said: Chunks, found: Noun) -> str | None:
    the = found.the
    if found.is_people:
        if not found.is_plural:
            return None
        return f"Raise the number of {found.text} who [do what you hope for] from [current number] to [target number]"
    whom = said.whom or "[the people it is for]"
    who = "who" if said.whom is None or said.whom.split()[-1].lower() not in {"teams", "companies"} else "that"
    share = "from [current %] to [target %]"
    if said.verb in EVENT and found.modifier:
        return f"Raise the share of {found.modifier} attendees who [do what you hope for next] {share}"
    if said.verb in STUDY:
        return f"Raise the number of decisions that rest on {the} from [current number] to [target number]"
    if said.verb in WRITE:
        return f"Raise the share of {whom} {who} act on what they read in {the} {share}"
    if said.verb in MEND:
        return f"Cut the problems that {said.whom or '[the people affected]'} report with {the} from [current number] to [target number]"
    if said.verb in MEET or (said.verb and said.verb not in BUILD):
        return None
    return f"Raise the share of {whom} {who} use {the} {share}"


def so_that(line: LineView, target: Target, writer: str) -> Iterator[Candidate]:
    """The work with its result joined on, for the author to fill in: no guess at all."""
    work = " ".join(line.text.split()).rstrip(" .;,!")
    if "(" in work:
        work = re.sub(r"\s?\([^()]{0,80}\)", "", work)
    if len(work.split()) > _LONGEST_WORK or not work or " so that " in work or "[" in work or "]" in work:
        return
    verb = chunks(work).verb
    first = work.split()[0].lower()
    if not verb or (first != verb and not first.startswith(verb)) or first.endswith(("ing", "ed")):
        work = f"Use {lower_first(work)}" if chunks(work).object and not verb else ""
    if work:
        text = f"{upper_first(work)} so that [who] who [do what they don't do today] go from [current %] to [target %]"
        text = text.replace("[who] who [do what they don't do today] go", "the share of [whom] who [do what] rises")
        yield Candidate(target, text, "line", (RULE,), WHY_SO_THAT, writer, order=30)


def move(line: LineView, target: Target, writer: str) -> Candidate:
    """The line as an initiative on the roadmap."""
    text = " ".join(line.text.split())
    return Candidate(target, text, "move", (RULE,), WHY_MOVE, writer, goes_to="roadmap", order=90)


def as_objective(candidate: Candidate) -> Candidate | None:
    """A guessed outcome as an objective: the change without its figures; None where that doesn't read well."""
    moved = _MOVED.match(candidate.text)
    if not moved or moved["rest"].strip():
        return None
    falls = moved["verb"].lower() in {"cut", "lower", "reduce", "shorten", "decrease"}
    if not falls and better_down(moved["what"]) and moved["verb"].lower() == "bring":
        falls = True
    share = _SHARE_OF.match(moved["what"]) or _NUMBER_OF.match(moved["what"])
    if not share:
        return None
    much = "Fewer" if falls else "More"
    named = share.groupdict()
    text = f"{much} {named['people']} {named['do']}" if "people" in named else f"{much} {named['what']}"
    return replace(candidate, text=text)


def objective_guesses(line: LineView, near: Sequence[Near], target: Target, writer: str) -> Iterator[Candidate]:
    """What an objective that is nothing but a deliverable could say instead."""
    said = chunks(line.text)
    for candidate in guesses(line, near, target, writer):
        if turned := as_objective(candidate):
            yield turned
    if said.object and not said.object.is_people and not said.verb:
        yield _relied_on(said, said.object, target, writer)
    elif said.object and not said.object.is_people and said.verb in BUILD | WRITE | MEND | STUDY:
        yield _relied_on(said, said.object, target, writer)
    yield Candidate(
        target,
        "[Whom this is for] can [do what they can't do today]",
        "line",
        (RULE,),
        "activity-not-outcome: an objective says what will be different for whom; fill in both.",
        writer,
        order=40,
    )


def _relied_on(said: Chunks, found: Noun, target: Target, writer: str) -> Candidate:
    whom = upper_first(said.whom) if said.whom else "[The people it is for]"
    verb = "decide with the help of" if said.verb in STUDY else "get done what they came for with"
    text = f"{whom} {verb} {found.the}"
    return Candidate(target, text, "line", (RULE,), WHY_GUESS, writer, guess=True, lent=text, order=20)
