"""What a line does with its quantities: from where to where, by how much, kept or moved."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from app.coach.quantities.baselines import Dated, mark_baseline_dates
from app.coach.quantities.cues import BRING, DOWN, GAIN, GUARD, IMPROVE, KEEP, REACH, UP, Cue, is_verbal
from app.coach.quantities.keeping import is_kept
from app.coach.quantities.measures import Comparator, Direction, Measure, Quantity
from app.coach.quantities.numerals import Found
from app.coach.quantities.placing import FILLER, Placed, Placer
from app.coach.quantities.tokens import ARROW, WORD, Token, words
from app.coach.quantities.units import RELATIVE, SECONDS, is_plural

_DIRECTIONS: Final = {UP: Direction.UP, IMPROVE: Direction.UP, DOWN: Direction.DOWN, REACH: Direction.REACH}
_WISHES: Final = words("want aim need plan going significantly")
_PURPOSE: Final = words("to that which for by and")
_FRESH: Final = ("new ", "more ", "additional ", "extra ")
_NEAR: Final = 10
_LEAD: Final = 24
_READ_THEN: Final = re.compile(
    r"\(\s?(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|q[1-4]|h[12]|week\s\d\d?|last\s\w+|start|20\d\d)"
    r"[\s\d’'/]{0,8}:\s?[~$€£]?\Z",
    re.IGNORECASE,
)


class Interpreter:
    """Reads a whole line's movement from its tokens, quantities, dates and cues."""

    __slots__ = ("_cues", "_guards", "_placed", "_text", "_tokens")

    def __init__(self, text: str, tokens: list[Token], founds: list[Found], cues: list[Cue]) -> None:
        self._text = text
        self._tokens = tokens
        self._placed: list[Placed] = []
        if founds:
            placer = Placer(text, tokens)
            previous: Placed | None = None
            for found in founds:
                previous = placer.place(found, previous)
                self._placed.append(previous)
        self._cues = [cue for cue in cues if is_verbal(tokens, *cue)] if cues else cues
        self._guards = [self._guard(place) for place, cue in self._cues if cue == GUARD]

    def measure(self, dates: list[Dated]) -> Measure:
        """The line's measure."""
        moving = self._moving() if self._cues else None
        if not self._placed:
            direction = (
                moving
                or self._implied(None)
                or (Direction.KEEP if is_kept(self._text, self._tokens, self._cues, [], None) else None)
            )
            return Measure(
                dates=mark_baseline_dates(self._tokens, dates, ()),
                direction=direction,
                moves=direction is not None and direction is not Direction.KEEP,
            )
        baseline, target = self._ends(moving)
        if target is None:
            self._settle_counts(moving)
        change = self._change(moving, target)
        aside = change is not None and any(item.in_brackets and item.quantity is change for item in self._placed)
        if target is None and (change is None or aside):
            level = self._level(moving)
            target = level if level is not change else None
        if baseline is None:
            baseline = self._stated_baseline(target, moving)
            if baseline and target and not (baseline.quantity.unit or baseline.quantity.noun):
                baseline.quantity = replace(baseline.quantity, unit=target.unit)
        direction = self._direction(moving, baseline, target, change)
        if direction is Direction.KEEP and target is None:
            target, change = change, None
        placed = next((item for item in self._placed if item.quantity is (target or change)), None)
        return Measure(
            quantities=tuple(item.quantity for item in self._placed),
            dates=mark_baseline_dates(self._tokens, dates, self._placed, baseline),
            baseline=baseline.quantity if baseline else None,
            target=target,
            change=change,
            direction=direction,
            comparator=placed.comparator if placed is not None and target is not None else None,
            moves=direction is not None and direction is not Direction.KEEP,
        )

    def _moving(self) -> Direction | None:
        """The movement a verb states, before the numbers are asked."""
        first = self._placed[0].last if self._placed else 0
        last = self._placed[-1].first if self._placed else -1
        for index, cue in self._cues:
            if cue not in _DIRECTIONS or self._guarded(index):
                continue
            before = self._tokens[index - 1][1]
            if before in _PURPOSE and first <= index and last < index and not self._is_wish(index):
                continue
            if before == "or" and any(kind == KEEP and place < index for place, kind in self._cues):
                continue
            return _DIRECTIONS[cue]
        return None

    def _is_wish(self, index: int) -> bool:
        """Whether the verb is the line's own aim ("we want to improve") though no number follows it."""
        return not self._placed and (index < 3 or self._tokens[index - 2][1] in _WISHES)

    def _ends(self, moving: Direction | None) -> tuple[Placed | None, Quantity | None]:
        """Both ends of a movement that is written with from, to or an arrow."""
        start: Placed | None = None
        goal: Placed | None = None
        loose: Placed | None = None
        previous: Placed | None = None
        for item in self._placed:
            if item.link == "from":
                if loose is not None and not item.quantity.noun and self._belongs(item, loose):
                    return self._start(item, loose), loose.quantity
                if goal is not None:
                    return (self._start(item, goal) if self._belongs(item, goal) else None), goal.quantity
                start = item
            elif item.link == "to" and goal is None:
                if start is not None and self._belongs(start, item):
                    return self._start(start, item), item.quantity
                if previous is not None and self._joined(previous, item, moving):
                    return self._start(previous, item), item.quantity
                if moving is not None or self._brought(item):
                    goal = item
                else:
                    loose = item
            previous = item
        return None, goal.quantity if goal else None

    def _belongs(self, start: Placed, goal: Placed) -> bool:
        """Whether two quantities can be the ends of one movement."""
        one, other = start.quantity, goal.quantity
        low, high = min(start.last, goal.last), max(start.first, goal.first)
        if high - low > 2 * _NEAR or any(low <= place < high and kind in _DIRECTIONS for place, kind in self._cues):
            return False
        if one.unit == other.unit or one.value is None or other.value is None:
            return True
        if not one.unit or not other.unit:
            return not (one.noun if not one.unit else other.noun)
        return one.unit in SECONDS and other.unit in SECONDS

    def _start(self, start: Placed, goal: Placed) -> Placed:
        """The baseline, either end in the other's unit where it has none of its own."""
        for bare, other in ((start, goal), (goal, start)):
            if not bare.quantity.unit and other.quantity.unit and not bare.quantity.noun:
                bare.quantity = replace(bare.quantity, unit=other.quantity.unit)
        return start

    def _joined(self, start: Placed, goal: Placed, moving: Direction | None) -> bool:
        """Whether "X to Y" without a "from" is a movement rather than a range."""
        between = self._tokens[start.last : goal.first]
        if any(token[0] == ARROW or token[1] == ">" for token in between):
            return True
        per = self._tokens[start.first - 1][1] == "per"
        if per or start.link in {"by", "base", "to"} or start.comparator or len(between) > _NEAR:
            return False
        if (start.quantity.unit and not goal.quantity.unit) or not self._belongs(start, goal):
            return False
        if any(token[0] == WORD and token[1] not in FILLER and token[1] != "to" for token in between):
            return any(token[1] in {"up", "down"} for token in between)
        one, other = start.quantity, goal.quantity
        if moving is not None or (one.unit and not other.noun and one.unit == other.unit):
            return True
        if one.value is None or other.value is None or other.value < one.value:
            return True
        if one.unit in SECONDS and other.unit in SECONDS and one.unit != other.unit:
            return other.value * SECONDS[other.unit] < one.value * SECONDS[one.unit]
        return not other.noun and other.unit not in SECONDS

    def _brought(self, item: Placed) -> bool:
        """Whether a verb such as get or bring takes the measure to this quantity."""
        return any(cue == BRING and item.first - _NEAR < place < item.first for place, cue in self._cues)

    def _change(self, moving: Direction | None, target: Quantity | None) -> Quantity | None:
        """A relative movement: by 30 %, +15 %, double, a 20 % increase."""
        for item in self._placed:
            if item.quantity is not target and item.link in {"", "by"} and self._is_change(item, moving, target):
                return item.quantity
        return None

    def _is_change(self, item: Placed, moving: Direction | None, target: Quantity | None) -> bool:
        shifts = moving in {Direction.UP, Direction.DOWN}
        unit = item.quantity.unit
        if self._guarded(item.first):
            return False
        if item.change is not None and (shifts or item.comparator is not Comparator.AT_MOST):
            return True
        if item.link == "by" and shifts:
            return True
        if unit == "times" and not item.aside:
            return moving is not None or item.comparator is None
        if item.sign and (unit in RELATIVE or (item.sign == "+" and not item.in_brackets)):
            return True
        if not shifts or unit not in RELATIVE or target is not None or item.aside:
            return False
        before = self._tokens[item.first - 1][1]
        bounded = item.comparator is Comparator.AT_MOST or before in {"above", "over", "at", "is", "beyond"}
        return not bounded and self._tokens[item.last][1] != "of"

    def _settle_counts(self, moving: Direction | None) -> None:
        """Makes a count of "6x engineers", which multiplies no measure."""
        for item in self._placed:
            quantity = item.quantity
            written = quantity.unit == "times" and self._text[quantity.start].isdecimal()
            if written and moving is None and is_plural(quantity.noun.rpartition(" ")[2]):
                item.quantity = replace(quantity, unit="")

    def _guard(self, place: int) -> tuple[int, int]:
        """The tokens of a guard-rail: to the comma if it opens the line, else to the end."""
        end = len(self._tokens)
        if place == 0:
            comma = next((index for index, token in enumerate(self._tokens) if token[1] == ","), end)
            return 0, comma
        return place, end

    def _guarded(self, index: int) -> bool:
        """Whether the token stands in a guard-rail ("while keeping …")."""
        return any(start <= index < end for start, end in self._guards)

    def _level(self, moving: Direction | None) -> Quantity | None:
        """The level a line names without a from or a by."""
        candidates = [item for item in self._placed if item.link != "base" and self._tokens[item.first - 1][1] != "per"]
        if moving is not None:
            candidates = [item for item in candidates if not self._guarded(item.first)]
        strong = [item for item in candidates if not item.aside and not item.in_brackets]
        if moving is Direction.REACH and len(strong) > 1:
            reached = {place + step for place, cue in self._cues if cue == REACH for step in (1, 2)}
            strong.sort(key=lambda item: item.first not in reached)
        if not strong:
            started = [item for item in candidates if item.link != "from"]
            strong = [item for item in started if item.comparator] or started
        if not strong and moving is None:
            strong = candidates
        return strong[0].quantity if strong else None

    def _stated_baseline(self, target: Quantity | None, moving: Direction | None) -> Placed | None:
        """A starting point said aside: "(currently 45)", "up from 40"."""
        for item in self._placed:
            if item.quantity is target:
                continue
            if item.link == "base" or self._read_then(item, target):
                return item
            if item.link == "from":
                lead = self._before_from(item)
                same = target is None or target.unit == item.quantity.unit
                if lead in {"up", "down", "("} or (moving is not None and same and not item.quantity.noun):
                    return item
        return None

    def _read_then(self, item: Placed, target: Quantity | None) -> bool:
        """Whether brackets after the target say when another level was read: "(Dec: 13 %)"."""
        start = item.quantity.start
        if target is None or not item.in_brackets or start < target.end or item.quantity.unit != target.unit:
            return False
        return _READ_THEN.search(self._text, max(0, start - _LEAD), start) is not None

    def _before_from(self, item: Placed) -> str:
        for index in range(item.first - 1, max(-1, item.first - _NEAR), -1):
            if self._tokens[index][1] == "from":
                return self._tokens[index - 1][1]
        return ""

    def _direction(
        self,
        moving: Direction | None,
        baseline: Placed | None,
        target: Quantity | None,
        change: Quantity | None,
    ) -> Direction | None:
        kept = is_kept(self._text, self._tokens, self._cues, self._placed, target or change)
        if baseline is not None and target is not None and (moving is not None or not kept or baseline.link != "base"):
            return self._between(baseline.quantity, target, moving)
        if moving is not None:
            return self._improving(target) if self._improves(moving) else moving
        if kept:
            return Direction.KEEP
        if change is not None:
            return self._change_direction(change)
        return self._implied(target)

    def _improves(self, moving: Direction | None) -> bool:
        """Whether the movement is only called an improvement, up or down."""
        first = next((cue for _, cue in self._cues if cue in _DIRECTIONS), None)
        return moving is Direction.UP and first == IMPROVE

    def _improving(self, target: Quantity | None) -> Direction:
        """Better means less for times and for what is bounded above."""
        item = next((item for item in self._placed if item.quantity is target), None)
        if item is not None and (item.quantity.unit in SECONDS or item.comparator is Comparator.AT_MOST):
            return Direction.DOWN
        return Direction.UP

    def _change_direction(self, change: Quantity) -> Direction:
        for item in self._placed:
            if item.quantity is change:
                if item.change is not None:
                    return item.change
                if item.sign == "-":
                    return Direction.DOWN
        shrinks = change.unit == "times" and change.value is not None and change.value < 1
        return Direction.DOWN if shrinks else Direction.UP

    def _between(self, baseline: Quantity, target: Quantity, stated: Direction | None) -> Direction:
        low, high = baseline.value, target.value
        steered = stated in {Direction.UP, Direction.DOWN} and not self._improves(stated)
        if low is None or high is None or steered:
            return stated or Direction.REACH
        if baseline.unit in SECONDS and target.unit in SECONDS:
            low, high = low * SECONDS[baseline.unit], high * SECONDS[target.unit]
        elif baseline.unit != target.unit:
            return stated or Direction.REACH
        return Direction.UP if high > low else Direction.DOWN if high < low else stated or Direction.REACH

    def _implied(self, target: Quantity | None) -> Direction | None:
        """Movement without a verb of movement: first, new, add, win, bring below."""
        if "for the first time" in self._text:
            return Direction.REACH
        item = next((item for item in self._placed if item.quantity is target), None)
        if item is None or target is None:
            return None
        if target.noun.startswith(_FRESH):
            return Direction.UP
        if target.unit not in SECONDS:
            if self._tokens[item.first - 1][1] == "first":
                return Direction.REACH
            if any(cue == GAIN and item.first - 4 < place < item.first for place, cue in self._cues):
                return Direction.UP
        if item.link == "to" and self._brought(item):
            return Direction.REACH
        return Direction.REACH if item.comparator is not None and self._brings(item) else None

    def _brings(self, item: Placed) -> bool:
        """Bring (or, opening the line, get) a measure under or over a bound."""
        for place, cue in self._cues:
            if cue == BRING and place < item.first and self._tokens[item.first - 1][1] != "within":
                word = self._tokens[place][1]
                if word.startswith("bring") or (place == 0 and item.comparator is Comparator.AT_MOST):
                    return True
        return False
