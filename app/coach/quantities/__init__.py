"""Measured quantities: what a line measures, from where to where, by when.

Every rule, the critic's features and the rewriter read numbers, percentages, money, durations,
dates, quarters, from-to movements and comparators from the one `Measure` made here. Redacted
numbers ("N4", "$X", "XX %") count as numbers of unknown value.
"""

from __future__ import annotations

from typing import Final

from app.coach.quantities import dates, numerals, spelled
from app.coach.quantities.baselines import Dated
from app.coach.quantities.cells import as_said
from app.coach.quantities.cues import CUES, Cue
from app.coach.quantities.keeping import states_movement
from app.coach.quantities.measures import Comparator, Deadline, Direction, Measure, Quantity
from app.coach.quantities.movement import Interpreter
from app.coach.quantities.tokens import BLANK, DATE, HASH, MARGIN, MONEY, NUMBER, SIGN, WORD, tokens

__all__ = ["Comparator", "Deadline", "Direction", "Measure", "Quantity", "as_said", "measure", "states_movement"]

_STARTING_KINDS: Final = frozenset({DATE, NUMBER, MONEY, BLANK, SIGN, HASH})
_STARTING_WORDS: Final = dates.STARTERS | spelled.STARTERS


def measure(text: str) -> Measure:
    """What `text`, one line, measures; never raises, in time linear in its length.

    Of a line with more than `tokens.LONGEST` words and numbers only so many are read.
    """
    text = as_said(text)
    line = tokens(text)
    read_quantity = numerals.QuantityReader(text, line).read
    read_date = dates.DateReader(text, line).read
    founds: list[numerals.Found] = []
    found_dates: list[Dated] = []
    cues: list[Cue] = []
    index, count = 0, len(line) - MARGIN
    while index < count:
        kind, word, _, _ = line[index]
        if kind == WORD:
            if word in CUES:
                cues.append((index, CUES[word]))
            if word not in _STARTING_WORDS and word.isalpha():
                index += 1
                continue
        elif kind not in _STARTING_KINDS:
            index += 1
            continue
        dated = read_date(index)
        if dated is not None:
            found_dates.append((dated[0], index))
            index = dated[1]
            continue
        found = read_quantity(index)
        if found is not None:
            founds.append(found)
            index = found.last
        else:
            index += 1
    return Interpreter(text, line, founds, cues).measure(found_dates)
