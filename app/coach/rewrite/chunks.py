"""The thing a line is about: its verb, the noun phrase the verb works on, and whom it is for.

Deliberately timid. A phrase that isn't plainly a noun phrase is worse than none, since it would be put into a
sentence of its own; callers then use a wording without it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from app.coach.rewrite.english import GROUPS, PEOPLE, is_plural, singular
from app.coach.words import phrases

BUILD: Final = phrases(
    "build, launch, ship, implement, develop, create, release, introduce, deploy, deliver, provide, add, design",
    "redesign, integrate, install, open, produce, make, prepare, setup, complete, finish, finalise, finalize",
    "establish, start, roll, set, rebuild, relaunch, enable, support, offer, bring, adopt, apply, extend, expand",
    "have, generate, get, configure, automate, ensure, allow, use, include, organise, organize, form, code",
    "construct, assemble, compile, stand",
)
WRITE: Final = phrases(
    "write, publish, document, post, blog, draft, edit, record, film, update, rewrite, translate, announce, share",
    "send, print, summarise, summarize, describe, communicate, spread",
)
EVENT: Final = phrases(
    "run, host, hold, organise, organize, attend, conduct, co-host, cohost, give, facilitate, sponsor"
)
STUDY: Final = phrases(
    "research, analyse, analyze, identify, define, evaluate, investigate, interview, gather, collect, decide",
    "determine, plan, prioritise, prioritize, explore, assess, review, understand, audit, survey, map, study, find",
    "choose, select, estimate, measure, test, validate, discover, specify, clarify, outline, agree, propose",
    "discuss, learn, benchmark, formalise, formalize, list, check, track, monitor, scope, experiment, prototype",
    "compare, verify, set, present",
)
MEND: Final = phrases(
    "improve, optimise, optimize, refactor, fix, upgrade, migrate, clean, simplify, stabilise, stabilize, enhance",
    "harden, maintain, solve, resolve, reduce, remove, replace, refine, rework, streamline, unify, speed, move",
    "port, switch, consolidate, modernise, modernize, restructure, debug, secure, tune, increase, repair, retire",
    "merge, change, scale",
)
MEET: Final = phrases(
    "meet, contact, call, invite, partner, reach, visit, engage, approach, hire, recruit, onboard, train, mentor",
    "coach, teach, involve, source, sign, interview, pitch, e-mail, email, connect, talk, speak, network, empower",
    "educate",
)
OTHER: Final = phrases(
    "achieve, show, see, come, qualify, handle, obtain, secure, win, gain, grow, raise, cut, lower, decrease, boost",
    "keep, make, take, put, let, work, go, become, double, reach, hit, perform, execute, demonstrate, demo, store",
    "respond, tackle, address, close, lead, drive, manage, own, buy, sell, ask, tell, encourage, foster, leverage",
    "promote, advertise, market, schedule, coordinate, engage, follow, handover, hand, pass, process, feed, train",
    "kick, ramp, unblock, block, squash, retrieve, query, index, ingest, export, import, log, host, serve, render",
    "detect, predict, classify, parse, generate, deprecate, sunset, switch, wire, connect, link, merge, split",
    "separate, parallelize, parallelise, dogfood, iterate, attract, collaborate, contribute, participate, join",
    "apply, submit, file, fill, staff, negotiate, renew, pay, onboard, highlight, nail, stick, reorganise",
    "reorganize, re-organize, amplify, celebrate, deepen, embed, embrace, empower, enter, incorporate, attend",
    "curate, elevate, consider, react, backfill, revamp, revise, redo, reopen, distribute, pick, inspect, relabel",
    "repaint, reprint, retrain, retender, lay, hang, bury, sew, prune, pave, conclude, photograph, encrypt, restore",
    "donate, appoint, draw, carry, inventory, reintroduce, recut, dispose, subscribe",
    "transfer, transition, convert, adapt, adjust, align, evangelize, accelerate, initiate, push, pull",
)
VERBS: Final = BUILD | WRITE | EVENT | STUDY | MEND | MEET | OTHER
LEADS: Final = phrases(
    "successfully, we, we'll, will, to, also, then, please, must, should, fully, completely, further, continuously",
    "start, continue, help, try, be, able, begin, finally, actively, properly, quickly, co, pro, re, having, keep",
    "want, need, and",
)
# Words that end a noun phrase.
_ENDS: Final = phrases(
    "to, for, on, in, with, at, from, by, during, via, so, that, which, who, where, when, while, if, as, until",
    "before, after, since, into, onto, over, under, about, across, through, throughout, towards, using, based, because",
    "per, within, without, is, are, was, were, be, been, has, have, had, can, could, may, will, would, should, must",
    "incl, including, e, i, g, etc, than, then, not, this, next, last, between, against, upon, among, around",
    "regarding, concerning, along, like, such, once, whether, how, what, why, being, whose, we, it, they, them, us",
    "you, he, she, i, there, here, up, out, off, vs, according, due, instead, rather, only, again, ready, every",
    "each, following, live, published, done, completed, finished, launched, shipped, released, deployed, written",
    "built, implemented, signed, approved, documented, available, delivered, created, merged, defined, tested",
    "trained, hired, updated, redesigned, migrated, closed, opened, held, works, work, working, exists, passed",
    "running, finalised, finalized, prepared, installed, in-place, set, rolled, started, organised, organized",
    "posted, sent, refactored, fixed, added, moved, removed, identified",
)
# Words dropped from the front of a phrase: determiners, counts and praise.
_FRONT: Final = phrases(
    "a, an, the, our, their, its, my, your, his, her, those, these, all, some, any, several, many, more, another",
    "other, first, second, third, new, initial, final, better, best, great, good, stable, robust, healthy",
    "successful, complete, full, proper, at, least, most, few, various, different, multiple, two, three, four, five",
    "six, seven, eight, nine, ten, twelve, twenty, additional, extra, both, one, least, strong, solid, high",
    "quality, clear, meaningful, further, own, same, up, dozen, next, latest, existing, current, relevant",
    "necessary, appropriate, minimal, detailed, basic, simple, possible",
)
_BAD_LAST: Final = phrases(
    "it, this, them, more, better, way, ways, thing, things, lot, stuff, one, part, parts, set, kind, sort, people",
    "etc, new, based, related, specific, available, possible, ready, open, different, internal, external, friendly",
    "own, best, sure, direct, suitable, free, aware, safe, secure, active, public, private, compatible, clear, easy",
    "easier, clean, number, amount, version, level, time, end, side, point, step, order, place, use, basis, tbd",
    "least, first, second",
)
# A number of these is not what is to be used or read.
_OF_WHAT: Final = phrases(
    "number, amount, lot, series, set, list, variety, range, kind, percentage, share, part, copy, majority"
)
_PARTICLES: Final = phrases("out, up, down, on, off, with, into")
_THINGS_IN_ING: Final = phrases(
    "monitoring, training, pricing, marketing, onboarding, testing, reporting, billing, hosting, branding, "
    "funding, building",
    "meeting, listing, tracking, logging, mapping, staging, briefing, hearing, housing, parking, mentoring, "
    "coaching, catering",
)
_CAUSING: Final = phrases("make, get, let, keep, have, be, become, take, put, go, come, bring")
# Things that take an article when they stand alone, other than a name such as "Atlas".
COUNTABLE: Final = phrases(
    "guide, document, report, template, handbook, manual, checklist, tutorial, wiki, book, playbook, runbook, brief",
    "spec, meetup, event, conference, workshop, webinar, course, training, hackathon, talk, demo, survey, study",
    "audit, campaign, newsletter, page, website, site, podcast, video, blog, app, tool, system, platform, module",
    "feature, portal, dashboard, pipeline, cluster, library, plugin, integration, api, sdk, cli, wizard, form",
    "process, policy, service, programme, program, roadmap, plan, strategy, model, prototype, beta, mvp, release",
    "framework, engine, server, database, warehouse, agent, bot, driver, client, connector, adapter, editor",
    "catalogue, catalog, forum, community, playground, benchmark, test suite, store, shop, office, calendar, board",
    "map, list, register, index, schema, contract, agreement, budget, opportunity, community, facility, university",
    "capability, mechanism, prototype, summary, statement, presentation, demonstration, specification",
    "certification, implementation, paper, migration, announcement, upgrade, microsite, prototype, tutorial, poster",
)
USABLE: Final = phrases(
    "kit, toolkit, pack, export, import, upload, download, input, view, filter, search, one-pager, sheet, itinerary",
    "list, hint, sdk, endpoint, console, widget, screen, menu, mode, notification, assistant, calculator, tracker",
    "planner, archive, hub, centre, center, clinic, desk, hotline, helpline, locker, bench, shelter, lane, box, line",
    "reader, classifier, parser, compiler, formatter, extension, add-on, theme, package, webcast, stream, channel",
    "card, ticket, pass, account, button, editor, viewer, bot, chat, inbox, feed, converter, generator, checker",
    "simulator, sandbox, environment, runner, stack, layer, store, shelf, bike, bus, van, car, ferry, crossing, ramp",
)
COMMON: Final = COUNTABLE | USABLE | phrases("analyzer, analyser, test, protocol, series")
_STATING: Final = phrases(
    "runs, works, exists, supports, provides, allows, shows, uses, handles, receives, gets, gives, makes, takes",
    "contains, includes, feels, looks, becomes, knows, says, exposes, ships, responds, loads, appears, surfaces",
    "mentioned, wrapped, reviewing, fall, falls, rise, rises, does, respond, use, know, understand, feel, report",
    "agree, see, get, can",
)
_TOKEN: Final = re.compile(r"[^\W_][\w'’.&+-]*(?:\{\w\})?(?<![.'’&-])|[^\w\s]", re.UNICODE)
_WORD: Final = re.compile(r"[^\W\d_][\w'’.&+-]*(?:\{\w\})?", re.UNICODE)
_GOING_ON: Final = frozenset("/&+-_#'’")
_MANY: Final = phrases("thousands, hundreds, millions, dozens, number")
_LONGEST: Final = 5
_LONGEST_OF: Final = 7
_DETERMINED: Final = {"a": "the", "an": "the", "the": "the", "our": "our", "their": "their", "its": "the", "my": "our"}


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun phrase of the line. `text` is without determiner, `the` with the one that goes into another sentence."""

    text: str
    the: str

    @property
    def head(self) -> str:
        """The word that says what it is, lower case."""
        return self.text.split(" of ")[0].rpartition(" ")[2].lower()

    @property
    def is_people(self) -> bool:
        """Whether it names people or groups of people."""
        return self.head in PEOPLE or self.head in GROUPS

    @property
    def relative(self) -> str:
        """The pronoun that refers to it."""
        return "who" if self.head in PEOPLE else "that"

    @property
    def is_plural(self) -> bool:
        """Whether it stands in the plural."""
        return is_plural(self.head) or " and " in self.text

    @property
    def modifier(self) -> str | None:
        """As it stands in front of another noun ("workshop attendees"); None where that would be clumsy."""
        if " of " in self.text or " and " in self.text or len(self.text.split()) > 3:
            return None
        return singular(self.text)


