"""Re-review: every candidate goes through the same flow as the draft, all of them through the encoder at once.

Lines that a candidate leaves as they are were judged already; the critic is asked about each line and objective once.
Strategy linkage costs more and is asked last, about the few candidates that are left, see `Linked`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.coach.critic import Critic, Judgement
from app.coach.flow import Coach, look, pillars_of
from app.coach.nouns import Context, Draft, Finding, Line, Okr, Pillar, Source
from app.coach.profiles import Profile
from app.coach.rewrite.blanks import fill
from app.coach.rewrite.nouns import Candidate
from app.coach.rules.rule import LineView
from app.coach.stages import CriticChoice
from app.coach.strategy import Link, Linkage

LINK_RULE = "missing-strategy-link"
Key = tuple[str, str, bool]


class Remembering:
    """A critic that judges the same line under the same objective once."""

    source = Source.LOCAL

    def __init__(self, critic: Critic) -> None:
        self._critic = critic
        self._known: dict[Key, Judgement] = {}
        self.name = critic.name

    def judge(self, lines: Sequence[tuple[LineView, str]]) -> list[Judgement]:
        """See `Critic.judge`."""
        missing = {key: item for item in lines if (key := _key(*item)) not in self._known}
        if missing:
            judged = self._critic.judge(list(missing.values()))
            self._known.update(zip(missing, judged, strict=True))
        return [self._known[_key(*item)] for item in lines]


class Bench:
    """Reviews single OKRs as the flow does; one for each request."""

    def __init__(self, coach: Coach, draft: Draft, context: Context, method: Profile, critic: CriticChoice) -> None:
        judges = critic in {"auto", "local", "llm"}
        self._critic = Remembering(coach.critic) if coach.critic and judges else None
        self._coach = Coach(critic=self._critic, rules=coach.rules)
        self._linkage: Linkage | None = coach.linkage if judges else None
        self._choice: CriticChoice = "auto" if judges else "none"
        self._cycle = draft.cycle
        self._context = context
        self._method = method
        self._pillars = pillars_of(context)

    def review(self, okrs: Sequence[Okr]) -> list[tuple[Finding, ...]]:
        """The findings on each OKR by itself, strategy linkage left out; all lines judged in one pass."""
        if self._critic:
            view = look(Draft(tuple(okrs), cycle=self._cycle), self._context, self._method)
            self._critic.judge(
                [(line, okr.objective.text if okr.objective else "") for okr in view.okrs for line in okr.lines]
            )
        return [
            self._coach.review(
                Draft((okr,), cycle=self._cycle), self._context, self._method.name, self._choice
            ).findings
            for okr in okrs
        ]

    @property
    def judges_links(self) -> bool:
        """Whether there is a strategy and somebody to judge against it."""
        return self._linkage is not None and bool(self._pillars)

    def links(self, okrs: Sequence[Okr]) -> list[Link]:
        """The likeliest pillar of each OKR. Only where `judges_links`."""
        assert self._linkage is not None
        return self._linkage.judge(okrs, self._pillars) if okrs else []

    def still_linked(self, okrs: Sequence[Okr], pillars: Sequence[int]) -> list[bool]:
        """Whether each OKR serves the pillar that it is said to serve, or else any other."""
        assert self._linkage is not None
        found = [False] * len(okrs)
        by_pillar: dict[int, list[int]] = {}
        for at, pillar in enumerate(pillars):
            by_pillar.setdefault(pillar, []).append(at)
        for pillar, places in by_pillar.items():
            judged = self._linkage.judge([okrs[at] for at in places], [self._pillars[pillar]])
            for at, link in zip(places, judged, strict=True):
                found[at] = link.linked
        rest = [at for at, linked in enumerate(found) if not linked]
        if rest and len(self._pillars) > 1:
            for at, link in zip(rest, self.links([okrs[at] for at in rest]), strict=True):
                found[at] = link.linked
        return found

    def pillar(self, link: Link) -> Pillar:
        """The pillar of a link."""
        return self._pillars[link.pillar]


def applied(okr: Okr, candidate: Candidate, *, filled: bool = True) -> Okr:
    """The OKR with a candidate in its place, its blanks filled for the review or left open."""
    lines = [Line.whole(text) for text in (fill(candidate.text) if filled else candidate.text).split("\n")]
    at = candidate.target.key_result
    if candidate.kind == "okr":
        has_objective = okr.objective is not None
        return replace(okr, objective=lines[0] if has_objective else None, key_results=tuple(lines[has_objective:]))
    if at is None:
        if candidate.kind == "move":
            return replace(okr, objective=None, key_results=())
        return replace(okr, objective=lines[0], key_results=(*lines[1:], *okr.key_results))
    put = () if candidate.kind == "move" else tuple(lines)
    return replace(okr, key_results=(*okr.key_results[:at], *put, *okr.key_results[at + 1 :]))


def shift(candidate: Candidate, at: int | None) -> int | None:
    """Where a key result of the OKR stands once the candidate is applied; None if it is the one replaced."""
    own = candidate.target.key_result
    extra = candidate.text.count("\n")
    if at is None or candidate.kind == "okr":
        return at
    if own is None:
        return at + extra
    if candidate.kind == "move":
        return None if at == own else at - (at > own)
    return at + extra if at > own else at


def own_places(candidate: Candidate) -> list[int | None]:
    """Where the lines of a candidate stand once it is applied; nowhere for what is no wording of one line."""
    at, more = candidate.target.key_result, candidate.text.count("\n")
    if candidate.kind != "line":
        return []
    return [None, *range(more)] if at is None else [at + line for line in range(more + 1)]


def elsewhere(
    candidate: Candidate,
    before: Mapping[int | None, set[str]],
    now: Mapping[int | None, set[str]],
    own: Sequence[int | None],
) -> set[str]:
    """Findings on the rest of the OKR that weren't there before."""
    gone = candidate.target.key_result if candidate.kind == "move" else -1
    moved = {shift(candidate, at): rules for at, rules in before.items() if at != gone}
    return set().union(
        *(rules - moved.get(place, set()) for place, rules in now.items() if place not in own),
    )


def by_place(findings: Iterable[Finding]) -> dict[int | None, set[str]]:
    """The rules by key result of one OKR."""
    found: dict[int | None, set[str]] = {}
    for finding in findings:
        found.setdefault(finding.target.key_result, set()).add(finding.rule)
    return found


def _key(line: LineView, objective: str) -> Key:
    return line.text, objective, line.is_objective
