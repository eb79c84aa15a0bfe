"""What holds for every rule: a fixture, a page, a name, words that end well, and examples that pass."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rule_fixtures import look, read_fixture, said_by, view_of
from test_fixtures import HEADLINE

from app.coach.nouns import Context, Line, Okr
from app.coach.parse import parse_text
from app.coach.profiles import load_profiles
from app.coach.quantities import measure
from app.coach.rules import RuleFileError, discover, load_rules
from app.coach.rules.pages import SECTIONS, markdown, page
from app.coach.rules.rule import DraftView, LineView, OkrView, Rule

FOLDER = Path(__file__).parent
RULES = load_rules()
CHECKED = [rule for rule in RULES if rule.check]
BLOCK = re.compile(r"```okr\n(.*?)```", re.DOTALL)

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
each_checked_rule = pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.id)


def example(rule: Rule, which: int) -> DraftView:
    """The example before (0) or after (-1) on the page of `rule`, as rules see it."""
    block = BLOCK.findall(page(rule).sections["Do this instead"])[which]
    context = [line.partition(":")[2].strip() for line in block.splitlines() if line.startswith("Parent")]
    lines = [line for line in block.splitlines() if not line.startswith(("Parent", "Strategy"))]
    parent = Okr(Line.whole(context[0]), tuple(map(Line.whole, context[1:]))) if context else None
    return look(parse_text("\n".join(lines)), Context(parent=parent))


def said(view: DraftView) -> Iterator[tuple[str, str]]:
    """What all rules say of a draft: rule and quote."""
    for rule in CHECKED:
        assert rule.check
        for hit in rule.check(view):
            yield rule.id, hit.where.text[hit.start : hit.end]


def test_the_rubric_is_covered() -> None:
    assert {rule.id for rule in RULES} == {
        *("activity-not-outcome", "kpi-as-okr", "missing-strategy-link"),
        *("not-measurable", "missing-baseline", "missing-deadline", "vague-wording", "metric-in-objective"),
        *("compound-key-result", "vanity-metric", "individual-goal", "tied-to-pay", "no-stretch"),
        *("horizon-mismatch", "too-few-key-results", "too-many-key-results", "too-many-objectives"),
        *("one-sided-metrics", "all-lagging", "duplicate-key-result", "copied-from-parent"),
    }


def test_every_fixture_has_a_rule_and_every_rule_a_fixture() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == {rule.id for rule in RULES}


@each_rule
def test_fixture_has_flagged_and_clean_cases_each_named_once(rule: Rule) -> None:
    cases = read_fixture(FOLDER / f"{rule.id}.md")
    flagged = Counter(case.flagged for case in cases)
    assert flagged[True] >= 4
    assert flagged[False] >= 4
    assert max(Counter(case.name for case in cases).values()) == 1


@each_rule
def test_page_has_a_summary_and_every_section(rule: Rule) -> None:
    shown = page(rule)
    assert shown.summary.endswith(".")
    assert tuple(shown.sections) == SECTIONS
    assert all(shown.sections.values())
    assert set(shown.agree) | set(shown.disagree) == set(load_profiles())


@each_rule
def test_message_and_question_read_as_sentences(rule: Rule) -> None:
    assert rule.message[0].isupper()
    assert rule.message.endswith(".")
    assert rule.question[0].isupper()
    assert rule.question.endswith("?")


@each_checked_rule
def test_hits_lie_in_their_line_and_never_twice_on_the_same_words(rule: Rule) -> None:
    assert rule.check
    for case in read_fixture(FOLDER / f"{rule.id}.md"):
        places = []
        for hit in rule.check(view_of(case)):
            start, end = hit.start or 0, len(hit.where.text) if hit.end is None else hit.end
            assert 0 <= start < end <= len(hit.where.text)
            assert (hit.message or rule.message).endswith((".", "?"))
            places.append((hit.where.objective, hit.where.key_result, start, end))
        assert len(places) == len(set(places))


@each_rule
def test_the_better_example_of_a_page_passes_every_rule(rule: Rule) -> None:
    assert list(said(example(rule, -1))) == []


@each_checked_rule
def test_the_worse_example_of_a_page_is_flagged_by_its_rule(rule: Rule) -> None:
    if rule.id in HEADLINE:
        pytest.skip("judged by a critic, not by a rule")
    assert rule.id in {name for name, _ in said(example(rule, 0))}


NEW_RULE = '''"""A line in capitals.

## Finds

Shouting.

## Why it matters

It is loud.

