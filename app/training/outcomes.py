"""Stores the vectors of `corpus/outcomes.jsonl`, so that the first rewrite doesn't wait for them.

`okr-coach train` does it after the encoder, `python -m app.training.outcomes` after a change of the map alone; a test
fails until it was.
"""

from __future__ import annotations

from app.coach.rewrite.outcomes import VECTORS, OutcomeMap
from app.services.embeddings import load_encoder
from app.wiring import OUTCOME_ENCODER


def store_outcomes() -> None:
    """Encode the map's examples and outcomes and write them beside the models."""
    outcomes = OutcomeMap(lambda: load_encoder(OUTCOME_ENCODER))
    outcomes.store()
    print(f"{VECTORS}: {len(outcomes.entries)} entries, {outcomes.key}")


if __name__ == "__main__":
    store_outcomes()
