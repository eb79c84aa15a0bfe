"""What an objective says is to come true, as the measure of the work under it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Target
from app.coach.rewrite.chunks import VERBS, chunks
from app.coach.rewrite.english import GROUPS, PEOPLE, base_form, is_plural, lower_first
from app.coach.rewrite.nouns import Candidate
from app.coach.rewrite.standards import COUNT, SHARE
from app.coach.rules.rule import LineView
from app.coach.words import phrases

ORDER: Final = 5
WHY: Final = (
    "{rule}: the objective says what the work is for; this measures that. It is a guess at how you would see it, "
    "so reword it."
)
_MORE: Final = re.compile(
    r"^(?:we )?(?:(?P<up>increas(?:e|ing)|rais(?:e|ing)|grow(?:ing)?|boost(?:ing)?|doubl(?:e|ing)|tripl(?:e|ing))|"
    r"(?:reduc(?:e|ing)|cut(?:ting)?|lower(?:ing)?|decreas(?:e|ing)|halv(?:e|ing)|minimi[sz](?:e|ing))) "
    r"(?P<what>[^\d,;:()\[\]]{4,70})$",
    re.IGNORECASE,
)
_DO: Final = VERBS | phrases(
    "know, like, love, feel, trust, find, stay, leave, understand, see, want, return, believe, live, sleep, quote",
    "choose, need, have, hear, read, rely, recommend, wait, arrive, survive, pass, reach, enjoy, recognise, recognize",
    "dare, hope, remember, forget, walk, run, ride, eat, drink, carry, say, think, agree, decide, save, spend, open",
    "order, book, cook, grow, play, sing, teach, win, try, start, stop, keep, land, fit, hold, last, end, begin",
)
_NO_SUBJECT: Final = phrases(
    "no, more, fewer, less, all, every, everybody, everyone, nobody, a, an, be, make, some, two, three, four, five, six"
)
_THINGS: Final = phrases("plants, restaurants, papers, servers, numbers, orders, offers, letters, doors, floors")
_PEOPLES: Final = ("ish", "ese", "ean", "ian", "ench", "erman", "utch", "wiss", "ican")
_UNMEASURED: Final = re.compile(r"^(?:an?|another|our own|into)\s|\b(?:is|are)\b", re.IGNORECASE)
_COUNTED: Final = re.compile(
    r"^(?:all |our )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve) (?=[a-z])", re.IGNORECASE
)
_ALL_OR_NONE: Final = re.compile(
    r"^(?:(?P<none>nobody|no one)|everyone|everybody|anyone|anybody|people|you) (?P<can>can )?"
    r"(?P<doing>[^;:()\[\]]{4,80})$",
    re.IGNORECASE,
)
_NO_MORE: Final = re.compile(r"^no (?:more )(?P<what>[a-z][^\d;:()\[\]]{4,70})$", re.IGNORECASE)
_OPEN_ENDS: Final = phrases("about, of, for, with, to, on, in, at, from, by, up, like, as, and, or, the, a, an")
_ALSO_AFTER_WHO: Final = phrases("are, have")
_LONGEST_SUBJECT: Final = 4
_SHORTEST_DOING: Final = 4
_LONGEST_DOING: Final = 10


def aimed(line: LineView, objective: LineView | None, target: Target, writer: str, rule: str) -> Iterator[Candidate]:
    """The objective's own change as a measure, where it says who will do what or what will grow or shrink."""
    if objective is None or line.is_objective:
        return
    aim = " ".join(objective.text.split()).rstrip(" .!")
    text = next((said for form in (_moved, _everybody, _no_more, _shared) if (said := form(aim))), "")
    if text:
        yield Candidate(
            target, text, "line", (rule,), WHY.format(rule=rule), writer, guess=True, lent=text, order=ORDER
        )


