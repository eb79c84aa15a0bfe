"""Method profiles are data: complete, explained, and felt by the rules."""

from __future__ import annotations

import pytest

from app.coach.flow import look
from app.coach.nouns import Context, Severity
from app.coach.parse import parse_text
from app.coach.profiles import HOUSE, UnknownProfileError, disagreeing, load_profiles, profile
from app.coach.rules import load_rules

PROFILES = load_profiles()
RULES = {rule.id: rule for rule in load_rules()}

each_profile = pytest.mark.parametrize("name", PROFILES)


def test_the_five_methods_are_there_house_first() -> None:
    assert tuple(PROFILES) == ("house", "doerr", "wodtke", "gothelf", "lamorte")


@each_profile
def test_every_profile_knows_every_limit(name: str) -> None:
    assert profile(name).limits.keys() == profile(HOUSE).limits.keys()


@each_profile
def test_every_deviation_is_about_a_known_rule_or_limit_and_says_why(name: str) -> None:
    method = profile(name)
    deviations = method.off | method.severity.keys()
    assert deviations <= RULES.keys()
    assert deviations <= method.why.keys() <= deviations | method.limits.keys()
    assert all(sentence.endswith(".") for sentence in method.why.values())
    assert method.description.endswith(".")


@each_profile
def test_a_severity_of_its_own_differs_from_the_default(name: str) -> None:
    for rule, severity in profile(name).severity.items():
        assert severity is not RULES[rule].severity


def test_house_raises_everything_as_the_rules_say() -> None:
    assert not profile(HOUSE).off
    assert not profile(HOUSE).severity


def test_limits_are_in_order() -> None:
    for method in PROFILES.values():
        assert 1 <= method.limits["min_key_results"] <= method.limits["max_key_results"]
        assert 1 <= method.limits["many_objectives"] <= method.limits["max_objectives"]


def test_disagreeing_lists_the_methods_that_would_not_raise_a_rule() -> None:
    assert disagreeing("copied-from-parent") == ("doerr",)
    assert disagreeing("not-measurable") == ()


def test_an_unknown_profile_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownProfileError) as caught:
        profile("grove")
    assert str(caught.value) == ("There is no profile 'grove'; there are: house, doerr, wodtke, gothelf, lamorte.")


FOUR_OBJECTIVES = "\n".join(f"O: Growers trust our {word}" for word in ("seed", "scales", "prices", "word"))
FOUR_KEY_RESULTS = "O: Growers trust our prices\n" + "\n".join(
    f"KR: Cut {word} from 40 to 12" for word in ("disputes", "late offers", "price queries", "credit notes")
)


@pytest.mark.parametrize(
    ("name", "rule", "text", "severities"),
    [
        ("house", "too-many-objectives", FOUR_OBJECTIVES, [Severity.WARNING]),
        ("doerr", "too-many-objectives", FOUR_OBJECTIVES, []),
        ("wodtke", "too-many-objectives", FOUR_OBJECTIVES, [None]),
        ("house", "too-many-key-results", FOUR_KEY_RESULTS, []),
        ("wodtke", "too-many-key-results", FOUR_KEY_RESULTS, [None]),
    ],
)
def test_limits_decide_what_is_too_many(name: str, rule: str, text: str, severities: list[Severity | None]) -> None:
    check = RULES[rule].check
    assert check
    view = look(parse_text(text), Context(), profile(name))
    assert [hit.severity for hit in check(view)] == severities
