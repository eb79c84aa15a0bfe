"""The draft comes back whole, and every finding stands on its own words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.coach.flow import Coach
from app.coach.nouns import Finding, Severity, Source, Target
from app.coach.parse import parse_text
from app.coach.report import Engine, Review, report_okrs
from app.web.annotate import Background, Row, Section, annotate

from .site import DRAFT, HOSTILE, ScriptedCritic, scripted_coach


def blocks(parts: list[Section | Background]) -> list[Row | Background]:
    return [block for part in parts for block in ([part] if isinstance(part, Background) else part.blocks)]


def text_of(block: Row | Background) -> str:
    if isinstance(block, Background):
        return block.text
    return block.before + "".join(piece.text for piece in block.pieces) + block.after


LINES = st.lists(
    st.sampled_from(
        [
            "O: Guests come back",
            "KR1: Launch the wizard",
            "- Better help",
            "* NPS from 20 to 40  ",
            "| Depot | Depots run themselves | Missed pickups from 31 to 10 |",
            "|---|---|---|",
            "## Team North, Q3 2026",
            "\tsome prose, <b>bold</b> 🎯",
            "",
            "   ",
            "1. Raise revenue by 20 %",
        ]
    ),
    max_size=14,
).map("\n".join)


@given(LINES)
def test_no_word_of_a_draft_is_lost_or_moved(text: str) -> None:
    review = Coach(critic=ScriptedCritic()).review(parse_text(text))
    shown = "\n".join(text_of(block) for block in blocks(annotate(text, review)))
    assert shown.split() == text.split()


@given(LINES)
def test_every_finding_is_shown_once_and_its_pieces_are_its_quote(text: str) -> None:
    review = Coach(critic=ScriptedCritic()).review(parse_text(text))
    parts = annotate(text, review)
    rows = [block for block in blocks(parts) if isinstance(block, Row)]
    whole = [numbered for part in parts if isinstance(part, Section) for numbered in part.whole]
    placed = [numbered for row in rows for numbered in row.findings]
    assert sorted(number for number, _ in placed + whole) == list(range(1, len(review.findings) + 1))
    for row in rows:
        for numbered in row.findings:
            covering = [piece for piece in row.pieces if numbered in piece.findings]
            assert "".join(piece.text for piece in covering) == numbered[1].quote
            assert numbered in covering[0].begins
            assert numbered in covering[-1].ends


def test_overlapping_findings_cut_the_words_between_them() -> None:
    text = "KR: Launch a better app"
    draft = parse_text(text)
    line = draft.okrs[0].key_results[0]

    def finding(rule: str, severity: Severity, quote: str) -> Finding:
        start = text.index(quote)
        return Finding(rule, severity, start, start + len(quote), quote, "", "", (Source.RULE,), 1.0, Target(0, 0))

    found = (
        finding("activity-not-outcome", Severity.ERROR, line.text),
        finding("vague-wording", Severity.WARNING, "better"),
    )
    review = Review(draft, report_okrs(draft, found), found, None, "house", (), Engine("", {}, (), {}))
    (section,) = annotate(text, review)
    assert isinstance(section, Section)
    (row,) = section.blocks
    assert isinstance(row, Row)
    assert [(piece.text, [n for n, _ in piece.findings], piece.leads) for piece in row.pieces] == [
        ("Launch a ", [1], True),
        ("better", [1, 2], False),
        (" app", [1], False),
    ]
    assert [n for n, _ in row.pieces[1].begins] == [2]


def test_rows_between_okrs_stay_as_background() -> None:
    parts = annotate(HOSTILE + "\nKind regards,\nMo", scripted_coach().review(parse_text(HOSTILE)))
    assert isinstance(parts[0], Background)
    assert parts[0].text == "Q3 2026"
    assert isinstance(parts[-1], Background)
    assert parts[-1].text.endswith("Kind regards,\nMo")


def test_each_okr_is_a_section_of_its_own() -> None:
    parts = annotate(DRAFT, scripted_coach().review(parse_text(DRAFT)))
    assert [(part.okr, part.first, len(part.blocks)) for part in parts if isinstance(part, Section)] == [
        (0, True, 5),
        (1, True, 3),
    ]
