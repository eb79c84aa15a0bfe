"""A writer's candidates for one flagged line, judged from every side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evals.metrics import Metric, share
from evals.rewriting.fluency import awkward
from evals.rewriting.intent import CLOSE, likeness, strays
from evals.rewriting.inventions import inventions
from evals.rewriting.review import rules_before, rules_left
from evals.rewriting.shown import NOT_FLAGGED, Flagged, Shown, read
from evals.task import Answer, Cost, Mistake, Sample, Score

SIDES = ("clears", "raises-none", "invents-nothing", "keeps-intent", "fluent")


def score_rewrites(sample: Sample[Flagged], answer: Answer) -> Score:
    """Covered or not, and for each candidate that is no move whether it passes each of `SIDES`.

    A line on which the product doesn't see the fault is counted as that and nothing else: what critic and rules
    miss is measured by their own tasks.
    """
    if answer.marks == (NOT_FLAGGED,):
        return Score.of({"flagged.no": 1})
    flagged, shown = sample.input, [each for each in read(answer.marks) if each.kind != "move"]
    tally: Counter[str] = Counter({"flagged.yes": 1, "covers.yes" if shown else "covers.no": 1})
    if not shown:
        return Score.of({**tally}, [Mistake(Cost.MISS, "no wording")])
    mistakes = []
    for each, faults in zip(shown, _judged(sample.target or (), flagged, shown), strict=True):
        for side in SIDES:
            tally[f"{side}.{'no' if side in faults else 'yes'}"] += 1
        tally["sound.no" if faults else "sound.yes"] += 1
        mistakes += [Mistake(_COSTS[side], f"{what}: {each.text}") for side, what in faults.items()]
    figures = {name: float(count) for name, count in tally.items()}
    if flagged.references:
        best = max(likeness([each.text for each in shown], flagged.references))
        figures |= {"close.yes" if best >= CLOSE else "close.no": 1.0, "likeness.n": 1.0, "likeness.sum": best}
    return Score.of(figures, mistakes)


def _judged(rules: Sequence[str], flagged: Flagged, shown: Sequence[Shown]) -> list[dict[str, str]]:
    """For each candidate what is wrong with it, by side."""
    above = flagged.case.okr.objective if flagged.key_result is not None else None
    astray = strays([each.text for each in shown], flagged.line.text, above.text if above else "")
    before, left = rules_before(flagged), rules_left(flagged, shown)
    found = []
    for each, still, stray in zip(shown, left, astray, strict=True):
        faults = {
            "clears": sorted(still & set(each.answers or rules)),
            "raises-none": sorted(still - before - set(rules)),
            "invents-nothing": [str(invention) for invention in inventions(each.text, flagged.source)],
            "keeps-intent": stray,
            "fluent": awkward(each, flagged.line.text, is_objective=flagged.key_result is None),
        }
        found.append({side: "; ".join(given) for side, given in faults.items() if given})
    return found


_COSTS = {
    "invents-nothing": Cost.FALSE_ALARM,
    "clears": Cost.MIX_UP,
    "raises-none": Cost.MIX_UP,
    "keeps-intent": Cost.MIX_UP,
    "fluent": Cost.MIX_UP,
}
"""An invented fact costs the author's trust, as a false alarm does."""

_MEANINGS = {
    "clears": "of the candidates, the share that the review no longer flags for the line's own fault",
    "raises-none": "of the candidates, the share that the review doesn't flag for anything new",
    "invents-nothing": "of the candidates, the share without a figure, date or name that isn't in the draft",
    "keeps-intent": "of the candidates, the share still about the same thing, in the same direction",
    "fluent": "of the candidates, the share that reads like English and not like a form",
    "sound": "of the candidates, the share with nothing wrong at all",
}
_GATED = frozenset({"covers", "clears", "raises-none", "invents-nothing", "keeps-intent", "fluent"})


def metrics() -> tuple[Metric, ...]:
    """Coverage, then every side, then likeness to what a coach wrote."""
    return (
        _share("covers", "of the lines flagged, the share with a wording that is no move", sliced=True),
        *(_share(side, meaning, sliced=side in {"keeps-intent", "fluent"}) for side, meaning in _MEANINGS.items()),
        _share("close", "of the lines with a reference, the share with a candidate close to it in meaning"),
        Metric(
            "likeness",
            "mean cosine of the candidate nearest to a reference",
            ("likeness.sum", "likeness.n"),
            lambda sums: sums[..., 0],
            lambda sums: sums[..., 1],
            slip=(-0.5, 0),
            case=None,
        ),
        _share("flagged", "of the lines that a coach flags, the share that the product flags so"),
    )


def _share(name: str, meaning: str, *, sliced: bool = False) -> Metric:
    return share(name, f"{name}.yes", f"{name}.no", meaning, gated=name in _GATED, sliced=sliced)
