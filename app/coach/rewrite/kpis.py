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
from app.coach.rewrite.english import better_down, better_up, is_plural, lower_first, upper_first
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
_KEPT: Final = re.compile(r"^(?:keep|maintain|hold|have|retain|sustain|ensure)$", re.IGNORECASE)
_STAYS: Final = re.compile(
    r"\s+(?:stays?|remains?|is kept|are kept|is|are|must be|should be|never (?:falls?|drops?|goes)|keeps?|"
    r"should not|does not"
    r"|doesn't|do not|don't|holds?|continues? to be|will be|to be)\s*$",
    re.IGNORECASE,
)
_BOUND: Final = re.compile(
    r"(?:\s|^)(?:at or above|at or below|at or under|at or over|at or beneath|at the usual|at|inside|at least|at most|"
    r"(?:no|not) (?:more|less|fewer|higher|lower|longer|later|worse|better) than|not (?:under|over|above|below)|"
    r"more than|less than|fewer than|above|below|under|over|beneath|beyond|within|up to|exceeds?|"
    r"of at least|of at most|"
    r"of|to|"
    r"by|around|about|in|=|≥|≤|>=|<=|>|<|:|-|–|—|~|and|with)\s*$",
    re.IGNORECASE,
)
_SHARE: Final = re.compile(r"^\s*(?:of\s+)(?:the\s+|our\s+|all\s+)?(?P<what>.{4,120}?)[.\s]*$", re.IGNORECASE)
# What can't be measured by itself: a whole statement, or a figure that the line's own figure belongs to.
_NO_SUBJECT: Final = re.compile(
    r"(?<![A-Za-z])\d|±|^(?:no|not|every|each|all|nobody|none|any|never|zero|days? of)\s|\b(?:without|nobody|"
    r"between|whenever|when|if|not|and"
    r"|goes|go|get|gets|passes|from|to)\b|[:;]|"
    r"\b(?:on|of|for|with|by|than|an?|the|open|ready|only|just|also|still)$|"
    r"\b(?:never|always|ever|nobody's|(?:should|must|do|does|is|are|would|could)n['’]t|cannot|can['’]t)(?!\w)|"
    r"^(?:drop|run|stable|turn|do|see|give|ship)(?:\s|$)",
    re.IGNORECASE,
)
# A state or a rule in the words, which is no measure whose level could stand behind it.
_NO_MEASURE: Final = re.compile(
    r"\b(?:is|are|works?|when|if|must|should|each|every|within|at all|at the end|deadline|as|once|after|before|inside|"
    r"again|all|compliant|empty|patched|fresh|reachable|present|in place|up to date)\b|n['’]t\b",
    re.IGNORECASE,
)
_NONE_OF: Final = re.compile(r"^(?P<what>[^:]{3,60}):\s*(?:zero|none|nil|0)[.!]?$", re.IGNORECASE)
_LAST_LEVEL: Final = re.compile(
    r"\s+at\s+(?:the\s+usual|the\s+current|today['’]s|last\s+\w+['’]s|this\s+\w+['’]s|the\s+same|its)\s+level"
    r"(?:\s+or\s+(?:less|more|better|below|above|lower|higher))?$",
    re.IGNORECASE,
)
_DONE: Final = re.compile(r"(?:ed|en|paid|sent|met|held|made|done|kept|set|out)$", re.IGNORECASE)
_TIMED: Final = re.compile(
    r"\b(?:time|times|duration|latency|delay|wait|waiting|queue|p\d\d|hours|days|minutes|age|length|response|lag|"
    r"speed|overtime"
    r"|turnaround|runtime|lead|cycle|downtime|stay)\b",
    re.IGNORECASE,
)
_TAIL_CUT: Final = re.compile(r"[\s,;:.–—-]+$")
_SUBJECT_WORDS: Final = 12
_NAME_WORDS: Final = 2
_WITHIN_PLAN: Final = re.compile(
    r"\s+(?:at or above|at or below|within|above|below|under|over|on|in|to|at|as)\s+(?:the |our )?(?:budget|plan|"
    r"target|limits?|"
    r"bounds|tolerance|range|planned|forecast|agreed)$",
    re.IGNORECASE,
)
_AS_IT_IS: Final = re.compile(
    r"\s+(?:(?:stays?|remains?|is kept|are kept|kept|is|are)\s+)?(?:up|high|low|steady|stable|healthy|on track|"
    r"constant|as is|"
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
    if none := _NONE_OF.match(text):
        yield f"Cut {lower_first(none['what'].strip())} from [current number] to zero", WHY
        return
    if whole := standards.as_share(text):
        yield whole, WHY_SHARE
        return
    levels = list(_level(line, text)) if _KEEP.match(text) or not _is_work(text) else []
    yield from levels
    if not levels and (whole := standards.quoted(_KEEP.sub("", text) if _KEEP.match(text) else text)):
        yield whole, WHY_SHARE


def _level(line: LineView, text: str) -> Iterator[tuple[str, str]]:
    goal = line.measure.target or line.measure.change or next(iter(line.measure.quantities), None)
    if goal is None:
        subject = _bare(text)
        if subject:
            yield _from_to(subject, "[current level]", "[target level]", falls=_falls(subject)), WHY
        return
    found = _subject(line.text, goal)
    if found is None:
        return
    subject, after = found
    if _NO_SUBJECT.search(subject) and not subject.startswith("the share of "):
        return
    written = " ".join(line.text[goal.start : goal.end].split())
    written = re.sub(r"^[<>≥≤=~]+\s?", "", written)
    falls = _falls(subject)
    if line.measure.comparator is Comparator.AT_MOST or goal.value == 0 or line.measure.direction is Direction.DOWN:
        falls = True
    elif line.measure.comparator is Comparator.AT_LEAST:
        falls = False
    if goal.unit in SECONDS and not _TIMED.search(subject):
        if len(subject.split()) > _NAME_WORDS or _DONE.search(subject) or re.match(r"\s(?:of|after|before)\b", after):
            return
        falls = None
    if re.search(r"\b(?:before|after|of|in|on|for|by|to|old)$", after):
        return
    now, next_ = _blanks(goal)
    full = goal.unit == "percent" and goal.value in {0.0, 100.0}
    if written.lower() in {"no", "none"}:
        yield _from_to(subject, now, next_, falls=True) + after, WHY
        return
    yield _from_to(subject, now, lower_first(written), falls=falls) + after, WHY
    if not full and goal.value != 0 and " in " not in written:
        yield _from_to(subject, written, next_, falls=falls) + after, WHY_FROM


def _falls(subject: str) -> bool | None:
    """Whether the measure gets better by falling; None where its words don't say which way is better."""
    if better_down(subject):
        return True
    return False if better_up(subject) or subject.startswith(("the share of ", "the number of ")) else None


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


def _from_to(subject: str, now: str, then: str, *, falls: bool | None) -> str:
    if falls is None:
        return f"{upper_first(subject)}: from {now} to {then}"
    subject = re.sub(
        r"^(?=(?:number|share|percentage|proportion|rate|amount|time) (?:of|to|from)\b)", "the ", lower_first(subject)
    )
    return f"{'Cut' if falls else 'Raise'} {lower_first(subject)} from {now} to {then}"


def _bare(text: str) -> str | None:
    """The measure that a line without figures names, or None where it names none plainly."""
    rest = _KEEP.sub("", _TAIL_CUT.sub("", text))
    rest = _WITHIN_PLAN.sub("", _AS_IT_IS.sub("", _LAST_LEVEL.sub("", rest)))
    words = rest.split()
    if not words or len(words) > _SUBJECT_WORDS or words[0].lower() in {"to", "that", "with", "on", "at", "up", "in"}:
        return None
    counted = re.sub(r"^\d{1,2}(?:st|nd|rd|th)\s", "", rest)
    if re.search(r"\d|[,.!?:;]\s", counted) or _NO_SUBJECT.search(counted) or _NO_MEASURE.search(counted):
        return None
    return rest


def _subject(text: str, goal: Quantity) -> tuple[str, str] | None:
    """What is measured, and what else the line says behind it."""
    before = text[: goal.start]
    after = text[goal.end :]
    if goal.unit in {"", "percent"} and (of := _SHARE.match(after)):
        lead = _KEPT.sub("", _BOUND.sub("", before)).strip()
        if not lead and not of["what"].lower().startswith(("forecast", "budget", "plan")):
            what = of["what"]
            return (f"the share of {standards.with_verb(what)}" if goal.unit == "percent" else what), ""
    lead = before
    for _ in range(3):
        lead = _BOUND.sub("", lead.rstrip("<>≥≤=~ (")).rstrip()
        lead = _STAYS.sub("", lead).rstrip()
    lead = _KEPT.sub("", _KEEP.sub("", lead.strip())).strip(" :–—-,")
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
        return (f"the number of {noun}" if goal.value and is_plural(noun.split()[-1].lower()) else noun), ""
    return None
