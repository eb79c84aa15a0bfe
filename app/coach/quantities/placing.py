"""How the words around one quantity tie it to its line: an end, a start, a step, a bound."""

from __future__ import annotations

from typing import Final

from app.coach.quantities.cues import CUES
from app.coach.quantities.measures import Comparator, Direction, Quantity
from app.coach.quantities.numerals import Found
from app.coach.quantities.tokens import ARROW, COMPARE, MARK, NUMBER, PERCENT, SIGN, WORD, Token, words
from app.coach.quantities.units import RELATIVE

FILLER: Final = words(
    "a an the about around roughly approximately approx nearly almost average median mean avg of total"
    " at our its their is are be some circa ca only just another additional value level score rate"
    " overall nps and"
)
LATER_BASE: Final = words("today currently now baseline current")
BASE: Final = LATER_BASE | words("was were vs versus previously formerly presently")
UNLIKE: Final = words("compared relative")
_MORE_THAN: Final = words("more greater higher longer older better larger bigger later slower other worse")
_LESS_THAN: Final = words("less fewer lower shorter sooner faster smaller younger")
_BOUNDS: Final = (
    dict.fromkeys(words("least minimum min above over exceed exceeds exceeding surpass beyond"), Comparator.AT_LEAST)
    | dict.fromkeys(words("most maximum max under below within beneath"), Comparator.AT_MOST)
    | dict.fromkeys(words("exactly precisely"), Comparator.EXACTLY)
    | dict.fromkeys(("≥", ">=", "⩾", ">"), Comparator.AT_LEAST)
    | dict.fromkeys(("≤", "<=", "=<", "⩽", "<"), Comparator.AT_MOST)
    | {"=": Comparator.EXACTLY}
)
_OR: Final = dict.fromkeys(words("more higher better above greater over up"), Comparator.AT_LEAST) | dict.fromkeys(
    words("less fewer lower below under faster"), Comparator.AT_MOST
)
_FLIPPABLE: Final = words("above over exceed exceeds exceeding surpass under below beneath")
_FLIPPED: Final = {Comparator.AT_LEAST: Comparator.AT_MOST, Comparator.AT_MOST: Comparator.AT_LEAST}
CHANGES: Final = dict.fromkeys(
    words("increase growth improvement uplift rise lift gain more higher faster yoy qoq mom boost jump"),
    Direction.UP,
) | dict.fromkeys(
    words("reduction decrease drop decline cut fewer less lower shorter cheaper savings smaller"),
    Direction.DOWN,
)
_RELATIVE_ONLY: Final = words("more less fewer lift gain cut rise drop boost jump mom")
_ASIDE: Final = words("for of across in with per every each after over last past next first within previous from")
_NEGATIONS: Final = words(
    "no not never don't doesn't don’t doesn’t cannot can't can’t nobody none without isn't aren't nor"
)
_CLIMBING: Final = words(
    "grow grows growing scale scaling increase increasing ramp go goes drive push moves move bring lift"
    " raise boost improve"
)
_STEPS: Final = 9
_SPANS: Final = words("quarter year month week cycle term season")
_SENTENCE: Final = 20
_STRANGERS: Final = 3


class Placed:
    """A found quantity with its place in the line.

    `link` is "to", "from", "by" or "base"; `aside` says it qualifies something else ("for 3 clients").
    """

    __slots__ = ("aside", "change", "comparator", "first", "in_brackets", "last", "link", "quantity", "sign")

    def __init__(self, found: Found) -> None:
        self.quantity: Quantity = found.quantity
        self.first = found.first
        self.last = found.last
        self.sign = found.sign
        self.comparator: Comparator | None = Comparator.AT_LEAST if found.at_least else None
        self.change: Direction | None = None
        self.link = ""
        self.in_brackets = False
        self.aside = found.quantity.unit == "rank" or found.adjectival


