"""Runs every bench and writes `evals/bench/results.json` and `results.md` beside this file."""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.bench import check, encoder, growth, http, inprocess, overlaps

HERE = Path(__file__).parent


def main() -> int:
    """Run, print, write."""
    rows = [*inprocess.run(), *growth.run(), *encoder.run(), *overlaps.run(), *http.run(), *check.run()]
    table = Table("what", "measured", "target", "holds")
    for row in rows:
        table.add_row(row.what, row.shown, row.target, {True: "yes", False: "NO", None: ""}[row.holds])
    Console().print(table)
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    (HERE / "results.json").write_text(
        json.dumps({"machine": machine, "rows": [row.as_json() for row in rows]}, indent=2) + "\n", "utf-8"
    )
    lines = ["# Bench results", "", f"`make bench` on {machine}; two cores, one run.", ""]
    lines += ["| what | measured | target | holds |", "|---|---|---|---|"]
    lines += [
        f"| {row.what} | {row.shown} | {row.target} | { ({True: 'yes', False: 'no', None: ''}[row.holds]) } |"
        for row in rows
    ]
    (HERE / "results.md").write_text("\n".join(lines) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
