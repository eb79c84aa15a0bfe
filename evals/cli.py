"""`okr-coach eval`: options of the harness. Heavy imports wait until it runs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.config import record_replies


class SplitOption(StrEnum):
    """Which part of the corpus to measure on; nobody measures on what was trained on."""

    TEST = "test"
    DEV = "dev"


eval_app = typer.Typer(
    name="eval",
    help="Measure the coach on labelled OKRs and hold it against the accepted baseline.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@eval_app.callback()
def evaluate(
    *,
    task: Annotated[list[str] | None, typer.Option(help="Task to run; repeatable. Default: all.")] = None,
    solver: Annotated[list[str] | None, typer.Option(help="Solver to run; repeatable. Default: all.")] = None,
    split: Annotated[SplitOption, typer.Option(help="Split of the corpus.")] = SplitOption.TEST,
    dataset: Annotated[Path | None, typer.Option(help="Your own set: .jsonl or .csv (docs/evals.md).")] = None,
    out: Annotated[Path, typer.Option(help="Folder for report.json, junit.xml, report.md, report.html.")] = Path(
        "evals/out"
    ),
    gate: Annotated[
        bool | None,
        typer.Option("--gate/--no-gate", help="Hold against the baseline. Default: test split only."),
    ] = None,
    baseline: Annotated[Path | None, typer.Option(help="Baseline file to use instead of our own.")] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Accept this run as the baseline (needs --reason).")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why the new baseline is right; stored with the date.")] = "",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap.")] = 2026,
    epochs: Annotated[
        int, typer.Option(min=1, max=20, help="Ask language models every question so often, and show the spread.")
    ] = 1,
    live: Annotated[
        bool, typer.Option("--live", help="Ask the configured LLM and record its replies instead of replaying them.")
    ] = False,
) -> None:
    """Measure the coach on labelled OKRs: exit 0 fine, 1 below the gate, 2 unusable."""
    from evals.run import UNUSABLE, Options, UnusableError, run, select  # noqa: PLC0415

    if live:
        record_replies()
    try:
        tasks = select(task or [])
    except UnusableError as error:
        typer.secho(f"okr-coach eval: {error.message}", err=True, fg=typer.colors.RED)
        raise typer.Exit(UNUSABLE) from error
    options = Options(
        split=split.value,
        dataset=dataset,
        out=out,
        gate=gate,
        baseline=baseline,
        update_baseline=update_baseline,
        reason=reason,
        seed=seed,
        epochs=epochs,
    )
    raise typer.Exit(run(tasks, solver or [], options))
