"""Drafts as people paste them (`drafts.md`), structured input, odd input, and the cost of large input."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.coach.nouns import Draft, Okr
from app.coach.parse import Format, ParseError, document_format, parse_document, parse_okrs, parse_text

DRAFTS = Path(__file__).with_name("drafts.md")
CASE = re.compile(r"^## (.+?)\n\n```draft\n(.*?)\n```\n\n```read\n(.*?)\n```", re.MULTILINE | re.DOTALL)


def drafts() -> Iterator[tuple[str, str, str]]:
    for name, text, read in CASE.findall(DRAFTS.read_text("utf-8")):
        yield name, text.replace("⇥", "\t"), read.replace("⇥", "\t")


def shown(draft: Draft) -> str:
    """The draft as `[team / cycle]` lines (when they change), `O objective` and `- key result`."""
    lines = []
    place = ""
    for okr in draft.okrs:
        where = " / ".join(part for part in (okr.team, okr.cycle) if part)
        if where != place:
            lines.append(f"[{where}]")
            place = where
        lines.append(f"O {okr.objective.text}" if okr.objective else "O")
        lines.extend(f"- {line.text}" for line in okr.key_results)
    return "\n".join(lines)


def exact(text: str, okrs: tuple[Okr, ...]) -> bool:
    lines = [line for okr in okrs for line in okr.lines]
    return all(line.text and text[line.start : line.end] == line.text for line in lines)


@pytest.mark.parametrize(("text", "read"), [pytest.param(*case[1:], id=case[0]) for case in drafts()])
def test_reads_a_draft_as_a_coach_does(text: str, read: str) -> None:
    draft = parse_text(text)
    assert shown(draft) == read
    assert exact(text, draft.okrs)
    assert draft.problems == ()


def test_a_letter_with_errands_holds_no_okrs() -> None:
    text = "Hi Moira,\n\ncould you bring these on Sunday:\n- the long ladder\n- two buckets\n- paint\n\nThanks\nEwan"
    assert [problem.code for problem in parse_text(text).problems] == ["no-okrs"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param(
            "Objective:\xa0Delight renters\r\n\xa0\xa0•\xa0KR1:\xa0Renewals from 61\xa0% to 75\xa0%\r\n"
            "\xa0\xa0•\xa0KR2: Vacancy from 9 to 4\r\n",
            "O Delight renters\n- Renewals from 61\xa0% to 75\xa0%\n- Vacancy from 9 to 4",
            id="windows line ends and hard spaces",
        ),
        pytest.param(
            "\ufeffObjective: \u200bDelight renters\u200b\nKR1: \u202aRenewals from 61% to 75%\u202c\u200e",
            "O Delight renters\n- Renewals from 61% to 75%",
            id="byte order mark, zero-width and bidi characters",
        ),
        pytest.param(
            "O: Delight renters\u2028KR1: Renewals from 61% to 75%\x0bKR2: Vacancy from 9% to 4%",
            "O Delight renters\n- Renewals from 61% to 75%\n- Vacancy from 9% to 4%",
            id="line separators of word processors",
        ),
        pytest.param(
            "```\nO: Delight renters\nKR: Renewals from 61% to 75%\n```",
            "O Delight renters\n- Renewals from 61% to 75%",
            id="fenced draft",
        ),
        pytest.param(
            "Objective: Delight \ud800 renters\nKR1: Renewals \udfff from 61% to 75%",
            "O Delight \ud800 renters\n- Renewals \udfff from 61% to 75%",
            id="lone surrogates",
        ),
    ],
)
def test_reads_odd_characters(text: str, read: str) -> None:
    draft = parse_text(text)
    assert shown(draft) == read
    assert exact(text, draft.okrs)


def test_spans_count_code_points_of_the_whole_text() -> None:
    text = "🎯 Objective: Delight renters\n✅ KR1: Renewals from 61% to 75% 🚀"
    okr = parse_text(text).okrs[0]
    assert okr.objective is not None
    assert (okr.objective.start, okr.objective.end) == (13, 28)
    assert [(line.start, line.end) for line in okr.key_results] == [(36, 60)]


def test_names_the_cycle_of_a_draft_only_if_it_has_one() -> None:
    assert parse_text("Cycle: Q3 2026\nO: Win\nKR: 5 signed").cycle == "Q3 2026"
    both = parse_text("Cycle: Q3 2026\nO: Win\nKR: 5 signed\n\nCycle: Q4 2026\nO: Grow\nKR: 9 signed")
    assert both.cycle is None
    assert [okr.cycle for okr in both.okrs] == ["Q3 2026", "Q4 2026"]


@pytest.mark.parametrize(
    ("title", "cycle"),
    [
        ("Fall prevention on the wards", None),
        ("Store operations, fall", "fall"),
        ("Choir - season 2026/27", "season 2026/27"),
        ("Lab OKRs 1 April - 30 June 2027", "1 April - 30 June 2027"),
        ("IT Operations - Q1 26/27", "Q1 26/27"),
        ("Dear all, we met on 4 May 2026 and talked about many things that went well or badly last year.", None),
    ],
)
def test_names_the_cycle_that_a_plain_title_holds(title: str, cycle: str | None) -> None:
    assert parse_text(f"{title}\n\nO: Win\nKR: 5 signed").cycle == cycle


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \t\r\n\u200b\ufeff\xa0", "empty"),
        ("O: a\x00\x00KR: b", "binary"),
        ("\x01\x02\x7f\x1b" * 50 + "Objective", "binary"),
        ("Hi Jonas,\n\nour OKRs are due on Friday. Could you send yours?\n\nBest regards,\nMia", "no-okrs"),
        ("To do\n- call the dentist\n- buy milk\n- pay the rent", "no-okrs"),
        ("Objective:\n", "no-okrs"),
        ("---\n***\n", "no-okrs"),
    ],
)
def test_says_what_it_could_not_read(text: str, code: str) -> None:
    draft = parse_text(text)
    assert draft.okrs == ()
    assert [problem.code for problem in draft.problems] == [code]
    assert all(0 <= problem.start <= problem.end <= len(text) for problem in draft.problems)
    assert "Objective: …" in draft.problems[0].message


def test_shows_rows_that_name_no_key_result() -> None:
    text = "Objective\tKey result\tOwner\nDelight renters\tRenewals from 61% to 75%\tAna\n\t\tBo"
    draft = parse_text(text)
    assert shown(draft) == "O Delight renters\n- Renewals from 61% to 75%"
    problem = draft.problems[0]
    assert problem.code == "unreadable-row"
    assert text[problem.start : problem.end] == "Bo"


class TestStructured:
    """`parse_okrs`: offsets count within each item's own string."""

    def test_reads_items(self) -> None:
        draft = parse_okrs(
            [
                {
                    "objective": " Delight renters ",
                    "key_results": ["Renewals from 61% to 75%"],
                    "team": "Lettings",
                },
                {"objective": None, "key_results": ["Vacancy from 9% to 4%\n"], "cycle": "Q3 2026"},
                {"objective": "Fill the calendar", "key_results": []},
            ]
        )
        assert shown(draft) == (
            "[Lettings]\nO Delight renters\n- Renewals from 61% to 75%\n"
            "[Q3 2026]\nO\n- Vacancy from 9% to 4%\n[]\nO Fill the calendar"
        )
        objective = draft.okrs[0].objective
        assert objective is not None
        assert (objective.start, objective.end) == (1, 16)

    def test_says_which_items_are_empty(self) -> None:
        draft = parse_okrs([{"objective": "Win", "key_results": [" ", "5 signed"]}, {"objective": ""}])
        assert shown(draft) == "O Win\n- 5 signed"
        assert [problem.code for problem in draft.problems] == ["empty", "empty"]
        assert "okrs[0].key_results[0]" in draft.problems[0].message
        assert "okrs[1]" in draft.problems[1].message

    def test_says_that_nothing_was_sent(self) -> None:
        assert [problem.code for problem in parse_okrs([]).problems] == ["empty"]

    @pytest.mark.parametrize(
        ("items", "place"),
        [
            ("Objective: Win", "okrs must be a list"),
            ({"objective": "Win"}, "okrs must be a list"),
            (["Win"], "okrs[0] must be an object"),
            ([{"objective": 5}], "okrs[0].objective must be a text, not a number"),
            ([{"objective": "Win", "key_results": "5 signed"}], "okrs[0].key_results must be a list"),
            ([{"key_results": ["5 signed", None]}], "okrs[0].key_results[1] must be a text, not null"),
            ([{"objective": "Win", "team": ["A"]}], "okrs[0].team must be a text, not a list"),
            ([{"objective": "Win", "cycle": True}], "okrs[0].cycle must be a text, not true or false"),
        ],
    )
    def test_refuses_wrong_types(self, items: object, place: str) -> None:
        with pytest.raises(ParseError) as caught:
            parse_okrs(items)  # type: ignore[arg-type]
        assert caught.value.code == "wrong-type"
        assert place in caught.value.message


