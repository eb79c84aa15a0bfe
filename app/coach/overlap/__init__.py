"""Overlap: what teams share, double, need of each other, and where they pull apart."""

from __future__ import annotations

from app.coach.overlap.detect import OverlapMap, Overlaps
from app.coach.overlap.nouns import RELATIONS, Copy, Pair, Place, Relation

__all__ = ["RELATIONS", "Copy", "OverlapMap", "Overlaps", "Pair", "Place", "Relation"]
