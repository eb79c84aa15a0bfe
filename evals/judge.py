"""A language model as judge of two rewrites of one line, and how far it agrees with the committed preferences.

Each pair is asked in both orders, and only a verdict that survives the swap counts: small models like what they read
first. `python -m evals.judge` prints the figures, from recorded replies unless `--live` is given.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

import numpy as np
from pydantic import BaseModel

from app.config import record_replies
from app.services.language_model import LanguageModel, Prompt, Tally
from evals.metrics import Metric, share, tabulate
from evals.preferences import Preference, read
from evals.reports.text import spending
from evals.run import SEED
from evals.solvers.asking import ENOUGH, answered, asking_settings, metered_critic
from evals.stats import Interval, cluster_sums, interval, resample
from evals.task import NoAnswer, Spent

REPLIES: Final = "preferences"
JUDGE: Final = (
    "You are a seasoned OKR coach. You are shown a line of an OKR that a coach would send back, and two rewrites of "
    "it. A good rewrite says what will be different for whom instead of what is done or kept, stays with the line's "
    "subject and people, invents no figure, date or name (a blank such as [current %] is right where a figure is "
    "missing), and reads like something a person would write. An empty form that would fit any line is worthless. "
    "Say which of the two you would rather hand to the team."
)


class Verdict(BaseModel):
    """Which rewrite is better."""

    better: Literal["first", "second", "neither"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A preference with the judge's: the writer preferred in both orders, None where the order or nothing decided."""

    preference: Preference
    preferred: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a judge compares with the labels.

    `agrees` is over the pairs that the labels decide, a judge without a verdict counted half; `decided` is the share
    of pairs on which its verdict survived the swap, and `right` the share of those that agree. `unscored` pairs were
    not answered.
    """

    pairs: int
    agrees: Interval
    decided: float
    right: float
    unscored: int
    spent: Spent


def agreement(preferences: Sequence[Preference]) -> Agreement:
    """Ask the model about the pairs that the labels decide. Raises `ModelError` when none is configured."""
    critic, meter = metered_critic(asking_settings(REPLIES))
    asked = [each for each in preferences if each.preferred]
    answers = asyncio.run(_judge_all(critic.model, asked))
    judged = [each for each in answers if isinstance(each, Judged)]
    tallies = [{"yes": _agrees(each), "no": 1 - _agrees(each)} for each in judged]
    metric: Metric = share("agrees", "yes", "no", "of the pairs decided by the labels, the share the judge decides so")
    table = tabulate(tallies, metric.terms)
    sums = cluster_sums(table, [each.preference.org for each in judged])
    firm = [each for each in judged if each.preferred]
    right = sum(each.preferred == each.preference.preferred for each in firm)
    return Agreement(
        len(judged),
        interval(metric, np.asarray(table.sum(axis=0)), resample(sums, SEED)),
        len(firm) / max(1, len(judged)),
        right / max(1, len(firm)),
        len(answers) - len(judged),
        meter.spent,
    )


def table(found: Agreement) -> Iterator[str]:
    """The agreement as Markdown."""
    yield "| pairs judged | agrees with the labels | 95 % interval | same verdict in both orders | of these right |"
    yield "|---:|---:|---|---:|---:|"
    agrees = found.agrees
    yield (
        f"| {found.pairs} | {agrees.value:.1%} | {agrees.low:.1%} – {agrees.high:.1%} "
        f"| {found.decided:.1%} | {found.right:.1%} |"
    )


async def _judge_all(model: LanguageModel, asked: Sequence[Preference]) -> list[Judged | NoAnswer]:
    try:
        return [await judge(model, each) for each in asked]
    finally:
        await model.close()


async def judge(model: LanguageModel, preference: Preference) -> Judged | NoAnswer:
    """Ask about one pair, in both orders."""
    one, other = preference.texts
    verdicts = []
    for first, second in ((one, other), (other, one)):
        text = (
            f"Objective: {preference.objective or 'none given'}\nLine: {preference.line}\n\n"
            f"First rewrite: {preference.texts[first]}\nSecond rewrite: {preference.texts[second]}"
        )
        said = await answered(
            partial(model.ask, Prompt("judge", JUDGE, (), text), Verdict, Tally(ENOUGH), max_tokens=40)
        )
        if isinstance(said, NoAnswer):
            return said
        verdicts.append({"first": first, "second": second}.get(said.better))
    return Judged(preference, verdicts[0] if verdicts[0] == verdicts[1] else None)


def _agrees(judged: Judged) -> float:
    return 0.5 if judged.preferred is None else float(judged.preferred == judged.preference.preferred)


def report(found: Agreement) -> Iterator[str]:
    """The table with what asking took, or what to do where nothing was answered."""
    if not found.pairs:
        yield f"None of the {found.unscored} pairs has a recorded reply: configure a model and add --live."
        return
    yield from table(found)
    yield f"\n{spending(found.spent, found.pairs)}; {found.unscored} pairs unscored"


if __name__ == "__main__":
    if "--live" in sys.argv[1:]:
        record_replies()
    sys.stdout.write("\n".join(report(agreement(read()))) + "\n")
