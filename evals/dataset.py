"""The labelled lines, OKRs and plans that tasks take their samples from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.training.data import CORPUS, LineSample, OkrSample, Split, line_samples, okr_samples
from app.training.plans import PlanSample, cycle_samples, plan_samples

UNDECIDED: Final = "undecided"
"""Label of a line on which two coaches could differ: shown, never scored."""

UNLABELLED: Final = "unlabelled"
"""Link of an OKR whose strategy linkage nobody has judged: no sample of that task."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Lines, whole OKRs and plans of several teams; `name` and `fingerprint` say in reports what was measured on.

    `plans` were written to have related pairs, `cycles` were not.
    """

    name: str
    fingerprint: str
    lines: tuple[LineSample, ...] = ()
    okrs: tuple[OkrSample, ...] = ()
    plans: tuple[PlanSample, ...] = ()
    cycles: tuple[PlanSample, ...] = ()

    @classmethod
    def of(
        cls,
        name: str,
        lines: Sequence[LineSample],
        okrs: Sequence[OkrSample],
        plans: Sequence[PlanSample] = (),
        cycles: Sequence[PlanSample] = (),
    ) -> Dataset:
        """A data set with its fingerprint."""
        parts = [list(lines), list(okrs), *(list(part) for part in (plans, cycles) if part)]
        rows = repr(tuple(parts)).encode("utf-8", "backslashreplace")
        fingerprint = hashlib.sha256(rows).hexdigest()[:16]
        return cls(name, fingerprint, tuple(lines), tuple(okrs), tuple(plans), tuple(cycles))

    def groups(self) -> Mapping[str, Mapping[str, str]]:
        """Function and sector by OKR id, as the OKR's objective has them."""
        return {
            line.id.removesuffix("/o"): {"function": line.function, "sector": line.sector}
            for line in self.lines
            if line.is_objective
        }


def corpus(split: Split, folder: Path = CORPUS) -> Dataset:
    """One split of the corpus. Raises OSError or ValueError for a missing or broken one."""
    if not (folder / "okrs.jsonl").is_file():
        raise FileNotFoundError(f"There is no corpus at {folder}: run in a checkout, or give --dataset.")
    plans = plan_samples(split, folder) if (folder / "plans.jsonl").is_file() else []
    cycles = cycle_samples(split, folder) if (folder / "cycles.jsonl").is_file() else []
    return Dataset.of(f"corpus, {split} split", line_samples(split, folder), okr_samples(split, folder), plans, cycles)
