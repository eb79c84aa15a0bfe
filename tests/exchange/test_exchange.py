"""Files come back as they went out, whatever the texts hold."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import exchange
from app.errors import CoachError, InvalidInputError
from app.exchange import Format, Outgoing
from app.exchange.tables import guarded, unguarded

TEXT = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t=+-@',;\"|"), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
)
NAME = TEXT.map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def plans(draw: st.DrawFn) -> list[Outgoing]:
    objectives = draw(st.lists(TEXT, min_size=1, max_size=4, unique_by=lambda text: " ".join(text.split()).casefold()))
    return [
        Outgoing(
            f"{number:04x}",
            number + 1,
            draw(NAME),
            draw(st.none() | NAME),
            draw(st.none() | TEXT),
            objective,
            tuple(draw(st.lists(TEXT, max_size=3))),
        )
        for number, objective in enumerate(objectives)
    ]


@given(plans())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_tables_and_json_lose_nothing(plan: Sequence[Outgoing]) -> None:
    for kind in (Format.CSV, Format.JSON, Format.XLSX):
        read = exchange.read(exchange.write(plan, kind), kind)
        found = [
            Outgoing(
                row.okr_id or "",
                row.version or 0,
                row.cycle or "",
                row.team,
                row.parent,
                row.objective,
                row.key_results,
            )
            for row in read
        ]
        assert found == list(plan), kind


@given(st.text(max_size=20))
@settings(deadline=None, derandomize=True)
def test_a_guarded_cell_is_no_formula_and_comes_back(text: str) -> None:
    assert guarded(text)[:1] not in set("=+-@\t\r＝＋－＠")
    assert unguarded(guarded(text)) == text


@given(st.binary(max_size=200), st.sampled_from(list(Format)))
@settings(deadline=None, derandomize=True)
def test_any_bytes_are_read_or_refused_with_a_code(data: bytes, kind: Format) -> None:
    with contextlib.suppress(CoachError):
        assert exchange.read(data, kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("okrs.md", Format.MARKDOWN),
        ("OKRs Q3.XLSX", Format.XLSX),
        ("text/csv; charset=utf-8", Format.CSV),
        ("application/json", Format.JSON),
        ("plan.yml", Format.JSON),
        ("json", Format.JSON),
    ],
)
def test_a_format_is_known_by_name_or_type(name: str, kind: Format) -> None:
    assert exchange.format_of(name) is kind


@pytest.mark.parametrize("name", ["", "okrs.pdf", "application/octet-stream", "okrs"])
def test_another_format_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError):
        exchange.format_of(name)
