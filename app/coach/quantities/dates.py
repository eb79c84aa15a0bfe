"""Dates as people write them: days, months, quarters, halves, years, terms and ends of periods."""

from __future__ import annotations

import re
from typing import Final

from app.coach.quantities.measures import Deadline
from app.coach.quantities.tokens import BLANK, DATE, MONEY, NUMBER, PERCENT, WORD, Token, words

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_AMBIGUOUS: Final = words("may march mar")
_LOWER_AMBIGUOUS: Final = _AMBIGUOUS | words("jan dec sep jun")
_SEASONS: Final = words("spring summer autumn fall winter easter christmas thanksgiving ramadan diwali")
_TERMS: Final = words("michaelmas hilary trinity lent easter autumn spring summer fall winter")
_WEEKDAYS: Final = words("monday tuesday wednesday thursday friday saturday sunday")
_PERIODS: Final = words("year quarter month half semester term cycle sprint season period week trimester school-year")
_ENDS: Final = words("end close start beginning middle mid early late")
_WHICH: Final = words("this next last previous current coming past prior")
_KINDS: Final = words("fiscal calendar academic school financial")
_CONNECTIVES: Final = _KINDS | words("of the this next current our")
_NTH: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_WHOLE: Final = words(
    "year-end quarter-end month-end eoy eoq eom eofy ytd end-of-year end-of-quarter mid-year midyear mid-quarter"
)
_BEFORE: Final = (
    _ENDS
    | _WHICH
    | words("in by until till before during from since of for through to on after starting and or between – -")
)
_DATING: Final = words("by until till before")
_DAY: Final = re.compile(r"(\d\d?)(?:st|nd|rd|th)?", re.ASCII)
_POINTED: Final = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])", re.ASCII)
_YEAR: Final = re.compile(r"(?:19|20)\d\d", re.ASCII)
_QUARTER: Final = re.compile(
    r"(?:(?P<y0>\d{4})-?)?(?P<p>[qh])(?P<n>[1-4])(?:[-/’']?(?:fy|cy)?[’']?(?P<y1>\d{4}|\d\d))?(?:[-/&][qh]?[1-4])?"
    r"(?:['’]s)?",
    re.ASCII,
)
_FISCAL: Final = re.compile(
    r"[fca]y[’']?(?P<y>\d{4}|\d\d)(?:[-/](?:20)?\d\d)?(?:[-/]?(?P<p>[qh])(?P<n>[1-4]))?(?:['’]s)?", re.ASCII
)
_BLANK_DATE: Final = re.compile(r"\b(?:date|deadline|when|due|quarter|month|year)$")

STARTERS: Final = (
    frozenset(MONTHS)
    | _SEASONS
    | _TERMS
    | _WEEKDAYS
    | _WHOLE
    | _ENDS
    | _WHICH
    | frozenset(_NTH)
    | words("quarter month year half academic fiscal financial")
)
"""Plain words that a date may start with."""

DateFound = tuple[Deadline, int]
"""A date and the index of the token after it."""


def _year(written: str | None) -> int | None:
    if not written:
        return None
    return int(written) if len(written) == 4 else 2000 + int(written)


def _quarter_of(month: int | None) -> int | None:
    return (month + 2) // 3 if month else None


