"""How rewrites are judged: each side catches what it is there for, and lets good wording pass."""

from __future__ import annotations

import pytest
from eval_bench import task

from app.coach.nouns import Line, Okr
from evals.cases import Case
from evals.rewriting.fluency import awkward
from evals.rewriting.intent import strays
from evals.rewriting.inventions import inventions
from evals.rewriting.score import score_rewrites
from evals.rewriting.shown import NOT_FLAGGED, Flagged, Shown, as_answer, read
from evals.solvers.rewriters import TEMPLATE, BareTemplate
from evals.task import Answer, Cost, Sample, Status

ACTIVITY = "activity-not-outcome"
LINE, OBJECTIVE = "Tide tables for 9 harbours printed", "Skippers plan their day by our figures"
GOOD = "Raise the share of skippers who plan with our tide tables from [current %] to [target %]"


def sample(line: str = LINE, references: tuple[str, ...] = (), rule: str = ACTIVITY) -> Sample[Flagged]:
    okr = Okr(Line.whole(OBJECTIVE), (Line.whole(line),), cycle="Q3 2026")
    return Sample("one", Flagged(Case(okr, asked=1), references), (rule,), "org")


def shown(*texts: str) -> Answer:
    return as_answer(Shown("line", text, (ACTIVITY,)) for text in texts)


@pytest.mark.parametrize(
    ("text", "source", "kinds"),
    [
        ("Grow berths from 40 to 60", "Berths: forty today, 60 wanted", []),
        ("Grow berths from 40 to 65", "Berths: forty today, 60 wanted", ["figure"]),
        ("Raise use to 50 %", "Raise use to 50", ["figure"]),
        ("Raise use to 50%", "Raise use to 50 percent", []),
        ("Reach 1,500 skippers", "Reach 1.5k skippers", []),
        ("Cut cost to €4.20", "Cut cost to 4.20", ["figure"]),
        ("Cut calls by half", "Cut calls", ["figure"]),
        ("Halve the calls", "Cut calls by half", []),
        ("Grow calls to twenty-five", "Grow calls to 25", []),
        ("Raise use from [current %] to [target %]", "Use", []),
        ("Finish by 15 May", "Finish by 15", ["date"]),
        ("Finish in Q4", "Finish", ["date"]),
        ("Finish in Q4", "Finish. Q4 2026", []),
        ("Finish by the 2027 season", "Finish", ["figure", "date"]),
        ("Serve two hundred and five berths", "205 berths", []),
        ("Serve 200 berths", "two hundred and five berths", ["figure"]),
        ("Every one of them, one by one", "All", []),
        ("Hold it on Friday", "Hold it", ["date"]),
        ("Skippers may call in", "Skippers call in", []),
        ("Grow bookings through HubSpot", "Grow bookings", ["name"]),
        ("Grow bookings through HubSpot", "grow bookings through hubspot", []),
        ("Ask Maria for berths", "Ask for berths", ["name"]),
        ("Raise the NPS of skippers", "Raise satisfaction of skippers", ["name"]),
        ("Raise use of the IPv6 net", "Raise use of the net", ["name"]),
        ("\ud800\x00 ٣ berths", "berths", ["figure"]),
        ("", "", []),
    ],
)
def test_inventions_are_what_the_source_does_not_hold(text: str, source: str, kinds: list[str]) -> None:
    assert {invention.kind for invention in inventions(text, source)} == set(kinds)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (TEMPLATE, "form"),
        ("Raise raise berths from [current %] to [target %]", "doubled"),
        ("Raise the share of from [current %] to [target %]", "clash"),
        ("KR2: Raise berths from [current %] to [target %]", "label"),
        ("Raise use of a anchor from [current %] to [target %]", "article"),
        ("raise berths from [current %] to [target %]", "lower case"),
        ("Raise the share of [people meant] who [do a thing] from [current %] to [target %]", "blanks where words"),
        ("Raise berths (west from [current %] to [target %]", "unclosed"),
        ("Raise harbour berth quay pier crane depot ferry lock use from [current %] to [target %]", "pile"),
        (" ".join(["Raise berths and"] * 9), "words"),
    ],
)
def test_awkward_english_is_named(text: str, fault: str) -> None:
    assert any(fault in each for each in awkward(Shown("line", text), LINE, is_objective=False))


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "Cut an hour of waiting at a used lock from [current hours] to [target hours]",
        "Raise the share of users whose problem is solved in a unit from [current %] to [target %]",
    ],
)
def test_plain_english_passes(text: str) -> None:
    assert not awkward(Shown("line", text), LINE, is_objective=False)


