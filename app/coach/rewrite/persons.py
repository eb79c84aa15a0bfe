"""Goals of one person → the team's result, or the talk they belong in; consequences for pay → left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.coach.nouns import Finding
from app.coach.rewrite.english import lower_first, upper_first
from app.coach.rewrite.nouns import Brief, Candidate
from app.coach.rules.rule import LineView

WHY: Final = "individual-goal: asks for the team's result, whoever brings it about."
WHY_MOVE: Final = "individual-goal: one person's duty or learning belongs in the talk about their development."
WHY_PAY: Final = "tied-to-pay: the result without what hangs on it, so that the target can be bold."
WHY_PAY_MOVE: Final = "tied-to-pay: what is paid for it is a matter for the pay talk."
_I: Final = re.compile(r"^(?:I will|I'll|I’ll|I want to|I am going to|I'm going to|I can)\s+", re.IGNORECASE)
_MINE: Final = re.compile(r"\b(my own|my|myself|mine)\b", re.IGNORECASE)
_DOES: Final = re.compile(r"^\s*(?:will|must|should|shall|has to|needs to|is to|to)\s+", re.IGNORECASE)
_CLAUSE: Final = re.compile(
    r"[\s,;:(–—-]*(?:\b(?:otherwise|or|and|so that|to (?:get|earn|receive|secure|qualify|unlock|trigger)|for|if|in order to|"
    r"which|with|worth|as|linked|tied|counts?|on)\b.{0,60})?$",
    re.IGNORECASE,
)
_SPLITS: Final = re.compile(
    r"\s*(?:,|;|:|\(|–|—| - |\b(?:to|for|so|or|otherwise|which|and|if|as|when|linked|tied|with|in exchange)\b)\s*"
)


def team_result(brief: Brief, at: int | None, finding: Finding, line: LineView, writer: str) -> Iterator[Candidate]:
    """The line with the team in the person's place, and the move to the person's own talk."""
    target = brief.target(at)
    team = brief.okr.okr.team or brief.context.team
    text = " ".join(line.text.split())
    start, end = finding.start - line.line.start, finding.end - line.line.start
    if spoken := _I.match(line.text):
        rest = _MINE.sub(
            lambda found: "ourselves" if found[1].lower() == "myself" else "our", line.text[spoken.end() :]
        )
        yield Candidate(target, upper_first(rest), "line", ("individual-goal",), WHY, writer)
    elif _MINE.search(line.text):
        rest = _MINE.sub(lambda found: "ourselves" if found[1].lower() == "myself" else "our", line.text)
        yield Candidate(target, rest, "line", ("individual-goal",), WHY, writer)
    elif start <= 12:
        rest = line.text[end:].lstrip(" :–-")
        who = f"The {team} team" if team and not team.lower().endswith("team") else team or "[Our team]"
        duty = _DOES.match(rest)
        if duty:
            yield Candidate(target, upper_first(rest[duty.end() :]), "line", ("individual-goal",), WHY, writer)
        elif rest[:1].islower():
            yield Candidate(
                target, f"{upper_first(who)} {lower_first(rest)}", "line", ("individual-goal",), WHY, writer
            )
    if at is not None:
        yield Candidate(
            target, "Raise [the team result that this serves] from [current level] to [target level]", "line",
            ("individual-goal",), WHY, writer, order=12,
        )  # fmt: skip
    yield Candidate(
        target, text, "move", ("individual-goal",), WHY_MOVE, writer, goes_to="personal development", order=90
    )


def unpaid(brief: Brief, at: int | None, finding: Finding, line: LineView, writer: str) -> Iterator[Candidate]:
    """The line up to where pay comes in."""
    target = brief.target(at)
    start = max(0, finding.start - line.line.start)
    before = line.text[:start]
    cuts = [match.start() for match in _SPLITS.finditer(before)]
    for order, cut in enumerate(reversed(cuts[-4:])):
        kept = before[:cut].rstrip(" ,;:(–—-")
        if len(kept.split()) >= 3:
            yield Candidate(target, kept, "line", ("tied-to-pay",), WHY_PAY, writer, order=order)
    yield Candidate(
        target,
        " ".join(line.text.split()),
        "move",
        ("tied-to-pay",),
        WHY_PAY_MOVE,
        writer,
        goes_to="pay talk",
        order=90,
    )
