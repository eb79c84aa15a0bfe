"""The curated map: well formed, and its stored vectors are those of this map and encoder."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np

from app.coach.rewrite.activities import fitted, fitting, worded
from app.coach.rewrite.chunks import chunks
from app.coach.rewrite.outcomes import VECTORS, OutcomeMap
from app.coach.rewrite.sorts import SORTS


def test_stored_vectors_belong_to_this_map(outcomes: OutcomeMap) -> None:
    with np.load(VECTORS) as data:
        assert str(data["key"]) == outcomes.key, "run `python -m app.training.outcomes`"


def test_entries_are_well_formed(outcomes: OutcomeMap) -> None:
    assert max(Counter(entry.id for entry in outcomes.entries).values()) == 1
    for entry in outcomes.entries:
        for outcome in entry.outcomes:
            assert "{object}" not in outcome.plain
            assert outcome.direction in {"up", "down"}
            assert not re.search(r"\d", outcome.text + outcome.plain), entry.id


def test_the_general_entries_exist(outcomes: OutcomeMap) -> None:
    assert SORTS.keys() <= {entry.id for entry in outcomes.entries}


def test_an_example_is_nearest_to_its_own_entry(outcomes: OutcomeMap) -> None:
    entries = outcomes.entries[:20]
    rows = outcomes.encode([entry.examples[0] for entry in entries])
    near = outcomes.nearest(rows, rows, 1)
    assert sum(found[0].entry.id == entry.id for found, entry in zip(near, entries, strict=True)) >= 19


def test_an_outcome_speaks_of_the_lines_own_thing(outcomes: OutcomeMap) -> None:
    entry = next(entry for entry in outcomes.entries if entry.id == "any-tool")
    outcome = next(outcome for outcome in entry.outcomes if "{object}" in outcome.text)
    found = worded(outcome, chunks("Build a seating planner").object)
    assert found is not None
    assert "the seating planner" in found[0]


def test_the_objective_decides_which_outcomes_of_an_entry_are_offered(outcomes: OutcomeMap) -> None:
    line, *above = outcomes.encode(
        ["Speed up the CI pipeline", "Developers get their build verdict while they still remember the change", "Jam"]
    )
    told, blank = (outcomes.nearest(line[None], row[None], 1)[0][0] for row in above)
    assert told.entry.id == blank.entry.id == "ci-speedup"
    assert fitted(told)[0].measure == "time from push to build verdict"
    assert max(told.fits) > max(blank.fits)
    odd = replace(told, fits=(0.1, 0.3, 0.2), jointly=0.0)
    assert fitted(odd) == [told.entry.outcomes[1]]


def test_line_and_objective_that_agree_vouch_for_an_entry(outcomes: OutcomeMap) -> None:
    text = "Evening on phishing"
    line, above, other = outcomes.encode([text, "Security awareness of all staff", "Ship the new cold tier"])
    for row, agrees in ((above, True), (other, False)):
        (near,) = outcomes.nearest(line[None], row[None], 3)
        assert ("security-awareness" in {found.entry.id for found in fitting(chunks(text), near)}) == agrees
    (alone,) = outcomes.nearest(line[None], line[None], 3)
    assert all(found.jointly == 0.0 for found in alone)
