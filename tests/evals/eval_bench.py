"""A small corpus of its own, and a critic that says what it is told to."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console

from app.coach.critic import Judgement, Kind
from app.coach.flow import Coach
from app.coach.nouns import Source
from app.coach.rules.rule import LineView
from evals.reports import plots
from evals.run import Options, run
from evals.solvers.product import CriticSolver
from evals.task import AnyTask
from evals.tasks import load_tasks

ORGS = 12


def build_corpus(folder: Path) -> Path:
    """Twelve invented organisations: a clean OKR, a faulty one and two lone lines each."""
    orgs: list[dict[str, Any]] = []
    okrs: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for at in range(ORGS):
        org = f"org-{at:02d}"
        orgs.append(
            {
                "org": org,
                "name": org.title(),
                "sector": "canals" if at % 2 else "bakeries",
                "split": "test",
                "pillars": [{"name": "Freight", "text": f"Barges carry cargo on route {at}."}],
            }
        )
        okrs.append(
            {
                "id": f"{org}-1",
                "org": org,
                "team": "Locks",
                "function": "operations",
                "cycle": "Q3 2026",
                "objective": {"text": f"Skippers on route {at} come back gladly", "label": "neither"},
                "key_results": [
                    {
                        "text": f"Share of returning skippers on route {at} from 31 to 48 %",
                        "label": "neither",
                    },
                    {"text": f"Waiting time at lock {at} from 50 to 20 minutes", "label": "neither"},
                    {"text": f"Complaints about lock {at} from 14 to 6 a month", "label": "neither"},
                ],
                "strategy": "linked",
                "pillar": 0,
                "link": "indirect",
                "findings": [],
            }
        )
        okrs.append(
            {
                "id": f"{org}-2",
                "org": org,
                "team": "Office",
                "function": "hr",
                "cycle": "Q3 2026",
                "objective": {"text": f"A quieter office on floor {at}", "label": "neither"},
                "key_results": [{"text": f"Carpet laid on floor {at}", "label": "activity"}],
                "strategy": "missing",
                "pillar": None,
                "link": "none",
                "findings": [
                    {"rule": "activity-not-outcome", "kr": 0},
                    {"rule": "too-few-key-results", "kr": None},
                ],
            }
        )
        for number, (text, label) in enumerate(
            [(f"Lock {at} open on 99 % of days", "kpi"), (f"Timetable app for route {at}", "activity")], 1
        ):
            lines.append(
                {
                    "id": f"{org}-L{number}",
                    "org": org,
                    "team": "Locks",
                    "function": "operations",
                    "cycle": None,
                    "objective": None,
                    "text": text,
                    "label": label,
                    "pair": None,
                    "form": "level" if label == "kpi" else "noun-phrase",
                }
            )
    for name, rows in {"orgs": orgs, "okrs": okrs, "lines": lines}.items():
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    return folder


@dataclass
class ToldCritic:
    """Calls a line what `kinds` says, every other line `neither`."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    source: Source = Source.LOCAL
    name: str = "told"

    def judge(self, lines: Sequence[tuple[LineView, str]]) -> list[Judgement]:
        """See `Critic.judge`."""
        return [Judgement(self.kinds.get(line.text, Kind.NEITHER), 0.95) for line, _ in lines]


def truth(corpus: Path) -> dict[str, Kind]:
    """The label of every line of a corpus."""
    found = {}
    for okr in map(json.loads, (corpus / "okrs.jsonl").read_text("utf-8").splitlines()):
        for line in (okr["objective"], *okr["key_results"]):
            found[line["text"]] = Kind(line["label"])
    for line in map(json.loads, (corpus / "lines.jsonl").read_text("utf-8").splitlines()):
        found[line["text"]] = Kind(line["label"])
    return found


def task(name: str) -> AnyTask:
    """The task called so."""
    return next(task for task in load_tasks() if task.name == name)


def critic_task(kinds: Mapping[str, Kind]) -> AnyTask:
    """The task critic-local with a told critic as its subject."""
    original = task("critic-local")
    subject = {"local": lambda: CriticSolver(Coach(critic=ToldCritic(kinds)))}
    return replace(original, solvers={**original.solvers, **subject})


BASELINE = {
    "version": 1,
    "floors": {},
    "largest_drop": {},
    "allowed": {"unscored": 0.0, "errored": 0.0, "unpaired": 0.5},
    "updates": [],
    "runs": {},
}


def _undrawn() -> AbstractContextManager[object]:
    """Leaves plots out of the page: drawing takes longer than all else, and has tests of its own."""
    return patch.multiple(plots, overview=lambda *_: "", reliability=lambda *_: "", by_group=lambda *_: "")


@dataclass
class Bench:
    """A corpus, a baseline file and a folder for reports, to run tasks on."""

    corpus: Path
    baseline: Path
    out: Path
    said: str = ""

    def run(self, tasks: Sequence[AnyTask], *, accept: str = "", **options: object) -> int:
        """Run `tasks` and keep what was printed; a reason in `accept` makes the run the baseline."""
        chosen = Options(
            corpus=self.corpus,
            baseline=self.baseline,
            out=self.out,
            update_baseline=bool(accept),
            reason=accept,
        )
        console = Console(record=True, width=200, force_terminal=False, file=io.StringIO())
        with _undrawn():
            status = run(tasks, options=replace(chosen, **options), console=console)  # type: ignore[arg-type]
        self.said = console.export_text()
        return status

    def report(self, name: str) -> str:
        """A file report of the last run."""
        return (self.out / name).read_text("utf-8")

    def edit_baseline(self, **changes: object) -> None:
        """Overwrite fields of the baseline file."""
        data = json.loads(self.baseline.read_text("utf-8"))
        self.baseline.write_text(json.dumps({**data, **changes}), "utf-8")


def new_bench(folder: Path) -> Bench:
    """A place to run tasks, with a baseline that demands nothing yet."""
    corpus = folder / "corpus"
    corpus.mkdir()
    baseline = folder / "baseline.json"
    baseline.write_text(json.dumps(BASELINE), "utf-8")
    return Bench(build_corpus(corpus), baseline, folder / "out")
