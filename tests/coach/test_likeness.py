"""When two lines say the same."""

from __future__ import annotations

import pytest

from app.coach.likeness import jaccard, stem, subject, wording
from app.coach.quantities import measure
from app.coach.words import split_words


def about(text: str) -> frozenset[str]:
    return subject(split_words(text), measure(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Raise NPS from 31 to 45", "NPS to 60"),
        ("Cut complaints about noise", "Reduce the number of complaints about noise to 15"),
        ("Raise CSAT in the clinics", "Increase satisfaction in our clinics to 90 %"),
        ("Cut clients' cancellations", "Reduce customer cancellations below 8 %"),
    ],
)
def test_the_same_subject_in_other_words(one: str, other: str) -> None:
    assert about(one) == about(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ISO 27001 certificate", "ISO 9001 certificate"),
        ("Cut returns in Lyon", "Cut returns in Metz"),
        ("Repairs above the bridge", "Repairs below the bridge"),
        ("C driver", "C++ driver"),
        ("Release v1.1", "Release v1.2"),
    ],
)
def test_names_and_places_make_another_subject(one: str, other: str) -> None:
    assert about(one) != about(other)


@pytest.mark.parametrize(
    ("word", "singular"),
    [
        ("customers", "customer"),
        ("customer's", "customer"),
        ("deliveries", "delivery"),
        ("class", "class"),
        ("bus", "bus"),
        ("nps", "nps"),
        ("is", "is"),
    ],
)
def test_stem(word: str, singular: str) -> None:
    assert stem(word) == singular


def test_wording_keeps_figures() -> None:
    assert jaccard(wording(split_words("Cut churn to 8 %")), wording(split_words("Cut churn to 9 %"))) < 1


def test_jaccard_of_nothing() -> None:
    assert jaccard(frozenset(), frozenset()) == 0
