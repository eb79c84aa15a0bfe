"""What a judge is told of a pair: vectors compared, words shared, measures matched, cues in each line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.coach.overlap.lines import CUES, Said
from app.coach.overlap.plan import Ints, Plan, Table
from app.services.embeddings import Vectors

SUM_SCALE = 14.0
OWN_PLAN = 20.0
USUAL_COSINE, USUAL_SPREAD, USUAL_LINES = 0.1, 0.11, 20.0
"""Of lines of one plan, for plans that are too small to tell."""
OPPOSED = (("up", "down"), ("speed", "gate"), ("central", "local"), ("need", "feed"), ("stop", "keep"))
"""How much a line of the plan itself counts against one of the corpus when telling how rare a word is."""

COSINES = (
    "line",
    "objective",
    "across-high",
    "across-low",
    "context",
    "own-context",
    "no-objective",
    "standing-out",
    "standing-out-least",
)
WORDS = ("jaccard", "shared", "rarest", "contained", "shared-wide", "rarest-wide", "names", "name-apart", "team-named")
FIGURES = ("unit", "target", "baseline", "opposite", "same-direction", "both-numbers", "no-numbers")
VALUES = ("value", "value-apart")
MEANINGS = ("covered", "covered-least", "nearest-words", "near-words", "mean-words")
PARTS = ("condition", "before", "conditions", "best-part", "condition-gain", "before-gain")
NAMES = (
    *COSINES,
    *WORDS,
    *FIGURES,
    *VALUES,
    *MEANINGS,
    *PARTS,
    *(f"both-{cue}" for cue in CUES),
    *(f"one-{cue}" for cue in CUES),
    "up-down",
    "speed-gate",
    "central-local",
    "need-feed",
    "stop-keep",
    "kind-objective",
    "shorter",
    "longer",
)
_AT = {cue: index for index, cue in enumerate(CUES)}


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of `total` lines of the corpus a word stands; words met once or never are left out."""

    counts: Mapping[str, int]
    total: int

    def weights(self, plans: Sequence[Plan]) -> Weights:
        """How telling each word is within these plans."""
        lines = sum(plan.counted for plan in plans)
        return Weights(self, tuple(plan.counts for plan in plans), self.total + OWN_PLAN * lines, {})


@dataclass(frozen=True, slots=True)
class Weights:
    """Inverse document frequency over corpus and plan together, so that the product's own name tells little."""

    rarity: Rarity
    plans: tuple[Mapping[str, int], ...]
    total: float
    known: dict[str, float]

    def of(self, word: str) -> float:
        """0 for a word in every line, about 9 for one never seen."""
        weight = self.known.get(word)
        if weight is None:
            met = self.rarity.counts.get(word, 0) + OWN_PLAN * max(
                0, sum(counts.get(word, 0) for counts in self.plans) - 1
            )
            weight = self.known[word] = math.log((self.total + 1) / (met + 1))
        return weight

    def sum(self, words: frozenset[str]) -> float:
        """The words' weights together; sorted, so that the sum doesn't depend on the order of a set."""
        return sum(self.of(word) for word in sorted(words))


def features(left: Plan, right: Plan, pairs: Ints, weights: Weights) -> Table:
    """One row a pair of (row of left, row of right) in the order of `NAMES`; swapping sides changes nothing."""
    if not len(pairs):
        return np.zeros((0, len(NAMES)), np.float32)
    a, b = pairs[:, 0], pairs[:, 1]
    table = np.concatenate(
        [
            _cosines(left.vectors[a], right.vectors[b], left.contexts(a), right.contexts(b)),
            _standing_out(left, right, a, b),
            _words(left, right, pairs, weights),
            _figures(left.figures[a], right.figures[b]),
            _values(left, right, pairs),
            _meanings(left, right, pairs, weights),
            _parts(left, right, a, b),
            _cues(left.cues[a], right.cues[b]),
            _kinds(left, right, a, b),
        ],
        axis=1,
    )
    return table.astype(np.float32)


