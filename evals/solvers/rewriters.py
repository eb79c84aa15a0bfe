"""Writers of rewrites as solvers: the product's, and the bare template that it must beat."""

from __future__ import annotations

from collections.abc import Sequence

from evals.rewriting.shown import Flagged, Shown, as_answer
from evals.task import Answer, NoAnswer, Sample

TEMPLATE = "Raise [metric] from [x] to [y] by [date]"
"""What a form would say to any line."""


class BareTemplate:
    """The same empty sentence for every line."""

    def solve(self, samples: Sequence[Sample[Flagged]]) -> list[Answer | NoAnswer]:
        """See `Solver.solve`."""
        return [as_answer([Shown("line", TEMPLATE)]) for _ in samples]