@dataclass(frozen=True, slots=True)
class Chunks:
    """Verb (infinitive or "" for a deliverable named without one), object and beneficiary; None where not plain.

    `whole` says that nothing stands behind the object.
    """

    verb: str
    object: Noun | None
    whom: str | None
    whole: bool = False


def chunks(text: str) -> Chunks:
    """Read `text`, one line. Linear in its first few hundred characters, never raises."""
    tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text[:300])]
    at = 0
    while at < len(tokens) and _leads(tokens[at][0]):
        at += 1
    while at + 2 < len(tokens) and tokens[at + 1][0] == "and" and all(infinitive(tokens[at + n][0]) for n in (0, 2)):
        at += 2  # "identify and invite speakers"
    verb = ""
    if at < len(tokens) and (known := infinitive(tokens[at][0])):
        verb = known
        at += 1
        if at < len(tokens) and tokens[at][0].lower() in _PARTICLES:
            if verb in EVENT:
                return Chunks("", None, None)  # "run on a cluster" is no event
            at += 1
    found, after = _noun(text, tokens, at, after_verb=bool(verb))
    if found and not found.is_plural and ((verb in _CAUSING and found.text == found.the) or _is_doing(found, verb)):
        found = None  # "make it available", "get things done", "enable sharing"
    return Chunks(verb, found, _whom(tokens, after), whole=all(not token[0].isalnum() for token in tokens[after:]))


