"""The gate: does a text hold OKRs at all? An email, a ticket, a recipe or minutes don't.

The evidence is data (`data/gate.json`), so that a browser can weigh a text in the same way without
asking a server: every line gets a kind, the kinds form a string, and patterns over lines and over
that string add or take weight. The patterns use only what means the same in Python and in JavaScript
(with its `u` flag): explicit character classes on lower-cased lines.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parents[1] / "data" / "gate.json"
_BULLETS = frozenset("bm")
_PLAIN = frozenset("sfp")
"""Kinds of lines without label, bullet or heading."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign for (positive weight) or against OKRs; it counts at most `limit` times."""

    id: str
    pattern: re.Pattern[str]
    weight: float
    limit: int


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate's data, compiled."""

    threshold: float
    lone_threshold: float
    few_threshold: float
    max_lines: int
    max_columns: int
    few_lines: int
    indent: re.Pattern[str]
    line_break: re.Pattern[str]
    drop: re.Pattern[str]
    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    lines: tuple[Evidence, ...]
    shapes: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Weight:
    """What a text weighs, and the kinds of its lines."""

    score: float
    shape: str

    @property
    def holds(self) -> bool:
        """Whether the text holds OKRs."""
        return self.score >= gate().threshold

    @property
    def alone(self) -> bool:
        """Whether the text is a lone line, or a few plain ones, that can be read as key results."""
        rules = gate()
        kinds = self.shape.replace("_", "")
        if len(kinds) <= 1:
            return self.score >= rules.lone_threshold
        if len(kinds) > rules.few_lines or set(kinds) - _PLAIN or kinds.count("p") * 3 > len(kinds):
            return False
        return self.score >= rules.few_threshold


@cache
def gate() -> Gate:
    """The gate as `data/gate.json` describes it."""
    data = json.loads(_DATA.read_text(encoding="utf-8"))

    def evidence(rows: list[dict[str, object]]) -> tuple[Evidence, ...]:
        return tuple(
            Evidence(
                str(row["id"]),
                re.compile(str(row["pattern"])),
                float(str(row["weight"])),
                int(str(row["limit"])),
            )
            for row in rows
        )

    return Gate(
        threshold=float(data["threshold"]),
        lone_threshold=float(data["lone_threshold"]),
        few_threshold=float(data["few_threshold"]),
        max_lines=int(data["max_lines"]),
        max_columns=int(data["max_columns"]),
        few_lines=int(data["few_lines"]),
        indent=re.compile(data["indent"]),
        line_break=re.compile(data["line_break"]),
        drop=re.compile(data["drop"]),
        kinds=tuple((row["kind"], re.compile(row["pattern"])) for row in data["kinds"]),
        lines=evidence(data["lines"]),
        shapes=evidence(data["shapes"]),
    )


def weigh(text: str) -> Weight:
    """Weigh the evidence that a text holds OKRs."""
    rules = gate()
    signs = [(sign.pattern.search, sign.limit, sign.weight) for sign in rules.lines]
    counts = [0] * len(signs)
    shape = []
    for raw in rules.line_break.split(text[: rules.max_lines * rules.max_columns], rules.max_lines)[: rules.max_lines]:
        line = rules.drop.sub(" ", raw[: rules.max_columns].lower()).strip(" \t")
        kind = next((kind for kind, pattern in rules.kinds if pattern.search(line)), "s")
        shape.append(kind.upper() if kind in _BULLETS and rules.indent.search(raw) else kind)
        if line:
            for at, (search, limit, _) in enumerate(signs):
                if counts[at] < limit and search(line):
                    counts[at] += 1
    kinds = "".join(shape)
    weights = [count * weight for count, (_, _, weight) in zip(counts, signs, strict=True)]
    weights += [sign.weight * min(len(sign.pattern.findall(kinds)), sign.limit) for sign in rules.shapes]
    return Weight(sum(weights), kinds)
