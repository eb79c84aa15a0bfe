"""Terms that a user has accepted: a finding about exactly these words isn't shown to that user again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Protocol

USERS = 10_000
TERMS = 1_000


class Words(Protocol):
    """Accepted terms by owner, kept as written and compared by `folded`."""

    async def listed(self, owner: str) -> list[str]:
        """All terms of an owner in alphabetical order."""
        ...

    async def add(self, owner: str, term: str) -> bool:
        """Accept a term; False if it was accepted already, or if there is no room for more."""
        ...

    async def delete(self, owner: str, term: str) -> bool:
        """Take a term back; False if it wasn't accepted."""
        ...


def folded(term: str) -> str:
    """What two spellings of one term share: case and white space don't count."""
    return " ".join(term.split()).casefold()


class MemoryWords:
    """Terms for as long as this process runs; the users who were away longest make room."""

    def __init__(self, users: int = USERS, terms: int = TERMS) -> None:
        self._users, self._terms = users, terms
        self._kept: OrderedDict[str, dict[str, str]] = OrderedDict()
        self._lock = threading.Lock()

    async def listed(self, owner: str) -> list[str]:
        """See `Words.listed`."""
        with self._lock:
            return sorted(self._of(owner).values(), key=str.casefold)

    async def add(self, owner: str, term: str) -> bool:
        """See `Words.add`."""
        with self._lock:
            terms = self._kept.setdefault(owner, {})
            self._kept.move_to_end(owner)
            while len(self._kept) > self._users:
                self._kept.popitem(last=False)
            if folded(term) in terms or len(terms) >= self._terms:
                return False
            terms[folded(term)] = " ".join(term.split())
            return True

    async def delete(self, owner: str, term: str) -> bool:
        """See `Words.delete`."""
        with self._lock:
            return self._of(owner).pop(folded(term), None) is not None

    def _of(self, owner: str) -> dict[str, str]:
        if owner in self._kept:
            self._kept.move_to_end(owner)
        return self._kept.get(owner, {})
