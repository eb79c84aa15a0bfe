"""From findings to rewrites: each kind's cure, reviewed again by the same flow."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.coach.flow import Coach
from app.coach.nouns import Context, Pillar, Target
from app.coach.parse import parse_okrs, parse_text
from app.coach.rewrite.blanks import fill
from app.coach.rewrite.nouns import Answer, Rewrite
from app.coach.rewrite.rewriter import Rewriter, Rewritten, Wish

Run = Callable[..., Rewritten]
REST = ("Raise repeat stays from 22 % to 30 %", "Cut check-in time from 11 to 4 minutes")
OBJECTIVE = "Guests come back"


def of_line(found: Rewritten, at: int | None, kind: str = "line") -> list[Rewrite]:
    return [r for r in found.rewrites if r.candidate.target.key_result == at and r.candidate.kind == kind]


def texts(found: Rewritten, at: int | None, kind: str = "line") -> list[str]:
    return [rewrite.candidate.text for rewrite in of_line(found, at, kind)]


CURES = [
    ("Keep NPS above 50", "kpi-as-okr", r"^Raise NPS from \[current number\] to 50$"),
    ("No-show rate under 4 %", "kpi-as-okr", r"^Cut no-show rate from \[current %\] to 4 %$"),
    ("Every letter is answered within 2 days", "kpi-as-okr", r"^Raise the share of letters .*answered within 2 days from"),  # noqa: E501
    ("Zero lost bags", "kpi-as-okr", r"^Cut lost bags from \[current number\] to zero$"),
    ("Launch the new booking app", "activity-not-outcome", (r"^(?:Raise|Increase|Cut|Lower|Grow|"
                                                           r"Lift) .* from \[current")),
    ("Increase NPS to 60", "missing-baseline", r"^Increase NPS from \[current NPS\] to 60$"),
    ("Cut laundry costs by 15 %", "missing-baseline", r"^Cut laundry costs by 15 %, from \[current laundry costs\] to \["),  # noqa: E501
    ("Improve the breakfast", "not-measurable", r"^Improve the breakfast, measured by \[measure\], from \[current"),
    ("Increase revenue to $3.5M and cut refunds to 2 %", "compound-key-result", r"^Increase revenue .*\$3.5M\nCut refunds .*2 %$"),  # noqa: E501
    ("Reduce churn from 4 % to 5 %", "no-stretch", r"^Reduce churn from 5 % to 4 %$"),
    ("Grow members from 5,000 to 5,050", "no-stretch", r"^Grow members from 5,000 to \[bolder target\]$"),
    ("Raise NPS from 40 to 60 by December 2027", "horizon-mismatch", r"by the end of Q3 2026$"),
    ("Raise NPS from 40 to 60 to get the full bonus", "tied-to-pay", r"^Raise NPS from 40 to 60$"),
    ("Maria closes 40 group bookings", "individual-goal", r"^\[Our team\] closes 40 group bookings$"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "rule", "wanted"), CURES, ids=[f"{rule}-{line[:20]}" for line, rule, _ in CURES])
def test_each_finding_has_its_cure(run: Run, coach: Coach, line: str, rule: str, wanted: str) -> None:
    found = run(OBJECTIVE, line, *REST)
    shown = of_line(found, 0)
    assert any(re.search(wanted, rewrite.candidate.text) for rewrite in shown), [r.candidate.text for r in shown]
    for rewrite in shown:
        assert rule in rewrite.answers
        assert rewrite.grade_after > rewrite.grade_before
        lines = [*fill(rewrite.candidate.text).split("\n"), *REST]
        draft = parse_okrs([{"objective": OBJECTIVE, "key_results": lines, "cycle": "Q3 2026"}])
        again = coach.review(draft)
        assert not {f.rule for f in again.findings if f.target.key_result == 0} - {"missing-baseline"}


def test_attention_gives_way_to_what_people_do_next(run: Run) -> None:
    found = run(None, "Grow followers from 2,000 to 5,000")
    assert texts(found, 0) == ["Raise the share of followers who [take the next step] from [current %] to [target %]"]


def test_a_line_that_is_no_result_may_move_to_where_it_belongs(run: Run) -> None:
    found = run(OBJECTIVE, "Launch the new booking app", "Keep NPS above 50", *REST)
    assert [r.candidate.goes_to for r in of_line(found, 0, "move")] == ["roadmap"]
    assert [r.candidate.goes_to for r in of_line(found, 1, "move")] == ["health metrics"]


def test_the_same_move_is_not_shown_where_too_little_would_remain(run: Run) -> None:
    found = run(OBJECTIVE, "Launch the new booking app", REST[0])
    assert not of_line(found, 0, "move")
    assert "too-few-key-results" in " ".join(d.message for d in found.dropped if d.reason == "new-finding")


def test_a_guess_says_so_and_asks_first(run: Run) -> None:
    found = run(OBJECTIVE, "Launch the new booking app", *REST)
    assert all("guess" in r.candidate.why for r in of_line(found, 0) if r.candidate.guess)
    assert [q.text for q in found.questions] == ["What will be different for whom when this is done?"]


def test_a_figure_in_the_objective_becomes_a_key_result(run: Run) -> None:
    first = texts(run("Increase revenue to $3.5M", *REST), None)[0].split("\n")
    assert not re.search(r"\d", first[0])
    assert first[1] == "Increase revenue from [current level] to $3.5M"


def test_too_many_says_which_to_cut(run: Run) -> None:
    lines = [
        *REST,
        "Raise NPS from 40 to 60",
        "Cut waste from 9 to 4 kg a day",
        "Launch the app",
        "Keep uptime at 99 %",
    ]
    found = run(OBJECTIVE, *lines)
    cut = next(r for r in of_line(found, None, "okr") if r.candidate.answers == ("too-many-key-results",))
    assert not {"Launch the app", "Keep uptime at 99 %"} <= set(cut.candidate.text.split("\n"))
    assert "cuts number" in cut.candidate.why


def test_too_few_gets_one_to_fill_in(run: Run) -> None:
    found = run(OBJECTIVE, REST[0])
    assert any(text.startswith(f"{OBJECTIVE}\n{REST[0]}\n") for text in texts(found, None, "okr"))


def test_without_a_cycle_the_date_is_a_blank(run: Run) -> None:
    assert "by [date]" in texts(run(OBJECTIVE, *REST, cycle=None), None, "okr")[0]


def test_the_whole_okr_comes_with_the_best_of_each_line(run: Run) -> None:
    found = run(OBJECTIVE, "Launch the new booking app", "Keep NPS above 50", *REST)
    whole = of_line(found, None, "okr")[0]
    assert whole.grade_after == 100
    assert whole.candidate.text.split("\n")[0] == OBJECTIVE
    assert set(REST) <= set(whole.candidate.text.split("\n"))


def test_a_clean_okr_gets_nothing(run: Run) -> None:
    assert run(OBJECTIVE, *REST) == Rewritten()


def test_an_answer_fills_a_blank_and_stays_attributed(run: Run) -> None:
    answer = Answer(Target(0, 0), "41", blank="current number")
    found = run(OBJECTIVE, "Keep NPS above 50", *REST, wish=Wish(answers=(answer,)))
    first = of_line(found, 0)[0]
    assert first.candidate.text == "Raise NPS from 41 to 50"
    assert first.answered == ("41",)


def test_an_answer_names_the_outcome(run: Run) -> None:
    answer = Answer(Target(0, 0), "guests book without calling us", question="0/0/activity-not-outcome")
    first = of_line(run(OBJECTIVE, "Launch the new booking app", *REST, wish=Wish(answers=(answer,))), 0)[0]
    assert first.candidate.text == (
        "Raise the share of guests who book without calling us from [current %] to [target %]"
    )
    assert not first.candidate.guess
    assert first.answered == (answer.text,)


def test_only_the_lines_asked_for_are_rewritten(run: Run) -> None:
    lines = ("Launch the new booking app", "Keep NPS above 50", *REST)
    found = run(OBJECTIVE, *lines, wish=Wish(targets=(Target(0, 1), Target(0, 2))))
    assert {r.candidate.target for r in found.rewrites} == {Target(0, 1)}
    assert [(d.reason, d.target) for d in found.dropped if d.reason == "no-finding"] == [("no-finding", Target(0, 2))]


def test_at_most_n_wordings_a_line(run: Run) -> None:
    assert len(of_line(run(OBJECTIVE, "Launch the new booking app", *REST, wish=Wish(n=1)), 0)) == 1


def test_the_diff_makes_one_of_the_other(run: Run) -> None:
    line = "Keep NPS above 50"
    rewrite = of_line(run(OBJECTIVE, line, *REST), 0)[0]
    assert "".join(c.text for c in rewrite.diff if c.op != "in") == line
    assert "".join(c.text for c in rewrite.diff if c.op != "out") == rewrite.candidate.text


def test_lone_lines_are_rewritten_too(run: Run) -> None:
    assert texts(run(None, "Keep NPS above 50"), 0) == ["Raise NPS from [current number] to 50"]


def test_other_languages_are_left_alone(run: Run) -> None:
    found = run(
        "Die Gäste kommen gerne wieder zu uns", "Wir starten die neue App und das ist gut", "Der NPS bleibt über 50"
    )
    assert not found.rewrites


def test_rules_alone_are_enough(rewriter: Rewriter, rules_only: Coach) -> None:
    draft = parse_okrs([{"objective": OBJECTIVE, "key_results": ["Increase NPS to 60", *REST], "cycle": "Q3 2026"}])
    found = rewriter.rewrite(rules_only.review(draft, critic="none"), Context(), Wish(), "none")
    assert texts(found, 0)[0] == "Increase NPS from [current NPS] to 60"


def test_a_strategy_in_the_draft_binds_rewrites_as_one_that_is_given_does(coach: Coach, rewriter: Rewriter) -> None:
    pillars = (Pillar("Guests finish what they begin"), Pillar("A brand people trust"))
    strategy = "## Strategy\n" + "".join(f"- {pillar.name}\n" for pillar in pillars)
    office = "Objective: An office that people like\nKR: eNPS from 20 to 35\nKR: rent from 10 to 8 k"
    plain, given = Context(cycle="Q1 2027"), Context(cycle="Q1 2027", strategy=pillars)
    there = rewriter.rewrite(coach.review(parse_text(f"{strategy}\n{office}"), plain), plain)
    apart = rewriter.rewrite(coach.review(parse_text(office), given), given)
    assert [each.candidate.text for each in there.rewrites] == [each.candidate.text for each in apart.rewrites]