def _leads(word: str) -> bool:
    lower = word.lower()
    return lower in LEADS or not word[0].isalnum() or (lower.endswith("ly") and len(lower) > 4)


def _is_doing(found: Noun, verb: str) -> bool:
    """Whether the object is an action rather than a thing."""
    return bool(verb) and " " not in found.text and found.head.endswith("ing") and found.head not in _THINGS_IN_ING


def infinitive(word: str) -> str:
    """The verb that `word` is a form of, "" if it is none we know."""
    lower = word.lower()
    stems = [lower]
    if lower.endswith("ing"):
        stems += [lower[:-3], lower[:-3] + "e", lower[:-4]]
    elif lower.endswith("ed"):
        stems += [lower[:-2], lower[:-1], lower[:-3]]
    elif lower.endswith("s"):
        stems.append(lower[:-1])
    return next((stem for stem in stems if stem in VERBS), "")


def _noun(text: str, tokens: list[tuple[str, int, int]], at: int, *, after_verb: bool) -> tuple[Noun | None, int]:
    determiner = ""
    while at < len(tokens):
        word = tokens[at][0].lower()
        if word in _DETERMINED and not determiner:
            determiner = _DETERMINED[word]
        elif word not in _FRONT and not word[0].isdigit() and word not in {"+", "~", "%", "#"}:
            break
        elif word in {"1", "one", "another"}:
            determiner = "the"
        at += 1
    first = at
    words: list[str] = []
    length = _LONGEST
    while at < len(tokens):
        word, start, _ = tokens[at]
        lower = word.lower()
        if at > first and start - tokens[at - 1][2] > 1:
            break
        if (lower == "of" and words and words[-1].lower() not in _OF_WHAT and length == _LONGEST) or (
            lower == "and" and words and "and" not in words and _continues(tokens, at)
        ):
            length = _LONGEST_OF
        elif lower == "and" and words and at + 1 < len(tokens) and not infinitive(tokens[at + 1][0]):
            return None, at
        elif (words and words[-1].lower() in {"and", "of"} and lower in _DETERMINED) or (
            lower == "ready" and at + 1 < len(tokens) and _WORD.fullmatch(tokens[at + 1][0]) and words
        ):
            pass
        elif (
            not _WORD.fullmatch(word)
            or lower in _ENDS
            or lower in {"and", "or", "of", "but"}
            or (words and ((not after_verb and _is_predicate(tokens, at)) or _is_participle(tokens, at)))
        ):
            break
        words.append(word)
        at += 1
        if len(words) > length:
            return None, at
    if _trim(words):
        determiner = ""
    if not words or (at < len(tokens) and tokens[at][0] in _GOING_ON and _glued(text, tokens, at)):
        return None, at
    if len(words) == 1 and at < len(tokens) and tokens[at][0] == ",":
        return None, at
    return _judge(words, determiner, opens=first == 0), at


