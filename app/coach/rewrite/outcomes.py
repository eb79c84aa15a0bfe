"""The curated map from activities to the outcomes they usually serve, and the entry nearest to a line.

`corpus/outcomes.jsonl` holds the map; the vectors of its examples and outcomes are computed by the encoder once, on
the first rewrite, or read from `app/models/outcomes.npz` when that was made from the same map with the same encoder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from app.coach.likeness import stem
from app.coach.rewrite.blanks import without_blanks
from app.coach.words import split_words
from app.errors import ModelError
from app.services.embeddings import MODELS, Encoder, Vectors

MAP: Final = Path(__file__).resolve().parents[3] / "corpus" / "outcomes.jsonl"
VECTORS: Final = MODELS / "outcomes.npz"
GENERAL: Final = "any-"
LONGEST: Final = 300
SETTING_WEIGHT: Final = 0.25


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result that an activity usually serves.

    `text` holds `{object}` where the line's own noun phrase goes, `plain` doesn't; `measure` is the noun phrase that
    names what is measured, `who` whom it is good for, `direction` "up" or "down".
    """

    text: str
    plain: str
    who: str
    direction: str
    measure: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of activity with what it usually serves; `stems` are the words of its description and examples."""

    id: str
    about: str
    function: str
    examples: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    stems: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Near:
    """An entry and how near (cosine, -1 to 1) the best of its examples is to the line.

    `fits` says the same of each of its outcomes, to the line or to the objective above it. `jointly` is how near the
    entry is to line and objective taken together where no other is nearer to them, else 0.
    """

    entry: Entry
    nearness: float
    fits: tuple[float, ...]
    jointly: float = 0.0


class OutcomeMap:
    """The map with its vectors. The encoder is made by `load` when it is first needed."""

    def __init__(self, load: Callable[[], Encoder], path: Path = MAP, vectors: Path = VECTORS) -> None:
        self._load = load
        self._path = path
        self._vectors = vectors

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder of lines and examples."""
        return self._load()

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All entries. Raises `ModelError` when the map is missing."""
        if not self._path.is_file():
            raise ModelError(f"There is no map of outcomes at {self._path}.")
        return read_entries(self._path)

    @cached_property
    def _rows(self) -> tuple[Vectors, Vectors]:
        """Vectors of what the entries are about with their examples, and of their outcomes, entry by entry."""
        about, outcomes = self._texts()
        if self._vectors.is_file():
            with np.load(self._vectors) as data:
                if str(data["key"]) == self.key:
                    rows = data["vectors"].astype(np.float32)
                    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
                    return rows[: len(about)], rows[len(about) :]
        rows = self.encoder.encode([*about, *outcomes])
        return rows[: len(about)], rows[len(about) :]

    def _texts(self) -> tuple[list[str], list[str]]:
        about = [text for entry in self.entries for text in (entry.about, *entry.examples)]
        return about, [without_blanks(outcome.plain) for entry in self.entries for outcome in entry.outcomes]

    @property
    def key(self) -> str:
        """What the stored vectors must have been made from: the map's content and the encoder."""
        content = hashlib.sha256(self._path.read_bytes()).hexdigest()[:16]
        return f"{content}/{self.encoder.name}"

    def store(self) -> None:
        """Write the vectors beside the models, eight bits a number."""
        about, outcomes = self._texts()
        rows = self.encoder.encode([*about, *outcomes])
        scaled = np.round(rows / np.abs(rows).max(axis=1, keepdims=True) * 127).astype(np.int8)
        np.savez_compressed(self._vectors, key=np.array(self.key), vectors=scaled)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of length 1 for lines, shape (len(texts), width)."""
        return self.encoder.encode([" ".join(text[:LONGEST].split()) for text in texts])

    def nearest(self, lines: Vectors, above: Vectors, count: int = 3) -> list[list[Near]]:
        """The `count` nearest entries of each line, and all general ones, nearest first.

        `above` are the rows of the objectives, each the line's own where it has none.
        """
        about, outcomes = self._rows
        lengths = [(1 + len(entry.examples), len(entry.outcomes)) for entry in self.entries]
        starts, firsts = np.cumsum([(0, 0), *lengths], axis=0)[:-1].T
        rows = lines + SETTING_WEIGHT * (above - lines)
        table = np.maximum.reduceat(rows @ about.T, starts, axis=1)
        both = lines + above
        both /= np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9)
        joint = np.maximum.reduceat(both @ about.T, starts, axis=1)
        joint[:, [entry.id.startswith(GENERAL) for entry in self.entries]] = 0.0
        joint[(lines == above).all(axis=1)] = 0.0
        fits = np.maximum(rows @ outcomes.T, above @ outcomes.T)
        found = []
        for row, fit, jointly in zip(table, fits, joint, strict=True):
            best = jointly.argmax()
            near = [
                Near(
                    self.entries[at],
                    float(row[at]),
                    tuple(fit[firsts[at] : firsts[at] + lengths[at][1]].tolist()),
                    float(jointly[at]) if at == best else 0.0,
                )
                for at in np.argsort(-row)
            ]
            found.append([*near[:count], *(item for item in near[count:] if item.entry.id.startswith(GENERAL))])
        return found


def read_entries(path: Path) -> tuple[Entry, ...]:
    """The entries of a map file, in order."""
    return tuple(
        Entry(
            row["id"],
            row["about"],
            row["function"],
            tuple(row["examples"]),
            tuple(
                Outcome(item["text"], item["plain"], item["who"], item["direction"], item["measure"])
                for item in row["outcomes"]
            ),
            frozenset(stem(word.text) for text in (row["about"], *row["examples"]) for word in split_words(text)),
        )
        for row in (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    )
