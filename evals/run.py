"""Run tasks: samples to solvers, answers to scores, scores to figures, gate and reports."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from app.errors import CoachError
from app.training.data import CORPUS, Split
from evals import baseline as baselines
from evals.dataset import Dataset, corpus
from evals.figures import measure
from evals.gate import judge
from evals.import_set import read_set
from evals.reports import Report, write_all
from evals.reports.terminal import show
from evals.reports.text import printable
from evals.solvers.asking import epoch
from evals.task import Answer, AnySample, AnyTask, NoAnswer, Outcome, Solver, SolverRun, Spender, Status
from evals.tasks import load_tasks, solver_names

FINE, BELOW_GATE, UNUSABLE = 0, 1, 2
OUT = Path("evals/out")
SEED = 2026
_BATCH = 32
_LOG_WIDTH = 140


class UnusableError(CoachError):
    """The run can't be done as asked, or something it needs isn't there."""

    code = "eval-unusable"


@dataclass(frozen=True, slots=True)
class Options:
    """How to run. `gate` None means: on the test split of the corpus, or where a baseline is named.

    Language models are asked every question in each of `epochs`; figures and gate are of the first.
    """

    split: Split = "test"
    dataset: Path | None = None
    out: Path = OUT
    gate: bool | None = None
    baseline: Path | None = None
    update_baseline: bool = False
    reason: str = ""
    seed: int = SEED
    corpus: Path = CORPUS
    epochs: int = 1
    today: date | None = None

    @property
    def wants_gate(self) -> bool:
        """Whether the run is to be held against a baseline."""
        if self.gate is not None or self.update_baseline:
            return bool(self.gate) or self.update_baseline
        return self.baseline is not None or (self.split == "test" and self.dataset is None)


def run(
    tasks: Sequence[AnyTask] | None = None,
    solvers: Sequence[str] = (),
    options: Options = Options(),
    console: Console | None = None,
) -> int:
    """Run `tasks` (all for None) with `solvers` (all if none is named), and report.

    Returns the exit status: 0 fine, 1 below the gate, 2 unusable (said in one line).
    """
    errors = console or Console(stderr=True)
    console = console or Console(width=None if sys.stdout.isatty() else _LOG_WIDTH)
    try:
        return _run(load_tasks() if tasks is None else tasks, solvers, options, console)
    except (CoachError, OSError, ValueError) as error:
        errors.print(Text(f"okr-coach eval: {printable(str(error), lines=True)}", style="red"))
        return UNUSABLE
    except Exception:  # noqa: BLE001 - a crash must not pass for a result below the gate
        errors.print_exception()
        return UNUSABLE


def select(names: Sequence[str]) -> list[AnyTask]:
    """The tasks called so, all if none is named. Raises `UnusableError`."""
    known = {task.name: task for task in load_tasks()}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnusableError(f"There is no task {unknown[0]!r}; there are: {', '.join(known)}.")
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())


def _run(tasks: Sequence[AnyTask], solvers: Sequence[str], options: Options, console: Console) -> int:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    if options.update_baseline and not options.reason.strip():
        raise UnusableError('A new baseline needs a reason: --update-baseline --reason "…".')
    known = solver_names(tasks)
    unknown = [name for name in solvers if name not in known]
    if unknown:
        raise UnusableError(f"No task to run has a solver {unknown[0]!r}; there are: {', '.join(known)}.")
    dataset = read_set(options.dataset) if options.dataset else corpus(options.split, options.corpus)
    work = _work(tasks, solvers, dataset, skip_empty=options.dataset is not None)
    place = options.baseline or baselines.PATH
    baseline = baselines.load(place) if _gated(work, options) else None
    runs = _answer(work, console, options.epochs)
    measured = tuple(measure(each, options.seed) for each in runs)
    if baseline and options.update_baseline:
        today = options.today or datetime.now(UTC).date()
        baseline = baseline.accept(runs, dataset.name, options.reason, today)
        baselines.save(baseline, place)
    verdict = judge(measured, baseline, options.seed) if baseline else None
    report = Report(dataset.name, dataset.fingerprint, started, options.seed, measured, verdict)
    show(report, console)
    for path in write_all(report, options.out):
        console.print(Text(str(path), style="dim"))
    return BELOW_GATE if verdict and not verdict.passed else FINE


@dataclass(frozen=True, slots=True)
class _Job:
    """One solver to be run over the samples of a task."""

    task: AnyTask
    solver: str
    samples: tuple[AnySample, ...]


def _work(tasks: Sequence[AnyTask], solvers: Sequence[str], dataset: Dataset, *, skip_empty: bool) -> list[_Job]:
    jobs = []
    for task in tasks:
        chosen = [name for name in task.solvers if not solvers or name in solvers]
        samples = tuple(task.samples(dataset)) if chosen else ()
        if samples or not skip_empty:
            jobs += [_Job(task, name, samples) for name in chosen]
    if not jobs:
        names = ", ".join(task.name for task in tasks)
        raise UnusableError(f"{dataset.name} holds no sample for {names}; docs/evals.md says what rows each needs.")
    return jobs


def _gated(work: Sequence[_Job], options: Options) -> bool:
    subjects = any(job.solver == job.task.subject for job in work)
    if (options.gate or options.update_baseline) and not subjects:
        raise UnusableError("The gate watches the first solver of a task, and none of those was to be run.")
    return options.wants_gate and subjects


def _answer(work: Sequence[_Job], console: Console, epochs: int) -> list[SolverRun]:
    # Made before anything runs, so that a missing model is said at once.
    solvers: list[Solver[Any]] = [job.task.solvers[job.solver]() for job in work]
    if epochs > 1 and not any(_asks(solver) for solver in solvers):
        raise UnusableError("--epochs asks a language model again, and none of the solvers to be run asks one.")
    runs = []
    with _progress(console) as progress:
        for job, solver in zip(work, solvers, strict=True):
            began = time.perf_counter()
            outcomes = _outcomes(job, solver, progress)
            seconds = time.perf_counter() - began
            spent = solver.spent if isinstance(solver, Spender) else None
            repeats = []
            for number in range(1, epochs if _asks(solver) else 1):
                with epoch(number):
                    again = job.task.solvers[job.solver]()
                repeats.append(_outcomes(job, again, progress))
            runs.append(SolverRun(job.task, job.solver, outcomes, seconds, spent, tuple(repeats)))
    return runs


def _asks(solver: Solver[Any]) -> bool:
    return isinstance(solver, Spender) and solver.spent is not None


def _outcomes(job: _Job, solver: Solver[Any], progress: Progress) -> tuple[Outcome, ...]:
    bar = progress.add_task(f"{job.task.name}: {job.solver}", total=len(job.samples))
    answers: list[Answer | NoAnswer] = []
    for at in range(0, len(job.samples), _BATCH):
        batch = job.samples[at : at + _BATCH]
        answers += _solve(solver, batch)
        progress.advance(bar, len(batch))
    return tuple(
        Outcome(sample, answer, job.task.score(sample, answer))
        for sample, answer in zip(job.samples, answers, strict=True)
    )


def _solve(solver: Solver[Any], batch: Sequence[AnySample]) -> list[Answer | NoAnswer]:
    """The answers to a batch. If it fails, each sample is tried alone, so that only the culprit is lost."""
    try:
        answers = list(solver.solve(batch))
        if len(answers) == len(batch):
            return answers
        reason = f"the solver gave {len(answers)} answers to {len(batch)} samples"
    except Exception as error:  # noqa: BLE001 - whatever a solver raises is a result
        reason = f"{type(error).__name__}: {error}"
    if len(batch) == 1:
        return [NoAnswer(Status.ERRORED, reason)]
    return [answer for sample in batch for answer in _solve(solver, [sample])]


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