class Placer:
    """Reads back from a quantity to the one before it, and a word or two on."""

    __slots__ = ("_started", "_text", "_tokens")

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._started = False

    def place(self, found: Found, previous: Placed | None) -> Placed:
        """`found` with its link, bound and sign of change."""
        placed = Placed(found)
        tokens = self._tokens
        floor = previous.last if previous else 0
        if previous and previous.in_brackets and not any(token[1] == ")" for token in tokens[floor : found.first]):
            placed.in_brackets = True
        index = found.first - 1
        halved = placed.quantity.unit == "times" and tokens[index][1] == "in"
        if index >= floor and tokens[index][1] in _ASIDE and not halved and not self._is_change_of(placed, index):
            placed.aside = True
        stop = max(floor, found.first - _STEPS)
        strangers = 0
        of = False
        while index >= stop:
            kind, word, _, _ = tokens[index]
            if kind == WORD:
                if word in {"to", "from", "by", "into"} or word in BASE:
                    self._tie(placed, index, strangers, of=of)
                    break
                if word == "of":
                    of = True
                elif not self._bound(placed, index, word) and word not in FILLER:
                    strangers += 1
                    if strangers > _STRANGERS:
                        break
            elif kind == ARROW or (word == ">" and self._points(placed, index, floor)):
                placed.link = "to"
                break
            elif kind == COMPARE:
                placed.comparator = _BOUNDS.get(word, placed.comparator)
            elif word == "(":
                placed.in_brackets = True
            elif (kind == MARK and word not in ':"') or (kind == SIGN and strangers):
                break
            index -= 1
        self._look_after(placed)
        return placed

    def _is_change_of(self, placed: Placed, index: int) -> bool:
        """Whether the quantity is the size of a change: "an increase of 20 %"."""
        noun = self._tokens[index - 1][1]
        if self._tokens[index][1] != "of" or noun not in CHANGES or noun in _RELATIVE_ONLY:
            return False
        placed.change = CHANGES[noun]
        return True

    def _points(self, placed: Placed, index: int, floor: int) -> bool:
        """Whether a bare ">" stands between two quantities as an arrow."""
        spaced = self._text[self._tokens[index][3] : self._tokens[index][3] + 1].isspace()
        return 0 < floor == index == placed.first - 1 and spaced

    def _tie(self, placed: Placed, index: int, strangers: int, *, of: bool) -> None:
        word, before = self._tokens[index][1], self._tokens[index - 1][1]
        if word in {"to", "into"}:
            if before in UNLIKE:
                placed.link = "base"
            elif before == "up" and self._tokens[index - 2][0] in {NUMBER, PERCENT}:
                placed.link = "to"
            elif before == "up" and not any(token[1] in _CLIMBING for token in self._tokens[max(0, index - 5) : index]):
                placed.comparator = Comparator.AT_MOST
            elif strangers == 0 or of or (strangers == 1 and self._started):
                placed.link = "to"
        elif word == "from" and strangers and placed.comparator:
            return  # "calls from men over 50"
        elif word == "from":
            placed.link = "from"
            self._started = True
        elif word == "by":
            agent = before.endswith("ed") and before not in CUES
            placed.link = "by" if strangers == 0 and not agent else ""
            placed.aside = placed.aside or agent
        elif strangers < 2 or word in {"vs", "versus"}:
            placed.link = "base"

    def _bound(self, placed: Placed, index: int, word: str) -> bool:
        """Reads a comparator word before a quantity."""
        if word in _MORE_THAN or word in _LESS_THAN:
            return True
        if word == "than":
            before = self._tokens[index - 1][1]
            more = before in _MORE_THAN
            bound = Comparator.AT_LEAST if more else Comparator.AT_MOST if before in _LESS_THAN else None
            if bound and self._negated(index):
                bound = _FLIPPED[bound]
        else:
            bound = _BOUNDS.get(word)
            if (
                bound
                and word in _FLIPPABLE
                and any(token[1] in _NEGATIONS for token in self._tokens[max(0, index - 3) : index])
            ):
                bound = _FLIPPED[bound]
        if bound and placed.comparator is None:
            placed.comparator = bound
        return bound is not None

    def _negated(self, index: int) -> bool:
        for step in range(index - 1, max(-1, index - _STEPS), -1):
            kind, word, _, _ = self._tokens[step]
            if kind == MARK and word not in "()":
                return False
            if word in _NEGATIONS:
                return True
        return self._tokens[0][1] in {"no", "never"} and index < _SENTENCE

    def _look_after(self, placed: Placed) -> None:
        """Reads what follows: "or more", "max", "increase", "today"."""
        tokens, last = self._tokens, placed.last
        word, following = tokens[last][1], tokens[last + 1][1]
        if word in {"or", "and"} and following in _OR:
            placed.comparator = placed.comparator or _OR[following]
            return
        if word in {"max", "maximum", "minimum", "min"}:
            placed.comparator = placed.comparator or _BOUNDS[word]
        relative = placed.quantity.unit in RELATIVE
        changed = word if word in CHANGES else following if relative and word not in FILLER and word.isalpha() else ""
        if changed in CHANGES and (relative or (changed not in _RELATIVE_ONLY and not placed.quantity.noun)):
            placed.change = CHANGES[changed]
        elif relative and tokens[placed.first - 1][1] in {"up", "down"}:
            placed.change = Direction.UP if tokens[placed.first - 1][1] == "up" else Direction.DOWN
        if not placed.link and (
            (word == "last" and following in _SPANS)
            or word in LATER_BASE
            or (word == "(" and following in LATER_BASE and tokens[last + 2][1] == ")")
        ):
            placed.link = "base"
