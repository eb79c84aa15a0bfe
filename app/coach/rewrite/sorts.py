"""What sort of thing a line makes, by the noun that names it: what may be said of it, and what may not."""

from __future__ import annotations

from typing import Final

from app.coach.rewrite.chunks import BUILD, COUNTABLE, MEND, STUDY, USABLE, WRITE, Chunks, Noun
from app.coach.rewrite.english import singular
from app.coach.words import phrases

SORTS: Final = {
    "any-document": phrases(
        "guide, documentation, document, doc, report, template, spec, specification, handbook, manual, checklist",
        "brief, faq, tutorial, wiki, readme, book, playbook, glossary, runbook, paper, guideline, reference",
        "example, summary",
    ),
    "any-event": phrases(
        "meetup, event, conference, meeting, hackathon, visit, talk, dinner, fair, summit, offsite, ama",
        "presentation, demo",
    ),
    "any-training": phrases("training, course, workshop, webinar, bootcamp, seminar, lesson, certification"),
    "any-survey": phrases(
        "survey, analysis, research, interview, audit, study, assessment, feedback, benchmark, investigation",
        "evaluation",
    ),
    "any-publicity": phrases(
        "video, post, newsletter, page, campaign, poster, leaflet, website, article, podcast, ad, banner, site",
        "blog, film, announcement, flyer, brochure, channel, landing page, blogpost, series, illustration, logo",
    ),
    "any-plan": phrases("plan, schedule, approach, concept, budget"),
    "any-strategy": phrases("strategy, roadmap, vision, principle, priority"),
    "any-move": phrases("migration, upgrade, switch, move, transition, rollout, changeover, conversion, backfill"),
    "any-policy": phrases(
        "policy, process, procedure, rule, standard, workflow, governance, framework, methodology, agreement",
    ),
    "any-service": phrases("service, programme, program, hotline, offer, scheme, offering"),
    "any-place": phrases("room, office, building, hall, garden, entrance, site, branch, shop, store"),
    "any-people": phrases("hire, post, role, vacancy, position, intern"),
}
"""The words that name the things of a general entry of the map, by its id."""

FAULTS: Final = phrases(
    "error, bug, issue, problem, fault, defect, failure, incident, crash, complaint, flake, regression"
)
EVIDENCE: Final = SORTS["any-survey"] | phrases(
    "answer, metric, data, requirement, finding, hypothesis, insight, reaction, opinion, need, use case, case",
)
"""What a decision can rest on."""

_BY_VERB: Final = {"any-fix": MEND - BUILD, "any-document": WRITE - phrases("share, send, post, film, record")}
_PUT_OUT: Final = phrases("release, ship, publish")
_ABSTRACT: Final = ("ing", "ity", "ness", "ment", "ion", "ance", "ence", "ship", "ism")
_NOT_FOR_USE: Final = phrases(
    "test, auth, authentication, authorisation, authorization, method, format, style, support, coverage, proposal",
    "protocol, rig, log, statement, model, party, trip, mural, result, history, timeline, persona, goal, okr, reprint",
    "swap, swaps, raffle, walk",
)
_NOT_TO_READ: Final = _NOT_FOR_USE | phrases("improvement, story, permission, role, tag, label, signature")
_ON_MACHINES: Final = phrases("deploy, host, monitor, migrate, containerise, containerize, scale, restart")


def general_entry(said: Chunks) -> str:
    """The id of the general entry for what a line makes, by the word that names it, else by the verb; "" for none."""
    if said.object is None:
        return ""
    head = singular(said.object.head)
    for entry, heads in SORTS.items():
        if head in heads:
            return "" if entry == "any-service" and said.verb in _ON_MACHINES else entry
    if said.object.is_people:
        return "any-people" if said.verb in {"hire", "recruit", "onboard"} else ""
    if is_usable(said):
        return "any-tool"
    for entry, verbs in _BY_VERB.items():
        if said.verb in verbs and head not in FAULTS | _NOT_TO_READ:
            return entry
    return ""


def is_usable(said: Chunks) -> bool:
    """Whether the object is plainly a thing that people use: one that is built, or one that is known as such."""
    if said.object is None or said.object.is_people:
        return False
    head = singular(said.object.head)
    if head in _NOT_FOR_USE:
        return False
    if head in COUNTABLE | USABLE:
        return said.verb in BUILD | _PUT_OUT or not said.verb
    if said.verb in {"release", "ship"}:
        return not head.endswith(_ABSTRACT)
    named = said.object.text[:1].isupper() and not said.object.text.isupper()
    return said.verb in BUILD and not named and not head.endswith(_ABSTRACT) and " " in said.object.text


def uptake(said: Chunks) -> str:
    """What people do with the object once they take it up: "use", "keep to"; "" where one can't say."""
    kind = general_entry(said)
    if kind in {"any-event", "any-survey", "any-training", "any-move", "any-people", "any-publicity"}:
        return ""
    if kind in {"any-policy", "any-plan", "any-strategy"}:
        return "keep to"
    return "use" if is_usable(said) or (kind == "any-document" and said.verb not in STUDY) else ""


def tells(noun: Noun) -> bool:
    """Whether the noun says what the work is about: "a guide" can be to anything."""
    return " " in noun.text or all(singular(noun.head) not in heads for heads in SORTS.values())
