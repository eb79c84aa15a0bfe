"""Text with markup, as clients send it in `data`: what is read, and where that stands in what they sent."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from app.api.check.offsets import mended


@dataclass(frozen=True, slots=True)
class _Piece:
    """`length` code points of the text read, from `plain`; they stand at `source` unless `markup` stands there."""

    plain: int
    length: int
    source: int
    markup: int | None = None


@dataclass(frozen=True, slots=True)
class MarkedText:
    """`plain` is what is read; `source` is everything that was sent, in which clients count."""

    plain: str
    source: str
    pieces: tuple[_Piece, ...]

    @classmethod
    def text(cls, text: str) -> MarkedText:
        """Text without markup."""
        whole = mended(text)
        return cls(whole, whole, (_Piece(0, len(whole), 0),))

    @classmethod
    def of(cls, parts: Iterable[tuple[str, str | None]]) -> MarkedText:
        """From pairs: text and None, or markup and what it is read as."""
        plain: list[str] = []
        source: list[str] = []
        pieces: list[_Piece] = []
        read = sent = 0
        for written, meant in parts:
            words = mended(written)
            shown = words if meant is None else mended(meant)
            if shown:
                pieces.append(_Piece(read, len(shown), sent, None if meant is None else len(words)))
            plain.append(shown)
            source.append(words)
            read += len(shown)
            sent += len(words)
        return cls("".join(plain), "".join(source), tuple(pieces))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `plain[start:end]`, which isn't empty, stands in `source`; markup is taken whole or not at all."""
        first, last = self._piece(start), self._piece(end - 1)
        left = first.source + start - first.plain if first.markup is None else first.source
        right = last.source + (end - last.plain if last.markup is None else last.markup)
        return left, right

    def _piece(self, place: int) -> _Piece:
        return self.pieces[bisect_right(self.pieces, place, key=lambda piece: piece.plain) - 1]
