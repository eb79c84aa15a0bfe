"""What others may take up is said only of things that one can take up."""

from __future__ import annotations

import pytest

from app.coach.nouns import Line, Target
from app.coach.quantities import measure
from app.coach.rewrite import activities
from app.coach.rewrite.chunks import chunks
from app.coach.rules.rule import LineView

HERE = Target(0, 0)


def view(text: str) -> LineView:
    return LineView(Line.whole(text), measure(text), 0, 0)


def adopted(text: str) -> list[str]:
    return [candidate.text for candidate in activities.adoption(view(text), HERE, "embedded")]


@pytest.mark.parametrize(
    "line",
    ["Everyone has swapped their badge", "judges' walk", "Leg 3 rebuild complete", "Swap 40 valves to air", "Six beds"],
)
def test_no_use_is_made_of_people_verbs_and_names(line: str) -> None:
    assert not [text for text in adopted(line) if " use " in text]
    assert activities.general_entry(chunks(line)) != "any-tool"


@pytest.mark.parametrize("line", ["Route planner for couriers", "Build a booking calendar"])
def test_a_thing_for_use_is_to_be_used(line: str) -> None:
    assert [text for text in adopted(line) if " use " in text]


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("Define the pricing strategy", "any-plan"),
        ("Roadmap for the year", "any-plan"),
        ("Finish migration to v2", "any-move"),
        ("Release Typo Analyzer", "any-tool"),
        ("Launch the community beta version", "any-tool"),
    ],
)
def test_the_sort_of_thing_decides_the_general_entry(line: str, entry: str) -> None:
    assert activities.general_entry(chunks(line)) == entry


@pytest.mark.parametrize(
    "line",
    ["Set priorities for these needs", "Test deployment", "Prepare the founders' agenda", "Conduct a patch study"],
)
def test_nothing_is_said_to_be_used_or_attended_that_cannot_be(line: str) -> None:
    assert not [text for text in adopted(line) if "rest on" in text or "attendees" in text or "number of" in text]


@pytest.mark.parametrize(
    ("line", "objective", "people"),
    [
        ("Heat brochure for facility managers", "Cool rooms", "facility managers"),
        ("Reading age test each term", "Weak readers in Year 8 catch up", "weak readers"),
        ("Reading age test each term", "Open the library", None),
        ("New racks", "Shops that people visit on purpose", None),
        ("New racks", "People like it here", None),
        ("New racks", None, None),
    ],
)
def test_whom_the_work_is_for_stands_in_the_line_or_begins_the_objective(
    line: str, objective: str | None, people: str | None
) -> None:
    assert activities.people_of(view(line), view(objective) if objective else None) == people


def test_faults_that_are_to_be_fixed_are_to_become_fewer() -> None:
    assert adopted("Fix the export errors") == [
        "Cut the export errors from [current number] to [target number] a month"
    ]
    assert activities.general_entry(chunks("Fix the export errors")) == ""


def test_what_nobody_can_guess_is_asked_for_in_plain_english() -> None:
    (joined,) = activities.so_that(view("Store the cluster's logs."), HERE, "embedded", whom="operators")
    assert joined.text == (
        "Store the cluster's logs, so that more operators [do what they can't do today]: from [current %] to [target %]"
    )
    (asked,) = activities.in_blanks(view("Onboard a PR agency"), HERE, "embedded")
    assert asked.text == (
        "With the PR agency, more of [the people it is for] [do what they can't do today]: "
        "from [current %] to [target %]"
    )
    assert not list(activities.in_blanks(view("Sundry content"), HERE, "embedded"))
    assert activities.plain_work("How do we review changes?") == ""
    long = "Build a small and handy review bot able to run several static analysis tools, open to all"
    assert activities.plain_work(long) == "Build a small and handy review bot"
