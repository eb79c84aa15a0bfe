"""Plots as SVG text to put into a page; needs matplotlib (okr-coach[dev]), loaded when first used."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import Any

from evals.figures import Figure, Measured
from evals.reports.text import printable, shorten

COLOURS = ("#1f5fa8", "#c26a1b", "#3d8b4f", "#8a4fa8", "#777777")
_RC: Any = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_MOST = 24


class PlotsMissingError(Exception):
    """matplotlib isn't installed."""


def overview(measured: Sequence[Measured]) -> str:
    """Every metric of a task with its interval, solvers side by side. Raises `PlotsMissingError`."""
    names = [figure.metric.name for figure in measured[0].figures]
    shown = [index for index in range(len(names)) if any(item.figures[index].interval.measured for item in measured)][
        :_MOST
    ]
    series = [(item.run.solver, [item.figures[index] for index in shown]) for item in measured]
    labels = [
        names[index] + ("" if measured[0].figures[index].metric.higher_is_better else " (lower is better)")
        for index in shown
    ]
    return _dots(labels, series, f"overview-{measured[0].run.task.name}")


def by_group(item: Measured, slice_name: str) -> str:
    """The sliced metrics of one run by the groups of one slice. Raises `PlotsMissingError`."""
    groups = [group for group in item.groups if group.slice == slice_name][:_MOST]
    labels = [f"{shorten(printable(group.value), 40)} ({group.samples})" for group in groups]
    names = [figure.metric.name for figure in groups[0].figures]
    series = [(name, [group.figures[at] for group in groups]) for at, name in enumerate(names)]
    return _dots(labels, series, f"group-{item.run.key}-{slice_name}")


def reliability(measured: Sequence[Measured]) -> str:
    """Stated confidence against share right; empty if no solver states any. Raises `PlotsMissingError`."""
    stated = [item for item in measured if item.reliability]
    if not stated:
        return ""
    plot, axes = _axes(4.6, 3.8)
    axes.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=1, linestyle="--")
    for colour, item in zip(COLOURS, stated, strict=False):
        xs = [bin_.confidence for bin_ in item.reliability]
        ys = [bin_.right for bin_ in item.reliability]
        axes.plot(xs, ys, marker="o", markersize=4, color=colour, label=item.run.solver)
        for bin_, x, y in zip(item.reliability, xs, ys, strict=True):
            axes.annotate(str(bin_.n), (x, y), textcoords="offset points", xytext=(5, -10), fontsize=7)
    axes.set_xlabel("stated confidence")
    axes.set_ylabel("share right")
    axes.set_xlim(0, 1.03)
    axes.set_ylim(0, 1.03)
    axes.legend(frameon=False, loc="upper left")
    return _svg(plot, f"reliability-{measured[0].run.task.name}")


def _dots(labels: Sequence[str], series: Sequence[tuple[str, Sequence[Figure]]], salt: str) -> str:
    plot, axes = _axes(7.6, 0.9 + 0.32 * len(labels))
    step = 0.6 / max(1, len(series))
    for at, (name, figures) in enumerate(series):
        offset = (at - (len(series) - 1) / 2) * step
        points = [(index + offset, f.interval) for index, f in enumerate(figures) if f.interval.measured]
        colour = COLOURS[at % len(COLOURS)]
        axes.plot(
            [interval.value for _, interval in points],
            [y for y, _ in points],
            linestyle="none",
            marker="o",
            markersize=4,
            color=colour,
            label=name,
        )
        for y, interval in points:
            axes.plot([interval.low, interval.high], [y, y], color=colour, linewidth=1)
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.set_xlim(-0.02, 1.02)
    axes.grid(axis="x", color="#eeeeee")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return _svg(plot, salt)


def _axes(width: float, height: float) -> tuple[Any, Any]:
    try:
        from matplotlib import rc_context  # noqa: PLC0415
        from matplotlib.figure import Figure as Plot  # noqa: PLC0415
    except ImportError as error:
        raise PlotsMissingError("Plots need matplotlib: install okr-coach[dev].") from error
    with rc_context(_RC):
        plot = Plot(figsize=(width, height))
        return plot, plot.add_subplot()


def _svg(plot: Any, salt: str) -> str:  # noqa: ANN401 - matplotlib is not imported here
    from matplotlib import rc_context  # noqa: PLC0415

    target = io.StringIO()
    # The salt keeps the ids of several plots in one page apart, and the file the same from run to run.
    with rc_context({**_RC, "svg.hashsalt": salt}), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plot.savefig(target, format="svg", bbox_inches="tight", transparent=True, metadata={"Date": None})
    text = target.getvalue()
    return text[text.index("<svg") :]
