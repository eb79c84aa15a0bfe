"""Cures for a whole OKR: too few or too many lines, one-sided or lagging measures, doubles, no link to the strategy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from app.coach.rewrite.chunks import chunks
from app.coach.rewrite.english import lower_first, upper_first
from app.coach.rewrite.nouns import Brief, Candidate
from app.coach.rules.rule import LineView

_ENDS: Final = "from [current level] to [target level]"
_HEADLINE: Final = ("activity-not-outcome", "kpi-as-okr", "individual-goal", "not-measurable")
_SHORTEST: Final = 2


def fewer(brief: Brief, writer: str) -> Iterator[Candidate]:
    """The OKR with its weakest key results cut: activities and KPIs first, then what lost most."""
    okr = brief.okr
    if okr.objective is None:
        return
    weakest = sorted(range(len(okr.key_results)), key=lambda at: _weakness(brief, at), reverse=True)
    for limit, order in ((brief.limit, 0), (brief.limit - 1, 1)):
        cut = set(weakest[: max(0, len(okr.key_results) - limit)])
        kept = [line.text for at, line in enumerate(okr.key_results) if at not in cut]
        if not cut or len(kept) < _SHORTEST:
            continue
        numbers = ", ".join(str(at + 1) for at in sorted(cut))
        why = (
            f"too-many-key-results: cuts number {numbers}, which are work, standing measures or the weakest lines, so that "
            "the rest get attention."
        )
        yield Candidate(
            brief.target(None),
            "\n".join([okr.objective.text, *kept]),
            "okr",
            ("too-many-key-results",),
            why,
            writer,
            order=order,
        )


def more(brief: Brief, writer: str) -> Iterator[Candidate]:
    """A second key result to fill in."""
    okr = brief.okr
    if okr.objective is None:
        return
    about = chunks(okr.objective.text).object
    of = f" {about.the}" if about and not about.is_people and len(about.the.split()) <= 6 else ""
    first = (
        "Raise the share of [the people it is for] who [do what shows that it came true] from [current %] to [target %]"
    )
    second = f"Cut [problems that people report]{' with' + of if of else ''} from [current number] to [target number]"
    why = "too-few-key-results: one line is easily reached at the cost of what it doesn't watch; this adds one to fill in."
    lines = [line.text for line in okr.key_results]
    added = [second, first] if lines else [first, second]
    take = max(1, _SHORTEST - len(lines))
    yield Candidate(
        brief.target(None),
        "\n".join([okr.objective.text, *lines, *added[-take:]]),
        "okr",
        ("too-few-key-results",),
        why,
        writer,
    )
    yield Candidate(
        brief.target(None), "\n".join([okr.objective.text, *lines, *added[:take]]), "okr", ("too-few-key-results",), why, writer,
        order=1,
    )  # fmt: skip


def guarded(brief: Brief, writer: str) -> Iterator[Candidate]:
    """A guard-rail beside measures that all push volume or speed."""
    okr = brief.okr
    if okr.objective is None:
        return
    lines = [line.text for line in okr.key_results]
    why = "one-sided-metrics: adds a measure of quality, so that the rest can't be reached by making things worse."
    text = "Cut complaints about [what could suffer] from [current number] to [target number]"
    yield Candidate(
        brief.target(None), "\n".join([okr.objective.text, *lines, text]), "okr", ("one-sided-metrics",), why, writer
    )


def leading(brief: Brief, writer: str) -> Iterator[Candidate]:
    """An early sign beside measures that can only be read at the end."""
    okr = brief.okr
    if okr.objective is None:
        return
    lines = [line.text for line in okr.key_results]
    why = "all-lagging: adds an early sign that a weekly check-in can steer by."
    text = "Raise [the early sign that you can read every week] from [current number] to [target number] a week"
    yield Candidate(
        brief.target(None), "\n".join([okr.objective.text, *lines, text]), "okr", ("all-lagging",), why, writer
    )


def dated(brief: Brief, writer: str) -> Iterator[Candidate]:
    """The first key result with a blank date: one dated line dates the draft."""
    okr = brief.okr
    if okr.objective is None or not okr.key_results:
        return
    lines = [line.text for line in okr.key_results]
    lines[0] = f"{lines[0].rstrip(' .;')} by [date]"
    why = "missing-deadline: says by when; naming the cycle above the draft does the same for all its lines."
    yield Candidate(
        brief.target(None), "\n".join([okr.objective.text, *lines]), "okr", ("missing-deadline",), why, writer
    )


def dropped(brief: Brief, writer: str) -> Iterator[Candidate]:
    """The objective left for a later cycle: the one the finding stands on comes after those to keep."""
    objective = brief.okr.objective
    if objective:
        why = "too-many-objectives: keep the objectives that matter most in this cycle, and leave this one for a later one."
        yield Candidate(
            brief.target(None),
            objective.text,
            "move",
            ("too-many-objectives",),
            why,
            writer,
            goes_to="later cycle",
            order=90,
        )


def undoubled(brief: Brief, at: int, writer: str) -> Iterator[Candidate]:
    """Another measure in place of a double, or the OKR without it."""
    line = brief.okr.key_results[at]
    about = chunks(line.text).object
    why = "duplicate-key-result: keeps one of the two and gives the place to another measure."
    if about:
        yield Candidate(
            brief.target(at),
            f"Raise [another measure] of {about.the} {_ENDS}",
            "line",
            ("duplicate-key-result",),
            why,
            writer,
        )
    words = " ".join(line.text.split()).rstrip(" .")
    if len(words.split()) < 14:
        yield Candidate(
            brief.target(at), f"Raise [the measure that the other line leaves out] behind “{lower_first(words)}” {_ENDS}",
            "line", ("duplicate-key-result",), why, writer, order=2,
        )  # fmt: skip
    yield Candidate(
        brief.target(at), words, "move", ("duplicate-key-result",), "duplicate-key-result: the same is measured above, so cut it.",
        writer, goes_to="nowhere", order=90,
    )  # fmt: skip


def linked(brief: Brief, writer: str) -> Iterator[Candidate]:
    """The nearest pillar, and what would make the link real."""
    okr = brief.okr
    if okr.objective is None:
        return
    quoted = next(
        (
            match[1]
            for f in brief.findings.get(None, ())
            if (match := re.search(r"Nearest: “(.{1,200}?)”\.", f.message))
        ),
        None,
    )
    pillars = {pillar.name: pillar for pillar in brief.context.strategy}
    name = quoted or next(iter(pillars), None)
    if name is None:
        return
    why = (
        f"missing-strategy-link: the nearest priority is “{name}”; the link is real if this work moves a figure that belongs "
        "to it. If it moves none, let the OKR wait."
    )
    lines = [line.text for line in okr.key_results]
    label = re.sub(r"[\[\]\n]", " ", name)[:60].strip()
    added = f"Raise [the figure of “{label}” that this moves] {_ENDS}"
    yield Candidate(
        brief.target(None),
        "\n".join([okr.objective.text, *lines, added]),
        "okr",
        ("missing-strategy-link",),
        why,
        writer,
    )
    yield Candidate(
        brief.target(None),
        okr.objective.text,
        "move",
        ("missing-strategy-link",),
        why,
        writer,
        goes_to="later cycle",
        order=90,
    )


def unmeasured(brief: Brief, line: LineView, writer: str) -> Iterator[Candidate]:
    """An objective that is a figure: what it is for, and the figure as a key result."""
    why = "metric-in-objective: the objective says why, and the figure moves down into a key result."
    target = brief.target(None)
    text = " ".join(line.text.split()).rstrip(" .;!")
    figure = re.sub(r"^(?:to|we will|we want to)\s+", "", text, flags=re.IGNORECASE)
    figure = _with_start(line, figure)
    for order, objective in enumerate(_without_figure(line)):
        yield Candidate(
            target, f"{objective}\n{upper_first(figure)}", "line", ("metric-in-objective",), why, writer, order=order
        )


def _with_start(line: LineView, text: str) -> str:
    goal = line.measure.target
    if line.measure.baseline:
        return text
    if goal is None:
        return f"{text}, from [current level] to [target level]" if line.measure.change else text
    written = line.text[goal.start : goal.end].strip()
    found = re.search(rf"\s(?:to|of|at)\s+(?={re.escape(written)})", text)
    return f"{text[: found.start()]} from [current level] to {text[found.end() :]}" if found else text


def _without_figure(line: LineView) -> Iterator[str]:
    text = line.text
    first = min((quantity.start for quantity in line.measure.quantities), default=len(text))
    lead = re.sub(
        r"[\s(,–-]*\b(?:resulting in|to|by|of|from|at|with|than|least|more|under|over|within|in|a|an|the|up|and|for|below|above|"
        r"reach|reaching|achieve|=|~)*[\s$€£(]*$",
        "", text[:first].rstrip(" ($€£~<>="), flags=re.IGNORECASE,
    ).strip(" ,(–-")  # fmt: skip
    for _ in range(3):
        lead = re.sub(
            r"\s(?:to|by|of|from|at|with|than|least|more|under|over|within|in|a|an|the|up|and|for|resulting)$", "", lead
        )
    if len(lead.split()) >= 2 and not any(char.isdigit() for char in lead):
        words = lead.split()
        if len(words) >= 3 or words[-1].lower() not in {"double", "triple"}:
            yield upper_first(lead) + " in a way that [the people it is for] notice"
    rest = text[max((q.end for q in line.measure.quantities), default=0) :].strip(" .,;%)")
    if len(rest.split()) >= 2 and not any(char.isdigit() for char in rest) and rest[0].isalpha():
        noun = re.sub(r"^(?:of|in|the|our)\s+", "", rest)
        yield f"[The people it is for] gain from {lower_first(noun)}"
    verb = re.match(r"^(?:double|triple|halve)\s+(.{4,80})$", text.strip(" ."), re.IGNORECASE)
    if verb and not any(char.isdigit() for char in verb[1]):
        yield f"[The people it is for] gain more from {lower_first(verb[1])}"
    yield "[The people this is for] can [do what they can't do today]"


def own_part(brief: Brief, at: int | None, line: LineView, writer: str) -> Iterator[Candidate]:
    """The team's own share of a parent's line."""
    team = brief.okr.okr.team or brief.context.team
    who = team or "[our team]"
    words = " ".join(line.text.split()).rstrip(" .")
    why = "copied-from-parent: says what this team adds instead of repeating the level above."
    if at is None:
        yield Candidate(
            brief.target(at), f"{upper_first(who)} gives [whom] [what only this team can add]", "line", ("copied-from-parent",), why,
            writer,
        )  # fmt: skip
        return
    yield Candidate(
        brief.target(at), f"Raise [this team's own measure behind it] {_ENDS}, as our part of “{lower_first(words)}”",
        "line", ("copied-from-parent",), why, writer,
    )  # fmt: skip


def _weakness(brief: Brief, at: int) -> tuple[int, int, int]:
    rules = brief.rules(at)
    headline = sum(rule in _HEADLINE for rule in rules)
    return headline, len(rules), at


def joined(brief: Brief, best: Sequence[Candidate]) -> Candidate:
    """The whole OKR with the best wording of its lines in their places, cut to the limit where there are too many."""
    okr = brief.okr
    put = {candidate.target.key_result: candidate.text for candidate in best}
    rules = tuple(dict.fromkeys(rule for candidate in best for rule in candidate.answers))
    places = list(range(len(okr.key_results)))
    many = "too-many-key-results" in brief.rules(None)
    if many:
        weakest = sorted(places, key=lambda at: (at not in put, *_weakness(brief, at)), reverse=True)
        cut = set(weakest[: max(0, len(places) - brief.limit)])
        places = [at for at in places if at not in cut]
        rules = (*rules, "too-many-key-results")
    lines = [put.get(None, okr.objective.text if okr.objective else "")]
    lines += [put.get(at, okr.key_results[at].text) for at in places]
    return Candidate(
        brief.target(None),
        "\n".join(lines),
        "okr",
        rules,
        f"The whole OKR with the best wording of each line{' and the weakest lines cut' if many else ''}.",
        best[0].writer,
        guess=any(candidate.guess for candidate in best),
        lent=" ".join(candidate.lent for candidate in best),
        order=-5,
    )
