"""What others may take up is said only of things that one can take up."""

from __future__ import annotations

import pytest

from app.coach.nouns import Line, Target
from app.coach.quantities import measure
from app.coach.rewrite import activities, aims, asking
from app.coach.rewrite.activities import RULE
from app.coach.rewrite.chunks import chunks
from app.coach.rewrite.outcomes import OutcomeMap
from app.coach.rewrite.sorts import general_entry
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
    assert general_entry(chunks(line)) != "any-tool"


@pytest.mark.parametrize("line", ["Route planner for couriers", "Build a booking calendar"])
def test_a_thing_for_use_is_to_be_used(line: str) -> None:
    assert [text for text in adopted(line) if " use " in text]


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("Define the pricing strategy", "any-strategy"),
        ("Agree on the budget plan", "any-plan"),
        ("Finish migration to v2", "any-move"),
        ("Release Typo Analyzer", "any-tool"),
        ("Launch the community beta version", "any-tool"),
    ],
)
def test_the_sort_of_thing_decides_the_general_entry(line: str, entry: str) -> None:
    assert general_entry(chunks(line)) == entry


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
    assert asking.people_of(view(line), view(objective) if objective else None) == people


def test_faults_that_are_to_be_fixed_are_to_become_fewer() -> None:
    assert adopted("Fix the export errors") == [
        "Cut the export errors from [current number] to [target number] a month"
    ]
    assert general_entry(chunks("Fix the export errors")) == ""


def asked(text: str, whom: str | None = None) -> list[str]:
    return [candidate.text for candidate in asking.so_that(view(text), HERE, "embedded", RULE, whom)]


def test_what_nobody_can_guess_is_asked_for_in_plain_english() -> None:
    people, measure = asked("Store the cluster's logs.", "operators")
    assert people == (
        "Store the cluster's logs, so that more operators [do what they can't do today]: from [current %] to [target %]"
    )
    assert measure == (
        "Store the cluster's logs, so that [the time or cost it should save] drops from "
        "[current level] to [target level]"
    )


@pytest.mark.parametrize(
    ("line", "begun"),
    [
        ("C library driver", "With the C library driver, more of"),
        ("Dashboard for the branches", "With the dashboard for the branches, more of"),
        ("Fine-grained permissions for the API", "With the fine-grained permissions for the API, more of"),
        ("Fund splash pad at the park", "Fund splash pad at the park, so that"),
        ("Figure out a lawful basis", "Figure out a lawful basis, so that"),
        ("Bank file automated", "Bank file automated, so that"),
        ("All logistics are complete", "All logistics are complete, so that"),
        ("Bay no. 4 opened", "Bay no. 4 opened, so that"),
        ("How do we review changes?", ""),
        (
            "Build a small and handy review bot able to run several static analysis tools, open to all",
            "Build a small and handy review bot, so that",
        ),
        (
            "Make sure that we have a good plan to deal with any implications of the new tax",
            "Make sure that we have a good plan, so that",
        ),
    ],
)
def test_the_work_leads_on_to_its_result(line: str, begun: str) -> None:
    assert asked(line)[0].startswith(begun) if begun else not asked(line)


def test_an_objective_that_wants_more_or_less_of_something_is_measured() -> None:
    def aim(objective: str) -> list[str]:
        return [one.text for one in aims.aimed(view("Post daily"), view(objective), HERE, "embedded", RULE)]

    assert aim("Increase social engagement with the tool") == [
        "Raise social engagement with the tool from [current level] to [target level]"
    ]
    assert aim("Reduce waste in the kitchen") == ["Cut waste in the kitchen from [current level] to [target level]"]
    assert aim("Neighbours who know each other's names") == [
        "Raise the share of neighbours who know each other's names from [current %] to [target %]"
    ]
    assert aim("Bottles arrive whole in Oslo") == [
        "Raise the share of bottles that arrive whole in Oslo from [current %] to [target %]"
    ]
    assert aim("Pupils can find help on a bad day") == [
        "Raise the share of pupils who can find help on a bad day from [current %] to [target %]"
    ]
    assert aim("Six bottles arrive whole in Oslo") == aim("Bottles arrive whole in Oslo")
    assert aim("Lunch cars get out in under 4 min") == [
        "Raise the share of lunch cars that get out in under 4 min from [current %] to [target %]"
    ]
    assert aim("Nobody misses their password") == [
        "Cut the number of people who miss their password from [current number] to [target number]"
    ]
    assert aim("You can see who looked") == [
        "Raise the share of people who can see who looked from [current %] to [target %]"
    ]
    assert aim("No more falls in the kitchen") == ["Cut falls in the kitchen from [current number] to [target number]"]
    assert not aim("Lunch people talk about")
    assert not aim("Tuesday looks like Saturday")
    assert not aim("Teachers trained")
    assert not aim("Launch surveys that work")
    assert not aim("Increase revenue by 10 %")
    assert not aim("Improve the kitchen")
    assert not list(aims.aimed(view("Post daily"), None, HERE, "embedded", RULE))


def test_no_guess_brings_a_shop_into_a_draft_without_one(outcomes: OutcomeMap) -> None:
    def offered(line: str, objective: str) -> str:
        rows = outcomes.encode([line, objective])
        (near,) = outcomes.nearest(rows[:1], rows[1:], 4)
        found = activities.guesses(view(line), near, HERE, "embedded", objective=view(objective))
        return " ".join(candidate.text for candidate in found)

    line = "Send the newsletter twice a month"
    assert "order" in offered(line, "Customers of the shop hear from us")
    assert "order" not in offered(line, "Developers know what we are working on")