class DateReader:
    """Reads the date that starts at a token, looking only a few tokens ahead."""

    __slots__ = ("_text", "_tokens")

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self._text = text
        self._tokens = tokens

    def read(self, index: int) -> DateFound | None:
        """The date at `index`, or None."""
        kind, word, _, _ = self._tokens[index]
        if kind == WORD:
            return self._worded(index, word)
        if kind == NUMBER and word in _NTH:
            return self._nth(index, word) or self._day_month(index, word)
        if kind == NUMBER:
            return self._day_month(index, word) or self._bare_year(index, word) or self._short(index, word)
        if kind == DATE:
            return self._numeric(index, word)
        if kind == BLANK and word[0] == "[":
            inside = word[1:-1].strip()
            if _BLANK_DATE.search(inside) and " per " not in inside:
                return self._deadline(index, index + 1)
        return None

    def _deadline(self, first: int, after: int, year: int | None = None, month: int | None = None) -> DateFound:
        start, end = self._tokens[first][2], self._tokens[after - 1][3]
        return Deadline(self._text[start:end], start, end, year, month, _quarter_of(month)), after

    def _period(self, first: int, index: int, match: re.Match[str], year: int | None = None) -> DateFound:
        """A quarter or half at `index`, with the year that follows."""
        year = year or _year(match["y0"] or match["y1"])
        after = index + 1
        if year is None:
            year, after = self._trailing_year(after)
        start, end = self._tokens[first][2], self._tokens[after - 1][3]
        quarter = int(match["n"]) if match["p"] == "q" else None
        return Deadline(self._text[start:end], start, end, year, None, quarter), after

    def _numeric(self, index: int, word: str) -> DateFound | None:
        period = _QUARTER.fullmatch(word)
        if period:
            return self._period(index, index, period)
        if len(set(re.findall(r"[-/.–]", word))) > 1:
            return None  # "7.5/10"
        parts = [int(part) for part in re.split(r"[-/.–]", word)]
        if len(parts) == 2:
            month = parts[1] if "-" in word and 1 <= parts[1] <= 12 else None
            return self._deadline(index, index + 1, parts[0], month)
        if parts[0] > 1000:
            year, month = parts[0], parts[1]
        else:
            year, month = parts[2], parts[1] if parts[1] <= 12 else parts[0]
        if not 1 <= month <= 12:
            return None
        return self._deadline(index, index + 1, year if year > 99 else 2000 + year, month)

    def _trailing_year(self, index: int) -> tuple[int | None, int]:
        """The year right after a month or quarter, if one stands there."""
        tokens = self._tokens
        kind, word, _, _ = tokens[index]
        if word in {",", "of", "/", "-", "'", "’", "in"} and _YEAR.fullmatch(tokens[index + 1][1]):
            return int(tokens[index + 1][1]), index + 2
        if kind == NUMBER and _YEAR.fullmatch(word):
            return int(word), index + 1
        fiscal = _FISCAL.fullmatch(word) if word[:2] in {"fy", "cy"} else None
        return (_year(fiscal["y"]), index + 1) if fiscal and not fiscal["n"] else (None, index)

    def _day(self, index: int) -> bool:
        """Whether the token is a day of a month."""
        kind, word, _, _ = self._tokens[index]
        day = _DAY.fullmatch(word) if kind == NUMBER else None
        return day is not None and 1 <= int(day[1]) <= 31 and self._tokens[index + 1][0] != PERCENT

    def _day_month(self, index: int, word: str, *, chained: bool = False) -> DateFound | None:
        """15 May, 15th of May 2026, 12 to 20 May."""
        if len(word) > 4 or not self._day(index):
            return None
        if self._tokens[index + 1][1] in {"to", "-", "–"} and self._day(index + 2):
            last = self._day_month(index + 2, self._tokens[index + 2][1], chained=True) if not chained else None
            return self._deadline(index, last[1], last[0].year, last[0].month) if last else None
        step = index + 2 if self._tokens[index + 1][1] in {"of", "."} else index + 1
        month = MONTHS.get(self._tokens[step][1])
        if not month or not self._text[self._tokens[step][2]].isupper():
            return None
        year, after = self._trailing_year(step + 1)
        return self._deadline(index, after, year, month)

    def _short(self, index: int, word: str) -> DateFound | None:
        """By 31/05, by 5/31, by 31.05.; elsewhere such numbers are shares, scores and decimals."""
        tokens = self._tokens
        if tokens[index - 1][1] not in _DATING:
            return None
        pointed = _POINTED.fullmatch(word)
        if pointed:
            return self._deadline(index, index + 2, None, int(pointed[1])) if tokens[index + 1][1] == "." else None
        if tokens[index + 1][1] != "/" or not word.isdecimal() or not tokens[index + 2][1].isdecimal():
            return None
        one, other = int(word), int(tokens[index + 2][1])
        day, month = (other, one) if other > 12 else (one, other)
        sure = day > 12 or tokens[index + 2][1][0] == "0"
        return self._deadline(index, index + 3, None, month) if sure and 0 < month <= 12 and 0 < day <= 31 else None

    def _bare_year(self, index: int, word: str) -> DateFound | None:
        if not _YEAR.fullmatch(word):
            return None
        year = int(word)
        before, after = self._tokens[index - 1], self._tokens[index + 1]
        following = _QUARTER.fullmatch(after[1])
        if following:
            return self._period(index, index + 1, following, year)
        if not 1990 <= year <= 2059 or after[0] == PERCENT or after[1] == "+" or before[0] == MONEY:
            return None
        counted = after[0] == WORD and after[1].endswith("s") and after[1] not in {"is", "was", "goals", "this"}
        if before[1] in {"to", "from", "reach", "than", "least", "most"}:
            return None
        if before[1] in _BEFORE:
            return (
                None if counted and before[1] in {"of", "for", "and", "or"} else self._deadline(index, index + 1, year)
            )
        return self._deadline(index, index + 1, year) if 2015 <= year <= 2045 and not counted else None

    def _worded(self, index: int, word: str) -> DateFound | None:
        if word in MONTHS:
            return self._month(index, index)
        if "-" in word:
            return self._joined(index, word)
        if word[0] in "qh" and word[1:2].isdecimal():
            period = _QUARTER.fullmatch(word)
            return self._period(index, index, period) if period else None
        if word[:2] in {"fy", "cy", "ay"}:
            return self._fiscal(index, word)
        if word in _WHOLE:
            year, after = self._trailing_year(index + 1)
            return self._deadline(index, after, year)
        if word in _TERMS and self._tokens[index + 1][1] in {"term", "semester", "break"}:
            year, after = self._trailing_year(index + 2)
            return self._deadline(index, after, year)
        if word in _SEASONS:
            return self._season(index)
        if word in _WEEKDAYS:
            return self._deadline(index, index + 1) if self._tokens[index - 1][1] in _DATING else None
        return self._led(index, word)

    def _joined(self, index: int, word: str) -> DateFound | None:
        """Mid-March, year-end, Q3-2026, May-June."""
        if word in _WHOLE:
            year, after = self._trailing_year(index + 1)
            return self._deadline(index, after, year)
        head, _, tail = word.partition("-")
        period = _QUARTER.fullmatch(tail if head in _ENDS else word)
        if period:
            return self._period(index, index, period)
        if (head in _ENDS or head in MONTHS) and tail in MONTHS:
            year, after = self._trailing_year(index + 1)
            return self._deadline(index, after, year, MONTHS[tail])
        if head in _ENDS and _YEAR.fullmatch(tail):
            return self._deadline(index, index + 1, int(tail))
        return self._fiscal(index, word) if word[:2] in {"fy", "cy", "ay"} else None

    def _fiscal(self, index: int, word: str) -> DateFound | None:
        match = _FISCAL.fullmatch(word)
        if not match:
            return None
        year = _year(match["y"])
        if match["n"]:
            return self._period(index, index, match, year) if match["p"] else None
        following = _QUARTER.fullmatch(self._tokens[index + 1][1])
        if following and following["y0"] is None:
            return self._period(index, index + 1, following, year)
        return self._deadline(index, index + 1, year)

    def _season(self, index: int) -> DateFound | None:
        year, after = self._trailing_year(index + 1)
        before = self._tokens[index - 1][1]
        the = before == "the" and self._tokens[index - 2][1] in _DATING | {"in", "of"}
        return self._deadline(index, after, year) if year or the or before in _DATING else None

    def _month(self, first: int, index: int) -> DateFound | None:
        tokens = self._tokens
        _, word, start, _ = tokens[index]
        if word in _LOWER_AMBIGUOUS and not self._text[start].isupper():
            return None
        after = index + 1
        if (
            tokens[after][1] == "."
            and len(word) < 5
            and (self._day(after + 1) or _YEAR.fullmatch(tokens[after + 1][1]))
        ):
            after += 1
        dated = self._day(after)
        after += dated
        year, after = self._trailing_year(after)
        if word in _AMBIGUOUS and first == index and not dated and year is None:
            joins = tokens[index + 1][1] in {"to", "-", "–"} and tokens[index + 2][1] in MONTHS
            if tokens[index - 1][1] not in _BEFORE and not joins:
                return None
        return self._deadline(first, after, year, MONTHS[word])

    def _led(self, index: int, word: str) -> DateFound | None:
        """End of June, end of the quarter, this quarter, third quarter, quarter end."""
        tokens = self._tokens
        step = index + 1
        if word in _NTH:
            return self._nth(index, word)
        if word in {"academic", "fiscal", "financial"}:
            return self._named_year(index)
        if word in {"quarter", "month", "year", "half"}:
            if tokens[step][1] not in {"end", "close"}:
                return None
            year, after = self._trailing_year(step + 1)
            return self._deadline(index, after, year)
        if word in _WHICH:
            return self._after_lead(index, step + 1 if tokens[step][1] in _KINDS else step)
        if word in _ENDS:
            while tokens[step][1] in _CONNECTIVES and step < index + 5:
                step += 1
            return self._after_lead(index, step)
        return None

    def _named_year(self, index: int) -> DateFound | None:
        """Academic year 2026/27, financial year 2026."""
        if self._tokens[index + 1][1] != "year":
            return None
        if self._tokens[index + 2][0] == DATE:
            return self._deadline(index, index + 3, int(self._tokens[index + 2][1][:4]))
        year, after = self._trailing_year(index + 2)
        return self._deadline(index, after, year) if year else None

    def _nth(self, index: int, word: str) -> DateFound | None:
        """The third quarter, the first half of 2026."""
        kind = self._tokens[index + 1][1]
        if kind not in {"quarter", "half"} or self._tokens[index - 1][1] in {"a", "one"}:
            return None
        tail = [token[1] for token in self._tokens[index + 2 : index + 5]]
        year, after = (None, index + 5) if tail == ["of", "the", "year"] else self._trailing_year(index + 2)
        start, end = self._tokens[index][2], self._tokens[after - 1][3]
        quarter = _NTH[word] if kind == "quarter" else None
        return Deadline(self._text[start:end], start, end, year, None, quarter), after

    def _after_lead(self, first: int, step: int) -> DateFound | None:
        kind, word, _, _ = self._tokens[step]
        if word in MONTHS:
            return self._month(first, step)
        if kind == WORD and word in _PERIODS:
            after = step + 2 if self._tokens[step + 1][1] == "end" else step + 1
            year, after = self._trailing_year(after)
            return self._deadline(first, after, year)
        if kind not in {WORD, DATE, NUMBER} or word in _ENDS or word in _WHICH:
            return None
        inner = (
            self._worded(step, word)
            if kind == WORD
            else self._numeric(step, word)
            if kind == DATE
            else self._bare_year(step, word)
        )
        if inner is None:
            return None
        found, after = inner
        start, end = self._tokens[first][2], self._tokens[after - 1][3]
        return Deadline(self._text[start:end], start, end, found.year, found.month, found.quarter), after
