"""The corpus as training samples."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app.coach.critic.local import MAX_LINE, as_input
from app.coach.overlap.cross import LONGEST_LINE, LONGEST_OBJECTIVE, as_text
from app.coach.strategy import LONGEST_OKR, LONGEST_PILLAR, as_pair

CORPUS = Path(__file__).resolve().parents[2] / "corpus"

Split = Literal["train", "dev", "test"]


@dataclass(frozen=True, slots=True)
class LineSample:
    """One labelled line. `objective` is "" for objectives and lone lines without one."""

    id: str
    org: str
    split: Split
    text: str
    objective: str
    is_objective: bool
    label: str
    sector: str
    function: str
    form: str
    pair: str | None
    cycle: str | None


@dataclass(frozen=True, slots=True)
class OkrSample:
    """A whole OKR with the strategy of its organisation; `findings` None where not fully labelled."""

    id: str
    org: str
    split: Split
    team: str
    cycle: str | None
    objective: str
    key_results: tuple[str, ...]
    pillars: tuple[tuple[str, str], ...]
    linked: bool
    pillar: int | None
    link: str
    findings: tuple[tuple[str, int | None], ...] | None


def rows(name: str, corpus: Path = CORPUS) -> Iterator[dict[str, Any]]:
    """The JSON objects of one corpus file. Raises ValueError naming file and line of a bad row."""
    path = corpus / name
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path}:{number}: not a JSON object: {error}") from error


def line_samples(split: Split | None = None, corpus: Path = CORPUS) -> list[LineSample]:
    """Objectives, key results and lone lines of `split` (all splits for None), in file order."""
    orgs = {org["org"]: org for org in rows("orgs.jsonl", corpus)}
    found = []
    for okr in rows("okrs.jsonl", corpus):
        org = orgs[okr["org"]]
        lines = [(okr["objective"], "o"), *((kr, f"kr{i}") for i, kr in enumerate(okr["key_results"]))]
        for line, place in lines:
            found.append(
                LineSample(
                    id=f"{okr['id']}/{place}",
                    org=okr["org"],
                    split=org["split"],
                    text=line["text"],
                    objective="" if place == "o" else okr["objective"]["text"],
                    is_objective=place == "o",
                    label=line["label"],
                    sector=org["sector"],
                    function=okr["function"],
                    form="objective" if place == "o" else "in-okr",
                    pair=None,
                    cycle=okr["cycle"],
                )
            )
    for line in rows("lines.jsonl", corpus):
        org = orgs[line["org"]]
        found.append(
            LineSample(
                id=line["id"],
                org=line["org"],
                split=org["split"],
                text=line["text"],
                objective=line["objective"] or "",
                is_objective=line["form"] == "objective",
                label=line["label"],
                sector=org["sector"],
                function=line["function"],
                form=line["form"],
                pair=line["pair"],
                cycle=line["cycle"],
            )
        )
    return [sample for sample in found if split in (None, sample.split)]


def okr_samples(split: Split | None = None, corpus: Path = CORPUS) -> list[OkrSample]:
    """Whole OKRs of `split` (all splits for None), in file order."""
    orgs = {org["org"]: org for org in rows("orgs.jsonl", corpus)}
    found = []
    for okr in rows("okrs.jsonl", corpus):
        org = orgs[okr["org"]]
        if split not in (None, org["split"]):
            continue
        found.append(
            OkrSample(
                id=okr["id"],
                org=okr["org"],
                split=org["split"],
                team=okr["team"],
                cycle=okr["cycle"],
                objective=okr["objective"]["text"],
                key_results=tuple(kr["text"] for kr in okr["key_results"]),
                pillars=tuple((p["name"], p["text"]) for p in org["pillars"]),
                linked=okr["strategy"] == "linked",
                pillar=okr["pillar"],
                link=okr["link"],
                findings=None if okr["findings"] is None else tuple((f["rule"], f["kr"]) for f in okr["findings"]),
            )
        )
    return found


def corpus_hash(corpus: Path = CORPUS) -> str:
    """One hash over the labelled files, recorded in the model card."""
    digest = hashlib.sha256()
    for name in ("orgs.jsonl", "okrs.jsonl", "lines.jsonl"):
        digest.update((corpus / name).read_bytes())
    return digest.hexdigest()[:16]


def code_hash() -> str:
    """Hash of the code that determines the model: training, features and how texts are put to the encoder."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for name in ("training/build.py", "training/critic.py", "training/network.py", "training/export.py",
                 "training/smoothing.py", "training/linkage.py", "training/crossing.py",
                 "coach/critic/features.py"):  # fmt: skip
        digest.update((root / name).read_bytes())
    for put in (as_input, as_pair, as_text):
        digest.update(inspect.getsource(put).encode())
    longest = MAX_LINE, LONGEST_OKR, LONGEST_PILLAR, LONGEST_LINE, LONGEST_OBJECTIVE
    digest.update(repr(longest).encode())
    return digest.hexdigest()[:16]
