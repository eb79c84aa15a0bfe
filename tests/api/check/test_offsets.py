"""Places are right in UTF-16, through emoji, odd surrogates and markup."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.api.check.marked import MarkedText
from app.api.check.offsets import Utf16, mended

TEXTS = st.text(alphabet=st.sampled_from("ab \n\u00e9\u4e2d\u200d\ufe0f🎯👩🇩𝒳\U0010ffff"), max_size=40)
ANY = st.text(alphabet=st.characters(codec=None, categories=None), max_size=30)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(TEXTS, st.data())
def test_a_span_is_what_utf16_says(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    offset, length = Utf16(text).span(start, end)
    assert (offset, length) == (units(text[:start]), units(text[start:end]))
    raw = text.encode("utf-16-le")
    assert raw[2 * offset : 2 * (offset + length)].decode("utf-16-le") == text[start:end]


@given(ANY)
def test_mending_keeps_every_place(text: str) -> None:
    good = mended(text)
    good.encode()
    assert units(good) == units(text)
    assert mended(good) == good


def test_mends_pairs_and_replaces_what_stands_alone() -> None:
    assert mended("a\ud83c\udfafb\ud800c") == "a🎯b\ufffdc"


@given(st.lists(st.tuples(TEXTS, st.one_of(st.none(), TEXTS)), max_size=8), st.data())
def test_places_are_found_through_markup(parts: list[tuple[str, str | None]], data: st.DataObject) -> None:
    text = MarkedText.of(parts)
    assert text.source == "".join(written for written, _ in parts)
    assert text.plain == "".join(written if meant is None else meant for written, meant in parts)
    if not text.plain:
        return
    start = data.draw(st.integers(0, len(text.plain) - 1))
    end = data.draw(st.integers(start + 1, len(text.plain)))
    left, right = text.span(start, end)
    assert 0 <= left <= right <= len(text.source)
    read = sent = 0
    for written, meant in parts:
        shown = written if meant is None else meant
        first, last = max(start, read), min(end, read + len(shown))
        if first < last and meant is None:
            at = sent + first - read
            assert left <= at
            assert at + last - first <= right
            if first == start and last == end:
                assert (left, right) == (at, at + last - first)
                assert text.source[left:right] == text.plain[start:end]
        elif first < last:
            assert left <= sent
            assert sent + len(written) <= right
        read += len(shown)
        sent += len(written)


def test_markup_around_words_stays_out() -> None:
    text = MarkedText.of([("<b>", ""), ("Launch", None), ("</b>", ""), (" it", None), ("<br>", "\n"), ("now", None)])
    assert text.plain == "Launch it\nnow"
    for words, source in {"Launch": "Launch", "Launch it": "Launch</b> it", "\n": "<br>", "now": "now"}.items():
        start = text.plain.index(words)
        left, right = text.span(start, start + len(words))
        assert text.source[left:right] == source
