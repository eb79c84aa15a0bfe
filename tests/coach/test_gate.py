"""The gate decides alike for every case, and its data means the same in JavaScript."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from app.coach.parse import parse_text
from app.coach.parse.gate import gate, weigh

ROOT = Path(__file__).resolve().parents[2]
CASES = json.loads((ROOT / "corpus" / "gate-cases.json").read_text("utf-8"))
DATA = json.loads((ROOT / "app" / "coach" / "data" / "gate.json").read_text("utf-8"))
PATTERNS = {
    **{f"kind {number}": row["pattern"] for number, row in enumerate(DATA["kinds"])},
    **{row["id"]: row["pattern"] for row in (*DATA["lines"], *DATA["shapes"])},
    **{name: DATA[name] for name in ("drop", "indent", "line_break")},
}
ODD_ESCAPE = re.compile(r"\\[wWdDsSbBAZ]|\\[-'\" #&,/:;<=>@_`~%!]")
"""Classes and anchors that differ for other scripts, and escapes that JavaScript's u flag refuses."""
ODD_GROUP = re.compile(r"\(\?(?![:=!])|[*+?}]\+")
"""Named groups, flags, lookbehind, possessive quantifiers."""
CLASS = re.compile(r"\[(?:\\.|[^\]\\])*\]")


@pytest.mark.parametrize("case", [pytest.param(case, id=case["why"]) for case in CASES])
def test_decides_whether_a_text_holds_okrs(case: dict[str, object]) -> None:
    text = str(case["text"])
    assert weigh(text).holds is case["holds"]
    assert bool(parse_text(text).okrs) is case["holds"]


def test_cases_are_balanced_and_distinct() -> None:
    held = sum(case["holds"] for case in CASES)
    assert len(CASES) >= 120
    assert 0.4 < held / len(CASES) < 0.6
    assert len({case["text"] for case in CASES}) == len({case["why"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_mean_the_same_in_both_languages(name: str) -> None:
    assert not ODD_ESCAPE.search(PATTERNS[name])
    assert not ODD_GROUP.search(CLASS.sub("[]", PATTERNS[name]))


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Raise renewals from 61% to 75%", True),
        ("Launch the new website", True),
        ("Raise renewals\nCut vacancy", True),
        ("milk\neggs\nbread", False),
        ("Hi Ben,\nsee you at eight\nMia", False),
        ("Mara Lind\n12 Harbour Street\n24103 Kiel", False),
        ("Launch it.\n" * 40, False),
    ],
)
def test_reads_lone_lines(text: str, alone: bool) -> None:
    assert weigh(text).alone is alone


def test_shows_its_evidence() -> None:
    weight = weigh("Objective: Win\n\n- 25 clinics signed\n  - by March")
    assert weight.shape == "o_bB"
    assert weight.score >= gate().threshold


def test_reads_a_bounded_part() -> None:
    limit = gate().max_lines
    assert len(weigh("\n" * (limit * 2)).shape) == limit
    assert weigh("x" * 1_000_000).shape in {"s", "p"}
