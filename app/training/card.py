"""The model card: what the shipped models are and every figure measured on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.coach.critic import Kind
from app.coach.critic.local import KINDS, Head, LocalCritic
from app.coach.nouns import Line, Pillar
from app.coach.quantities import measure
from app.coach.rules.rule import LineView
from app.coach.strategy import Linkage, LinkHead
from app.services.embeddings import OnnxEncoder
from app.training.critic import Recipe
from app.training.data import corpus_hash, line_samples, okr_samples
from app.training.linkage import as_okr

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A line, its label and the critic's verdict (indices into `KINDS`), with the surest probability."""

    text: str
    objective: str
    label: int
    verdict: int
    confidence: float


def judge(critic: LocalCritic, lines: Sequence[tuple[str, str, bool, str]]) -> list[Judged]:
    """Judge (text, objective, is_objective, label) rows."""
    views = [
        (LineView(Line.whole(text), measure(text), 0, None if is_objective else 0), objective)
        for text, objective, is_objective, _ in lines
    ]
    return [
        Judged(text, objective, KINDS.index(Kind(label)), KINDS.index(verdict.kind), verdict.confidence)
        for (text, objective, _, label), verdict in zip(lines, critic.judge(views), strict=True)
    ]


def row(name: str, truth: Indices, verdict: Indices) -> str:
    """One Markdown table row: P/R/F1 of both labels and the share of clean lines flagged."""
    cells = []
    for kind in (1, 2):
        hits = int(np.sum((truth == kind) & (verdict == kind)))
        precision = hits / max(1, int(np.sum(verdict == kind)))
        recall = hits / max(1, int(np.sum(truth == kind)))
        score = 2 * hits / max(1, int(np.sum(verdict == kind) + np.sum(truth == kind)))
        cells.append(f"{precision:.2f} / {recall:.2f} / **{score:.3f}**")
    clean = truth == 0
    alarms = float(np.mean(verdict[clean] > 0)) if clean.any() else 0.0
    return f"| {name} | {len(truth)} | {cells[0]} | {cells[1]} | {alarms:.1%} |"


def real_lines(path: Path) -> list[tuple[str, str, bool, str]]:
    """Key results from JSON lines of {objective, key_result, labels}; undecided ones (null) left out."""
    short = {"activity-not-outcome": "activity", "kpi-as-okr": "kpi"}
    found = []
    for line in path.read_text("utf-8").splitlines():
        item = json.loads(line)
        if item["labels"] is not None:
            label = short[item["labels"][0]] if item["labels"] else "neither"
            found.append((item["key_result"], item["objective"] or "", False, label))
    return found


def write(models: Path, closeness: float, recipe: Recipe, also: Path | None = None) -> None:
    """Measure the shipped models, trained by `recipe`, and write `MODEL_CARD.md` beside them."""
    folder = models / "critic"
    critic = LocalCritic(OnnxEncoder(folder), Head.load(folder / "head.npz"))
    table = []
    for split in ("dev", "test"):
        lines = [
            (s.text, s.objective, s.is_objective, s.label)
            for s in line_samples(split)  # type: ignore[arg-type]
        ]
        table.append(_row_of(f"own corpus, {split}", judge(critic, lines)))
    real: list[Judged] = []
    if also:
        real = judge(critic, real_lines(also))
        table.append(_row_of("public OKRs of real organisations", real))
    parts = [
        HEAD.format(
            corpus=corpus_hash(), critic=critic.name, closeness=closeness, averaged=recipe.averaged, seed=recipe.seed
        ),
        "| set | lines | activity P / R / F1 | KPI P / R / F1 | good lines flagged |\n|---|---|---|---|---|\n"
        + "\n".join(table),
        _linkage_section(models),
    ]
    if real:
        kpis = [
            f"- {'found' if j.verdict == 2 else f'judged {KINDS[j.verdict].value}'} ({j.confidence:.2f}): KPI case {at}"
            for at, j in enumerate((j for j in real if j.label == 2), 1)
        ]
        parts.append(
            "The last set isn't in the repository. Its KPI cases, one by one, with how sure the critic was:\n\n"
            + "\n".join(kpis)
            + "\n\nThe whole review, in which rules and critic hear each other, is measured in docs/results.md."
        )
    (models / "MODEL_CARD.md").write_text("\n\n".join(parts) + "\n", "utf-8")
    print("\n".join(table))


def _row_of(name: str, judged: Sequence[Judged]) -> str:
    return row(name, np.array([j.label for j in judged]), np.array([j.verdict for j in judged]))


def _linkage_section(models: Path) -> str:
    link = Linkage(OnnxEncoder(models / "critic"), LinkHead.load(models / "critic" / "link.npz"))
    lines = []
    for split in ("dev", "test"):
        truth, flagged = [], []
        for sample in okr_samples(split):  # type: ignore[arg-type]
            pillars = [Pillar(name, text) for name, text in sample.pillars]
            verdict = link.judge([as_okr(sample)], pillars)[0]
            truth.append(not sample.linked)
            flagged.append(not verdict.linked)
        told, seen = np.array(truth), np.array(flagged)
        hits = int(np.sum(told & seen))
        precision, recall = hits / max(1, int(seen.sum())), hits / max(1, int(told.sum()))
        score = 2 * hits / max(1, int(seen.sum() + told.sum()))
        lines.append(f"| own corpus, {split} | {len(told)} | {precision:.2f} / {recall:.2f} / **{score:.3f}** |")
    return "## Strategy linkage\n\n| set | OKRs | `missing-strategy-link` P / R / F1 |\n|---|---|---|\n" + "\n".join(
        lines
    )


HEAD = """# Model card

Two encoders of all-MiniLM-L6-v2 (Apache-2.0), exported to int8 ONNX with fused attention: `minilm`, the original, which
compares lines of teams, finds outcomes for rewrites and is a baseline; and `critic` (`{critic}`), fine-tuned on
our corpus, with small heads over its embedding, to tell an activity and a KPI from a result (there with the measured
quantities), a served pillar from one that isn't, and how two lines of different teams relate. `overlap` holds the
linear heads of the pair judge, whose figures are in docs/overlaps.md.

- **Corpus** hash `{corpus}`; organisations of train, dev and test never mix. Figures below are of the
  shipped int8 model; its lowest cosine to the float model over the test split is {closeness:.4f}.
- **Training**: {averaged} full fine-tunes from one base (seeds from {seed} on), each on lines, on (OKR, pillar) pairs
  and on pairs of lines of different teams in one run, word vectors frozen; what ships is the mean of their weights.
  The critic's temperature, the calibration of linkage and the cuts of pairs were set on dev, so that its rows flatter;
  a line or a missing link is flagged where that pays if a false alarm costs twice a miss. `make train` repeats it;
  `provenance.json` records the recipe and the hashes of corpus, code and files, and a test compares the hashes.
- **Intended use**: English OKR drafts, one line at a time with its objective. Not for judging people.
- **Limits**: other languages aren't judged; a line whose meaning needs context outside the OKR may be misjudged.

## Headline findings"""
