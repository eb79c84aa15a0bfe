"""A standing health measure held at its level, or merely named, instead of changed.

## Finds

A line that would stand on the dashboard in any quarter and under any strategy: keep, maintain, stay above,
no more than, continue; a bare metric ("Monthly churn"); a bare threshold ("Punctuality at least 95 %"); a
standard kept in every period ("Answer every letter within two days").

It leaves alone a measure that must move this cycle, with the move stated ("Punctuality from 88 % to 94 %"),
a figure reached for the first time, and a guard-rail beside a moving result ("…while keeping returns under
3 %"). A guard-rail that stands alone as a line is named, but with low severity. The end of the cycle alone
is no movement: "99.9 % uptime by the end of the quarter" is still a KPI.

Where your KPI register is known, a line that names one of its KPIs at the level it normally has is one, however
it is worded, and a line that asks for another level is not.

## Why it matters

What should stay as it is needs watching, not a bet. Among OKRs it takes the place of something that should
change, and it teaches people that "green" is the aim.

## Do this instead

Put it on the dashboard with a limit that rings a bell. If it has to move, say from where to where. If it
only must not suffer, attach it as a guard-rail to the result that could harm it.

Before:

```okr
KR: Keep delivery punctuality above 90 %
```

After:

```okr
KR: Raise delivery punctuality on Saturdays from 71 % to 88 % by 30 June
```

## Sources

Tesoract: KPIs measure health, an OKR says what must change. KPI guide: a KPI may be promoted to a key
result when it must move. Worxmate: an uptime kept is a performance expectation, halving latency is an OKR.
Lamorte: the same metric is a key result while it is in focus, and a health metric otherwise. Wodtke keeps
health metrics beside the OKRs. Against: OpenOKR allows "maintain" as a direction, and teams that run a
service may need to say that a level is under threat; then say what threatens it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from app.coach.nouns import Severity
from app.coach.quantities import Direction
from app.coach.register import holds_its_level, leaves_its_level, named_kpi
from app.coach.rules.kinds import each_key_result
from app.coach.rules.rule import DraftView, Hit, LineView, Rule

GUARD_RAIL: Final = (
    "This guards a level while its neighbours move theirs: good to watch, so keep it as a health metric with a limit "
    "that rings a bell."
)


def guards(line: LineView, lines: Sequence[LineView]) -> bool:
    """Whether the line only keeps a level while another key result of its OKR, found among `lines`, moves one."""
    if line.measure.direction is not Direction.KEEP:
        return False
    beside = (other for other in lines if other.objective == line.objective and not other.is_objective)
    return any(other.measure.moves for other in beside if other.key_result != line.key_result)


def check(line: LineView, draft: DraftView) -> Iterator[Hit]:
    """A line that names a KPI of the organisation's own register at its normal level; critics judge the rest."""
    found = named_kpi(line, draft)
    if found is None or line.measure.baseline or line.measure.change:
        return
    kpi, named = found
    held = holds_its_level(line.measure, kpi) if line.measure.moves else not leaves_its_level(line.measure, kpi)
    if held:
        normal = f" with a normal level of {kpi.target}" if kpi.target else ""
        yield Hit(
            line,
            named.start,
            named.end,
            f"“{kpi.name}” is among your standing KPIs{normal}, and this line doesn't move it.",
        )


RULE = Rule(
    id="kpi-as-okr",
    severity=Severity.ERROR,
    message="This holds a standing measure at its level instead of changing something.",
    question="Does this have to move in this cycle, and if so, from where to where?",
    check=each_key_result(check),
)
