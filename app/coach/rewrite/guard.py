"""The guard: code that decides whether a candidate may be shown, whoever wrote it.

Every number, date, name and metric must stand in the draft, the context or the author's answers, or be a blank;
what was good in the line must still be there; length and shape are the rubric's. The guard knows nothing of how a
candidate came about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.coach.likeness import FILLERS, MOVEMENTS, stem, subject
from app.coach.nouns import Context
from app.coach.orders import is_order
from app.coach.quantities import Direction, Measure, measure
from app.coach.rewrite.blanks import BLANK, LONGEST, blanks_in, is_figure, without_blanks
from app.coach.rewrite.claims import Claims, Date, claims_of, claims_of_all
from app.coach.rewrite.mending import LABEL
from app.coach.rewrite.nouns import Brief, Candidate
from app.coach.words import Lexicon, phrases, split_words

LONGEST_OBJECTIVE: Final = 15
LONGEST_KEY_RESULT: Final = 25
LONGEST_MOVE: Final = 60
_GUARDS: Final = Lexicon(phrases("while, whilst, without"))
# Findings whose cure is another figure, date or subject than the line's own.
_REPLACES_FIGURES: Final = frozenset(
    {
        "no-stretch",
        "activity-not-outcome",
        "kpi-as-okr",
        "metric-in-objective",
        "individual-goal",
        "duplicate-key-result",
        "horizon-mismatch",
        "vanity-metric",
    }
)
_REPLACES_DATES: Final = frozenset({"horizon-mismatch", "metric-in-objective"})
# Words that measure or do work and say nothing of what changes.
_WORK: Final = phrases(
    "time, share, rate, level, percentage, proportion, quantity, second, minute, hour, day, week, month, date, until",
    "it, take, taken, prepare, prepared, create, created, build, built, write, written, set, complete, completed",
    "finish, finished, deliver, delivered, develop, developed, release, released, launch, launched, publish, published",
    "implement, implemented, design, designed, make, made, produce, produced, ship, shipped, submit, submitted",
    "perform, performed, run, done, do, start, started, progress, successful, successfully",
)
_SENTENCES: Final = re.compile(r"(?<=[.!?;])\s+")
_STEM: Final = 5
_ROOT: Final = 4
"""Letters that a verb shares with its own forms: test, tested; submit, submission."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a candidate can't be shown: a stable code and a sentence that a writer can act on."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Guard:
    """Judges the candidates of one OKR. `shared` holds for all lines, `facts` remembers what each place may state."""

    brief: Brief
    shared: Claims
    facts: dict[str, Claims] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, brief: Brief) -> Guard:
        """The guard for one OKR: context and cycle hold for all its lines."""
        return cls(brief, claims_of_all([*_context_texts(brief.context), *([brief.cycle] if brief.cycle else [])]))

    def fault(self, candidate: Candidate) -> Fault | None:
        """The first thing wrong with a candidate, None if it may go on to be reviewed again."""
        lines = candidate.text.split("\n")
        if not candidate.text.strip() or any(not line.strip() for line in lines):
            return Fault("empty", "There is no text.")
        return (
            _shape(candidate, lines)
            or self._invents(candidate)
            or (self._loses(candidate) if candidate.kind == "line" else None)
            or (self._strays(candidate) if candidate.kind == "line" else None)
        )

    def _source(self, candidate: Candidate) -> list[str]:
        """What a wording of that place may take from: the line and its objective, for an objective the whole OKR."""
        okr, at = self.brief.okr, candidate.target.key_result
        if candidate.kind == "okr" or at is None:
            return [line.text for line in okr.lines]
        return [okr.key_results[at].text, *([okr.objective.text] if okr.objective else [])]

    def stated(self, candidate: Candidate) -> Claims:
        """All that a wording of that place may state."""
        source = [_without_orders(text) for text in self._source(candidate)]
        answers = [answer.text for answer in self.brief.answers]
        key = "\n".join([*source, *answers])
        if key not in self.facts:
            self.facts[key] = claims_of_all([*source, *answers]) | self.shared
        return self.facts[key]

    def _invents(self, candidate: Candidate) -> Fault | None:
        facts = self.stated(candidate)
        lent = claims_of(candidate.lent) if candidate.guess else Claims()
        said = claims_of(candidate.text)
        known_values = {value for value, unit in facts.amounts if not unit}
        for amount in said.amounts - facts.amounts:
            value, unit = amount
            bare = not unit and any(value == other for other, _ in facts.amounts)
            if not bare and not (value in known_values and unit and _same_ends(candidate.text, facts)):
                return Fault("invented-number", f"{_amount(amount)} stands neither in the draft nor in the context.")
        if extra := said.digits - facts.digits:
            return Fault("invented-number", f"{min(extra)} stands neither in the draft nor in the context.")
        if extra := said.numerals - facts.numerals - facts.words:
            return Fault("invented-number", f"“{min(extra)}” stands neither in the draft nor in the context.")
        for date in said.dates - facts.dates:
            if not _same_date(date, facts):
                return Fault("invented-date", "It names a date that stands neither in the draft nor in the context.")
        if extra := said.metrics - facts.metrics - lent.metrics:
            return Fault("invented-metric", f"“{min(extra)}” stands neither in the draft nor in the context.")
        if extra := said.names - facts.names - facts.words:
            return Fault("invented-name", f"“{min(extra)}” stands neither in the draft nor in the context.")
        return None

    def _loses(self, candidate: Candidate) -> Fault | None:
        """Whether something good in the line is gone: its figures, its date, its guard-rail."""
        at = candidate.target.key_result
        line = self.brief.okr.objective if at is None else self.brief.okr.key_results[at]
        if line is None or "activity-not-outcome" in candidate.answers:
            return None
        said = claims_of(candidate.text)
        answers = set(candidate.answers)
        if not answers & _REPLACES_FIGURES:
            kept = {value for value, _ in said.amounts}
            for quantity in line.measure.quantities:
                if quantity.value is not None and quantity.value not in kept:
                    return Fault("lost-figure", f"“{line.text[quantity.start : quantity.end]}” is gone from the line.")
        if not answers & _REPLACES_DATES:
            dates = claims_of(line.text).dates
            if dates - said.dates and not all(_same_date(date, said) for date in dates - said.dates):
                return Fault("lost-date", "The line's date is gone.")
        if (
            _GUARDS.within(line.words)
            and not _GUARDS.within(split_words(candidate.text))
            and "\n" not in candidate.text
        ):
            return Fault("lost-guard-rail", "The line's guard-rail is gone.")
        return None

    def _strays(self, candidate: Candidate) -> Fault | None:
        """Whether the wording is about something else, or pulls the other way."""
        at = candidate.target.key_result
        line = self.brief.okr.objective if at is None else self.brief.okr.key_results[at]
        if line is None:
            return None
        if not candidate.lent and at is not None and "individual-goal" not in candidate.answers:
            above = self.brief.okr.objective
            about = {word[:_STEM] for word in subject(line.words, line.measure) if len(word) > 2}
            if candidate.guess and above:  # what work is for often stands in its objective
                about |= {word[:_STEM] for word in subject(above.words, above.measure) if len(word) > 2}
            said = {stem(word.text)[:_STEM] for word in split_words(candidate.text)}
            if about and not about & said:
                return Fault("other-subject", "It is about something else than the line.")
        if "activity-not-outcome" in candidate.answers and _only_the_work(candidate, line.text):
            return Fault("only-the-work", "It measures the work itself: say what changes for those it is for.")
        if at is not None and "\n" not in candidate.text and _opposes(line.measure, candidate.text):
            return Fault("other-direction", "It pulls the other way than the line.")
        return None


