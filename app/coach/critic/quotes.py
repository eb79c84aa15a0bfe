"""Finding the words a model quotes: it copies, code locates."""

from __future__ import annotations

from app.services.prompts import is_unseen


def locate(text: str, quote: str) -> tuple[int, int] | None:
    """Where `quote` stands in `text`, forgiving white space and case only; None where it doesn't."""
    wanted, _ = _folded(quote)
    folded, places = _folded(text)
    wanted = wanted.strip()
    at = folded.find(wanted) if wanted else -1
    if at < 0:
        return None
    return places[at], places[at + len(wanted) - 1] + 1


def _folded(text: str) -> tuple[str, list[int]]:
    """Lower case with single spaces, and where each character stood."""
    characters: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        lower = character.lower()
        c = lower if len(lower) == 1 else character
        if c.isspace() or is_unseen(c):
            if characters and characters[-1] == " ":
                continue
            c = " "
        characters.append(c)
        places.append(at)
    return "".join(characters), places