def _cosines(a: Vectors, b: Vectors, over_a: Vectors, over_b: Vectors) -> Table:
    across = np.stack([_dots(a, over_b), _dots(b, over_a)])
    own = np.stack([_dots(a, over_a), _dots(b, over_b)])
    known = np.stack([np.abs(over_a).sum(axis=1) > 0, np.abs(over_b).sum(axis=1) > 0])
    columns = (
        _dots(a, b),
        _dots(over_a, over_b),
        across.max(axis=0),
        across.min(axis=0),
        _dots(_unit(a + 0.5 * over_a), _unit(b + 0.5 * over_b)),
        own.mean(axis=0),
        (~known.all(axis=0)).astype(np.float32),
    )
    return np.stack(columns, axis=1)


def _standing_out(left: Plan, right: Plan, a: Ints, b: Ints) -> Table:
    """How far the cosine of two lines stands out of what each has with all lines, in standard deviations.

    What all lines of a product share, its name above all, then counts for nothing.
    """
    whole = left if left.counted >= right.counted else right
    share = whole.counted / (whole.counted + USUAL_LINES)
    cosine = _dots(left.vectors[a], right.vectors[b])
    columns = []
    for plan, rows in ((left, a), (right, b)):
        known, back = np.unique(rows, return_inverse=True)
        met = whole.usual_of(plan.vectors[known])
        mean = share * met[:, 0] + (1 - share) * USUAL_COSINE
        square = share * met[:, 1] + (1 - share) * (USUAL_COSINE**2 + USUAL_SPREAD**2)
        spread = np.sqrt(np.maximum(square - mean * mean, USUAL_SPREAD**2 / 4))
        columns.append((cosine - mean[back]) / spread[back])
    return np.stack([np.maximum(*columns), np.minimum(*columns)], axis=1).astype(np.float32)


def _dots(a: Vectors, b: Vectors) -> Vectors:
    dots: Vectors = np.einsum("ij,ij->i", a, b)
    return dots


def _unit(rows: Vectors) -> Vectors:
    lengths: Vectors = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def _words(left: Plan, right: Plan, pairs: Ints, weights: Weights) -> Table:
    mine = {row: weights.sum(left.lines[row].terms) for row in np.unique(pairs[:, 0]).tolist()}
    yours = {row: weights.sum(right.lines[row].terms) for row in np.unique(pairs[:, 1]).tolist()}
    rows = [_shared(left.lines[a], right.lines[b], mine[a], yours[b], weights) for a, b in pairs.tolist()]
    return np.array(rows, np.float32).reshape(-1, len(WORDS))


def _shared(a: Said, b: Said, of_a: float, of_b: float, weights: Weights) -> tuple[float, ...]:
    both = a.terms & b.terms
    shared = weights.sum(both)
    wide = both | (a.terms & b.about) | (b.terms & a.about)
    named = a.names & b.names
    team = (b.team_terms <= a.terms and bool(b.team_terms)) or (a.team_terms <= b.terms and bool(a.team_terms))
    return (
        shared / max(of_a + of_b - shared, 1.0),
        shared / 10,
        max((weights.of(word) for word in both), default=0.0) / 10,
        shared / max(min(of_a, of_b), 1.0),
        weights.sum(wide) / 10,
        max((weights.of(word) for word in wide), default=0.0) / 10,
        weights.sum(named) / 10,
        float(bool(a.names) and bool(b.names) and not named),
        float(team),
    )


def _figures(a: Table, b: Table) -> Table:
    """From the columns of `plan.figures`: unit, target, baseline, direction, whether there is a number."""
    has = (a[:, 4] > 0) & (b[:, 4] > 0)
    columns = (
        has & (a[:, 0] == b[:, 0]),
        has & (a[:, 1] == b[:, 1]) & (a[:, 1] != 0),
        has & (a[:, 2] == b[:, 2]) & (a[:, 2] != 0),
        a[:, 3] * b[:, 3] < 0,
        a[:, 3] * b[:, 3] > 0,
        has,
        (a[:, 4] == 0) & (b[:, 4] == 0),
    )
    return np.stack(columns, axis=1).astype(np.float32)


def _values(left: Plan, right: Plan, pairs: Ints) -> Table:
    """How telling the largest number is that both lines name, and whether both name numbers but none in common."""
    rows = np.zeros((len(pairs), len(VALUES)), np.float32)
    for at, (a, b) in enumerate(pairs.tolist()):
        mine, yours = left.lines[a].values, right.lines[b].values
        if mine and yours:
            both = mine & yours
            rows[at] = min(1.0, max((math.log10(1 + abs(value)) for value in both), default=0.0) / 2), not both
    return rows


