"""KPI → a measure that moves this cycle, or a health metric beside the OKR."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Target
from app.coach.quantities import Comparator, Direction, Quantity
from app.coach.rewrite.chunks import chunks
from app.coach.rewrite.english import better_down, lower_first, participle, plural, relative
from app.coach.rewrite.nouns import Candidate
from app.coach.rules.rule import LineView
from app.coach.words import phrases

RULE: Final = "kpi-as-okr"
WHY: Final = "kpi-as-okr: makes the measure move, from where it stands to where you want it."
WHY_FROM: Final = "kpi-as-okr: takes the level you hold today as the start and asks for the next step."
WHY_MOVE: Final = "kpi-as-okr: a level to hold belongs among the health metrics, with a limit that rings a bell."
_KEEP: Final = re.compile(
    r"^(?:we (?:will |'ll )?|to |always |continue to |please )?(?:keep|maintain|ensure|hold|sustain|retain|guarantee|"
    r"continue|monitor|track|stay|remain|achieve|have|hit|meet|deliver)(?:ing|s|ed)?\s+(?:that |at least |to )?",
    re.IGNORECASE,
)
_STAYS: Final = re.compile(
    r"\s+(?:stays?|remains?|is kept|are kept|is|are|must be|should be|never (?:falls?|drops?|goes)|keeps?|should not|does not"
    r"|doesn't|do not|don't|holds?|continues? to be|will be|to be)\s*$",
    re.IGNORECASE,
)
_BOUND: Final = re.compile(
    r"(?:\s|^)(?:at or above|at or below|at or under|at least|at most|no more than|no less than|not more than|no fewer than|"
    r"more than|less than|fewer than|above|below|under|over|within|up to|exceeds?|exceed|of at least|of at most|of|at|to|"
    r"by|around|about|in|=|≥|≤|>=|<=|>|<|:|-|–|—|~|and|with)\s*$",
    re.IGNORECASE,
)
_ALL_OF: Final = re.compile(
    r"^(?P<verb>[A-Za-z]{3,12})\s+(?:every|each|all|any|100\s?% of)\s+(?:of\s+)?(?:the\s+|our\s+)?"
    r"(?P<noun>[\w' -]{3,50}?)(?P<rest>\s+(?:within|in|on|by|inside|before|after|with|the same)\s.{2,70})?[.\s]*$",
    re.IGNORECASE,
)
_IS_DONE: Final = re.compile(
    r"^(?:ensure |make sure |guarantee )?(?:that )?(?:every|each|all|any)\s+(?:of\s+)?(?:the\s+|our\s+)?"
    r"(?P<noun>[\w' -]{3,60}?)\s+(?P<be>is|are|gets?|has|have|receives?|must be|should be|can be)\s+(?P<rest>.{3,90}?)[.\s]*$",
    re.IGNORECASE,
)
_NONE: Final = re.compile(
    r"^(?P<no>no|never any|zero)\s+(?P<noun>[\w'’ -]{3,50}?)\s+(?P<verb>takes?|exceeds?|lasts?|waits?|stays?|is|are|has|have|should exist"
    r"|remains?|goes|go|gets?)\s+(?P<rest>.{3,90}?)[.\s]*$",
    re.IGNORECASE,
)
_SHARE: Final = re.compile(r"^\s*(?:of\s+)(?:the\s+|our\s+|all\s+)?(?P<what>.{4,120}?)[.\s]*$", re.IGNORECASE)
_TAIL_CUT: Final = re.compile(r"[\s,;:.–—-]+$")
_PRESENT: Final = {"takes": "take", "exceeds": "exceed", "lasts": "last", "waits": "wait", "stays": "stay", "is": "are", "has": "have", "remains": "remain", "goes": "go", "gets": "get", "receives": "receive", "get": "get"}  # fmt: skip
_SUBJECT_WORDS: Final = 14
_NOUNISH: Final = phrases(
    "test, report, plan, process, design, support, order, ship, lead, search, contact, record, release, update",
    "share, log, survey, audit, call, demo, query, index, host, train, staff, market, visit, build, code, pass",
    "post, set, fix, response, check, partner, change, move, measure, sign, stock, file, load, run, deploy, use",
    "track, price, pay, cut, study, map",
)
_AFTER_VERB: Final = phrases(
    "a, an, the, our, all, every, each, at, more, less, least, their, new, any, and, to, for, with, on"
)


def moved(line: LineView, target: Target, writer: str) -> Iterator[Candidate]:
    """The line as a measure that moves."""
    text = " ".join(line.text.split())
    for order, (new, why) in enumerate(_wordings(line, text)):
        yield Candidate(target, new, "line", (RULE,), why, writer, order=order)


def move(line: LineView, target: Target, writer: str) -> Candidate:
    """The line as a health metric."""
    text = " ".join(line.text.split())
    return Candidate(target, text, "move", (RULE,), WHY_MOVE, writer, goes_to="health metrics", order=90)


def _wordings(line: LineView, text: str) -> Iterator[tuple[str, str]]:
    if whole := _standard(text):
        yield whole, WHY
        return
    if not _KEEP.match(text) and _is_work(text):
        return
    goal = line.measure.target or line.measure.change or next(iter(line.measure.quantities), None)
    if goal is None:
        subject = _bare(text)
        if subject:
            yield _from_to(subject, "[current level]", "[target level]", falls=better_down(subject)), WHY
        return
    found = _subject(line.text, goal)
    if found is None:
        return
    subject, after = found
    written = " ".join(line.text[goal.start : goal.end].split())
    written = re.sub(r"^[<>≥≤=~]+\s?", "", written)
    if line.measure.comparator is Comparator.AT_MOST:
        falls = True
    elif line.measure.comparator is Comparator.AT_LEAST:
        falls = False
    else:
        falls = line.measure.direction is Direction.DOWN or better_down(subject)
    now, next_ = _blanks(goal, written)
    full = goal.unit == "percent" and goal.value in {0.0, 100.0}
    yield _from_to(subject, now, written, falls=falls) + after, WHY
    if not full and goal.value != 0:
        yield _from_to(subject, written, next_, falls=falls) + after, WHY_FROM


def _is_work(text: str) -> bool:
    """Whether a line opens with a verb of doing; "test coverage" and "order accuracy" don't."""
    words = text.split()
    return bool(chunks(text).verb) and not (
        words[0].lower() in _NOUNISH and len(words) > 1 and words[1].isalpha() and words[1].lower() not in _AFTER_VERB
    )


