"""Two judges, one verdict: agreement is said once, and on disagreement the more precise judge stands.

Precision is measured by evals and kept by tier and label in the profile. Where it is equal the embedded critic
stands, which says the same every time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.coach.nouns import Source

Precision = Mapping[str, Mapping[str, float]]
"""How often a tier is right when it says a label: tier → label → 0-1."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one judge says of one thing: a label out of a closed set."""

    source: Source
    label: str
    confidence: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands: the label, how sure the surest of its `sources` is, a reason if one of them gave any.

    `others` see it otherwise.
    """

    label: str
    sources: tuple[Source, ...]
    confidence: float
    why: str
    others: tuple[Opinion, ...]

    @property
    def details(self) -> dict[str, object]:
        """For a finding's details: who sees it otherwise."""
        told = [
            {"source": o.source.value, "verdict": o.label, "confidence": round(o.confidence, 3), "why": o.why}
            for o in self.others
        ]
        return {"disagree": told} if told else {}


def settle(opinions: Sequence[Opinion], precision: Precision) -> Settled:
    """What stands among the opinions, of which there is at least one; of equals the first."""
    standing = max(opinions, key=lambda one: precision.get(one.source.value, {}).get(one.label, 0.0))
    agreeing = [one for one in opinions if one.label == standing.label]
    return Settled(
        label=standing.label,
        sources=tuple(one.source for one in agreeing),
        confidence=max(one.confidence for one in agreeing),
        why=next((one.why for one in agreeing if one.why), ""),
        others=tuple(one for one in opinions if one.label != standing.label),
    )
