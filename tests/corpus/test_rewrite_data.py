"""The map of outcomes, the reference rewrites, the traps and the preferences are what their data card says."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pytest

from app.coach.flow import look
from app.coach.nouns import Context, Draft, Line, Okr
from app.coach.profiles import profile
from app.coach.rules import load_rules
from app.services.embeddings import MODELS, OnnxEncoder
from app.training.data import CORPUS, line_samples, rows
from evals.dataset import corpus
from evals.preferences import EMBEDDED, REFERENCE, TEMPLATE, read, table
from evals.rewriting.fluency import LONGEST_KEY_RESULT, LONGEST_OBJECTIVE, awkward
from evals.rewriting.inventions import inventions
from evals.rewriting.shown import BLANK, Shown
from evals.solvers.rewriters import TEMPLATE as BARE
from evals.tasks.rewrite import samples

MAP = list(rows("outcomes.jsonl"))
OUTCOMES = [(entry["id"], outcome) for entry in MAP for outcome in entry["outcomes"]]
REFERENCES = list(rows("rewrites.jsonl"))
PREFERENCES = list(rows("preferences.jsonl"))
TRAPS = list(rows("traps.jsonl"))
SAMPLES = {sample.id: sample for sample in samples(corpus("test"))}
FIGURE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|twenty|thirty|fifty|hundred|thousand|half|double)\b"
)


def words(text: str) -> int:
    """How many there are, a blank counting as one."""
    return len(BLANK.sub("blank", text).split())


def test_the_map_is_large_and_its_entries_are_whole() -> None:
    assert len(MAP) >= 300
    assert max(Counter(entry["id"] for entry in MAP).values()) == 1
    assert len({entry["function"] for entry in MAP}) >= 20
    for entry in MAP:
        assert set(entry) == {"id", "about", "function", "examples", "outcomes"}
        assert re.fullmatch(r"[a-z]+(?:-[a-z]+)*", entry["id"])
        assert 5 <= len(set(entry["examples"])) <= 7, entry["id"]
        assert 3 <= len(entry["outcomes"]) <= 4, entry["id"]


@pytest.mark.parametrize("field", ["text", "plain"])
def test_outcomes_are_key_results_with_a_blank_for_every_figure(field: str) -> None:
    for name, outcome in OUTCOMES:
        text = outcome[field]
        assert len(BLANK.findall(text)) == 2, name
        assert not FIGURE.search(BLANK.sub("", text).lower()), text
        assert re.search(r" from \[current [^\]]+\] to \[target [^\]]+\]", text), text
        assert words(text) <= LONGEST_KEY_RESULT, text
        assert not awkward(Shown("line", text.replace("{object}", "tide tables")), text, is_objective=False), text


def test_only_the_text_has_room_for_the_object() -> None:
    for name, outcome in OUTCOMES:
        assert set(outcome) == {"text", "plain", "who", "direction", "measure"}
        assert outcome["direction"] in {"up", "down"}, name
        assert outcome["text"].count("{object}") <= 1
        assert "{" not in outcome["plain"] + outcome["who"] + outcome["measure"], name
        assert ("{object}" in outcome["text"]) or outcome["text"] == outcome["plain"], name
    assert sum("{object}" in outcome["text"] for _, outcome in OUTCOMES) >= len(OUTCOMES) / 4


def test_the_verb_says_the_direction() -> None:
    rising = {"Raise", "Grow", "Lift", "Increase", "Extend"}
    falling = {"Cut", "Lower", "Reduce", "Bring", "Close"}
    for name, outcome in OUTCOMES:
        verb = outcome["plain"].split()[0]
        assert verb in (rising if outcome["direction"] == "up" else falling), (name, outcome["plain"])


def test_no_rule_finds_fault_with_an_outcome_of_the_map() -> None:
    okrs = tuple(Okr(None, (Line.whole(o["plain"]),), team=str(at), cycle="Q3") for at, (_, o) in enumerate(OUTCOMES))
    view = look(Draft(okrs), Context(), profile("house"))
    found = [(rule.id, hit.where.line.text) for rule in load_rules() if rule.check for hit in rule.check(view)]
    assert not found


def test_examples_of_the_map_are_no_lines_of_the_test_split() -> None:
    examples = [example for entry in MAP for example in entry["examples"]]
    lines = [sample.text for sample in line_samples("test") if sample.label == "activity"]
    encoder = OnnxEncoder(MODELS / "minilm")
    table = encoder.encode(lines) @ encoder.encode(examples).T
    near = [(lines[i], examples[j]) for i, j in np.argwhere(table > 0.95)]
    assert len(near) <= len(lines) * 0.01, near


def test_references_belong_to_flagged_lines_of_the_test_split() -> None:
    assert len(REFERENCES) >= 120
    assert max(Counter(row["id"] for row in REFERENCES).values()) == 1
    for row in REFERENCES:
        assert row["rule"] in (SAMPLES[row["id"]].target or ()), row["id"]
        assert 1 <= len(row["references"]) <= 3


@pytest.mark.parametrize("row", REFERENCES, ids=lambda row: str(row["id"]))
def test_references_are_what_the_rubric_asks_of_a_rewrite(row: dict[str, Any]) -> None:
    sample = SAMPLES[row["id"]]
    objective = sample.input.key_result is None
    for text in row["references"]:
        assert words(text) <= (LONGEST_OBJECTIVE if objective else LONGEST_KEY_RESULT)
        assert not inventions(text, sample.input.source)
        assert not awkward(Shown("line", text), sample.input.line.text, is_objective=objective)
        assert not (objective and BLANK.search(text))


def test_every_sort_of_trap_is_there() -> None:
    assert len(TRAPS) >= 30
    assert set(Counter(row["trap"] for row in TRAPS)) == {
        "number in words",
        "number in a name",
        "name",
        "date",
        "unit",
        "order",
    }
    for row in TRAPS:
        assert bool(row["forbidden"]) == (row["trap"] == "order")
        assert all(word in row["text"] for word in row["forbidden"])


def test_preferences_name_their_author_and_both_writers() -> None:
    assert len(PREFERENCES) >= 70
    for row in PREFERENCES:
        assert row["id"] in SAMPLES
        assert row["preferred"] in {"a", "b", "tie"}
        assert row["by"] == "language model, rubric given"
        assert {row["writer_a"], row["writer_b"]} <= {EMBEDDED, TEMPLATE, REFERENCE}
        assert row["writer_a"] != row["writer_b"]
        for side in "ab":
            if row[f"writer_{side}"] == TEMPLATE:
                assert row[side] == BARE
            if row[f"writer_{side}"] == REFERENCE:
                assert row[side] in SAMPLES[row["id"]].input.references


def test_the_order_of_a_pair_tells_nothing() -> None:
    first = Counter(row["writer_a"] for row in PREFERENCES)
    second = Counter(row["writer_b"] for row in PREFERENCES)
    for writer in (EMBEDDED, TEMPLATE, REFERENCE):
        assert 0.35 <= first[writer] / (first[writer] + second[writer]) <= 0.65


def test_the_page_holds_the_win_rates() -> None:
    page = (CORPUS.parent / "docs" / "rewrites.md").read_text("utf-8")
    assert "\n".join(table(read())) in page
