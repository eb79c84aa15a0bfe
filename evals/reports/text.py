"""Text of samples made safe to show, and figures written the same way everywhere."""

from __future__ import annotations

import math
import re
import unicodedata

from evals.epochs import Repeated
from evals.figures import Figure
from evals.task import Answer, Marks, NoAnswer, Spent

CLEAN_WORD = "clean"
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PIPE = re.compile(r"\\*\|")
_RUN = re.compile(r"`+")


def printable(text: str, *, lines: bool = False) -> str:
    """`text` with everything that could steer a terminal, a page or a parser written out as its code.

    Controls, lone surrogates, bidi marks and characters that XML forbids; line breaks stay if asked.
    """
    return "".join(_shown(char, lines=lines) for char in text)


def _shown(char: str, *, lines: bool) -> str:
    if char in "\n\t":
        return char if lines else " "
    if char in _BIDI or char in "\ufffe\uffff" or unicodedata.category(char) in {"Cc", "Cs"}:
        return f"\\u{ord(char):04x}"
    return char


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def code(text: str, limit: int = 160) -> str:
    """Any text as a Markdown code span in a table cell: no markup, mention or issue link in it works."""
    flat = shorten(" ".join(printable(text).split()), limit)
    flat = _PIPE.sub(r"\\|", flat)
    fence = "`" * (max((len(run) for run in _RUN.findall(flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}" if flat else ""


def number(value: float) -> str:
    """A figure with three decimals, a dash where there is none."""
    return "–" if math.isnan(value) else f"{value:.3f}"


def with_interval(figure: Figure) -> str:
    """A figure with its interval."""
    interval = figure.interval
    if not interval.measured:
        return "–"
    if math.isnan(interval.low):
        return number(interval.value)
    return f"{number(interval.value)} [{number(interval.low)}–{number(interval.high)}]"


def marks(given: Marks | None) -> str:
    """Findings in words."""
    if given is None:
        return "undecided"
    return ", ".join(given) or CLEAN_WORD


def answered(answer: Answer | NoAnswer) -> str:
    """An answer in words, with its confidence."""
    if isinstance(answer, NoAnswer):
        return f"{answer.status.value}: {answer.reason}"
    sure = "" if answer.confidence is None else f" ({answer.confidence:.2f})"
    return marks(answer.marks) + sure


def spread(repeated: Repeated) -> str:
    """What asking again showed, in words."""
    figures = "".join(
        f"; {each.metric.name} {number(each.mean)} ± {number(each.deviation)}"
        f" ({number(min(each.values))}–{number(max(each.values))})"
        for each in repeated.spreads
    )
    return (
        f"{repeated.epochs} epochs: {repeated.alike} of {repeated.scored} samples scored in all answered alike{figures}"
    )


def spending(spent: Spent, samples: int) -> str:
    """What a language model took, in words."""
    tokens = f"{spent.input_tokens / samples:,.0f} + {spent.output_tokens / samples:,.0f} tokens a sample"
    latency = f"p50 {spent.percentile(50):.2f} s, p95 {spent.percentile(95):.2f} s a call"
    cost = "" if spent.cost is None else f", cost {spent.cost:.4f}"
    return f"{spent.calls} calls, {tokens}, {latency}{cost}"
