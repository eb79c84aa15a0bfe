"""Maps kept by what they are of: a plan that hasn't changed isn't worked out twice."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Any

from app.coach.nouns import Okr, Pillar
from app.coach.overlap.coverage import Coverage, coverage
from app.coach.overlap.detect import OverlapMap, Overlaps
from app.coach.overlap.opinion import AskAbout, LlmPairs

MOST_KEPT = 32
"""Maps and matrices in memory, the latest used ones."""


class KeptMaps:
    """Overlaps and coverage of whole plans; calls may come from several threads, and equal ones wait for the first."""

    def __init__(self, finder: Overlaps, most: int = MOST_KEPT, llm: LlmPairs | None = None) -> None:
        self.finder = finder
        self.llm = llm
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[str, Future[Any]] = OrderedDict()

    def overlaps(
        self, okrs: Sequence[Okr], parent: Okr | None, above: Sequence[int | None], ask: AskAbout | None = None
    ) -> OverlapMap:
        """The map of a plan; `above` says for each OKR which one (from 0) it hangs under, `ask` is as in `find`.

        A map on which a language model could not give its opinion isn't kept.
        """
        key = fingerprint("overlaps", okrs, parent, above, self.finder.judge.name, ask is not None)
        found: OverlapMap = self._once(key, lambda: self.finder.find(okrs, parent=parent, above=above, ask=ask))
        if found.notes:
            with self._lock:
                self._kept.pop(key, None)
        return found

    def coverage(self, okrs: Sequence[Okr], pillars: Sequence[Pillar]) -> Coverage | None:
        """Which pillar is served by whom; None where there are no pillars, or no model to judge it."""
        linkage = self.finder.linkage
        if linkage is None or not pillars:
            return None
        key = fingerprint("coverage", okrs, pillars, linkage.name)
        found: Coverage = self._once(key, lambda: coverage(okrs, pillars, linkage))
        return found

    def _once(self, key: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - a map or a matrix
        with self._lock:
            known = self._kept.get(key)
            mine: Future[Any] | None = None
            if known is None:
                known = mine = self._kept[key] = Future()
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
        if mine is None:
            return known.result()
        try:
            mine.set_result(work())
        except BaseException as error:
            with self._lock:
                self._kept.pop(key, None)
            mine.set_exception(error)
            raise
        return mine.result()


def fingerprint(*parts: object) -> str:
    """A hash of everything that `parts` say, in order."""
    said = json.dumps(parts, default=_plain, ensure_ascii=True).encode()
    return hashlib.blake2b(said, digest_size=16).hexdigest()


def _plain(part: object) -> object:
    match part:
        case Okr():
            return [
                part.team,
                part.objective.text if part.objective else None,
                [line.text for line in part.key_results],
            ]
        case Pillar():
            return [part.name, part.text]
    raise TypeError(f"{type(part).__name__} has no fingerprint")
