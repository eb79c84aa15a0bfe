"""The vocabulary of quantities: number words, scales, units, and the words around them."""

from __future__ import annotations

from typing import Final

from app.coach.quantities.tokens import words

_SMALL: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS: Final = {word: float(value) for value, word in enumerate(_SMALL.split())} | {
    word: value * 10.0 for value, word in enumerate(_TENS.split(), start=2)
}
SCALES: Final = {
    name: value
    for value, names in (
        (12.0, "dozen dozens"),
        (1e2, "hundred hundreds"),
        (1e3, "thousand thousands tsd k"),
        (1e5, "lakh lakhs"),
        (1e6, "million millions mio mn mln mm m"),
        (1e7, "crore crores"),
        (1e9, "billion billions mrd bn b"),
        (1e12, "trillion trillions tn"),
    )
    for name in names.split()
}
SHORT_SCALES: Final = words("tsd mio mln mrd")
"""Scales that may be written with a point ("2 Mio. EUR")."""
FRACTIONS: Final = {
    name: share
    for share, names in (
        (100 / 3, "third thirds"),
        (25.0, "quarter quarters"),
        (20.0, "fifth fifths"),
        (10.0, "tenth tenths"),
    )
    for name in names.split()
}
FRACTION_SIGNS: Final = {"½": 50.0, "⅓": 100 / 3, "⅔": 200 / 3, "¼": 25.0, "¾": 75.0}
TIMES: Final = {
    name: factor
    for factor, names in (
        (0.5, "halve halves halved halving"),
        (2.0, "double doubles doubled doubling twice twofold"),
        (3.0, "triple triples tripled tripling treble threefold thrice"),
        (4.0, "quadruple quadruples quadrupled quadrupling fourfold"),
        (5.0, "fivefold"),
        (10.0, "tenfold"),
    )
    for name in names.split()
}
SECONDS: Final = {
    "ms": 1e-3,
    "second": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "day": 86400.0,
    "week": 604800.0,
    "month": 2629800.0,
    "quarter": 7889400.0,
    "year": 31557600.0,
}
TIME: Final = {
    name: unit
    for unit, names in {
        "ms": "ms msec msecs millisecond milliseconds",
        "second": "s sec secs second seconds",
        "minute": "min mins minute minutes",
        "hour": "h hr hrs hour hours",
        "day": "d day days workday workdays man-days person-days",
        "week": "w wk wks week weeks",
        "month": "mo mos mth mths month months",
        "quarter": "quarters",
        "year": "y yr yrs year years",
    }.items()
    for name in names.split()
}
DATA: Final = {
    f"{prefix}{ending}": base**power
    for power, prefix in enumerate("kmgtp", start=1)
    for ending, base in (("b", 1000.0), ("ib", 1024.0))
} | {"byte": 1.0, "bytes": 1.0, "kilobytes": 1e3, "megabytes": 1e6, "gigabytes": 1e9, "terabytes": 1e12}
CURRENCIES: Final = {
    name: code
    for code, names in {
        "USD": "$ usd dollar dollars",
        "EUR": "€ eur euro euros",
        "GBP": "£ gbp pounds",
        "JPY": "¥ jpy yen",
        "INR": "₹ inr rupees",
        "CHF": "chf francs",
        "SEK": "sek",
        "NOK": "nok",
        "DKK": "dkk",
        "CAD": "cad",
        "AUD": "aud",
    }.items()
    for name in names.split()
}
POINTS: Final = words("pp ppt ppts pts pt points point bps")
PERCENTS: Final = words("percent percents pct pc % ％")
DAY_KINDS: Final = words("business working calendar consecutive full person man")
RELATIVE: Final = frozenset({"percent", "points", "times"})

NAMING: Final = words(
    "iso iec iso/iec soc din bs nist asc ifrs ias fips pci rfc http tier type phase series python"
    " version step chapter windows web article section category wave sprint scope gen generation part kr"
    " krs o objective objectives goal okr okrs result sev severity priority p gpt covid ios android java"
    " php rails room figure table annex nr pr ticket bug rule office industry appendix ward zone gate"
    " floor"
)
"""Words whose number is part of a name: "ISO 27001", "Tier 1"."""
NAMING_OR_DOING: Final = words("release form plan round act issue model option mark stage book pull")
"""Naming words that are verbs before a counted thing ("release 5" but "release 5 features")."""
LEVELS: Final = words("level stage band grade week day year month")
"""Words whose number is a name ("week 4") unless the line moves to it ("from level 2")."""
STOP: Final = words(
    "a an the top of to from by in on at for with within without and or but per each every via as than"
    " that which who whose when where while whilst until till before after during through across into"
    " onto over under above below up down last next previous outside besides beyond is are was were be"
    " been being has have had do does did can could will would should may might must not no its their"
    " our your my this these those it they we you if so because since due using around about between"
    " among against compared versus vs plus minus instead only all any both currently now today average"
    " max min maximum minimum least most less fewer greater higher lower faster slower ago away out off"
    " again also then deploy use used report reported get gets work works keep stay remain reach takes"
    " exists remains goes waits lasts requires stays becomes comes leaves pops joins reaches misses"
    " respond increase increases increased decrease reduce reduction growth improvement improve drop"
    " rise later onwards annually join maintained sustained kept yoy qoq mom"
)
DETERMINERS: Final = words("the our all these their its your")
MORE: Final = words("more additional extra new further other different")
PEOPLE: Final = words("people children men women staff")
"""Plurals without an s, which end a counted thing."""


def is_plural(word: str) -> bool:
    """Whether a counted thing may end with `word`."""
    return word in PEOPLE or (word.endswith("s") and not word.endswith(("ss", "us", "is", "'s", "’s")))
