"""`baseline.json`: floors, allowances, and every answer of the run that was last accepted.

Answers are stored rather than scores, so that a corrected label is held against base and head alike.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from app.errors import CoachError
from evals.task import Answer, NoAnswer, SolverRun

PATH = Path(__file__).parent / "baseline.json"
VERSION = 1

Floors = Mapping[str, Mapping[str, float]]


class BaselineError(CoachError):
    """The baseline file can't be used, or must not be written."""

    code = "baseline"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An accepted answer, and the fingerprint of the input it was given to."""

    fingerprint: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class StoredRun:
    """The accepted answers of one subject by sample id; `dataset` names what they were given on."""

    dataset: str
    samples: Mapping[str, StoredAnswer]


@dataclass(frozen=True, slots=True)
class Allowed:
    """Shares of samples that may be unscored, errored, or without a partner in the baseline."""

    unscored: float = 0.0
    errored: float = 0.0
    unpaired: float = 0.5


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a run is held against.

    `floors` are limits by task and metric (at least, or at most where lower is better). `largest_drop`
    limits how far a figure may fall below the baseline even where too few samples prove anything;
    its metric names may hold wildcards. `updates` say when and why the answers were accepted.
    """

    floors: Floors = field(default_factory=dict)
    largest_drop: Floors = field(default_factory=dict)
    allowed: Allowed = Allowed()
    updates: tuple[tuple[str, str], ...] = ()
    runs: Mapping[str, StoredRun] = field(default_factory=dict)

    def accept(self, runs: Sequence[SolverRun], dataset: str, reason: str, today: date) -> Baseline:
        """A copy with the answers of `runs` in place of the old ones. Raises `BaselineError`.

        A run with more unscored or errored samples than allowed isn't accepted.
        """
        if not reason.strip():
            raise BaselineError('A new baseline needs a reason: --update-baseline --reason "…".')
        accepted = {run.key: _stored(run, dataset, self.allowed) for run in runs if run.is_subject}
        if not accepted:
            raise BaselineError("Nothing to accept: no task ran with its subject, which the gate watches.")
        update = (today.isoformat(), " ".join(reason.split()))
        return replace(self, updates=(*self.updates, update), runs={**self.runs, **accepted})


def load(path: Path = PATH) -> Baseline:
    """Read a baseline. Raises `BaselineError` for a missing or broken file."""
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["version"] != VERSION:
            raise BaselineError(f"{path} is of version {data['version']}; this code reads version {VERSION}.")
        return Baseline(
            floors=data["floors"],
            largest_drop=data["largest_drop"],
            allowed=Allowed(**data["allowed"]),
            updates=tuple((update["date"], update["reason"]) for update in data["updates"]),
            runs={key: _read_run(run) for key, run in data["runs"].items()},
        )
    except OSError as error:
        raise BaselineError(f"There is no baseline at {path}: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise BaselineError(f"{path} is not a baseline: {type(error).__name__}: {error}.") from error


def save(baseline: Baseline, path: Path = PATH) -> None:
    """Write a baseline, one sample a line so that its diff can be read."""
    path.write_text(dump(baseline), "utf-8")


def dump(baseline: Baseline) -> str:
    """The file's text."""
    allowed = baseline.allowed
    head: dict[str, Any] = {
        "version": VERSION,
        "floors": baseline.floors,
        "largest_drop": baseline.largest_drop,
        "allowed": {name: getattr(allowed, name) for name in ("unscored", "errored", "unpaired")},
        "updates": [{"date": day, "reason": reason} for day, reason in baseline.updates],
    }
    runs = []
    for key, run in sorted(baseline.runs.items()):
        rows = ",\n".join(
            f"        {json.dumps(name)}: {json.dumps([stored.fingerprint, *_compact(stored.answer)])}"
            for name, stored in sorted(run.samples.items())
        )
        fields = f'      "dataset": {json.dumps(run.dataset)},\n      "samples": {{\n{rows}\n      }}'
        runs.append(f"    {json.dumps(key)}: {{\n{fields}\n    }}")
    body = "{\n" + ",\n".join(runs) + "\n  }" if runs else "{}"
    return json.dumps(head, indent=2).removesuffix("\n}") + f',\n  "runs": {body}\n}}\n'


def _stored(run: SolverRun, dataset: str, allowed: Allowed) -> StoredRun:
    limits = {"unscored": allowed.unscored, "errored": allowed.errored}
    for outcome in run.outcomes:
        if isinstance(outcome.answer, NoAnswer):
            status = outcome.answer.status
            share = sum(o.score.status is status for o in run.outcomes) / len(run.outcomes)
            if share > limits[status.value]:
                raise BaselineError(
                    f"{run.key}: {share:.1%} of the samples are {status.value}, as {outcome.sample.id} is "
                    f"({outcome.answer.reason}); such a run can't be accepted."
                )
    return StoredRun(
        dataset,
        {
            outcome.sample.id: StoredAnswer(outcome.sample.fingerprint, outcome.answer)
            for outcome in run.outcomes
            if isinstance(outcome.answer, Answer)
        },
    )


def _compact(answer: Answer) -> list[object]:
    return [list(answer.marks)] + ([] if answer.confidence is None else [answer.confidence])


def _read_run(data: Mapping[str, Any]) -> StoredRun:
    return StoredRun(
        data["dataset"],
        {
            name: StoredAnswer(row[0], Answer(tuple(row[1]), row[2] if len(row) > 2 else None))
            for name, row in data["samples"].items()
        },
    )
