"""Activity → the outcome it serves: guesses from the curated map, worded for the line, and what never needs a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.coach.likeness import stem
from app.coach.nouns import Target
from app.coach.rewrite.chunks import (
    BUILD,
    COUNTABLE,
    EVENT,
    MEET,
    MEND,
    STUDY,
    WRITE,
    Chunks,
    Noun,
    chunks,
)
from app.coach.rewrite.english import GROUPS, PEOPLE, is_plural, lower_first, singular, upper_first
from app.coach.rewrite.nouns import Candidate
from app.coach.rewrite.outcomes import GENERAL, Near, Outcome
from app.coach.rewrite.standards import COUNT, SHARE
from app.coach.rules.rule import LineView
from app.coach.words import phrases

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
LONGEST_READ: Final = 300
WHY_GUESS: Final = (
    "{rule}: says what the work is for instead of the work; the outcome is a guess at what such work usually serves, "
    "so pick one or write your own."
)
WHY_MEASURE: Final = "{rule}: a measure that such work usually moves; it is a guess, so pick one or write your own."
WHY_SO_THAT: Final = "{rule}: asks for the result that the work is for; fill in who will do what."
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
_MOST_WORDS_OF_PEOPLE: Final = 3
_LONGEST_WORK: Final = 12
_SHORTEST_WORK: Final = 2
_CUTS: Final = re.compile(
    r"[,:.!?…–—\[\]]|;(?=\s)|\s(?:and|able to|to|so that|in order|which|that|by|with|for|because|when|if|as|"
    r"in|at|on|through|about|via|from|-)\s",
    re.IGNORECASE,
)
_CLAUSES: Final = re.compile(r"\bso that\b|[\[\]:;!?…]|\.\s", re.IGNORECASE)
# What the map says without the line's noun must not speak of "it".
_UNNAMED: Final = re.compile(r"\b(?:it|its)\b|\bthe (?:offer|feature|place|task|tested step|problem)\b")
_SORTS: Final = {
    "any-document": phrases(
        "guide, documentation, document, doc, report, template, spec, specification, handbook, manual, checklist",
        "brief, faq, tutorial, wiki, readme, book, playbook, glossary, runbook, paper, guideline, reference",
        "example, summary, statement",
    ),
    "any-event": phrases(
        "meetup, event, conference, meeting, hackathon, visit, talk, dinner, fair, summit, offsite, ama",
        "presentation, demo",
    ),
    "any-training": phrases(
        "training, course, workshop, webinar, bootcamp, seminar, lesson, onboarding, certification"
    ),
    "any-survey": phrases(
        "survey, analysis, research, interview, audit, study, assessment, feedback, benchmark, investigation",
        "evaluation",
    ),
    "any-publicity": phrases(
        "video, post, newsletter, page, campaign, poster, leaflet, website, article, podcast, ad, banner, site",
        "blog, film, announcement, flyer, brochure, channel, landing page, blogpost, series, illustration, logo",
    ),
    "any-plan": phrases(
        "plan, strategy, roadmap, schedule, calendar, approach, concept, timeline, budget, priority, vision, okr",
        "proposition, principle, persona, goal",
    ),
    "any-move": phrases("migration, upgrade, switch, move, transition, rollout, changeover, conversion, backfill"),
    "any-policy": phrases(
        "policy, process, procedure, rule, standard, protocol, workflow, governance, framework, methodology, agreement",
    ),
    "any-service": phrases("service, programme, program, hotline, offer, scheme, offering"),
    "any-place": phrases("room, office, building, hall, garden, entrance, site, branch, shop, store"),
    "any-people": phrases("hire, post, role, vacancy, position, intern"),
}
_PUT_OUT: Final = phrases("release, ship")
_ABSTRACT: Final = ("ing", "ity", "ness", "ment", "ion", "ance", "ence", "ship", "ism")
_USABLE: Final = phrases(
    "kit, toolkit, pack, export, import, upload, download, input, view, filter, search, one-pager, sheet, itinerary",
    "list, hint, sdk, endpoint, console, widget, screen, menu, mode, notification, assistant, calculator, tracker",
    "planner, archive, hub, centre, center, clinic, desk, hotline, helpline, locker, bench, shelter, lane, box, line",
    "reader, classifier, parser, compiler, formatter, extension, add-on, theme, package, webcast, stream, channel",
    "card, ticket, pass, account, button, editor, viewer, bot, chat, inbox, feed, converter, generator, checker",
    "simulator, sandbox, environment, runner, stack, layer, store, shelf, bike, bus, van, car, ferry, crossing, ramp",
)
_FAULTS: Final = phrases(
    "error, bug, issue, problem, fault, defect, failure, incident, crash, complaint, flake, regression"
)
_NO_FINDINGS: Final = phrases(
    "list, track, check, monitor, set, present, plan, prioritise, prioritize, measure, test, agree"
)
_SORTS_BY_VERB: Final = {"any-fix": MEND - BUILD, "any-document": WRITE - phrases("share, send, post, film, record")}


def guesses(
    line: LineView, near: Sequence[Near], target: Target, writer: str, rules: tuple[str, ...] = (RULE,)
) -> Iterator[Candidate]:
    """Outcomes of the entries that fit the line, the best first, at most two an entry and five in all."""
    said = chunks(line.text)
    why = WHY_GUESS if rules[0] in {RULE, "kpi-as-okr"} else WHY_MEASURE
    order = 0
    seen: set[str] = set()
    for found in fitting(said, near):
        told = 0
        for outcome in fitted(found):
            wording = worded(outcome, said.object if _takes(found, said.object) else None)
            if wording is None or wording[0] in seen or told == MOST_AN_ENTRY or order == MOST_GUESSES:
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
                order=order,
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
        shared = said.object is not None and _tells(said.object) and stem(said.object.head) in found.entry.stems
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


def _tells(noun: Noun) -> bool:
    """Whether the noun says what the work is about: "a guide" can be to anything."""
    return " " in noun.text or all(singular(noun.head) not in heads for heads in _SORTS.values())


def general_entry(said: Chunks) -> str:
    """The id of the general entry for what a line makes, by the word that names it, else by the verb."""
    if said.object is None:
        return ""
    head = singular(said.object.head)
    for entry, heads in _SORTS.items():
        if head in heads:
            return entry
    if said.object.is_people:
        return "any-people" if said.verb in {"hire", "recruit", "onboard"} else ""
    for entry, verbs in _SORTS_BY_VERB.items():
        if said.verb in verbs and head not in _FAULTS:
            return entry
    return "any-tool" if _usable(said) else ""


def _is_plain(noun: Noun) -> bool:
    """Whether the phrase is more than one word that may be a verb, a name or a pronoun in disguise."""
    return " " in noun.text or singular(noun.head) in COUNTABLE | _USABLE


def _usable(said: Chunks) -> bool:
    """Whether the object is plainly a thing that people use: one that is built, or one that is known as such."""
    if said.object is None or said.object.is_people:
        return False
    head = singular(said.object.head)
    if head in COUNTABLE | _USABLE:
        return said.verb in BUILD or not said.verb
    if said.verb in _PUT_OUT:
        return not head.endswith(_ABSTRACT)
    named = said.object.text[:1].isupper() and not said.object.text.isupper()
    return said.verb in BUILD and not named and not head.endswith(_ABSTRACT) and " " in said.object.text


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
            if found.is_plural and alone:
                text = _asks_for_many(text, phrase)
            return text, outcome.text.replace(_OBJECT, " ")
    if _UNNAMED.search(outcome.plain):
        return None
    return outcome.plain, outcome.plain


def _asks_for_many(text: str, phrase: str) -> str:
    """The verb that follows a plural: "what the posters asks" → "what the posters ask"."""
    return text.replace(f"{phrase} asks", f"{phrase} ask").replace(f"{phrase} describes", f"{phrase} describe")


def people_of(line: LineView, objective: LineView | None) -> str | None:
    """Whom the work is for: as the line says, else the people with whom the objective begins; None if neither does."""
    said = chunks(line.text)
    if said.whom or objective is None:
        return said.whom
    above = chunks(objective.text)
    found = None if above.verb else above.object
    people = found is not None and found.head in PEOPLE and found.is_plural and found.head != "people"
    return lower_first(found.text) if found and people and len(found.text.split()) <= _MOST_WORDS_OF_PEOPLE else None


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
    if said.verb in MEND and singular(found.head) in _FAULTS:
        return f"Cut {found.the} {COUNT} a month" if found.is_plural else None
    whom = told or "[the people it is for]"
    who = "that" if told and told.rpartition(" ")[2].lower() in GROUPS else "who"
    if said.verb in EVENT and found.modifier and singular(found.head) in _SORTS["any-event"] | _SORTS["any-training"]:
        return f"Raise the share of {found.modifier} attendees who [do what you hope for next] {SHARE}"
    if said.verb in STUDY - _NO_FINDINGS and (" " in found.text or singular(found.head) in _SORTS["any-survey"]):
        return f"Raise the number of decisions that rest on {found.the} {COUNT}"
    if said.verb in WRITE:
        return f"Raise the share of {whom} {who} act on what they read in {found.the} {SHARE}"
    if said.verb in MEND:
        return f"Cut the problems that {told or '[the people affected]'} report with {found.the} {COUNT}"
    if said.verb in MEET or not _usable(said):
        return None
    return f"Raise the share of {whom} {who} use {found.the} {SHARE}"


def so_that(
    line: LineView, target: Target, writer: str, rule: str = RULE, whom: str | None = None
) -> Iterator[Candidate]:
    """The work with its result joined on, for the author to fill in: no guess at all."""
    work = plain_work(line.text)
    if not work:
        return
    text = f"{work}, so that {_change(whom)}"
    yield Candidate(target, text, "line", (rule,), WHY_SO_THAT.format(rule=rule), writer, order=30)


def _change(whom: str | None) -> str:
    return f"more {whom or 'of [the people it is for]'} [do what they can't do today]: {SHARE}"


def in_blanks(
    line: LineView, target: Target, writer: str, rule: str = RULE, whom: str | None = None
) -> Iterator[Candidate]:
    """The question put as a line, for work that can be neither guessed at nor kept in the sentence."""
    said = chunks(line.text)
    found = said.object
    known = found and (said.verb or singular(found.head) in COUNTABLE | _USABLE)
    if found and known and not found.is_people and _is_plain(found) and len(found.the.split()) <= 5:
        text = f"With {found.the}, {_change(whom)}"
        yield Candidate(target, text, "line", (rule,), WHY_SO_THAT.format(rule=rule), writer, order=40)


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
        work = work[: cuts[-1]].rstrip(" ,;:–—-.")
    return upper_first(work) if len(work.split()) >= _SHORTEST_WORK else ""


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
