"""From the OKRs of several teams to the pairs that must be talked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from app.coach.likeness import jaccard, wording
from app.coach.nouns import Okr, Pillar
from app.coach.overlap.block import NEAREST, between, candidates, every
from app.coach.overlap.clusters import Cluster, Need, clusters, needs
from app.coach.overlap.coverage import Coverage, coverage
from app.coach.overlap.features import Rarity
from app.coach.overlap.judge import PairJudge
from app.coach.overlap.lines import Said
from app.coach.overlap.nouns import RELATIONS, Copy, Pair, Place, Relation
from app.coach.overlap.opinion import AskAbout, doubtful, side, weighed
from app.coach.overlap.plan import Ints, Plan, WordVectors, read_plan
from app.coach.overlap.why import why
from app.coach.strategy import Linkage
from app.coach.words import split_words
from app.services.embeddings import Encoder
from app.services.prompts import TeamLine

SCORE_DIGITS = 4
MOST_READ = 6
"""Pairs of one draft that are read a second time, the likeliest first: somebody is waiting."""
MOST_OF_MAP = 6_000
"""The same for the map of a whole plan."""
_SAME = 0.9
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class OverlapMap:
    """What a plan holds between its teams; `coverage` None where no strategy was given.

    `notes` (code, sentence) say what went wrong with a language model that was asked.
    """

    pairs: tuple[Pair, ...]
    clusters: tuple[Cluster, ...]
    needs: tuple[Need, ...]
    copies: tuple[Copy, ...]
    coverage: Coverage | None
    threshold: float
    shown: float
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Overlaps:
    """Finds what the teams of a plan share, double, need of each other, and where they pull apart."""

    encoder: Encoder
    judge: PairJudge
    rarity: Rarity
    linkage: Linkage | None = None
    words: WordVectors = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", WordVectors(self.encoder))

    def read(self, okrs: Sequence[Okr]) -> Plan:
        """The plan made comparable; costs one encoding of every distinct line."""
        return read_plan(okrs, self.encoder, self.words)

    def find(
        self,
        okrs: Sequence[Okr],
        pillars: Sequence[Pillar] = (),
        parent: Okr | None = None,
        *,
        above: Sequence[int | None] = (),
        all_pairs: bool = False,
        ask: AskAbout | None = None,
    ) -> OverlapMap:
        """The map of a plan: pairs that are worth showing by score, the highest first.

        With `all_pairs` every pair of key results of different teams is in it, unrelated ones too; clusters and
        dependencies are of those worth showing either way. `above` says for each OKR which one of the plan it hangs
        under: saying the same as those above is alignment, or a copy. `ask` brings a language model's opinion on the
        doubtful ones.
        """
        plan = self.read(okrs)
        copies = copied(plan, parent) + copied_from_above(plan, okrs, above)
        pairs = self.pairs(plan, all_pairs=all_pairs, copies=copies, least=self.judge.threshold if ask else None)
        if any(at is not None for at in above):
            pairs = [pair for pair in pairs if not in_line(pair.a.okr, pair.b.okr, above)]
        notes: tuple[tuple[str, str], ...] = ()
        if ask:
            pairs, notes = self._asked(okrs, plan, pairs, ask)
        related = [pair for pair in pairs if pair.score >= self.judge.shown]
        if not all_pairs:
            pairs = related
        weigh = self.rarity.weights([plan]).of
        return OverlapMap(
            tuple(pairs),
            tuple(clusters(okrs, related, weigh)),
            tuple(needs(okrs, related)),
            tuple(copies),
            coverage(okrs, pillars, self.linkage) if pillars and self.linkage else None,
            self.judge.threshold,
            self.judge.shown,
            notes,
        )

    def pairs(
        self, plan: Plan, *, all_pairs: bool = False, copies: Sequence[Copy] = (), least: float | None = None
    ) -> list[Pair]:
        """The pairs of a plan that score at least `least` (None: that are worth showing), or all.

        Two copies of the parent are aligned with it and not related.
        """
        sought = candidates(plan)
        if all_pairs:
            sought = np.unique(np.concatenate([sought, every(plan, objectives=False)]), axis=0)
        aligned = {copy.place for copy in copies}
        least = 0.0 if all_pairs else self.judge.shown if least is None else least
        return self._judged(plan, plan, sought, aligned, least, most=None if all_pairs else MOST_OF_MAP)

    def against(self, draft: Plan, others: Plan, nearest: int = NEAREST) -> list[Pair]:
        """What a draft has to do with the lines of other teams; `a` is the draft's place, `b` the other's."""
        parts = [between(draft, others, nearest, objectives=kind) for kind in (False, True)]
        return self._judged(draft, others, np.concatenate(parts), set(), self.judge.shown, most=MOST_READ)

    def _asked(
        self, okrs: Sequence[Okr], plan: Plan, pairs: Sequence[Pair], ask: AskAbout
    ) -> tuple[list[Pair], tuple[tuple[str, str], ...]]:
        """The pairs with the language model's opinion weighed in, the highest score first, and what went wrong."""
        doubt = doubtful(pairs, self.judge.threshold, self.judge.shown)
        if not doubt:
            return list(pairs), ()
        row = {said.place: at for at, said in enumerate(plan.lines)}
        asked = [(_side(okrs, pairs[at].a), _side(okrs, pairs[at].b)) for at in doubt]
        told = ask(asked)
        rows = np.array([(row[pairs[at].a], row[pairs[at].b]) for at in doubt], np.int64)
        waits = self.judge.waiting(plan, plan, rows).tolist()
        found = list(pairs)
        for number, said in told.said.items():
            at = doubt[number]
            needing: Literal["a", "b"] = "a" if waits[number] >= 0.5 else "b"
            found[at] = weighed(found[at], said, told.judge.precision, self.judge.threshold, needing)
        return sorted(found, key=lambda pair: (-pair.score, pair.a, pair.b)), tuple(told.notes())

    def _judged(
        self,
        left: Plan,
        right: Plan,
        sought: Ints,
        aligned: set[Place],
        least: float,
        *,
        most: int | None = None,
    ) -> list[Pair]:
        table = self.judge.judge(left, right, sought, least=least, most=most)
        related = 1 - table[:, 0]
        if aligned:
            both = [left.lines[a].place in aligned and right.lines[b].place in aligned for a, b in sought.tolist()]
            related[both] = 0.0
        kept = np.flatnonzero(related >= least)
        types = np.where(related >= self.judge.threshold, table[:, 1:].argmax(axis=1) + 1, 0)
        waits = self.judge.waiting(left, right, sought[kept])
        weigh = self.rarity.weights([left] if left is right else [left, right]).of
        found = []
        for at, waiting in zip(kept.tolist(), waits.tolist(), strict=True):
            one, other = left.lines[sought[at, 0]], right.lines[sought[at, 1]]
            relation = RELATIONS[types[at]]
            needing: Literal["a", "b"] = "a" if waiting >= 0.5 else "b"
            found.append(
                Pair(
                    one.place,
                    other.place,
                    relation,
                    round(float(related[at]), SCORE_DIGITS),
                    why(one, other, relation, weigh),
                    (one.text, other.text),
                    needing if relation is Relation.DEPENDENCY else None,
                )
            )
        return sorted(found, key=lambda pair: (-pair.score, pair.a, pair.b))


