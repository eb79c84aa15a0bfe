"""Words and word lists."""

from __future__ import annotations

import pytest

from app.coach.words import Lexicon, phrases, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("World-class UX/UI, today!", ["world", "class", "ux", "ui", "today"]),
        ("customers’ we'll", ["customers", "we'll"]),
        ("C# and C++ but not A+", ["c#", "and", "c++", "but", "not", "a"]),
        ("snake_case 3.5", ["snake", "case", "3", "5"]),
        ("", []),
        ("\ud800 🎯", []),
    ],
)
def test_words_of_a_line(text: str, words: list[str]) -> None:
    assert [word.text for word in split_words(text)] == words


def test_words_know_where_they_stand() -> None:
    text = "Best-in-class, really"
    assert [text[word.start : word.end] for word in split_words(text)] == ["Best", "in", "class", "really"]


def test_phrases_reads_comma_separated_lists() -> None:
    assert phrases("better, world  class,", "seamless") == {"better", "world class", "seamless"}


def test_the_longest_phrase_wins_and_matches_never_overlap() -> None:
    lexicon = Lexicon(phrases("page, page views, views"))
    found = list(lexicon.find(split_words("Page views: more page views and views")))
    assert [(match.phrase, match.position, match.length) for match in found] == [
        ("page views", 0, 2),
        ("page views", 3, 2),
        ("views", 6, 1),
    ]


def test_a_match_spans_the_words_as_written() -> None:
    text = "A World-Class depot"
    found = Lexicon(["world class"]).first(split_words(text))
    assert found
    assert text[found.start : found.end] == "World-Class"


def test_at_asks_about_one_place() -> None:
    words = split_words("we speed up")
    lexicon = Lexicon(["speed up", "speed"])
    assert [lexicon.at(words, index) for index in (-1, 0, 1, 2, 3)] == [0, 0, 2, 0, 0]
    assert not lexicon.within(split_words("up to"))


def test_a_phrase_without_words_never_matches() -> None:
    assert not Lexicon(["%", ""]).within(split_words("95 % of all"))
