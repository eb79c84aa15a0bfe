"""Words of a line, and lists of phrases to look for among them.

A line is split into words once; every word list then costs one dictionary look-up a word, so that
dozens of lists stay cheap and a very long line stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*(?:(?<=[A-Za-z])(?:#|\+\+))?")


class Word(NamedTuple):
    """One word: lower case with a plain apostrophe, and where it stands in the line."""

    text: str
    start: int
    end: int


class Match(NamedTuple):
    """A phrase found: which, from which word on, how many words, and its span in the line."""

    phrase: str
    position: int
    length: int
    start: int
    end: int


def split_words(text: str) -> tuple[Word, ...]:
    """The words of `text`: hyphens, slashes and underscores separate ("world-class" is two), C++ is one."""
    return tuple(
        Word(found.group().lower().replace("’", "'"), found.start(), found.end()) for found in _WORD.finditer(text)
    )


def phrases(*lists: str) -> frozenset[str]:
    """Comma-separated words and phrases as a set, so that a word list reads like one."""
    return frozenset(phrase for text in lists for entry in text.split(",") if (phrase := " ".join(entry.split())))


class Lexicon:
    """A list of words and phrases, matched word by word, the longest first.

    Written as a person would ("best in class"); case, hyphens and spacing don't matter. A phrase
    without a word in it never matches.
    """

    __slots__ = ("_tails",)

    def __init__(self, phrases: Iterable[str]) -> None:
        tails: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            found = [word.text for word in split_words(phrase)]
            if found:
                tails.setdefault(found[0], []).append(tuple(found[1:]))
        self._tails: Mapping[str, tuple[tuple[str, ...], ...]] = {
            first: tuple(sorted(rests, key=len, reverse=True)) for first, rests in tails.items()
        }

    def at(self, words: Sequence[Word], index: int) -> int:
        """How many words from `index` on form a phrase of the list; 0 if none does."""
        if not 0 <= index < len(words):
            return 0
        for tail in self._tails.get(words[index].text, ()):
            stop = index + 1 + len(tail)
            if tuple(word.text for word in words[index + 1 : stop]) == tail:
                return 1 + len(tail)
        return 0

    def find(self, words: Sequence[Word], begin: int = 0) -> Iterator[Match]:
        """Every phrase of the list from word `begin` on, in order, none overlapping."""
        index = begin
        while index < len(words):
            length = self.at(words, index) if words[index].text in self._tails else 0
            if length:
                found = words[index : index + length]
                phrase = " ".join(word.text for word in found)
                yield Match(phrase, index, length, found[0].start, found[-1].end)
            index += length or 1

    def first(self, words: Sequence[Word], begin: int = 0) -> Match | None:
        """The first phrase of the list from word `begin` on."""
        return next(self.find(words, begin), None)

    def within(self, words: Sequence[Word]) -> bool:
        """Whether any phrase of the list occurs."""
        return self.first(words) is not None
