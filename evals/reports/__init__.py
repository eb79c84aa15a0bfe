"""Reports of a run: terminal, JSON, JUnit XML, Markdown and a page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.figures import Measured
from evals.gate import Verdict


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found. `verdict` is None where no gate was asked for."""

    dataset: str
    fingerprint: str
    started: str
    seed: int
    measured: tuple[Measured, ...]
    verdict: Verdict | None

    def by_task(self) -> Mapping[str, Sequence[Measured]]:
        """The runs of each task, its subject first."""
        groups: dict[str, list[Measured]] = {}
        for item in self.measured:
            groups.setdefault(item.run.task.name, []).append(item)
        return groups


def write_all(report: Report, folder: Path) -> list[Path]:
    """Write every file report into `folder` and return their paths. Raises OSError."""
    from evals.reports import html, json_file, junit, markdown  # noqa: PLC0415 - they need Report

    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "report.json": json_file.render(report),
        "junit.xml": junit.render(report),
        "report.md": markdown.render(report),
        "report.html": html.render(report),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in texts]
