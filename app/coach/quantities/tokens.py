"""One scan of a line into tokens, so that every character is looked at once."""

from __future__ import annotations

import re
from typing import Final

LINK, WORD, DATE, SKIP, NUMBER, ARROW, COMPARE, MONEY, PERCENT, BLANK, SIGN, HASH, MARK = range(1, 14)

Token = tuple[int, str, int, int]
"""Kind, text in lower case, start, end."""

END: Final[Token] = (0, "", -1, -1)
MARGIN: Final = 10
"""How many `END` tokens close every list: readers may look that far before the first and past the last."""
LONGEST: Final = 3000
"""How many tokens of a line are read; no key result is near as long, and hostile text costs no more."""

_SCAN: Final = re.compile(
    # links
    r"((?:[hH][tT]{2}[pP][sS]?://|[wW]{3}\.)\S+)"
    # words, with what hyphens, slashes and apostrophes join
    r"|([^\W\d_]\w*(?:[-/'’.&]\w+)*)"
    # dates in digits
    r"|(\d{4}-\d\d(?:-\d\d)?(?![\w-])|\d{4}-?[qQhH][1-4]\b|\d{4}/\d\d/\d\d\b"
    r"|\d\d?[./]\d\d?[./](?:\d{4}|\d\d)(?![\w./])|(?:19|20)\d\d[/–-](?:20)?\d\d(?![\w,.]))"
    # times of day, round-the-clock, telephone numbers, versions
    r"|(\d\d?:\d\d(?::\d\d)?(?:\s?[aApP][mM]\b)?|\d\d?\s?[aApP]\.?[mM]\b|24[/x×]7\b|50[/-]50\b|1[:-]1s?\b(?!\s?%)"
    r"|\+\d{1,3}[ -]\(?\d{1,5}\)?[ -]\d{3}[\d -]{0,12}|\d{3}-\d{3}-\d{4}\b|\d+(?:\.\d+){2,9}\w*|\d+(?:\.\d+)?\.[xX]\b)"
    # numbers, with the letters that touch them
    r"|((?:\d{1,3}(?:[,’'\s]\d{3}){1,6}(?![\d,])(?:\.\d+)?|\d+(?:[.,]\d+)?)(?:\^\d{1,2})?(?:[^\W\d_]\w*)?)"
    r"|(-{1,2}>|=>|[→⟶⇒➔➜➡])"
    r"|(>=|<=|=<|[≥≤⩾⩽><=~≈])"
    r"|([$€£¥₹])"
    r"|([%％])"
    r"|(\[[^\[\]\n]{1,60}\]|_{2,}|\?{1,3}(?=\s?%))"
    r"|([+±−–—-])"
    r"|(\#\d+\b)"
    r"|([();:,.!?/×•|\"…])"
)


def words(text: str) -> frozenset[str]:
    """A word list written as words between spaces."""
    return frozenset(text.split())


def tokens(text: str) -> list[Token]:
    """The tokens of `text` in order; what no kind claims (white space, emoji) is left out."""
    found: list[Token] = []
    add = found.append
    for match in _SCAN.finditer(text):
        start, end = match.span()
        add((match.lastindex or 0, match[0].lower(), start, end))
        if len(found) == LONGEST:
            break
    found += [END] * MARGIN
    return found