## Do this instead

Whisper.

## Sources

Ours.
"""

from app.coach.nouns import Severity
from app.coach.rules.kinds import each_line
from app.coach.rules.rule import Hit, Rule

RULE = Rule(
    id="shouted-line",
    severity=Severity.SUGGESTION,
    message="This line is in capitals.",
    question="Who isn't listening?",
    check=each_line(lambda line, draft: [Hit(line)] if line.text.isupper() else []),
)
'''

NEW_FIXTURE = """# shouted-line

Lines in capitals.

## Flagged

### a shouted key result is named

All letters are capitals.

```okr
O: Neighbours hear less of us
KR: CUT COMPLAINTS FROM 9 TO 3 ← suggestion
KR: Cut night deliveries from 14 to 5
```

## Clean

### a calm key result is left alone

Small letters.

```okr
O: Neighbours hear less of us
KR: Cut complaints from 9 to 3
```
"""


def package(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> tuple[Rule, ...]:
    """The rules discovered in a new package of these files."""
    name = f"rules_of_{folder.name}"
    (folder / name).mkdir()
    for stem, source in {"__init__": "", **files}.items():
        (folder / name / f"{stem}.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    return discover(importlib.import_module(name))


def test_adding_a_rule_takes_two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (rule,) = package(tmp_path, monkeypatch, shouted_line=NEW_RULE)
    fixture = tmp_path / "shouted-line.md"
    fixture.write_text(NEW_FIXTURE, encoding="utf-8")
    assert page(rule).title == "Shouted line"
    assert rule.check
    cases = read_fixture(fixture)
    assert [case.flagged for case in cases] == [True, False]
    for case in cases:
        assert said_by(case, rule, rule.check) == case.expected


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"empty_file": '"""A page."""'}, r"empty_file\.py: exports no RULE"),
        ({"wrong_name": NEW_RULE}, r"wrong_name\.py: .* must be called shouted_line\.py"),
        (
            {"another": NEW_RULE, "shouted_line": NEW_RULE},
            r"shouted_line\.py: .* already taken by .*another\.py",
        ),
        ({"shouted_line": NEW_RULE.partition('"""\n\nfrom')[2].join(("from", ""))}, "has no docstring"),
    ],
    ids=["no rule", "another name", "same id twice", "no page"],
)
def test_a_file_that_is_no_rule_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], complaint: str
) -> None:
    with pytest.raises(RuleFileError, match=complaint):
        package(tmp_path, monkeypatch, **files)


def draft_of(*key_results: str, objective: str = "People find us") -> DraftView:
    """A draft of one OKR, made without the parser."""

    def see(text: str, key_result: int | None) -> LineView:
        return LineView(Line.whole(text), measure(text), 0, key_result)

    lines = tuple(see(text, index) for index, text in enumerate(key_results))
    okr = Okr(Line.whole(objective), tuple(line.line for line in lines))
    parent = Context(parent=okr)
    return DraftView(
        (OkrView(okr, 0, see(objective, None), lines),), parent, "Q3 2026", load_profiles()["house"].limits
    )


@each_checked_rule
@pytest.mark.parametrize(
    "text",
    [
        "and raise NPS to 60 " * 5_000,
        "by 31 January 2027 within 3 years " * 3_000,
        "improve better bonus tied to 5,000 page views " * 2_200,
        "\ud800\udc00 \x00 \u202eimprove\u202c 🎯 to 60 %",
        "",
    ],
    ids=["joined results", "dates", "word lists", "odd characters", "empty"],
)
def test_no_rule_stumbles_over_a_very_long_or_odd_line(rule: Rule, text: str) -> None:
    assert rule.check
    for view in (draft_of(text, text), draft_of(objective=text)):
        for hit in rule.check(view):
            assert hit.where.text[hit.start : hit.end] or not text.strip()


@each_checked_rule
def test_no_rule_stumbles_over_ten_thousand_key_results(rule: Rule) -> None:
    lines = [f"Raise page views of shop {number} from {number} to {number + 7}" for number in range(10_000)]
    assert rule.check
    assert len(list(rule.check(draft_of(*lines)))) <= len(lines) + 1


def test_the_guidance_in_the_corpus_is_that_of_the_rules() -> None:
    folder = Path(__file__).parents[2] / "corpus" / "guidance"
    written = {path.stem: path.read_text("utf-8") for path in folder.glob("*.md")}
    assert written == {rule.id: markdown(rule) for rule in load_rules()}, "okr-coach rules --out corpus/guidance"
