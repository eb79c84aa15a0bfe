"""Markdown for a step summary or one pull-request comment that is updated with every push."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.figures import Measured
from evals.gate import Change, Comparison, Verdict
from evals.reports import Report
from evals.reports.text import answered, code, marks, number, spending, spread, with_interval
from evals.task import Outcome, Status

MARKER = "<!-- okr-coach-eval -->"
"""First line of the comment, by which it is found again."""

LISTED = 30
MOST = 60_000
"""GitHub refuses longer comments (65,536 characters)."""


def render(report: Report) -> str:
    """The report as GitHub-flavoured Markdown."""
    lines = [MARKER, f"## OKR Coach evals: {_headline(report.verdict)}", ""]
    if report.verdict:
        lines += [*_failed(report.verdict), *_deltas(report.verdict)]
        lines += _changes("Newly wrong", report.verdict.regressions)
        lines += _changes("Newly right", report.verdict.improvements)
    for measured in report.by_task().values():
        lines += [*_figures(measured), *_mistakes(measured[0])]
    lines += [
        f"<sub>{code(report.dataset)}, fingerprint `{report.fingerprint}`, seed {report.seed}</sub>",
        "",
    ]
    text = "\n".join(lines)
    return text if len(text) <= MOST else text[:MOST].rpartition("\n")[0] + "\n\n… cut; see report.html\n"


def _headline(verdict: Verdict | None) -> str:
    if verdict is None:
        return "measured, not gated"
    return "✅ gate passed" if verdict.passed else "❌ gate failed"


def _failed(verdict: Verdict) -> Iterator[str]:
    failed = [check for check in verdict.checks if not check.passed]
    if failed:
        yield from (f"- ❌ {code(check.message, 500)}" for check in failed)
        yield ""


def _deltas(verdict: Verdict) -> Iterator[str]:
    shown = [c for c in verdict.comparisons if c.metric.gated or c.paired.delta]
    if not shown:
        return
    yield "| run | metric | base → head | Δ (95 % interval) | p | smallest detectable |"
    yield "|---|---|---|---|---|---|"
    yield from (_delta(comparison) for comparison in shown)
    yield ""


def _delta(comparison: Comparison) -> str:
    change = comparison.paired
    better = bool(change.delta) and not comparison.metric.worse(change.delta)
    sign = "" if not comparison.significant or not change.delta else " 🟢" if better else " 🔴"
    smallest = "" if not comparison.metric.gated else number(comparison.detectable or float("nan"))
    return (
        f"| {comparison.run} | {comparison.metric.name}{' (gated)' if comparison.metric.gated else ''} "
        f"| {number(comparison.base)} → {number(comparison.head)} "
        f"| {change.delta:+.3f}{sign} [{change.low:+.3f}, {change.high:+.3f}] | {number(change.p)} "
        f"| {smallest} |"
    )


def _changes(title: str, changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield f"### {title}: {len(changes)}"
    yield ""
    yield "| sample | line | now | label | change |"
    yield "|---|---|---|---|---|"
    for change in changes[:LISTED]:
        now = [str(mistake) for mistake in change.new] or [f"no longer {mistake}" for mistake in change.gone]
        yield _row(change.outcome, code("; ".join(now)))
    yield ""
    if len(changes) > LISTED:
        rest = ", ".join(code(change.outcome.sample.id) for change in changes[LISTED:])
        yield f"and {rest}"
        yield ""


def _row(outcome: Outcome, last: str) -> str:
    sample = outcome.sample
    return (
        f"| {code(sample.id)} | {code(sample.input.title)} | {code(answered(outcome.answer))} "
        f"| {code(marks(sample.target))} | {last} |"
    )


def _figures(measured: Sequence[Measured]) -> Iterator[str]:
    task = measured[0].run.task
    yield f"### {task.name}"
    yield ""
    yield task.question
    yield ""
    yield f"| metric | of | {' | '.join(item.run.solver for item in measured)} |"
    yield "|---|---:|" + "---:|" * len(measured)
    for index, figure in enumerate(measured[0].figures):
        cells = [item.figures[index] for item in measured]
        if any(cell.interval.measured for cell in cells):
            lower = "" if figure.metric.higher_is_better else " ↓"
            values = " | ".join(map(with_interval, cells))
            yield f"| {figure.metric.name}{lower} | {figure.support:.0f} | {values} |"
    for name in (Status.UNSCORED, Status.ERRORED):
        counts = " | ".join(str(item.run.count(name)) for item in measured)
        yield f"| {name.value} | {len(measured[0].run.outcomes)} | {counts} |"
    yield ""
    for item in measured:
        if item.run.spent and item.run.outcomes:
            yield f"- {item.run.solver}: {spending(item.run.spent, len(item.run.outcomes))}"
        if item.repeated:
            yield f"- {item.run.solver}, {spread(item.repeated)}"
    yield ""


def _mistakes(item: Measured) -> Iterator[str]:
    worst = item.mistakes
    if not worst:
        return
    yield f"<details><summary>Worst mistakes of {item.run.solver} ({len(worst)})</summary>"
    yield ""
    yield "| sample | line | said | label | cost |"
    yield "|---|---|---|---|---|"
    yield from (_row(outcome, code(str(outcome.score.mistakes[0]))) for outcome in worst[:LISTED])
    yield ""
    yield "</details>"
    yield ""