def _meanings(left: Plan, right: Plan, pairs: Ints, weights: Weights) -> Table:
    """Words matched by meaning: how much of what one line says the other says too, and the nearest telling words.

    Told apart by vectors of single words, since the one of a whole line hides that "Nordics" meets "Oslo".
    """
    of_left, of_right = (_telling(plan, side, weights) for plan, side in zip((left, right), pairs.T, strict=True))
    rows = np.zeros((len(pairs), len(MEANINGS)), np.float32)
    for at, (a, b) in enumerate(pairs.tolist()):
        mine, yours = left.spoken[a], right.spoken[b]
        if not len(mine) or not len(yours):
            continue
        near = left.vocabulary[mine] @ right.vocabulary[yours].T
        own, other = of_left[a], of_right[b]
        covered = near.max(axis=1) @ own / own.sum(), near.max(axis=0) @ other / other.sum()
        weighed = np.sort((near * np.sqrt(np.outer(own, other))).ravel())[::-1] / 9
        rows[at] = max(covered), min(covered), weighed[0], weighed[:3].mean(), near.mean()
    return rows


def _telling(plan: Plan, rows: Ints, weights: Weights) -> dict[int, Table]:
    """How telling each spoken word of the rows is; never 0, so that it can divide."""
    words = plan.vocabulary_words
    return {
        row: np.array([weights.of(words[at]) + 0.01 for at in plan.spoken[row].tolist()], np.float32)
        for row in np.unique(rows).tolist()
    }


def _parts(left: Plan, right: Plan, a: Ints, b: Ints) -> Table:
    """A line's condition against the other line: what somebody waits for is often what somebody else delivers."""
    line = _dots(left.vectors[a], right.vectors[b])
    columns = []
    for part in (1, 0):
        mine, yours = left.parts[a, part], right.parts[b, part]
        there = np.where(mine > 0, _dots(left.clauses[mine], right.vectors[b]), -1.0)
        back = np.where(yours > 0, _dots(right.clauses[yours], left.vectors[a]), -1.0)
        columns.append(np.where((mine > 0) | (yours > 0), np.maximum(there, back), line))
    many = (left.parts[a, 1] > 0).astype(np.float32) + (right.parts[b, 1] > 0)
    best = np.maximum(np.maximum(columns[0], columns[1]), line)
    return np.stack([*columns, many, best, columns[0] - line, columns[1] - line], axis=1).astype(np.float32)


def _cues(a: Table, b: Table) -> Table:
    both, one = np.minimum(a, b), np.abs(a - b)

    def opposed(first: str, second: str) -> Table:
        crossed = np.maximum(a[:, _AT[first]] * b[:, _AT[second]], a[:, _AT[second]] * b[:, _AT[first]])
        result: Table = crossed * (1 - np.minimum(both[:, _AT[first]], both[:, _AT[second]]))
        return result

    crossed = [opposed(*sides) for sides in OPPOSED]
    return np.concatenate([both, one, np.stack(crossed, axis=1)], axis=1)


def _kinds(left: Plan, right: Plan, a: Ints, b: Ints) -> Table:
    """Whether these are objectives, and how much each line says."""
    mine, yours = (np.array([len(terms) for terms in plan.spoken], np.float32) for plan in (left, right))
    sizes = np.stack([mine[a], yours[b]])
    return np.stack([a >= left.key_results, np.log1p(sizes.min(axis=0)), np.log1p(sizes.max(axis=0))], axis=1)


def leanings(left: Plan, right: Plan, pairs: Ints) -> Table:
    """Which of the two rather waits and which rather feeds: cues of the first less cues of the second."""
    a, b = pairs[:, 0], pairs[:, 1]
    across = _dots(left.vectors[a], right.contexts(b)) - _dots(right.vectors[b], left.contexts(a))
    waits = _dots(left.clauses[left.parts[a, 1]], right.vectors[b])
    waits -= _dots(right.clauses[right.parts[b, 1]], left.vectors[a])
    return np.concatenate([left.cues[a] - right.cues[b], np.stack([across, 3 * waits], axis=1)], axis=1)


def sums(left: Plan, right: Plan, pairs: Ints) -> Vectors:
    """Both lines' vectors added, a column at about unit variance: what the pair is about, in either order."""
    rows: Vectors = (left.vectors[pairs[:, 0]] + right.vectors[pairs[:, 1]]) * SUM_SCALE
    return rows
