"""Ready check kinds, so that most rules are a function of one line or one OKR."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from app.coach.rules.rule import Check, DraftView, Hit, LineView, OkrView

LineCheck = Callable[[LineView, DraftView], Iterable[Hit]]
OkrCheck = Callable[[OkrView, DraftView], Iterable[Hit]]
TeamCheck = Callable[[Sequence[OkrView], DraftView], Iterable[Hit]]


def each_line(check: LineCheck) -> Check:
    """Ask of every objective and every key result."""

    def run(draft: DraftView) -> Iterator[Hit]:
        for okr in draft.okrs:
            for line in okr.lines:
                yield from check(line, draft)

    return run


def each_key_result(check: LineCheck) -> Check:
    """Ask of every key result, lone lines included."""

    def run(draft: DraftView) -> Iterator[Hit]:
        for okr in draft.okrs:
            for line in okr.key_results:
                yield from check(line, draft)

    return run


def each_objective(check: LineCheck) -> Check:
    """Ask of every objective."""

    def run(draft: DraftView) -> Iterator[Hit]:
        for okr in draft.okrs:
            if okr.objective:
                yield from check(okr.objective, draft)

    return run


def each_okr(check: OkrCheck) -> Check:
    """Ask of every OKR that has an objective."""

    def run(draft: DraftView) -> Iterator[Hit]:
        for okr in draft.okrs:
            if okr.objective:
                yield from check(okr, draft)

    return run


def each_okr_or_lone_lines(check: OkrCheck) -> Check:
    """Ask of every OKR, and of lone lines that came without an objective."""

    def run(draft: DraftView) -> Iterator[Hit]:
        for okr in draft.okrs:
            yield from check(okr, draft)

    return run


def each_team(check: TeamCheck) -> Check:
    """Ask of all the OKRs of one team together."""

    def run(draft: DraftView) -> Iterator[Hit]:
        for okrs in draft.teams.values():
            yield from check(okrs, draft)

    return run
