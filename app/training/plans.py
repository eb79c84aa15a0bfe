"""The corpus of plans: OKRs of several teams, and how pairs of their lines relate."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.coach.nouns import Line, Okr
from app.coach.overlap.nouns import Place, Relation
from app.training.data import CORPUS, Split, rows

TRAIN_SHARE, DEV_SHARE = 50, 15
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
    pairs: dict[str, list[PairSample]] = {}
    for row in rows("pairs.jsonl", corpus):
        places = [_place(row[side]["team"], row[side]["key_result"]) for side in ("a", "b")]
        sample = PairSample(row["id"], places[0], places[1], Relation(row["type"]), row["hard"])
        pairs.setdefault(row["org"], []).append(sample)
    found = []
    for plan in rows("plans.jsonl", corpus):
        if split not in (None, plan["split"]):
            continue
        okrs = tuple(
            Okr(
                Line.whole(team["objective"]),
                tuple(Line.whole(text) for text in team["key_results"]),
                team["team"],
                plan["cycle"],
            )
            for team in plan["teams"]
        )
        found.append(PlanSample(plan["org"], plan["split"], plan["sector"], okrs, tuple(pairs.get(plan["org"], ()))))
    return found


def pairs_hash(corpus: Path = CORPUS) -> str:
    """One hash over plans and pairs, recorded beside the pair judge."""
    digest = hashlib.sha256()
    for name in ("plans.jsonl", "pairs.jsonl"):
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
    "coach/overlap/features.py",
    "coach/overlap/lines.py",
    "coach/overlap/plan.py",
    "coach/overlap/signals.py",
    "coach/likeness.py",
)


def _place(okr: int, key_result: int | None) -> Place:
    return Place(okr, -1 if key_result is None else key_result)
