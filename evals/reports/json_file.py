"""`report.json`: everything that was measured, for other programs."""

from __future__ import annotations

import json
import math
from typing import Any

from evals.epochs import Repeated
from evals.figures import Figure, Measured
from evals.gate import Change, Verdict
from evals.reports import Report
from evals.task import Answer, Outcome, Spent, Status

VERSION = 1


def render(report: Report) -> str:
    """The report as JSON; what could not be measured is null."""
    data = {
        "version": VERSION,
        "dataset": {"name": report.dataset, "fingerprint": report.fingerprint},
        "started": report.started,
        "seed": report.seed,
        "runs": [_run(item) for item in report.measured],
        "gate": _gate(report.verdict) if report.verdict else None,
    }
    return json.dumps(data, indent=1, allow_nan=False) + "\n"


def _run(item: Measured) -> dict[str, Any]:
    run = item.run
    return {
        "task": run.task.name,
        "solver": run.solver,
        "subject": run.is_subject,
        "samples": len(run.outcomes),
        "unscored": run.count(Status.UNSCORED),
        "errored": run.count(Status.ERRORED),
        "milliseconds_per_sample": round(run.seconds / max(1, len(run.outcomes)) * 1000, 3),
        "spent": _spent(run.spent) if run.spent else None,
        "repeated": _repeated(item.repeated) if item.repeated else None,
        "metrics": {figure.metric.name: _figure(figure) for figure in item.figures},
        "slices": [
            {
                "slice": group.slice,
                "value": group.value,
                "samples": group.samples,
                "metrics": {figure.metric.name: _figure(figure) for figure in group.figures},
            }
            for group in item.groups
        ],
        "reliability": [
            {"low": b.low, "high": b.high, "n": b.n, "confidence": b.confidence, "right": b.right}
            for b in item.reliability
        ],
        "outcomes": [_outcome(outcome) for outcome in run.outcomes],
    }


def _repeated(repeated: Repeated) -> dict[str, Any]:
    return {
        "epochs": repeated.epochs,
        "scored": repeated.scored,
        "alike": repeated.alike,
        "metrics": {each.metric.name: [_known(value) for value in each.values] for each in repeated.spreads},
    }


def _spent(spent: Spent) -> dict[str, Any]:
    return {
        "calls": spent.calls,
        "input_tokens": spent.input_tokens,
        "output_tokens": spent.output_tokens,
        "seconds_p50": _known(spent.percentile(50)),
        "seconds_p95": _known(spent.percentile(95)),
        "cost": spent.cost,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    interval = figure.interval
    return {
        "value": _known(interval.value),
        "low": _known(interval.low),
        "high": _known(interval.high),
        "support": figure.support,
        "higher_is_better": figure.metric.higher_is_better,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    sample, answer = outcome.sample, outcome.answer
    return {
        "id": sample.id,
        "org": sample.org,
        "slices": dict(sample.slices),
        "input": sample.input.text,
        "target": None if sample.target is None else list(sample.target),
        "answer": list(answer.marks) if isinstance(answer, Answer) else None,
        "confidence": answer.confidence if isinstance(answer, Answer) else None,
        "status": outcome.score.status.value,
        "reason": outcome.score.reason,
        "mistakes": [{"cost": m.cost.value, "what": m.what} for m in outcome.score.mistakes],
    }


def _gate(verdict: Verdict) -> dict[str, Any]:
    return {
        "passed": verdict.passed,
        "checks": [{"run": c.run, "name": c.name, "passed": c.passed, "message": c.message} for c in verdict.checks],
        "comparisons": [
            {
                "run": c.run,
                "metric": c.metric.name,
                "gated": c.metric.gated,
                "base": _known(c.base),
                "head": _known(c.head),
                "delta": _known(c.paired.delta),
                "low": _known(c.paired.low),
                "high": _known(c.paired.high),
                "p": _known(c.paired.p),
                "smallest_detectable": c.detectable,
                "significant": c.significant,
            }
            for c in verdict.comparisons
        ],
        "regressions": [_change(change) for change in verdict.regressions],
        "improvements": [_change(change) for change in verdict.improvements],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "run": change.run,
        "id": change.outcome.sample.id,
        "new": [str(mistake) for mistake in change.new],
        "gone": [str(mistake) for mistake in change.gone],
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)