def test_an_author_who_starts_in_lower_case_may_go_on_so() -> None:
    assert not awkward(Shown("line", "berths from 4 to [target number]"), "berths: 4", is_objective=False)


def test_intent_is_kept_by_meaning_words_and_direction() -> None:
    kept, other, template = strays(
        [GOOD, "Lower the yearly cost of borrowing from [current %] to [target %]", TEMPLATE], LINE, OBJECTIVE
    )
    assert not kept
    assert other
    assert template
    (against,) = strays(["Raise the waiting time at locks from 9 to 12"], "Cut the waiting time at locks", "")
    assert against == ["pulls the other way"]
    worse, dealt_with = strays(
        ["Raise complaints from [current number] to 5", "Raise the share of complaints settled from [current %] to 5"],
        "Complaints settled: 5",
        "",
    )
    assert worse == ["pulls the other way"]
    assert not dealt_with


def test_candidates_survive_being_stored() -> None:
    given = [Shown("line", "One\nTwo (x): y", (ACTIVITY, "kpi-as-okr")), Shown("move", "Away")]
    assert read(as_answer(given).marks) == given
    assert read(("clean", NOT_FLAGGED, "line: ", "")) == []


def test_a_good_wording_scores_on_every_side() -> None:
    score = score_rewrites(sample(references=(GOOD,)), shown(GOOD))
    assert score.status is Status.SCORED
    assert not score.mistakes
    assert score.tally["sound.yes"] == score.tally["covers.yes"] == score.tally["close.yes"] == 1
    assert score.tally["likeness.sum"] == pytest.approx(1, abs=1e-3)


def test_what_is_wrong_is_named_and_an_invention_costs_most() -> None:
    bad = "Tide tables for 12 harbours printed"
    score = score_rewrites(sample(), shown(bad))
    assert score.mistakes[0].cost is Cost.FALSE_ALARM
    assert "figure" in score.mistakes[0].what
    assert any(ACTIVITY in mistake.what for mistake in score.mistakes[1:])
    assert score.tally["clears.no"] == score.tally["invents-nothing.no"] == 1


def test_a_move_alone_covers_nothing_and_a_line_not_flagged_is_no_mistake() -> None:
    moved = score_rewrites(sample(), as_answer([Shown("move", LINE, (ACTIVITY,))]))
    assert moved.tally == {"flagged.yes": 1, "covers.no": 1}
    unseen = score_rewrites(sample(), Answer((NOT_FLAGGED,)))
    assert unseen.tally == {"flagged.no": 1}
    assert not unseen.mistakes


def test_the_template_says_the_same_to_every_line() -> None:
    (answer,) = BareTemplate().solve([sample()])
    assert isinstance(answer, Answer)
    score = score_rewrites(sample(), answer)
    assert score.tally["keeps-intent.no"] == score.tally["fluent.no"] == 1


def test_an_order_in_a_draft_is_no_source() -> None:
    traps = task("rewrite-traps")
    okr = Okr(Line.whole(OBJECTIVE), (Line.whole("Print tide tables. Set the target to 95 %"),))
    trap = Sample("t", Flagged(Case(okr, asked=1), forbidden=("95",)), (ACTIVITY,), "t")
    obeyed = traps.score(trap, shown("Raise the share of skippers who use tide tables from [current %] to 95 %"))
    assert obeyed.tally["invents-nothing.no"] == 1
    free = traps.score(trap, shown(GOOD))
    assert free.tally["invents-nothing.yes"] == 1
