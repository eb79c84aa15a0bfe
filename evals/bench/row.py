"""One measured figure, and the draft that every bench reviews."""

from __future__ import annotations

from dataclasses import asdict, dataclass

DRAFT = (
    "Team: Returns\nQ3 2026\n"
    "O: Shoppers send things back without a second thought\n"
    "KR1: Cut the median time to refund from 9 days to 3\n"
    "KR2: Launch the returns portal in all four countries\n"
    "KR3: Refund complaints stay below 2 % of orders\n"
    "KR4: Repeat orders after a return from 31 % to 40 %\n"
)


@dataclass(frozen=True, slots=True)
class Row:
    """`holds` is None where the issue sets no target."""

    what: str
    value: float
    shown: str
    target: str = ""
    holds: bool | None = None

    def as_json(self) -> dict[str, object]:
        """For results.json."""
        return asdict(self)
