"""Standards kept for each case → the share of cases that meet them, in the line's own words."""

from __future__ import annotations

import re
from typing import Final

from app.coach.rewrite.chunks import VERBS
from app.coach.rewrite.english import GROUPS, IRREGULAR, PEOPLE, is_plural, lower_first, participle, plural, relative
from app.coach.words import phrases

SHARE: Final = "from [current %] to [target %]"
COUNT: Final = "from [current number] to [target number]"
_EACH: Final = phrases("every, each, any")
_ALL: Final = phrases("all, both")
_STATES: Final = phrases(
    "complete, ready, open, available, live, correct, right, clean, free, green, current, up, out, full, safe, present",
) | frozenset(IRREGULAR.values())
_ADVERBS: Final = phrases("always, also, only, fully, still, then, all")
_BE: Final = phrases("is, are, be, gets, get")
_OWN_VERBS: Final = phrases(
    "go, get, arrive, leave, reach, receive, take, wait, come, appear, sit, hear, have, meet, pass, complete, "
    "stay, last, work",
    "answer, reply, return, respond, say, know, attend, feel, use, see, speak, pay, finish, hold, carry, wear, "
    "follow, land",
    "join, sign, submit, enter, exceed, need, cost, contain, show, match, run, fit, fail, break, miss, lead, "
    "end, begin",
)
_NONE: Final = re.compile(
    r"^(?:no|never any|not one|not a)\s+(?P<noun>[\w'’ -]{3,50}?)\s+"
    r"(?P<verb>takes?|exceeds?|lasts?|waits?|stays?|"
    r"ships|misses|breaks|fails|opens|closes|needs|starts|ends|loses|carries|reaches|passes|"
    r"is|are|has|have"
    r"|should exist|remains?|goes|go|gets?|sits?|leaves?|runs?)\s+(?P<rest>.{3,90}?)$",
    re.IGNORECASE,
)
_DO_ALL: Final = re.compile(
    r"^(?P<verb>[A-Za-z]{3,12})(?P<to>\s(?:to|on|for|with))?\s+(?:every|each|all|any|"
    r"100\s?% of)\s+(?:of\s+)?(?:the\s+|our\s+)?"
    r"(?P<noun>[\w' -]{3,50}?)(?P<rest>\s+(?:within|in|on|by|inside|before|after|with|the same)\s.{1,70})?$",
    re.IGNORECASE,
)
_NEGATED: Final = phrases("zero, not, never, nobody, nobody's, nobody’s, none, stable")
_COUNTED: Final = phrases("sold, issued, processed, signed, shipped, produced, delivered, won, created, opened, lent")
_PER: Final = re.compile(r"\w+ (?:per|an?) \w+", re.IGNORECASE)
_ARTICLE: Final = re.compile(r"\b(?:an?|the|our)\b", re.IGNORECASE)
_LONGEST: Final = 16
_LONGEST_QUOTE: Final = 20


def as_share(text: str) -> str | None:
    """The standard as a share that rises, None where the line doesn't state one plainly."""
    text = re.sub(
        r"^(?:ensure|make sure|guarantee|see to it)\s+(?:that\s+)?", "", text.strip(" .;!"), flags=re.IGNORECASE
    )
    text = re.sub(
        r"[,:]? (?:no exceptions|without exception|always|at all times|all of (?:them|it)|100 ?%)$",
        "",
        text,
        flags=re.IGNORECASE,
    )
    words = text.split()
    if not 2 <= len(words) <= _LONGEST or words[0].lower() in _NEGATED:
        return None
    return _none(text) or (None if words[0].lower() == "no" else _done_to_all(text) or _stated(words))


def quoted(text: str) -> str | None:
    """The standard as it stands, as something that cases meet: for lines that can't be taken apart."""
    text = re.sub(r"\s*\([^()]*\)", "", " ".join(text.split())).strip(' .;!"“”')
    if not text or len(text.split()) > _LONGEST_QUOTE or any(sign in text for sign in '[]“”"'):
        return None
    return f"Raise the share of [cases] that meet “{lower_first(text)}” {SHARE}"


def _none(text: str) -> str | None:
    """None of them may: no letter waits longer than a week."""
    found = _NONE.match(text)
    if not found:
        return None
    noun, verb = plural(found["noun"].strip()), found["verb"].lower()
    if verb == "should exist":
        return f"Cut the number of {noun} that exist {found['rest']} {COUNT}"
    return f"Cut the number of {noun} {relative(noun)} {_many(verb)} {_theirs(found['rest'])} {COUNT}"


