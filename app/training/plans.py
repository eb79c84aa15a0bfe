"""The corpus of plans: OKRs of several teams, and how pairs of their lines relate."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.coach.nouns import Line, Okr
from app.coach.overlap.nouns import Place, Relation
from app.training.data import CORPUS, Split, rows

TRAIN_SHARE, DEV_SHARE = 65, 12
"""Of a hundred organisations; the others are for the test."""


@dataclass(frozen=True, slots=True)
class PairSample:
    """One labelled pair of lines of different teams; `hard` says what makes it hard."""

    id: str
    a: Place
    b: Place
    type: Relation
    hard: str


@dataclass(frozen=True, slots=True)
class PlanSample:
    """The plan of one organisation with its labelled pairs; pairs that aren't listed are unrelated."""

    org: str
    split: Split
    sector: str
    okrs: tuple[Okr, ...]
    pairs: tuple[PairSample, ...]


def split_of(org: str) -> Split:
    """The split of an organisation, by its name alone, so that it never moves."""
    number = int.from_bytes(hashlib.blake2b(org.encode(), digest_size=4).digest(), "big") % 100
    return "train" if number < TRAIN_SHARE else "dev" if number < TRAIN_SHARE + DEV_SHARE else "test"


def plan_samples(split: Split | None = None, corpus: Path = CORPUS) -> list[PlanSample]:
    """Plans of `split` (all splits for None), in file order."""
    return [plan for plan in _read("plans.jsonl", "pairs.jsonl", corpus) if split in (None, plan.split)]


def extra_samples(split: Split | None = None, corpus: Path = CORPUS) -> list[PlanSample]:
    """Plans that are as terse as published ones, of the train or the dev split (both for None)."""
    return [plan for plan in _read("plans-extra.jsonl", "pairs-extra.jsonl", corpus) if split in (None, plan.split)]


def cycle_samples(split: Split | None = None, corpus: Path = CORPUS) -> list[PlanSample]:
    """Whole cycles that nobody wrote to have pairs, with the pairs picked from them."""
    return [plan for plan in _read("cycles.jsonl", "pairs-cycles.jsonl", corpus) if split in (None, plan.split)]


def natural_samples(split: Split | None = None, corpus: Path = CORPUS) -> list[PlanSample]:
    """Plans of train and dev whose pairs were picked as they lie: those of lone lines, and whole cycles."""
    return [*lone_samples(split, corpus), *(plan for plan in cycle_samples(split, corpus) if plan.split != "test")]


def lone_samples(split: Split | None = None, corpus: Path = CORPUS) -> list[PlanSample]:
    """Plans of train and dev that are made of lone lines; which side of a dependency waits isn't known."""
    told: dict[str, list[dict[str, Any]]] = {}
    for row in rows("pairs-natural.jsonl", corpus):
        told.setdefault(row["org"], []).append(row)
    okrs: dict[str, dict[tuple[str, str], list[dict[str, Any]]]] = {org: {} for org in told}
    for line in rows("lines.jsonl", corpus):
        if line["org"] in told and line["objective"]:
            okrs[line["org"]].setdefault((line["team"], line["objective"]), []).append(line)
    return [
        _natural(org, okrs[org["org"]], told[org["org"]])
        for org in rows("orgs.jsonl", corpus)
        if org["org"] in told and split in (None, org["split"])
    ]


def _natural(
    org: dict[str, Any], okrs: dict[tuple[str, str], list[dict[str, Any]]], told: list[dict[str, Any]]
) -> PlanSample:
    at = {line["id"]: Place(okr, kr) for okr, lines in enumerate(okrs.values()) for kr, line in enumerate(lines)}
    return PlanSample(
        org["org"],
        org["split"],
        org["sector"],
        tuple(
            Okr(Line.whole(objective), tuple(Line.whole(line["text"]) for line in lines), team, lines[0]["cycle"])
            for (team, objective), lines in okrs.items()
        ),
        tuple(PairSample(row["id"], at[row["a"]], at[row["b"]], Relation(row["type"]), "natural") for row in told),
    )


def _read(plans: str, pairs: str, corpus: Path) -> Iterator[PlanSample]:
    found: dict[str, list[PairSample]] = {}
    for row in rows(pairs, corpus):
        places = [_place(row[side]["team"], row[side]["key_result"]) for side in ("a", "b")]
        sample = PairSample(row["id"], places[0], places[1], Relation(row["type"]), row["hard"])
        found.setdefault(row["org"], []).append(sample)
    for plan in rows(plans, corpus):
        okrs = tuple(
            Okr(
                Line.whole(team["objective"]),
                tuple(Line.whole(text) for text in team["key_results"]),
                team["team"],
                plan["cycle"],
            )
            for team in plan["teams"]
        )
        yield PlanSample(plan["org"], plan["split"], plan["sector"], okrs, tuple(found.get(plan["org"], ())))


def pairs_hash(corpus: Path = CORPUS) -> str:
    """One hash over plans and pairs, recorded beside the critic and the pair judge."""
    return _hash(("plans.jsonl", "pairs.jsonl"), corpus)


def extra_hash(corpus: Path = CORPUS) -> str:
    """One hash over the extra plans and their pairs."""
    return _hash(("plans-extra.jsonl", "pairs-extra.jsonl"), corpus)


def natural_hash(corpus: Path = CORPUS) -> str:
    """One hash over the natural pairs and their lines."""
    return _hash(("pairs-natural.jsonl", "lines.jsonl", "cycles.jsonl", "pairs-cycles.jsonl"), corpus)


def _hash(names: Sequence[str], corpus: Path) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update((corpus / name).read_bytes())
    return digest.hexdigest()[:16]


def pairs_code_hash() -> str:
    """Hash of the code that determines the pair judge: training and what it is told of a pair."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for name in _CODE:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()[:16]


_CODE: Sequence[str] = (
    "training/pairs.py",
    "training/calibration.py",
    "training/mixing.py",
    "coach/overlap/cross.py",
    "coach/overlap/features.py",
    "coach/overlap/lines.py",
    "coach/overlap/plan.py",
    "coach/overlap/signals.py",
    "coach/likeness.py",
)


def _place(okr: int, key_result: int | None) -> Place:
    return Place(okr, -1 if key_result is None else key_result)