JSON_LIST = '[{"objective": "Win the south", "key_results": ["25 clinics signed"], "team": "Sales"}]'
YAML_OKRS = """\
team: Sales
cycle: 2026
okrs:
  - objective: Win the south
    key_results:
      - 25 clinics signed
      - "Pipeline: 3 times the target"
  - title: Keep the north
    krs:
      - text: Renewals from 80% to 90%
"""
YAML_READ = """\
[Sales / 2026]
O Win the south
- 25 clinics signed
- Pipeline: 3 times the target
O Keep the north
- Renewals from 80% to 90%"""
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nokrs: [*b, *b]\n"


class TestDocument:
    """`parse_document`: JSON, YAML or free text."""

    @pytest.mark.parametrize(
        ("text", "kind", "read"),
        [
            (JSON_LIST, "json", "[Sales]\nO Win the south\n- 25 clinics signed"),
            (
                '\ufeff{"cycle": "Q3", "objectives": [{"name": "Win", "keyResults": [{"kr": "5 signed"}]}]}',
                "json",
                "[Q3]\nO Win\n- 5 signed",
            ),
            ('{"objective": "Win", "krs": ["5 signed"]}', "json", "O Win\n- 5 signed"),
            ('{"teams": [{"name": "Sales", "okrs": [{"objective": "Win"}]}]}', "json", "[Sales]\nO Win"),
            (
                YAML_OKRS,
                "yaml",
                YAML_READ,
            ),
            ("- objective: Win\n  key_results: [5 signed]\n", "yaml", "O Win\n- 5 signed"),
            ("objectives:\n- Win the south\n", "yaml", "O Win the south"),
            (
                "Objective: Win the south\nKR: 25 clinics signed",
                "text",
                "O Win the south\n- 25 clinics signed",
            ),
            (
                "[Draft] Sales\nO: Win the south\nKR: 25 signed",
                "text",
                "[Sales]\nO Win the south\n- 25 signed",
            ),
        ],
    )
    def test_reads_files(self, text: str, kind: Format, read: str) -> None:
        assert document_format(text) == kind
        assert shown(parse_document(text)) == read
        assert shown(parse_document(text, kind)) == read

    def test_spans_of_structured_files_count_within_the_item(self) -> None:
        for line in parse_document(YAML_OKRS).okrs[0].lines:
            assert (line.start, line.end) == (0, len(line.text))

    @pytest.mark.parametrize(
        ("text", "kind", "code"),
        [
            ('{"objective": "Win",', "json", "malformed-json"),
            ('{"objective": "Win"', "auto", "malformed-json"),
            ("[" * 100_000, "json", "malformed-json"),
            ('{"n": ' + "9" * 5000 + "}", "json", "malformed-json"),
            ('"Win"', "json", "wrong-type"),
            ('{"note": 1}', "json", "no-okrs"),
            ('[{"objective": ["Win"]}]', "json", "wrong-type"),
            ("okrs: [a, b", "yaml", "malformed-yaml"),
            ("okrs: !!python/object/apply:os.system [ls]", "yaml", "malformed-yaml"),
            (BOMB, "yaml", "yaml-alias"),
            (BOMB, "auto", "yaml-alias"),
            ("okrs: " + "[" * 100 + "]" * 100, "yaml", "too-deep"),
            ("- objective: Win\n" * 20_000, "yaml", "too-large"),
            ("- objective: Win\n  krs:\n  - Pipeline: 3 times\n", "yaml", "wrong-type"),
        ],
    )
    def test_refuses_broken_files(self, text: str, kind: Format, code: str) -> None:
        with pytest.raises(ParseError) as caught:
            parse_document(text, kind)
        assert caught.value.code == code
        assert caught.value.message.endswith(".")

    def test_an_empty_file_is_a_problem(self) -> None:
        for kind in ("auto", "text", "json", "yaml"):
            assert [problem.code for problem in parse_document(" \n", kind).problems] == ["empty"]


