"""The draft as submitted, cut where it was read: rows for lines, pieces for flagged words.

`static/annotate.js` does the same in the browser; `tests/web/test_parity.py` holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.coach.grade import WHOLE_OKR
from app.coach.nouns import Finding, Line, Severity, Target
from app.coach.report import Review

RANK: Mapping[Severity, int] = {severity: rank for rank, severity in enumerate(Severity)}

Numbered = tuple[int, Finding]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a line that the same findings are about.

    `findings` has the weightiest first; `begins` and `ends` are those whose words begin and end here.
    """

    text: str
    findings: tuple[Numbered, ...] = ()
    begins: tuple[Numbered, ...] = ()
    ends: tuple[Numbered, ...] = ()

    @property
    def leads(self) -> bool:
        """Whether the weightiest finding begins here, so that a reader moving by keyboard stops once."""
        return bool(self.findings) and self.findings[0] in self.begins


@dataclass(slots=True)
class Row:
    """One line with what stands before and after it on the same row of the draft."""

    targets: list[Target]
    before: str
    pieces: tuple[Piece, ...] = ()
    after: str = ""
    findings: tuple[Numbered, ...] = ()


@dataclass(frozen=True, slots=True)
class Background:
    """Rows of the draft that hold no objective or key result."""

    text: str

    @property
    def rows(self) -> int:
        """How many rows of the draft this is."""
        return self.text.count("\n") + 1


@dataclass(slots=True)
class Section:
    """Neighbouring rows of one OKR. `whole` are the findings on the OKR rather than on a line."""

    okr: int
    first: bool
    blocks: list[Row | Background] = field(default_factory=list)
    whole: tuple[Numbered, ...] = ()


def annotate(text: str, review: Review) -> list[Section | Background]:
    """All of `text` in reading order. Findings are numbered from 1 in the review's order."""
    on_line: dict[Target, list[Numbered]] = {}
    on_okr: dict[int, list[Numbered]] = {}
    for number, finding in enumerate(review.findings, 1):
        if finding.rule in WHOLE_OKR:
            on_okr.setdefault(finding.target.objective, []).append((number, finding))
        else:
            on_line.setdefault(finding.target, []).append((number, finding))
    blocks: list[Row | Background] = []
    for block in _blocks(text, review):
        if isinstance(block, Background):
            blocks.append(block)
            continue
        row, line = block
        found = [numbered for target in row.targets for numbered in on_line.get(target, ())]
        row.findings = tuple(sorted(found, key=lambda numbered: numbered[0]))
        row.pieces = tuple(_pieces(text, line, row.findings))
        blocks.append(row)
    return _sections(blocks, on_okr)


def _blocks(text: str, review: Review) -> Iterator[tuple[Row, Line] | Background]:
    places: list[tuple[Line, Target]] = []
    for index, report in enumerate(review.okrs):
        if report.okr.objective:
            places.append((report.okr.objective, Target(index)))
        places += [(line, Target(index, at)) for at, line in enumerate(report.okr.key_results)]
    places.sort(key=lambda place: (place[0].start, place[0].end))
    last: Row | None = None
    at = 0
    for line, target in places:
        if line.start < at and last:
            last.targets.append(target)
            continue
        after, between, before = _gap(text[at : line.start], first=last is None)
        if last:
            last.after = after
        if between.strip():
            yield Background(between)
        last = Row([target], before)
        at = line.end
        yield last, line
    rest = text[at:]
    if last:
        last.after, _, rest = rest.partition("\n")
    if rest.strip():
        yield Background(rest.strip("\n"))


def _gap(gap: str, *, first: bool) -> tuple[str, str, str]:
    """What lies between two lines: the end of one row, whole rows, the beginning of the next row."""
    if "\n" not in gap:
        return "", "", gap
    rows, _, before = gap.rpartition("\n")
    if first:
        return "", rows.strip("\n"), before
    after, _, between = rows.partition("\n")
    return after, between.strip("\n"), before


def _pieces(text: str, line: Line, findings: Sequence[Numbered]) -> Iterator[Piece]:
    cuts = {line.start, line.end}
    for _, finding in findings:
        cuts |= {min(max(cut, line.start), line.end) for cut in (finding.start, finding.end)}
    for start, end in pairwise(sorted(cuts)):
        over = [n for n in findings if n[1].start < end and n[1].end > start]
        begins = tuple(n for n in over if max(n[1].start, line.start) == start)
        ends = tuple(n for n in over if min(n[1].end, line.end) == end)
        over.sort(key=lambda n: (RANK[n[1].severity], n[1].end - n[1].start, n[0]))
        yield Piece(text[start:end], tuple(over), begins, ends)


def _sections(blocks: Iterable[Row | Background], on_okr: dict[int, list[Numbered]]) -> list[Section | Background]:
    sections: list[Section | Background] = []
    current: Section | None = None
    announced: set[int] = set()
    waiting: list[Background] = []
    for block in blocks:
        if isinstance(block, Background):
            waiting.append(block)
            continue
        okr = block.targets[0].objective
        if current and current.okr == okr:
            current.blocks += waiting
        else:
            sections += waiting
            current = Section(okr, okr not in announced, whole=tuple(on_okr.pop(okr, ())))
            announced.add(okr)
            sections.append(current)
        waiting = []
        current.blocks.append(block)
    if current:
        current.whole += tuple(numbered for found in on_okr.values() for numbered in found)
    return sections + waiting
