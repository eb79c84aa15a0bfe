"""Whether a text is English."""

from __future__ import annotations

import pytest

from app.coach.language import is_english
from app.training.data import line_samples

ENGLISH = [
    "New customers feel at home in their first week",
    "Stable mobile SDK",
    "Umsatz",
    "LTV/CAC 3.2",
    "",
    "🎯🎯🎯 42 %",
    "Los Angeles, La Paz and Den Haag open on time",
    "van fleet re-cut per district, five waves of trips",
    "Café margin 62 %",
    "\ud800 odd text",
]
OTHERS = [
    "Neue Kunden finden sich in der ersten Woche ohne unsere Hilfe zurecht",
    "Réduire le délai moyen de 9 à 3 jours pour les nouveaux clients",
    "Nuestros clientes se sienten en casa desde la primera semana",
    "Os clientes voltam sem a nossa ajuda",
    "I clienti tornano ogni settimana senza il nostro aiuto",
    "De klanten komen terug zonder onze hulp",
    "Zwiększyć liczbę aktywnych klientów ze 100 do 200 oraz skrócić czas",
    "顧客が最初の一週間で慣れる",
    "Увеличить долю клиентов с 10 % до 20 %",
    "العملاء الجدد يشعرون بالراحة في أسبوعهم الأول",
]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_and_what_cannot_be_told_passes(text: str) -> None:
    assert is_english([text])


@pytest.mark.parametrize("text", OTHERS)
def test_other_languages_do_not(text: str) -> None:
    assert not is_english([text])


def test_no_line_of_the_corpus_is_taken_for_another_language() -> None:
    assert [sample.text for sample in line_samples() if not is_english([sample.text])] == []


def test_a_very_long_text_is_no_trouble() -> None:
    assert is_english(["the " * 100_000])