def _blanks(goal: Quantity, written: str) -> tuple[str, str]:
    if goal.unit == "percent":
        return "[current %]", "[target %]"
    if goal.unit in {"second", "minute", "hour", "day", "week", "month", "year", "ms"}:
        return f"[current {goal.unit}s]".replace("mss", "ms"), f"[target {goal.unit}s]".replace("mss", "ms")
    if goal.unit.isupper() or goal.unit == "money":
        return "[current amount]", "[target amount]"
    return "[current number]", "[target number]"


def _from_to(subject: str, now: str, then: str, *, falls: bool) -> str:
    subject = re.sub(
        r"^(?=(?:number|share|percentage|proportion|rate|amount|time) (?:of|to|from)\b)", "the ", lower_first(subject)
    )
    return f"{'Cut' if falls else 'Raise'} {lower_first(subject)} from {now} to {then}"


def _standard(text: str) -> str | None:
    """A standard kept for each case, as the share of cases that meet it."""
    share = "from [current %] to [target %]"
    if none := _NONE.match(text):
        noun, verb = plural(none["noun"].strip()), none["verb"].lower()
        rest = none["rest"].strip()
        if verb == "should exist":
            return f"Cut {noun} that exist {rest} from [current number] to [target number]"
        return f"Cut the number of {noun} {relative(noun)} {_PRESENT.get(verb, verb)} {rest} from [current number] to [target number]"
    if done := _IS_DONE.match(text):
        noun = _each_plural(done["noun"].strip())
        be, rest = done["be"].lower(), done["rest"].strip()
        if be in {"is", "are", "must be", "should be"}:
            return f"Raise the share of {noun} that are {rest} {share}"
        if be == "can be":
            return f"Raise the share of {noun} that can be {rest} {share}"
        return f"Raise the share of {noun} {relative(noun)} {_PRESENT.get(be, be)} {rest} {share}"
    every = _ALL_OF.match(text)
    if every and every["verb"].lower() not in {"for", "with", "within", "across", "from", "have", "ensure", "keep"}:
        noun = _each_plural(every["noun"].strip())
        rest = (every["rest"] or "").rstrip(" .")
        return f"Raise the share of {noun} {participle(every['verb'].lower())}{rest} {share}"
    return None


def _each_plural(noun: str) -> str:
    """Both nouns of "endpoint and parameter" in the plural."""
    head, joint, tail = noun.partition(" and ")
    return f"{plural(head)} and {plural(tail)}" if joint else plural(noun)


def _bare(text: str) -> str | None:
    """The measure that a line without figures names, or None where it names none plainly."""
    rest = _TAIL_CUT.sub("", text)
    had = len(rest)
    rest = _KEEP.sub("", rest)
    rest = re.sub(r"\s+(?:up|high|low|steady|stable|healthy|on track|constant|as is|under control|at bay)$", "", rest)
    words = rest.split()
    if not words or len(words) > _SUBJECT_WORDS or words[0].lower() in {"to", "that", "with", "on", "at", "up", "in"}:
        return None
    if re.search(r"[.!?:;]\s", rest) or re.search(r"\b(?:is|are|works?|when|if|don't|must|should)\b", rest):
        return None
    return rest if had else None


def _subject(text: str, goal: Quantity) -> tuple[str, str] | None:
    """What is measured, and what else the line says behind it."""
    before = text[: goal.start]
    after = text[goal.end :]
    if of := _SHARE.match(after):
        lead = _KEEP.sub("", before).strip()
        if len(lead.split()) <= 3 and not of["what"].lower().startswith(("forecast", "budget", "plan")):
            what = of["what"]
            return (f"the share of {what}" if goal.unit == "percent" else what), ""
    lead = before
    for _ in range(3):
        lead = _BOUND.sub("", lead.rstrip("<>≥≤=~ (")).rstrip()
        lead = _STAYS.sub("", lead).rstrip()
    lead = _KEEP.sub("", lead.strip()).strip(" :–—-,")
    lead = re.sub(r"^(?:the|our)\s+", "", lead, flags=re.IGNORECASE)
    tail = " ".join(after.split()).rstrip(" .)")
    if lead and _is_work(lead):
        return None
    if lead and len(lead.split()) <= _SUBJECT_WORDS and not re.search(r"\b(?:is|are|to|that)$", lead):
        kept = (
            f" {tail}"
            if tail and not tail.startswith((",", ";", "(", "or", "%"))
            else (tail if tail[:1] in ",;" else "")
        )
        return lead, kept
    noun = after.strip(" .")
    if not lead and noun and len(noun.split()) <= _SUBJECT_WORDS and goal.unit in {"", "percent"} and noun[0].isalpha():
        if goal.unit == "percent":
            return (noun if better_down(noun) or len(noun.split()) < 4 else f"the share of {noun}"), ""
        return noun, ""
    return None