def _only_the_work(candidate: Candidate, line: str) -> bool:
    """Whether a wording of an activity says nothing but how much of it, or how fast, is done."""
    if any(not is_figure(blank) for blank in blanks_in(candidate.text)):
        return False
    known = {word.text[:_ROOT] for word in split_words(line)}
    return all(stem(word) in _WORK or word[:_ROOT] in known for word in new_words(candidate, [line]))


def new_words(candidate: Candidate, source: Sequence[str]) -> frozenset[str]:
    """Content words of a candidate, blanks aside, that the draft doesn't hold."""
    known = {stem(word.text)[:_STEM] for text in source for word in split_words(text)}
    said = (word.text for word in split_words(without_blanks(candidate.text)) if not word.text[0].isdigit())
    return frozenset(
        word for word in said if stem(word)[:_STEM] not in known and word not in FILLERS and word not in MOVEMENTS
    )


def _shape(candidate: Candidate, lines: list[str]) -> Fault | None:
    for at, line in enumerate(lines):
        if LABEL.match(line):
            return Fault("label", "Leave out labels and bullets such as “KR2:”.")
        blanks = [match[1] for match in BLANK.finditer(line)]
        if without_blanks(line).count("[") or without_blanks(line).count("]") or any(len(b) > LONGEST for b in blanks):
            return Fault("bracket", "A blank is a short phrase in square brackets.")
        words = len(without_blanks(line, " blank ").split())
        if candidate.kind == "move":
            limit, what = LONGEST_MOVE, "line"
        elif at == 0 and candidate.target.key_result is None:
            limit, what = LONGEST_OBJECTIVE, "objective"
        else:
            limit, what = LONGEST_KEY_RESULT, "key result"
        if words > limit and not (candidate.kind == "okr" and what == "key result" and words <= LONGEST_MOVE):
            return Fault("too-long", f"At {words} words this {what} is too long; {limit} is the limit.")
    return None


def _without_orders(text: str) -> str:
    """A line without the sentences that read as orders to a model: their numbers are nobody's target."""
    if not is_order(text):
        return text
    return " ".join(sentence for sentence in _SENTENCES.split(text) if not is_order(sentence))


def _context_texts(context: Context) -> list[str]:
    texts = [context.team or "", context.cycle or ""]
    texts += [pillar.statement for pillar in context.strategy]
    texts += [f"{kpi.name} {kpi.target or ''}" for kpi in context.kpis]
    if context.parent:
        texts += [line.text for line in context.parent.lines]
    return [_without_orders(text) for text in texts if text]


def _same_ends(text: str, facts: Claims) -> bool:
    """Whether a bare figure of the draft only borrows its unit from the other end ("from 9 days to 3")."""
    read = measure(text.split("\n", maxsplit=1)[0])
    return bool(read.baseline and read.target and read.baseline.unit == read.target.unit) and any(
        unit == read.target.unit for _, unit in facts.amounts if read.target
    )


def _same_date(date: Date, facts: Claims) -> bool:
    """Whether the facts name the same date, if need be with more to it (a year)."""
    year, month, quarter, text = date
    if text:
        words = {stem(word.text) for word in split_words(text)} - {"end", "by", "the", "of", "this"}
        return words <= facts.words
    return any(
        (year is None or year == other[0]) and (month is None or month == other[1]) and quarter in {None, other[2]}
        for other in facts.dates
    )


def _opposes(before: Measure, text: str) -> bool:
    after = measure(text).direction
    opposite = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP}
    return before.direction in opposite and after is opposite[before.direction] and bool(before.quantities)


def _amount(amount: tuple[float | None, str]) -> str:
    value, unit = amount
    if value is None:
        return "an unknown figure"
    return f"{value:g} {'%' if unit == 'percent' else unit}".strip()
