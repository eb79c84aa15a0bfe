"""Cures for figures and dates: a missing start, a target without stretch, a date outside the cycle, two in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Target
from app.coach.quantities import Quantity, measure
from app.coach.rewrite.english import upper_first
from app.coach.rewrite.nouns import Candidate
from app.coach.rules.rule import LineView
from app.coach.words import Lexicon, phrases, split_words

WHY_BASELINE: Final = "missing-baseline: says where the figure stands today, so that the target can be judged."
WHY_STRETCH: Final = "no-stretch: keeps the start and asks for a target that needs a different way of working."
WHY_SWAPPED: Final = "no-stretch: the two ends stood the wrong way round for the verb."
WHY_HORIZON: Final = "horizon-mismatch: asks how far you want to be when this cycle ends."
WHY_SPLIT: Final = "compound-key-result: two results in two lines, so that each can be scored."
LAST: Final = 50
"""The order of a date: where a line has a graver fault, that is mended first."""
WHY_DEADLINE: Final = "missing-deadline: says by when; a cycle above the draft does the same for all its lines."
WHY_ABSOLUTE: Final = "missing-baseline: both ends instead of a percentage of something that isn't named."
_TO: Final = re.compile(
    r"\s(?:up |down )?(?:to|below|under|above|over|→|->|≥|≤|>|<|at|of|by)\s?(?:at least |at most |over |under |"
    r"more than |"
    r"less than |below |above |about |around |~)?$",
    re.IGNORECASE,
)
_MOVING: Final = Lexicon(
    phrases(
        "increase, raise, grow, improve, lift, boost, reduce, cut, lower, decrease, shorten, bring, get, move, "
        "drive, push"
    )
)
_JOINT: Final = re.compile(r"\s?(?:,\s)?\b(?:and also|as well as|and|plus)\b\s|\s?[;&+]\s", re.IGNORECASE)
_BARE: Final = 3


def from_today(line: LineView, target: Target, writer: str, answers: tuple[str, ...]) -> Iterator[Candidate]:
    """The start in front of the target, or both ends beside a percentage."""
    measure = line.measure
    goal = measure.target or measure.change
    if goal is None:
        return
    text = line.text
    blank = _current(line, goal)
    relative = goal is measure.change or goal.unit in {"times", "points"}
    if not relative and (before := _TO.search(text[: goal.start])):
        new = f"{text[: before.start()].rstrip()} from {blank} to {_bound(before[0])}{text[goal.start :].lstrip()}"
        yield Candidate(target, _tidy(new), "line", answers, WHY_BASELINE, writer, order=0)
    stripped = text.rstrip(" .;")
    if relative:
        now = blank.strip("[]")
        yield Candidate(
            target,
            f"{stripped}, from {blank} to [{now.replace('current', 'target')}]",
            "line",
            answers,
            WHY_ABSOLUTE,
            writer,
        )
    yield Candidate(target, f"{stripped} (currently {blank})", "line", answers, WHY_BASELINE, writer, order=2)


def stretched(line: LineView, target: Target, writer: str, answers: tuple[str, ...]) -> Iterator[Candidate]:
    """Ends swapped where the verb says so, or a blank for a bolder target."""
    measure = line.measure
    text = line.text
    base, goal, change = measure.baseline, measure.target, measure.change
    if base and goal and base.value is not None and goal.value is not None and base.value != goal.value:
        first, second = sorted((base, goal), key=lambda quantity: quantity.start)
        swapped = (
            text[: first.start] + text[second.start : second.end] + text[first.end : second.start]
            + text[first.start : first.end] + text[second.end :]
        )  # fmt: skip
        yield Candidate(target, swapped, "line", answers, WHY_SWAPPED, writer)
    if goal:
        unit = _unit(goal)
        yield Candidate(
            target,
            f"{text[: goal.start]}[bolder target{unit}]{text[goal.end :]}",
            "line",
            answers,
            WHY_STRETCH,
            writer,
            order=1,
        )
    elif change:
        unit = _unit(change)
        yield Candidate(
            target,
            f"{text[: change.start]}[bolder target{unit}]{text[change.end :]}",
            "line",
            answers,
            WHY_STRETCH,
            writer,
        )


def within_cycle(
    line: LineView, span: tuple[int, int], cycle: str | None, target: Target, writer: str, answers: tuple[str, ...]
) -> Iterator[Candidate]:
    """The end of the cycle instead of the date, and the part of the way that it leaves."""
    start, end = span
    text = line.text
    before = re.sub(
        r"\b(?:by|in|before|until|within|over|the end of|end of|the)\s+(?:the\s+)?(?:end of\s+|next\s+)?$",
        "",
        text[:start],
    )
    by = f"by the end of {cycle}" if cycle else "by [date]"
    new = f"{before.rstrip()} {by}{text[end:]}".strip()
    goal = line.measure.target
    if goal and goal.end <= len(before):
        part = f"{text[: goal.start]}[target for this cycle{_unit(goal)}]{before[goal.end :].rstrip()} {by}{text[end:]}"
        yield Candidate(target, _tidy(part), "line", (*answers,), WHY_HORIZON, writer)
    yield Candidate(target, _tidy(new), "line", answers, WHY_HORIZON, writer, order=1)


def dated(line: LineView, target: Target, writer: str, answers: tuple[str, ...]) -> Candidate:
    """The line with a blank date."""
    return Candidate(target, f"{line.text.rstrip(' .;')} by [date]", "line", answers, WHY_DEADLINE, writer, order=LAST)


def split(line: LineView, target: Target, writer: str, answers: tuple[str, ...]) -> Iterator[Candidate]:
    """Two lines where two results were joined."""
    text = " ".join(line.text.split())
    for match in list(_JOINT.finditer(text))[:6]:
        first, second = text[: match.start()].rstrip(" ,;"), text[match.end() :].strip()
        one, other = _measured(first), _measured(second)
        if not (one and other):
            continue
        words = split_words(second)
        if words and not _VERBS.at(words, 0):
            verb = first.split()[0]
            second = f"{verb} {second}"
        both = "\n".join((with_start(first), with_start(upper_first(second))))
        yield Candidate(target, both, "line", answers, WHY_SPLIT, writer)


_VERBS: Final = Lexicon(
    phrases(
        "raise, increase, grow, improve, lift, boost, double, triple, cut, reduce, lower, decrease, halve, shrink",
        "bring, get, push, move, drop, reach, achieve, hit, win, sign, close, gain, add, convert, acquire, attract",
        "secure, generate, earn, retain, activate, recruit, hire, train, launch, ship, release, publish, write, run",
        "host, hold, build, deliver, open, migrate, complete, create, develop, implement, conduct, organise",
        "organize, send, visit, interview, collect, have",
    )
)


def with_start(text: str) -> str:
    """The text with a blank start where a movement has an end only."""
    read = measure(text)
    goal = read.target or read.change
    if goal is None or read.baseline or "from" in text.lower().split():
        return text
    if goal is read.change:
        return f"{text}, from [current level] to [target level]"
    written = text[goal.start : goal.end].strip()
    found = re.search(rf"\s(?:to|of|at)\s+(?={re.escape(written)})", text)
    return f"{text[: found.start()]} from [current level] to {text[found.end() :]}" if found else text


def _measured(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _current(line: LineView, goal: Quantity) -> str:
    """A blank that names what is to be filled in, short enough to read."""
    if goal.unit == "percent" and goal is not line.measure.change:
        return "[current %]"
    name = _name(line, goal)
    return f"[current {name}]" if name else "[current level]"


def _name(line: LineView, goal: Quantity) -> str:
    """What is measured, if the words before the figure say it plainly: "NPS" in "increase NPS to 60"."""
    before = [word for word in line.words if word.end <= goal.start]
    at = _MOVING.at(before, 0)
    rest = [
        word for word in before[at:] if word.text not in {"the", "our", "to", "by", "of", "a", "at", "least", "than"}
    ]
    if (
        not at
        or not rest
        or len(rest) > _BARE
        or any(word.text in {"from", "in", "for", "per", "and"} for word in rest)
    ):
        return ""
    return line.text[rest[0].start : rest[-1].end]


def _unit(quantity: Quantity) -> str:
    return " %" if quantity.unit == "percent" else ""


def _bound(lead: str) -> str:
    """What bounds the target stays: "to at least 60", "below 5 days" becomes "to below 5 days"."""
    words = lead.strip().lower().removeprefix("up ").removeprefix("down ").removeprefix("to").strip()
    return (
        f"{words} "
        if words in {"below", "under", "above", "over", "at least", "at most", "more than", "less than"}
        else ""
    )


def _tidy(text: str) -> str:
    return re.sub(r"\s{2,}", " ", text).strip()
