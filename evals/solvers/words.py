"""Baselines made of word lists, as published OKR checkers are: what a model must beat to be worth it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.coach.nouns import Okr
from app.coach.words import Lexicon, Word, phrases, split_words
from evals.cases import LINK_RULE, Case, mark
from evals.task import Answer, Marks, Sample

_DOING = """launch, ship, build, implement, migrate, write, publish, post, host, run, hold, hire, recruit,
train, call, interview, research, define, document, roll out, set up, complete, finish,
finalise, finalize, deliver, present, create, develop, design, draft, prepare, plan, organise,
organize, conduct, perform, execute, introduce, establish, test, review, update, upgrade,
refactor, rewrite, replace, deploy, release, add, make, produce, record, schedule, attend,
visit, meet, contact, send, submit, share, analyse, analyze, investigate, explore, evaluate,
assess, audit, map, experiment, pilot, prototype, integrate, configure, install, move, convert,
consolidate, automate, redesign, revamp, open, start, begin, kick off, onboard, support,
provide, offer, work, collaborate, participate, consult, help, assist, coordinate, facilitate,
manage, negotiate, sign up, appoint, purchase, buy"""
_DONE = """launched, shipped, built, implemented, migrated, written, published, posted, hosted, held,
hired, recruited, trained, interviewed, defined, documented, rolled out, set up, completed,
finished, finalised, finalized, delivered, presented, created, developed, designed, drafted,
prepared, organised, organized, conducted, introduced, established, tested, reviewed, updated,
upgraded, refactored, rewritten, replaced, deployed, released, added, produced, recorded, sent,
submitted, analysed, analyzed, evaluated, assessed, audited, mapped, piloted, integrated,
installed, moved, automated, redesigned, opened, started, onboarded, in place, live, done"""
_KEEPING = """keep, maintain, stay, remain, continue, sustain, ensure, hold at, hold steady, at least, at
most, no more than, no less than, not exceed, stay above, stay below, within sla, per sla, on
time, every month, every week, each month, each week, always, never, uptime, availability"""
_MOVING = """from, increase, reduce, grow, cut, raise, lower, double, triple, halve, decrease, improve,
boost, drop, drops, rise, rises, up to, down to, reach, achieve, get to, first"""
_LEADING_TO = "so that, so, resulting in, leading to, which leads to, in order to, until, that"
_FILLERS = "we, we'll, we've, we'd, to, will, have, must, should, please, kr, key, result, successfully, also"

_THRESHOLD = re.compile(r"[≥≤<>]=?\s?\d")


class VerbLists:
    """Headline labels by verbs and key phrases alone.

    A line that opens with a verb of doing or ends as something done is an activity unless it goes on
    to say what for; one that keeps a level and moves nothing is a KPI.
    """

    def __init__(self) -> None:
        self._doing = Lexicon(phrases(_DOING))
        self._done = Lexicon(phrases(_DONE))
        self._keeping = Lexicon(phrases(_KEEPING))
        self._moving = Lexicon(phrases(_MOVING))
        self._leading = Lexicon(phrases(_LEADING_TO))
        self._fillers = Lexicon(phrases(_FILLERS))

    def solve(self, samples: Sequence[Sample[Case]]) -> list[Answer]:
        """See `Solver.solve`."""
        return [Answer(self._marks(sample.input)) for sample in samples]

    def _marks(self, case: Case) -> Marks:
        lines = case.okr.lines
        if case.asked is not None:
            rule = self._label(lines[case.asked].text)
            return (rule,) if rule else ()
        first = 0 if case.okr.objective is None else -1
        labels = ((self._label(line.text), at) for at, line in enumerate(lines, first))
        return tuple(sorted(mark(rule, at if at >= 0 else None) for rule, at in labels if rule))

    def _label(self, text: str) -> str | None:
        words = split_words(text)
        begin = 0
        while begin < len(words) and self._fillers.at(words, begin):
            begin += 1
        if self._keeping.first(words, begin) or _THRESHOLD.search(text):
            return None if self._moving.first(words, begin) else "kpi-as-okr"
        opens = self._doing.at(words, begin) or self._done.at(words, begin)
        ends = any(self._done.at(words, len(words) - length) == length for length in (1, 2))
        if (opens or ends) and not self._leading.first(words, begin + 1):
            return "activity-not-outcome"
        return None


_VAGUE = """better, improve, improved, optimise, optimize, enhance, enhanced, world-class, robust,
best-in-class, seamless, significantly, strengthen, streamline, leverage, drive, excellent, more"""
_CHANGING = "increase, reduce, grow, cut, raise, lower, decrease, improve, boost"
_VANITY = """impressions, page views, pageviews, followers, likes, downloads, registered users, views, lines
of code, story points, visits, clicks"""
_PAY = "bonus, bonuses, salary, salaries, promotion, pay rise, performance rating, commission"
_DIGIT = re.compile(r"\d")


class KeywordLists:
    """The other findings by keywords and counts, as spreadsheets and published checkers do it."""

    def __init__(self) -> None:
        self._vague = Lexicon(phrases(_VAGUE))
        self._changing = Lexicon(phrases(_CHANGING))
        self._vanity = Lexicon(phrases(_VANITY))
        self._pay = Lexicon(phrases(_PAY))

    def solve(self, samples: Sequence[Sample[Case]]) -> list[Answer]:
        """See `Solver.solve`."""
        return [Answer(tuple(sorted(set(self._marks(sample.input.okr))))) for sample in samples]

    def _marks(self, okr: Okr) -> Iterator[str]:
        if okr.objective and _DIGIT.search(okr.objective.text):
            yield "metric-in-objective"
        if okr.cycle is None:
            yield "missing-deadline"
        if len(okr.key_results) < 2:
            yield "too-few-key-results"
        if len(okr.key_results) > 5:
            yield "too-many-key-results"
        for at, line in enumerate(okr.key_results):
            words = split_words(line.text)
            numbers = len(re.findall(r"\d[\d.,]*", line.text))
            hits = {
                "not-measurable": numbers == 0,
                "missing-baseline": numbers == 1 and self._changing.within(words),
                "vague-wording": numbers == 0 and self._vague.within(words),
                "compound-key-result": numbers > 1 and any(word.text == "and" for word in words),
                "vanity-metric": self._vanity.within(words),
                "tied-to-pay": self._pay.within(words),
            }
            yield from (mark(rule, at) for rule, hit in hits.items() if hit)


_COMMON = phrases("""a, an, the, and, or, of, to, for, with, in, by, from, at, on, as, is, are, be, not, no,
our, we, their, they, that, this, it, its, who, what, when, than, more, less, all, every,
each, one, two, three, within, without, per, into, over, under, before, after, up, down,
has, have, had, can, will, do, does, so, but, if, them, us, other, first, new, same""")


class SharedWords:
    """Linked if the OKR shares a telling word with one of the pillars."""

    def solve(self, samples: Sequence[Sample[Case]]) -> list[Answer]:
        """See `Solver.solve`."""
        return [Answer(() if self._shares(sample.input) else (LINK_RULE,)) for sample in samples]

    def _shares(self, case: Case) -> bool:
        said = {_stem(word) for line in case.okr.lines for word in split_words(line.text)}
        meant = {_stem(word) for pillar in case.pillars for word in split_words(pillar.statement)}
        return bool((said & meant) - {""})


def _stem(word: Word) -> str:
    """The word without a common ending; nothing for words too common to tell."""
    if word.text in _COMMON or word.text.isdigit():
        return ""
    for ending in ("ing", "ed", "es", "s"):
        if word.text.endswith(ending) and len(word.text) - len(ending) >= 3:
            return word.text.removesuffix(ending)
    return word.text
