"""Encoders that tests can foretell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.services.embeddings import TextOrPair, Vectors


class SharedWordsEncoder:
    """An encoder of pairs by the share of the pillar's words that the OKR holds."""

    name = "shared-words"

    def encode(self, texts: Sequence[TextOrPair]) -> Vectors:
        rows = []
        for text in texts:
            assert isinstance(text, tuple)
            okr, pillar = text
            words = set(pillar.lower().split())
            rows.append([len(words & set(okr.lower().split())) / len(words)])
        vectors: Vectors = np.array(rows, np.float32)
        return vectors