PIECES = st.sampled_from(
    [
        *(
            "Objective",
            "O1",
            "KR",
            "KR 1.2",
            "Key Results",
            "Team: X",
            "# ",
            "## ",
            "- ",
            "  - ",
            "• ",
            "1. ",
            "a) ",
        ),
        *(
            "\n",
            "\n\n",
            "\r\n",
            "\t",
            "|",
            " | ",
            "|---|---|",
            "```",
            "> ",
            "**",
            "_",
            "`",
            "[P1]",
            "(owner: Ana)",
        ),
        *(
            "@ana",
            "0.7",
            "🎯",
            "✅",
            "https://x.y",
            "from 3 to 5",
            "50%",
            "Q3 2026",
            "OKRs",
            "Win",
            ": ",
            " – ",
            "…",
        ),
        *(
            "\u200b",
            "\u202e",
            "\ufeff",
            "\xa0",
            "\ud800",
            "\x0b",
            "\u2028",
            "Initiatives:",
            "Why: ",
            "<li>",
            "=\n",
        ),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=300))
def test_never_raises_and_keeps_spans_exact(text: str) -> None:
    for draft in (parse_text(text), parse_document(text, "text")):
        assert exact(text, draft.okrs)
        assert draft.okrs or draft.problems
        assert all(0 <= problem.start <= problem.end <= len(text) for problem in draft.problems)
        starts = [line.start for okr in draft.okrs for line in okr.lines]
        assert len(starts) == len(set(starts))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["objective", "key_results", "okrs", "team", "krs", "text"]), inner)
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_structured_input_is_read_or_refused_with_a_code(value: object) -> None:
    document = json.dumps(value)
    for format_ in ("json", "auto", "yaml"):
        with contextlib.suppress(ParseError):
            assert isinstance(parse_document(document, format_), Draft)
    with contextlib.suppress(ParseError):
        assert isinstance(parse_okrs(value), Draft)  # type: ignore[arg-type]


