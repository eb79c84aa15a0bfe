"""What a text claims: numbers with their units, dates, names, and named metrics.

Numbers are read as quantities, so that "two" is 2, "1.5k" is 1,500 and 50 % isn't 50. What isn't a measure, such as
the number in "ISO 27001", is claimed as it is written. Blanks claim nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from app.coach.likeness import stem
from app.coach.quantities import Deadline, Measure, measure
from app.coach.quantities.units import FRACTIONS, NUMBER_WORDS, SCALES, TIMES
from app.coach.rewrite.blanks import without_blanks
from app.coach.words import Lexicon, Word, phrases, split_words

# Metrics that somebody keeps under this name; a sentence may not bring one in that nobody mentioned.
METRICS: Final = phrases(
    "nps, net promoter, net promoter score, csat, ces, arr, mrr, acv, ltv, clv, cac, arpu, arpa, gmv, ebitda, ebit",
    "roi, roas, ctr, cpc, cpm, cpa, dau, wau, mau, mttr, mtbf, mttd, dora, enps, sla, slo, sli, mql, mqls, sql",
    "sqls, grr, nrr, fcr, aht, oee, otif, rpo, rto, p50, p75, p90, p95, p99, loc, cogs, kpi, kpis, bounce rate",
    "quick ratio, magic number, burn multiple, gross margin, net margin, market share, share of voice, story points",
    "velocity, lighthouse score, core web vitals, apdex, glassdoor, trustpilot, g2, domain authority, seo score",
)
_NUMBER_WORDS: Final = (
    (frozenset(NUMBER_WORDS) | frozenset(FRACTIONS) | frozenset(TIMES) | frozenset(SCALES))
    - frozenset("one quarter quarters third thirds fifth fifths tenth tenths m b k mm mn tn bn mio mln".split())
) | frozenset({"half", "quarters"})
_DIGITS: Final = re.compile(r"\d[\d.,]{0,30}")
_METRICS: Final = Lexicon(METRICS)
_SPECIAL: Final = re.compile(r"[A-Z][^\W_]*[A-Z0-9]|[a-z]+[A-Z]|[A-Za-z]+\d")
_CYCLE: Final = re.compile(r"\b(?:the )?(?:end|close) of (?:the|this) (?:cycle|quarter|period)\b", re.IGNORECASE)
# Words that a line may open with; a capital says nothing there.
_OPENING: Final = 1
_SENTENCE_END: Final = frozenset(".!?:;\n•–—-(“\"'")

Amount = tuple[float | None, str]
Date = tuple[int | None, int | None, int | None, str]


@dataclass(frozen=True, slots=True)
class Claims:
    """What texts state. `amounts` are (value, unit), `digits` the figures that measure nothing, as written,
    `words` everything, stemmed.
    """

    amounts: frozenset[Amount] = frozenset()
    digits: frozenset[str] = frozenset()
    numerals: frozenset[str] = frozenset()
    dates: frozenset[Date] = frozenset()
    names: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    words: frozenset[str] = field(default=frozenset(), repr=False)

    def __or__(self, other: Claims) -> Claims:
        """What either states."""
        return Claims(
            self.amounts | other.amounts,
            self.digits | other.digits,
            self.numerals | other.numerals,
            self.dates | other.dates,
            self.names | other.names,
            self.metrics | other.metrics,
            self.words | other.words,
        )


def claims_of(text: str, measured: Measure | None = None) -> Claims:
    """What `text` claims, line by line; blanks are left out."""
    found = Claims()
    for line in text.split("\n"):
        found |= _of_line(without_blanks(line, " … "), measured if "\n" not in text and "[" not in text else None)
    return found


def claims_of_all(texts: Iterable[str]) -> Claims:
    """What any of `texts` claims."""
    found = Claims()
    for text in texts:
        found |= claims_of(text)
    return found


def _of_line(line: str, measured: Measure | None) -> Claims:
    read = measured or measure(line)
    words = split_words(line)
    spans = [(quantity.start, quantity.end) for quantity in read.quantities]
    spans += [(date.start, date.end) for date in read.dates]
    return Claims(
        frozenset((q.value, q.unit) for q in read.quantities),
        frozenset(
            match[0].rstrip(".,").replace(",", "")
            for match in _DIGITS.finditer(line)
            if not any(q.value is not None and q.start <= match.start() < q.end for q in read.quantities)
        ),
        frozenset(
            word.text
            for word in words
            if word.text in _NUMBER_WORDS and not any(start <= word.start < end for start, end in spans)
        ),
        dates_of(read),
        frozenset(_names(line, words)),
        frozenset(match.phrase for match in _METRICS.find(words)),
        frozenset(stem(word.text) for word in words),
    )


def dates_of(read: Measure) -> frozenset[Date]:
    """The dates that a line names, the end of its cycle aside."""
    return frozenset(date_of(date) for date in read.dates if not _CYCLE.fullmatch(date.text))


def date_of(date: Deadline) -> Date:
    """Year, month and quarter of a date, and its words where it has none of them."""
    known = date.year is not None or date.month is not None or date.quarter is not None
    return date.year, date.month, date.quarter, "" if known else " ".join(date.text.lower().split())


def _names(line: str, words: tuple[Word, ...]) -> Iterable[str]:
    """Words written as names: with a capital inside a sentence, or with capitals and digits anywhere."""
    for at, word in enumerate(words):
        written = line[word.start : word.end]
        before = line[: word.start].rstrip()
        opens = at < _OPENING or (before and before[-1] in _SENTENCE_END)
        special = _SPECIAL.match(written) is not None and len(written) > 1
        if special or (written[0].isupper() and not opens and written != "I"):
            yield stem(word.text)
