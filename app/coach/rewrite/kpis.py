"""KPI → a measure that moves this cycle, or a health metric beside the OKR."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Target
from app.coach.quantities import Comparator, Direction, Quantity
from app.coach.quantities.units import SECONDS
from app.coach.rewrite import standards
from app.coach.rewrite.chunks import chunks
from app.coach.rewrite.english import better_down, lower_first
from app.coach.rewrite.nouns import Candidate
from app.coach.rules.rule import LineView
from app.coach.words import phrases

RULE: Final = "kpi-as-okr"
WHY: Final = "kpi-as-okr: makes the measure move, from where it stands to where you want it."
WHY_SHARE: Final = "kpi-as-okr: a standard that is kept is no bet; the share of cases that meet it can move."
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
    r"(?:\s|^)(?:at or above|at or below|at or under|at or over|not less than|not under|not over|inside|at least|at most|no more than|no less than|not more than|no fewer than|"
    r"more than|less than|fewer than|above|below|under|over|within|up to|exceeds?|exceed|of at least|of at most|of|at|to|"
    r"by|around|about|in|=|≥|≤|>=|<=|>|<|:|-|–|—|~|and|with)\s*$",
    re.IGNORECASE,
)
_SHARE: Final = re.compile(r"^\s*(?:of\s+)(?:the\s+|our\s+|all\s+)?(?P<what>.{4,120}?)[.\s]*$", re.IGNORECASE)
# What can't be measured by itself: a whole statement, or a figure that the line's own figure belongs to.
_NO_SUBJECT: Final = re.compile(
    r"(?<![A-Za-z])\d|±|^(?:no|not|every|each|all|nobody|none|any|never|zero|days? of)\b|\b(?:without|nobody|between|whenever|when|if|not|and"
    r"|goes|go|get|gets|passes|from|to)\b|[:;]|\b(?:on|of|for|with|by|than)$",
    re.IGNORECASE,
)
_TIMED: Final = re.compile(
    r"\b(?:time|times|duration|latency|delay|wait|waiting|queue|p\d\d|hours|days|minutes|age|length|response|lag|speed|overtime"
    r"|turnaround|runtime|lead|cycle|downtime|stay)\b",
    re.IGNORECASE,
)
_TAIL_CUT: Final = re.compile(r"[\s,;:.–—-]+$")
_SUBJECT_WORDS: Final = 12
_AS_IT_IS: Final = re.compile(
    r"\s+(?:(?:stays?|remains?|is kept|are kept|kept|is|are)\s+)?(?:up|high|low|steady|stable|healthy|on track|constant|as is|"
    r"under control|at bay|flat|unchanged|level|where (?:it is|they are)|as (?:it is|they are)|in line|the same)$",
    re.IGNORECASE,
)
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
    if whole := standards.as_share(text):
        yield whole, WHY_SHARE
        return
    if not _KEEP.match(text) and _is_work(text):
        return
    levels = list(_level(line, text))
    yield from levels
    if not levels and (whole := standards.quoted(text)):
        yield whole, WHY_SHARE


def _level(line: LineView, text: str) -> Iterator[tuple[str, str]]:
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
    if _NO_SUBJECT.search(subject):
        return
    written = " ".join(line.text[goal.start : goal.end].split())
    written = re.sub(r"^[<>≥≤=~]+\s?", "", written)
    if line.measure.comparator is Comparator.AT_MOST or goal.value == 0:
        falls = True
    elif line.measure.comparator is Comparator.AT_LEAST:
        falls = False
    else:
        falls = line.measure.direction is Direction.DOWN or better_down(subject)
    if goal.unit in SECONDS and not _TIMED.search(subject):
        subject = f"the time for {lower_first(subject)}"
    if re.search(r"\b(?:before|after|of|in|on|for|by|to)$", after):
        return
    now, next_ = _blanks(goal)
    full = goal.unit == "percent" and goal.value in {0.0, 100.0}
    if written.lower() in {"no", "none"}:
        yield _from_to(subject, now, next_, falls=True) + after, WHY
        return
    yield _from_to(subject, now, lower_first(written), falls=falls) + after, WHY
    if not full and goal.value != 0:
        yield _from_to(subject, written, next_, falls=falls) + after, WHY_FROM


def _is_work(text: str) -> bool:
    """Whether a line opens with a verb of doing; "test coverage" and "order accuracy" don't."""
    words = text.split()
    return bool(chunks(text).verb) and not (
        words[0].lower() in _NOUNISH and len(words) > 1 and words[1].isalpha() and words[1].lower() not in _AFTER_VERB
    )


def _blanks(goal: Quantity) -> tuple[str, str]:
    if goal.unit == "percent":
        return "[current %]", "[target %]"
    if goal.unit in {"second", "minute", "hour", "day", "week", "month", "year", "ms"}:
        return f"[current {goal.unit}s]".replace("mss", "ms"), f"[target {goal.unit}s]".replace("mss", "ms")
    if goal.unit == "byte":
        return "[current size]", "[target size]"
    if goal.unit.isupper() or goal.unit == "money":
        return "[current amount]", "[target amount]"
    return "[current number]", "[target number]"


def _from_to(subject: str, now: str, then: str, *, falls: bool) -> str:
    subject = re.sub(
        r"^(?=(?:number|share|percentage|proportion|rate|amount|time) (?:of|to|from)\b)", "the ", lower_first(subject)
    )
    return f"{'Cut' if falls else 'Raise'} {lower_first(subject)} from {now} to {then}"


def _bare(text: str) -> str | None:
    """The measure that a line without figures names, or None where it names none plainly."""
    rest = _TAIL_CUT.sub("", text)
    had = len(rest)
    rest = _KEEP.sub("", rest)
    rest = _AS_IT_IS.sub("", rest)
    words = rest.split()
    if not words or len(words) > _SUBJECT_WORDS or words[0].lower() in {"to", "that", "with", "on", "at", "up", "in"}:
        return None
    if re.search(r"\d|[,.!?:;]\s", rest) or _NO_SUBJECT.search(rest) or re.search(r"\b(?:is|are|works?|when|if|don't|must|should)\b", rest):
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
            return (f"the share of {standards.with_verb(what)}" if goal.unit == "percent" else what), ""
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