def _trim(words: list[str]) -> bool:
    """Take off the end what no phrase ends with; whether it was a version, which is used as its product is."""
    while words and words[-1].lower() in {"of", "and", "the", "a", "an", "our", "their"}:
        words.pop()
    is_version = len(words) > 1 and words[-1].lower() == "version"
    if is_version:
        words.pop()
    return is_version


def _continues(tokens: list[tuple[str, int, int]], at: int) -> bool:
    """Whether one more noun and then the end of the phrase follow the "and" at `at`."""
    following = [token[0].lower() for token in tokens[at + 1 : at + 4]]
    if following and following[0] in _DETERMINED:
        following = following[1:]
    if not following or following[0] in _ENDS or infinitive(following[0]) or not _WORD.fullmatch(following[0]):
        return False
    return len(following) < 2 or following[1] in _ENDS or not following[1][0].isalnum()


def _is_participle(tokens: list[tuple[str, int, int]], at: int) -> bool:
    """Whether the word at `at` opens a clause: "a dashboard displaying those metrics"."""
    following = tokens[at + 1][0].lower() if at + 1 < len(tokens) else ""
    return tokens[at][0].endswith(("ing", "ed")) and (following in _DETERMINED or following in _FRONT)


def _is_predicate(tokens: list[tuple[str, int, int]], at: int) -> bool:
    """Whether the word at `at` is the verb of a statement ("the page loads fast") rather than part of the name."""
    word = tokens[at][0].lower()
    if word in _STATING:
        return True
    following = tokens[at + 1][0] if at + 1 < len(tokens) else ""
    return word.endswith("s") and word[:-1] in VERBS and following[:1].isalnum() and following.lower() not in _ENDS


