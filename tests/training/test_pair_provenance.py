"""The shipped pair judge is the one that corpus and training code produce."""

from __future__ import annotations

import hashlib
import json

from app.services.embeddings import MODELS
from app.training.plans import extra_hash, natural_hash, pairs_code_hash, pairs_hash

FOLDER = MODELS / "overlap"
PROVENANCE = json.loads((FOLDER / "provenance.json").read_text("utf-8"))
RENEW = "run `okr-coach train --pairs` and commit app/models/overlap"


def test_the_judge_was_trained_on_these_pairs() -> None:
    assert PROVENANCE["corpus"] == pairs_hash(), RENEW
    assert PROVENANCE["extra"] == extra_hash(), RENEW
    assert PROVENANCE["natural"] == natural_hash(), RENEW


def test_the_judge_was_trained_by_this_code() -> None:
    assert PROVENANCE["code"] == pairs_code_hash(), RENEW


def test_the_judge_was_trained_on_the_shipped_encoders() -> None:
    for name, digest in PROVENANCE["encoders"].items():
        assert hashlib.sha256((MODELS / name / "model.onnx").read_bytes()).hexdigest() == digest, RENEW


def test_the_files_are_the_ones_that_were_built() -> None:
    for name, digest in PROVENANCE["files"].items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, f"{name}: {RENEW}"
