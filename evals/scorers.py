"""Scorers: answers against targets, as tallies and named mistakes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from evals.cases import rule_of
from evals.metrics import BINS
from evals.task import Answer, Cost, Marks, Mistake, Sample, Score, Tally

CLEAN = "clean"
"""Slice that says whether a coach would pass the sample with nothing to say."""


def score_label(sample: Sample[Any], answer: Answer) -> Score:
    """At most one label a sample: naming the wrong one is a mix-up, not a miss and a false alarm."""
    target = sample.target or ()
    right = answer.marks == target
    tally = {**agreement(target, answer.marks), **calibration(answer, right=right)}
    said, meant = " and ".join(answer.marks), " and ".join(target)
    if not target:
        tally["clean-lines.flagged" if answer.marks else "clean-lines.quiet"] = 1
    if right:
        return Score.of(tally)
    if not target:
        return Score.of(tally, [Mistake(Cost.FALSE_ALARM, said)])
    if not answer.marks:
        return Score.of(tally, [Mistake(Cost.MISS, meant)])
    return Score.of(tally, [Mistake(Cost.MIX_UP, f"{said}, is {meant}")])


def score_clean_okr(_: Sample[Any], answer: Answer) -> Score:
    """A whole OKR that a coach passes: every finding is a false alarm, and one spoils the OKR."""
    flagged = "clean-okrs.flagged" if answer.marks else "clean-okrs.quiet"
    return Score.of({flagged: 1}, [Mistake(Cost.FALSE_ALARM, mark) for mark in answer.marks])


def score_findings(sample: Sample[Any], answer: Answer) -> Score:
    """Any number of findings on one OKR: each is right, a false alarm, or missed."""
    target = sample.target or ()
    false, missed = sorted(set(answer.marks) - set(target)), sorted(set(target) - set(answer.marks))
    tally = dict(agreement(target, answer.marks))
    if sample.slices.get(CLEAN) == "yes":
        tally["clean-okrs.flagged" if false else "clean-okrs.quiet"] = 1
    mistakes = [Mistake(Cost.FALSE_ALARM, mark) for mark in false]
    return Score.of(tally, mistakes + [Mistake(Cost.MISS, mark) for mark in missed])


def agreement(target: Marks, given: Marks) -> Tally:
    """Hits, false and missed findings, by rule and over `all` of them."""
    tally: Counter[str] = Counter()
    for found in {*target, *given}:
        outcome = "missed" if found not in given else "hit" if found in target else "false"
        tally[f"{rule_of(found)}.{outcome}"] += 1
        tally[f"all.{outcome}"] += 1
    return {name: float(count) for name, count in tally.items()}


def calibration(answer: Answer, *, right: bool) -> Tally:
    """The bin of the stated confidence, and whether it was deserved; nothing if none was stated."""
    if answer.confidence is None:
        return {}
    name = f"bin{min(BINS - 1, int(answer.confidence * BINS))}"
    return {f"{name}.n": 1, f"{name}.right": float(right), f"{name}.confidence": answer.confidence}