def _glued(text: str, tokens: list[tuple[str, int, int]], at: int) -> bool:
    """Whether the sign at `at` touches the word before it, so that the phrase goes on behind it."""
    return tokens[at][1] == tokens[at - 1][2]


def _judge(words: list[str], determiner: str, *, opens: bool) -> Noun | None:
    """The words as a noun phrase, None where they hardly are one."""
    last = words[-1].lower()
    if last in _BAD_LAST or last.endswith("ly") or len(last) < 3 or any(len(word) > 30 for word in words):
        return None
    if words[0].lower() in {"how", "what", "that", "and", "of", "no"} or any(_is_finite(word) for word in words[1:]):
        return None
    inner = [word.lower() for at, word in enumerate(words) if at and words[at - 1].lower() not in {"of", "and"}]
    if any(word in _DETERMINED for word in inner) or last.endswith(("able", "ible", "ful", "ous", "less")):
        return None
    if opens and words[0].lower().endswith("ing") and len(words) < 3:
        return None
    if (
        len(words) > 1
        and (last.endswith("ed") or (last.islower() and opens and infinitive(words[-2]) == ""))
        and (last.endswith(("ed", "fall", "falls", "rise", "go")))
    ):
        return None
    titled = any(word[:1].isupper() for word in words[1:])
    known = len(words) > 1 or words[0].lower() in COUNTABLE or is_plural(words[0].lower())
    common = len(words) == 1 and words[0].lower() in COUNTABLE
    plain = words[0].lower() if (opens or common) and _is_plain(words[0]) and known and not titled else words[0]
    phrase = " ".join([plain, *words[1:]])
    many = is_plural(phrase.split(" of ")[0].rpartition(" ")[2].lower())
    if determiner:
        return Noun(phrase, f"{determiner} {phrase}")
    lead = phrase.split(" and ")[0].split(" of ")[0]
    named = " " not in lead and lead.lower() not in COUNTABLE
    titled = all(word[:1].isupper() for word in phrase.split()) and singular(last) not in COMMON
    bare = (named and not many) or titled
    mass = last.endswith(("ing", "ion", "ment", "ity", "ness", "ware", "ence", "ance")) and last not in COUNTABLE
    return Noun(phrase, phrase if bare or mass else f"the {phrase}")


def _is_plain(word: str) -> bool:
    return word[:1].isupper() and word[1:].islower()


def _is_finite(word: str) -> bool:
    return word.lower() in {"is", "are", "has", "have", "was", "were", "can", "will", "does", "do", "who", "that"}


def _whom(tokens: list[tuple[str, int, int]], at: int) -> str | None:
    """People or groups named after "for" or "with" right behind the object."""
    if at >= len(tokens) or tokens[at][0].lower() not in {"for", "with", "among", "to"}:
        return None
    words: list[str] = []
    for word, _, _ in tokens[at + 1 : at + 5]:
        lower = word.lower()
        if lower in _MANY:
            return None
        if lower in _FRONT and not words:
            continue
        if not _WORD.fullmatch(word) or lower in _ENDS or (not words and infinitive(word)):
            return None
        words.append(word)
        if lower in PEOPLE or lower in GROUPS:
            return " ".join(words)
    return None