def people_and_doing(said: str) -> tuple[str, str] | None:
    """Whom a sentence is about and what they will do: "bookkeepers close the month without calling us"."""
    words = said.split()
    for at, word in enumerate(words[:5]):
        plain = word.lower().strip(",.;:")
        if (
            plain in PEOPLE
            or plain in GROUPS
            or (plain.endswith(("ers", "ors", "ists", "ants", "ees")) and at + 1 < len(words))
        ):
            rest = words[at + 1 :]
            while rest and rest[0].lower() in {"who", "that", "will", "can", "should", "would"}:
                rest = rest[1:]
            return (" ".join(words[: at + 1]), " ".join(rest)) if len(rest) >= 2 else None
    return None


def _moved(objective: str) -> str:
    """A rise of what is to grow: "Increase trust in our figures"."""
    aim = _MORE.match(objective)
    if aim is None or _UNMEASURED.search(aim["what"]) or chunks(objective).object is None:
        return ""
    verb = "Raise" if aim["up"] else "Cut"
    return f"{verb} {_inside(aim['what'])} from [current level] to [target level]"


def _shared(objective: str) -> str:
    """The share of those who do what is said of them: "Neighbours know each other"."""
    words = _COUNTED.sub("", objective).split()
    at = next(
        (at for at, word in enumerate(words[:_LONGEST_SUBJECT]) if is_plural(word.lower()) and word.isalpha()), None
    )
    if at is None or any(not word.replace("-", "").isalpha() for word in words[:at]):
        return ""
    subject, rest = words[: at + 1], words[at + 1 :]
    said = rest[0].lower() in {"who", "that", "can"} if rest else False
    doing = rest[1:] if said else rest
    verb = doing[0].lower() if _tells(doing) else ""
    if (verb not in _DO and not (said and verb in _ALSO_AFTER_WHO)) or (verb == "like" and not said):
        return ""
    head = subject[-1].lower()
    if subject[0].lower() in _NO_SUBJECT | (VERBS if at else frozenset()) or (at and head[:-1] in _DO - PEOPLE):
        return ""
    people = head in PEOPLE or (head.endswith(("ers", "ors", "ists", "ants", "ours", "ians")) and head not in _THINGS)
    who = rest[0].lower() if rest[0].lower() in {"who", "that"} else "who" if people else "that"
    can = "can " if rest[0].lower() == "can" else ""
    return f"Raise the share of {_inside(' '.join(subject))} {who} {can}{' '.join(doing)} {SHARE}"


def _everybody(objective: str) -> str:
    """The share, or the number left, of people of whom all or none should do something: "Nobody waits"."""
    aim = _ALL_OR_NONE.match(objective)
    if aim is None or not _tells(doing := aim["doing"].split()):
        return ""
    if not aim["can"]:
        doing[0] = base_form(doing[0])
        if not doing[0].isalpha() or doing[0] in {"be", "have"}:
            return ""
    said = f"people who {'can ' if aim['can'] else ''}{' '.join(doing)}"
    return f"Cut the number of {said} {COUNT}" if aim["none"] else f"Raise the share of {said} {SHARE}"


def _no_more(objective: str) -> str:
    """What is to end: "No more falls in the kitchen"."""
    aim = _NO_MORE.match(objective)
    return f"Cut {lower_first(aim['what'])} {COUNT}" if aim and is_plural(aim["what"].split()[0].lower()) else ""


def _tells(doing: list[str]) -> bool:
    """Whether what is done is a predicate with an end: "talk about" has none."""
    whole = " ".join(doing)
    return len(whole) >= _SHORTEST_DOING and len(doing) <= _LONGEST_DOING and doing[-1].lower() not in _OPEN_ENDS


def _inside(phrase: str) -> str:
    """A phrase as it goes on in a sentence: the names of peoples and products keep their capital."""
    first, _, rest = phrase.partition(" ")
    return phrase if first.endswith(_PEOPLES) or rest[:1].isupper() else lower_first(phrase)