def _done_to_all(text: str) -> str | None:
    """Answer every letter within two days."""
    found = _DO_ALL.match(text)
    verb = found["verb"].lower() if found else ""
    if (
        not found
        or _ARTICLE.search(found["noun"])
        or not (verb in VERBS or verb in _OWN_VERBS or not is_plural(verb))
        or verb in _EACH | _ALL | _NO_VERBS
    ):
        return None
    done = participle(verb) + (found["to"] or "").lower()
    return f"Raise the share of {_plural_of(found['noun'].strip())} {done}{_theirs(found['rest'] or '')} {SHARE}"


_NO_VERBS: Final = phrases(
    "for, with, within, across, from, have, ensure, keep, over, under, near, nearly, almost, out, the, not"
)


def _stated(words: list[str]) -> str | None:
    """All shifts covered; every sign-in goes through …; letters answered within two days."""
    first = words[0].lower()
    each, every = first in _EACH, first in _ALL
    rest = words[1:] if each or every else words
    if rest and rest[0].lower() in {"of", "the", "our"}:
        rest = rest[1:]
    for at in range(1, min(len(rest), 6)):
        noun = " ".join(rest[:at])
        if not re.fullmatch(r"[\w'’/ -]{3,60}", noun) or any(word.isdigit() for word in noun.split()):
            return None
        if not each and not is_plural(rest[at - 1].lower()) and rest[at - 1].lower() not in PEOPLE:
            continue
        many = _plural_of(noun) if each else noun
        tail = rest[at:]
        while tail and tail[0].lower() in _ADVERBS and len(tail) > 1:
            tail = tail[1:]
        if clause := _clause(tail, many, each=each):
            return f"Raise the share of {lower_first(many)} {clause} {SHARE}"
    return None


def _clause(tail: list[str], many: str, *, each: bool) -> str | None:
    """What the cases do or are, as it follows "the share of …"; None where the words don't say so."""
    word = tail[0].lower()
    rest = " ".join(tail[1:])
    if word in {"is", "are", "must", "should"} and len(tail) > 1:
        after = " ".join(tail[2:] if tail[1].lower() == "be" else tail[1:])
        return f"that are {after}" if after else None
    if word in {"can", "will"}:
        return f"{relative(many)} {' '.join(tail)}"
    if _PER.fullmatch(" ".join(tail)) or (len(tail) == 1 and not each and word in _COUNTED):
        return None
    if word in _STATES or (word.endswith("ed") and len(word) > 4):
        return f"that are {' '.join(tail)}" if len(tail) == 1 else " ".join(tail)
    if each and word.endswith("s") and _many(word) in VERBS | _OWN_VERBS | {"have", "go", "do"} and rest:
        return f"{relative(many)} {_many(word)} {rest}"
    if not each and word in _OWN_VERBS and rest:
        return f"{relative(many)} {' '.join(tail)}"
    return None


def _theirs(rest: str) -> str:
    """What was said of one, said of many."""
    return re.sub(r"\bits\b", "their", rest)


def with_verb(what: str) -> str:
    """The words after "the share of" with the pronoun they need: "members who complete the course"."""
    words = what.split()
    for at, word in enumerate(words[1:5], 1):
        if word.lower() == "is" or (word.lower() in {"have", "are"} and is_plural(words[at - 1].lower())):
            return f"{' '.join(words[:at])} {relative(' '.join(words[:at]))} {' '.join(words[at:])}"
        if words[at - 1].lower() in PEOPLE | GROUPS and word.lower() in VERBS | _OWN_VERBS:
            return f"{' '.join(words[:at])} {relative(' '.join(words[:at]))} {' '.join(words[at:])}"
    return what


def _many(verb: str) -> str:
    """The plural of a verb in the third person."""
    known = {"is": "are", "has": "have", "goes": "go", "does": "do"}
    if verb in known or not verb.endswith("s"):
        return known.get(verb, verb)
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    return verb[:-2] if verb.endswith(("sses", "shes", "ches", "xes")) else verb[:-1]


def _plural_of(noun: str) -> str:
    """Both nouns of "endpoint and parameter" in the plural."""
    head, joint, tail = noun.partition(" and ")
    return f"{plural(head)} and {plural(tail)}" if joint else plural(noun)
