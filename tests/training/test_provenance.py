"""The shipped models are the ones that the corpus and the training code produce."""

from __future__ import annotations

import hashlib
import json

from app.services.embeddings import MODELS
from app.training.data import code_hash, corpus_hash
from app.training.plans import extra_hash, pairs_hash

PROVENANCE = json.loads((MODELS / "provenance.json").read_text("utf-8"))
RENEW = "run `make train` and commit app/models"


def test_the_models_were_trained_on_this_corpus() -> None:
    assert PROVENANCE["corpus"] == corpus_hash(), RENEW
    assert PROVENANCE["pairs"] == pairs_hash(), RENEW
    assert PROVENANCE["extra"] == extra_hash(), RENEW


def test_the_models_were_trained_by_this_code() -> None:
    assert PROVENANCE["code"] == code_hash(), RENEW


def test_the_files_are_the_ones_that_were_built() -> None:
    for name, digest in PROVENANCE["files"].items():
        assert hashlib.sha256((MODELS / name).read_bytes()).hexdigest() == digest, f"{name}: {RENEW}"


def test_the_models_stay_small() -> None:
    assert sum(path.stat().st_size for path in MODELS.rglob("*") if path.is_file()) <= 50_000_000
