"""What others may take up is said only of things that one can take up."""

from __future__ import annotations

import pytest

from app.coach.nouns import Line, Target
from app.coach.quantities import measure
from app.coach.rewrite import activities
from app.coach.rewrite.chunks import chunks
from app.coach.rules.rule import LineView


def adopted(text: str) -> list[str]:
    view = LineView(Line.whole(text), measure(text), 0, 0)
    return [candidate.text for candidate in activities.adoption(view, Target(0, 0), "embedded")]


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
