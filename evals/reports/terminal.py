"""The report on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.figures import Measured
from evals.gate import Change, Verdict
from evals.reports import Report
from evals.reports.text import answered, marks, printable, shorten, spending, spread, with_interval
from evals.task import Outcome, Status

WORST = 8
_WIDTH = 76


def show(report: Report, console: Console) -> None:
    """Print figures side by side, the worst mistakes, and what the gate says."""
    console.print(Text(f"{report.dataset} ({report.fingerprint})", style="bold"))
    for measured in report.by_task().values():
        task = measured[0].run.task
        console.print(Text(f"{task.name}: {task.question}", style="bold"))
        console.print(_figures(measured))
        for item in measured:
            console.print(Text(counts(item), style="dim"))
        _mistakes(measured[0], console)
    if report.verdict:
        _verdict(report.verdict, console)


def counts(item: Measured) -> str:
    """How many samples stand behind the figures, and how long they took."""
    run = item.run
    n = len(run.outcomes)
    pace = f", {run.seconds / n * 1000:.2f} ms a sample" if n else ""
    spent = f"; {spending(run.spent, n)}" if run.spent and n else ""
    again = f"; {spread(item.repeated)}" if item.repeated else ""
    return (
        f"{run.solver}: {n} samples, {run.count(Status.UNSCORED)} unscored, {run.count(Status.ERRORED)} errored"
        f"{pace}{spent}{again}"
    )


def _figures(measured: Sequence[Measured]) -> Table:
    table = Table()
    table.add_column("metric", overflow="fold")
    table.add_column("of", justify="right")
    for item in measured:
        table.add_column(item.run.solver, justify="right")
    for index, figure in enumerate(measured[0].figures):
        cells = [item.figures[index] for item in measured]
        if any(cell.interval.measured for cell in cells):
            name = f"{figure.metric.name} {'' if figure.metric.higher_is_better else '(lower is better)'}"
            table.add_row(name.strip(), f"{figure.support:.0f}", *map(with_interval, cells))
    return table


def _mistakes(item: Measured, console: Console) -> None:
    worst = item.mistakes
    if worst:
        shown = f"{min(WORST, len(worst))} of {len(worst)}"
        console.print(Text(f"Worst mistakes of {item.run.solver} ({shown}), the dearest first:"))
    for outcome in worst[:WORST]:
        console.print(Text(f"  {_mistake(outcome)}"))


def _mistake(outcome: Outcome) -> str:
    text = shorten(" ".join(printable(outcome.sample.input.title).split()), _WIDTH)
    return (
        f"{outcome.score.mistakes[0].cost.value}  {printable(outcome.sample.id)}  “{text}”  "
        f"said {answered(outcome.answer)}, is {marks(outcome.sample.target)}"
    )


def _verdict(verdict: Verdict, console: Console) -> None:
    failed = [check for check in verdict.checks if not check.passed]
    for check in failed:
        console.print(Text(f"✗ {printable(check.message)}", style="red"))
    detectable = [c for c in verdict.comparisons if c.metric.gated and c.detectable is not None]
    for comparison in detectable:
        console.print(
            Text(
                f"  {comparison.run}: {comparison.metric.name} "
                f"{comparison.base:.3f} → {comparison.head:.3f}; "
                f"smallest detectable change {comparison.detectable:.3f}",
                style="dim",
            )
        )
    _changes("Newly wrong", verdict.regressions, console, "red")
    _changes("Newly right", verdict.improvements, console, "green")
    style = "bold green" if verdict.passed else "bold red"
    words = f"passed, {len(verdict.checks)} checks" if verdict.passed else f"failed, {len(failed)} checks"
    console.print(Text(f"Gate {words}", style=style))


def _changes(title: str, changes: Sequence[Change], console: Console, style: str) -> None:
    if not changes:
        return
    names = ", ".join(printable(change.outcome.sample.id) for change in changes[:20])
    more = f" and {len(changes) - 20} more" if len(changes) > 20 else ""
    console.print(Text(f"{title}: {names}{more}", style=style))