LARGE = {
    "bullets": "Objective: Win\n" + "- sign 25\n" * 10_000,
    "labels": "O: Win the south\nKR: 25 clinics signed\n" * 2_600,
    "one line": "KR: " + "word " * 20_000,
    "marks": "KR: x " + "[P1] @ana 0.7 " * 7_000,
    "deep bullets": "".join("  " * depth + "- win\n" for depth in range(310)),
    "deep quotes": ">" * 100_000,
    "bullets on one line": "- " * 50_000,
    "table": "| Objective | Key result |\n|---|---|\n" + "| Win | 25 signed |\n" * 5_000,
    "cells": "a\t" * 50_000,
    "stars": "O: " + "*" * 100_000,
    "brackets": "KR: " + "[" * 50_000 + "]" * 50_000,
    "links": "KR: x " + "https://a.b/c " * 7_000,
    "plain lines": "Win 5 more\n\n" * 8_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", LARGE)
def test_large_input_takes_linear_work(name: str, calls_made: Callable[[Callable[[], object]], int]) -> None:
    text = LARGE[name]
    quarter, whole = text[: len(text) // 4], text
    assert exact(whole, parse_text(whole).okrs)
    made = [calls_made(lambda part=part: parse_text(part)) for part in (quarter, whole)]  # type: ignore[misc]
    assert made[1] < max(10_000, 5 * made[0])