def _side(okrs: Sequence[Okr], place: Place) -> TeamLine:
    okr = okrs[place.okr]
    objective = okr.objective.text if okr.objective else ""
    text = objective if place.is_objective else okr.key_results[place.key_result].text
    return side(okr.team or "", text, "" if place.is_objective else objective)


def copied(plan: Plan, parent: Okr | None) -> list[Copy]:
    """The lines that repeat a line of the parent, word for word or nearly so."""
    return _repeated(plan.lines, parent) if parent else []


def copied_from_above(plan: Plan, okrs: Sequence[Okr], above: Sequence[int | None]) -> list[Copy]:
    """The lines that repeat a line of the OKR of the same plan that theirs hangs under."""
    under: dict[int, list[Said]] = {}
    for said in plan.lines:
        up = above[said.place.okr] if above else None
        if up is not None:
            under.setdefault(up, []).append(said)
    return [copy for up, lines in under.items() for copy in _repeated(lines, okrs[up])]


def in_line(one: int, other: int, above: Sequence[int | None]) -> bool:
    """Whether one of two OKRs hangs under the other, however far down."""
    return one in _ancestors(other, above) or other in _ancestors(one, above)


def _ancestors(okr: int, above: Sequence[int | None]) -> set[int]:
    found: set[int] = set()
    up = above[okr]
    while up is not None and up not in found:
        found.add(up)
        up = above[up]
    return found


def _repeated(lines: Sequence[Said], parent: Okr) -> list[Copy]:
    originals = [(line.text, wording(split_words(line.text))) for line in parent.lines]
    found = []
    for said in lines:
        spoken = wording(split_words(said.text))
        for text, original in originals:
            if len(original) >= _FEWEST_WORDS and jaccard(spoken, original) >= _SAME:
                found.append(Copy(said.place, said.text, text))
                break
    return found
