"""What the author answered, turned into candidates: the outcome in their words, blanks filled with what they said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.coach.orders import is_order
from app.coach.quantities import measure
from app.coach.rewrite.aims import people_and_doing
from app.coach.rewrite.asking import plain_work
from app.coach.rewrite.blanks import answered, blanks_in
from app.coach.rewrite.english import GROUPS, lower_first, upper_first
from app.coach.rewrite.nouns import Answer, Brief, Candidate
from app.coach.rules.rule import LineView

WHY: Final = "puts the outcome that you named in the place of the line."
LONGEST: Final = 300


def of_line(brief: Brief, at: int | None) -> tuple[Answer, ...]:
    """The usable answers about one line; those that read as orders to a model are left out."""
    return tuple(
        replace(answer, text=" ".join(answer.text[:LONGEST].split()))
        for answer in brief.answers
        if answer.target.key_result == at and answer.text.strip() and not is_order(answer.text)
    )


def told(brief: Brief, at: int | None, line: LineView, rules: Sequence[str], writer: str) -> Iterator[Candidate]:
    """Candidates in the author's own words."""
    if not rules:
        return
    for answer in of_line(brief, at):
        if answer.blank is not None:
            continue
        said = answer.text.rstrip(" .")
        for order, text in enumerate(_wordings(said, line, is_objective=at is None)):
            yield Candidate(
                brief.target(at),
                text,
                "line",
                tuple(rules[:1]),
                f"{rules[0]}: {WHY}",
                writer,
                lent=said,
                order=10 * order - 20,
            )


def _wordings(said: str, line: LineView, *, is_objective: bool) -> Iterator[str]:
    read = measure(said)
    if is_objective:
        yield upper_first(said)
        return
    if read.quantities and (read.moves or read.baseline or read.change):
        yield upper_first(said)
        return
    parted = people_and_doing(said)
    if parted:
        people, do = parted
        pronoun = "that" if people.rpartition(" ")[2].lower() in GROUPS else "who"
        yield f"Raise the share of {lower_first(people)} {pronoun} {do} from [current %] to [target %]"
    if work := plain_work(line.text):
        yield f"{work} so that {lower_first(said)}, up from [current %] to [target %]"


def filled(candidate: Candidate, answers: Sequence[Answer]) -> tuple[Candidate, tuple[str, ...]]:
    """The candidate with the blanks that were answered, and the answers used."""
    used = []
    text = candidate.text
    for answer in answers:
        for blank in blanks_in(text):
            if answer.blank is not None and answer.blank.strip(" []").casefold() == blank.casefold():
                text = answered(text, blank, answer.text)
                used.append(answer.text)
    return replace(candidate, text=text), tuple(used)
