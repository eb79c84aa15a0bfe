"""One self-contained page: figures, plots, the gate, and every sample with what each solver said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evals.figures import Measured
from evals.reports import Report, plots
from evals.reports.terminal import counts
from evals.reports.text import answered, marks, number, printable, with_interval
from evals.task import DEAREST_FIRST, Outcome, Status

_GROUPS_PLOTTED = ("form", "function", "link", "kind")


@dataclass(frozen=True, slots=True)
class _Row:
    """One sample with the outcome of each solver, as the page lists it."""

    id: str
    org: str
    title: str
    text: str
    target: str
    slices: str
    cells: tuple[tuple[str, str, str], ...]
    """Solver, answer, state: right, wrong, unscored or errored."""
    mistakes: str
    state: str
    change: str


def render(report: Report) -> str:
    """The report as HTML; all text of samples is escaped."""
    environment = Environment(loader=PackageLoader("evals.reports", "."), autoescape=True, undefined=StrictUndefined)
    environment.filters["number"] = number
    environment.filters["with_interval"] = with_interval
    environment.filters["safe_text"] = printable
    missing: list[str] = []
    changes = {}
    if report.verdict:
        for change in report.verdict.changes:
            kind = "newly wrong" if change.new else "newly right"
            changes[change.run, change.outcome.sample.id] = kind
    tasks = [_task(measured, changes, missing) for measured in report.by_task().values()]
    return environment.get_template("report.html.jinja").render(
        report=report, tasks=tasks, without_plots=missing[0] if missing else ""
    )


def _task(measured: Sequence[Measured], changes: Mapping[tuple[str, str], str], missing: list[str]) -> dict[str, Any]:
    subject = measured[0]

    def drawn(draw: Callable[[], str]) -> Markup:
        try:
            # Matplotlib escapes the labels that it draws.
            return Markup(draw())  # noqa: S704
        except plots.PlotsMissingError as error:
            missing.append(str(error))
            return Markup()

    present = {group.slice for group in subject.groups}
    return {
        "name": subject.run.task.name,
        "question": subject.run.task.question,
        "solvers": [item.run.solver for item in measured],
        "counts": [counts(item) for item in measured],
        "figures": [
            (figure.metric, figure.support, [item.figures[index] for item in measured])
            for index, figure in enumerate(subject.figures)
            if any(item.figures[index].interval.measured for item in measured)
        ],
        "overview": drawn(lambda: plots.overview(measured)),
        "reliability": drawn(lambda: plots.reliability(measured)),
        "group_plots": [
            (name, drawn(lambda name=name: plots.by_group(subject, name)))  # type: ignore[misc]
            for name in _GROUPS_PLOTTED
            if name in present
        ],
        "groups": subject.groups,
        "rows": _rows(measured, changes),
    }


def _rows(measured: Sequence[Measured], changes: Mapping[tuple[str, str], str]) -> list[_Row]:
    rows = []
    for outcomes in zip(*(item.run.outcomes for item in measured), strict=True):
        first: Outcome = outcomes[0]
        sample = first.sample
        cells = tuple(
            (item.run.solver, printable(answered(outcome.answer)), _state(outcome))
            for item, outcome in zip(measured, outcomes, strict=True)
        )
        rows.append(
            _Row(
                id=printable(sample.id),
                org=printable(sample.org),
                title=printable(sample.input.title),
                text=printable(sample.input.text, lines=True),
                target=printable(marks(sample.target)),
                slices=printable(" · ".join(f"{name}: {value}" for name, value in sample.slices.items())),
                cells=cells,
                mistakes=printable("; ".join(str(mistake) for mistake in first.score.mistakes)),
                state=_state(first),
                change=changes.get((measured[0].run.key, sample.id), ""),
            )
        )
    ranks = {id(row): _rank(outcome) for row, outcome in zip(rows, measured[0].run.outcomes, strict=True)}
    return sorted(rows, key=lambda row: ranks[id(row)])


def _rank(outcome: Outcome) -> tuple[int, float]:
    if not outcome.score.mistakes:
        return len(DEAREST_FIRST) + (outcome.score.status is Status.SCORED), 0
    sure = getattr(outcome.answer, "confidence", None)
    return DEAREST_FIRST[outcome.score.mistakes[0].cost], -(sure or 0)


def _state(outcome: Outcome) -> str:
    if outcome.score.status is not Status.SCORED:
        return outcome.score.status.value
    return "wrong" if outcome.score.wrong else "right"
