"""An encoder that remembers the texts it was asked for last: drafts are reviewed again and again, a word at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np

from app.services.embeddings import Encoder, TextOrPair, Vectors


class RememberedEncoder:
    """Another encoder's rows, the `most` last used ones kept in memory (1.5 KB each for 384 columns)."""

    def __init__(self, encoder: Encoder, most: int = 20_000) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._most = most
        self._lock = Lock()
        self._known: OrderedDict[TextOrPair, Vectors] = OrderedDict()

    def encode(self, texts: Sequence[TextOrPair]) -> Vectors:
        """See `Encoder.encode`."""
        asked = list(dict.fromkeys(texts))
        with self._lock:
            rows = {text: self._known[text] for text in asked if text in self._known}
        new = [text for text in asked if text not in rows]
        if new:
            rows.update(zip(new, self._encoder.encode(new), strict=True))
        with self._lock:
            for text in asked:
                self._known[text] = rows[text]
                self._known.move_to_end(text)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return np.stack([rows[text] for text in texts]) if texts else self._encoder.encode([])
