"""Reads an outline as a coach does: which entries are objectives, key results, teams, cycles or neither."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.coach.nouns import Draft, Line, Okr, Problem
from app.coach.parse import layout
from app.coach.parse.labels import Role, words
from app.coach.parse.layout import ASIDE, OBJECTIVES
from app.coach.parse.outline import Entry, Kind, outline
from app.coach.parse.surroundings import surroundings
from app.coach.parse.tables import columns, read_rows
from app.coach.parse.titles import Title, team_name, title
from app.coach.parse.tree import Node, every, grow

_MEASURED_BY = re.compile(r"[\s,;:–—-]{1,4}(?:as\s)?measured\sby\s?[:…]?\Z", re.IGNORECASE)
_LIST_MARK = re.compile(r"\s{0,3};\s")


class Under(StrEnum):
    """What the node above has been read as."""

    NOTHING = "nothing"
    OBJECTIVES = "objectives"
    OBJECTIVE = "objective"
    KEY_RESULT = "key-result"


@dataclass(slots=True)
class _Building:
    objective: Line | None
    team: str | None
    cycle: str | None
    key_results: list[Line] = field(default_factory=list)


class Reader:
    """One pass over the outline of a text.

    `current` is the OKR that key results go to, `wants` what a label on a line of its own announced,
    `listing` what the plain lines that follow are. `strict` says that key results are labelled here,
    `labelled` that objectives are, `bare` that there are only headings and plain lines.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.okrs: list[_Building] = []
        self.problems: list[Problem] = []
        self.current: _Building | None = None
        self.team: str | None = None
        self.cycle: str | None = None
        self.wants: Role | None = None
        self.listing = Under.NOTHING
        self.strict = False
        self.labelled = False
        self.bare = False

    def read(self) -> Draft:
        """The draft that the text holds, without judging whether it holds any."""
        entries = outline(self.text)
        roots = grow(self.text, entries)
        self.bare = all(entry.kind in {Kind.TEXT, Kind.HEADING} for entry in entries)
        roles = {node.role for node in every(roots)}
        self.strict, self.labelled = Role.KEY_RESULT in roles, Role.OBJECTIVE in roles
        self._all(roots, Under.NOTHING)
        okrs = tuple(
            Okr(made.objective, tuple(made.key_results), made.team, made.cycle)
            for made in self.okrs
            if made.objective or made.key_results
        )
        okrs = self._placed(okrs)
        cycles = {okr.cycle for okr in okrs} or {self.cycle}
        return Draft(okrs, tuple(self.problems), cycles.pop() if len(cycles) == 1 else None)

    def _placed(self, okrs: tuple[Okr, ...]) -> tuple[Okr, ...]:
        """OKRs above which no cycle stands get the one that is named below them or beside them."""
        if not okrs or any(okr.cycle for okr in okrs):
            return okrs
        beside = Title(None, self.cycle, sure=True) if self.cycle else surroundings(self.text, okrs)
        if beside.cycle is None:
            return okrs
        return tuple(replace(okr, cycle=beside.cycle, team=okr.team or beside.team) for okr in okrs)

    def _line(self, start: int, end: int, *, objective: bool = False) -> Line | None:
        start, end = words(self.text, start, end)
        if objective:
            if match := _MEASURED_BY.search(self.text, max(start, end - 30), end):
                end = match.start()
            while end > start and self.text[end - 1] in ":： \t":
                end -= 1
            start, end = words(self.text, start, end)
        said = self.text[start:end]
        return Line(said, start, end) if any(char.isalnum() for char in said) else None

    def _start(self, start: int, end: int) -> None:
        line = self._line(start, end, objective=True)
        if line:
            self.wants = None
            self.current = _Building(line, self.team, self.cycle)
            self.okrs.append(self.current)

    def _add(self, start: int, end: int) -> None:
        line = self._line(start, end)
        if line is None:
            return
        self.wants = None
        if self.current is None:
            self.current = _Building(None, self.team, self.cycle)
            self.okrs.append(self.current)
        self.current.key_results.append(line)

    def _return_to(self, number: int) -> None:
        """Where objectives are listed apart from their key results, "KR 2.1" belongs to the second."""
        if not number or self.current is None or len(self.okrs) < 2:
            return
        before = self.okrs[-2]
        if before.key_results and self.current is self.okrs[-1]:
            return
        listed = [okr for okr in self.okrs if okr.team == self.current.team]
        if number <= len(listed):
            self.current = listed[number - 1]

    def _all(self, nodes: list[Node], under: Under) -> None:
        plain = [node for node in nodes if node.kind is not Kind.HEADING]
        if (
            self.bare
            and under is Under.NOTHING
            and self.wants is None
            and all(node.role is Role.PLAIN and not node.children for node in plain)
        ):
            self._paragraphs(plain)
            nodes = [node for node in nodes if node.kind is Kind.HEADING]
        nested = any(node.children and node.role is Role.PLAIN for node in nodes)
        rows: list[Entry] = []
        for number, node in enumerate(nodes):
            if node.kind is Kind.ROW:
                rows.append(node.entry)
                follows = number + 1 < len(nodes) and nodes[number + 1].kind is Kind.ROW
                if not follows or columns(self.text, nodes[number + 1].entry):
                    self._rows(rows)
                    rows = []
            else:
                self._visit(number, nodes, under, nested=nested)

    def _visit(self, number: int, siblings: list[Node], under: Under, *, nested: bool) -> None:
        node = siblings[number]
        team, cycle = self.team, self.cycle
        if node.kind is Kind.HEADING:
            self.listing = Under.NOTHING
        if node.role is not Role.PLAIN:
            self._labelled(node)
        elif self.wants and under is not Under.KEY_RESULT:
            self._wanted(node)
        elif under is Under.KEY_RESULT:
            self._all([child for child in node.children if child.role is not Role.PLAIN], under)
        elif under is Under.OBJECTIVE:
            self._below_objective(node)
        elif node.kind is Kind.HEADING:
            self._heading(node, siblings, number)
        elif layout.kids_of(node):
            self._parent(node, under)
        elif node.kind is Kind.TEXT:
            self._plain_line(node, siblings, number)
        else:
            self._bullet(node, under, nested=nested)
        if node.kind is Kind.HEADING and node.depth > 0:
            self.team, self.cycle = team, cycle

    def _labelled(self, node: Node) -> None:
        empty, below = not node.words, Under.NOTHING
        if node.role in ASIDE:
            self.listing = Under.NOTHING
            if node.kind is Kind.HEADING:
                self._all(layout.beyond_aside(node.children), below)
            return
        wants: Role | None = node.role if empty else None
        if node.role is Role.TEAM:
            self.team, self.current = node.words or self.team, None
        elif node.role is Role.CYCLE:
            self.cycle = node.words or self.cycle
        elif node.role is Role.OBJECTIVES and empty:
            below = self.listing = Under.OBJECTIVES
            self.current = wants = None
        elif node.role in OBJECTIVES and layout.names_draft(node) and not layout.has_label(self.text, node):
            self._section(node, sure=True)
            return
        elif node.role in OBJECTIVES:
            below = self.listing = Under.OBJECTIVE
            self._start(node.said.start, node.said.end)
        elif node.role is Role.KEY_RESULTS or (empty and len(node.children) > 1):
            below = self.listing = Under.OBJECTIVE
            self._listed(node)
            self.strict, wants = False, None
        else:
            below = Under.OBJECTIVE if empty else Under.KEY_RESULT
            self.listing = Under.OBJECTIVE
            self._return_to(layout.number_of(self.text, node))
            self._add(node.said.start, node.said.end)
        self.wants = wants
        self._all(node.children, below)

    def _listed(self, node: Node) -> None:
        """Key results on the line of their heading, parted by semicolons."""
        at = node.said.start
        for mark in [*_LIST_MARK.finditer(self.text, at, node.said.end), None]:
            self._add(at, mark.start() if mark else node.said.end)
            at = mark.end() if mark else at

    def _wanted(self, node: Node) -> None:
        """The words that a label on a line of its own announced."""
        wants, self.wants = self.wants, None
        below = Under.NOTHING
        if wants is Role.OBJECTIVE:
            self._start(node.said.start, node.said.end)
            below = Under.OBJECTIVE
        elif wants is Role.KEY_RESULT:
            self._add(node.said.start, node.said.end)
            below = Under.KEY_RESULT
        elif wants is Role.TEAM:
            self.team = node.words
        else:
            self.cycle = node.words
        self._all(node.children, below)

    def _below_objective(self, node: Node) -> None:
        """An unlabelled entry below an objective or a heading "Key results"."""
        if node.kind is Kind.TEXT and (self.strict or layout.leads(node)):
            self._all(node.children, Under.OBJECTIVE)
            return
        self._return_to(layout.number_of(self.text, node))
        self._add(node.said.start, node.said.end)
        self._all(node.children, Under.KEY_RESULT)

    def _heading(self, node: Node, siblings: list[Node], number: int) -> None:
        kids = layout.kids_of(node)
        sure = title(node.words).sure
        if sure:
            self._section(node, sure=True)
        elif not kids:
            after = siblings[number + 1] if number + 1 < len(siblings) else None
            if after and (after.role in OBJECTIVES or number == 0):
                self._section(node, sure=False)
            else:
                self._start(node.said.start, node.said.end)
        elif layout.heads_sections(node, kids):
            self._section(node, sure=False)
        else:
            self._start(node.said.start, node.said.end)
            self._all(node.children, Under.OBJECTIVE)

    def _section(self, node: Node, *, sure: bool) -> None:
        """A heading, line or bullet over objectives: a team, a cycle, or the name of the document."""
        named = title(node.words)
        self.cycle = named.cycle or self.cycle
        self.team = (named.team if sure else team_name(node.words)) or self.team
        self.current = None
        self._all(node.children, Under.NOTHING)

    def _parent(self, node: Node, under: Under) -> None:
        """An unlabelled bullet or plain line with something below it."""
        if under is Under.NOTHING and title(node.words).sure:
            self._section(node, sure=True)
        elif layout.heads_objectives(node, layout.kids_of(node)):
            self._section(node, sure=False)
        elif node.kind is Kind.TEXT and self.listing is Under.OBJECTIVE and layout.leads(node):
            self._all(node.children, self.listing)
        else:
            self._start(node.said.start, node.said.end)
            self._all(node.children, Under.OBJECTIVE)

    def _bullet(self, node: Node, under: Under, *, nested: bool) -> None:
        """An unlabelled bullet with nothing below it; `nested` says that some beside it have."""
        follows = self.listing is Under.OBJECTIVE and self.current is not None
        if under is Under.OBJECTIVES or (nested and not follows):
            self._start(node.said.start, node.said.end)
        else:
            self._add(node.said.start, node.said.end)

    def _plain_line(self, node: Node, siblings: list[Node], number: int) -> None:
        """An unlabelled plain line with nothing below it."""
        after = siblings[number + 1] if number + 1 < len(siblings) else None
        if title(node.words).sure:
            self._section(node, sure=True)
        elif layout.names_team(node, after):
            self.team, self.current = team_name(node.words), None
        elif layout.is_prose(node):
            return
        elif self.listing is Under.OBJECTIVES or (
            not (self.labelled and self.current) and layout.opens_key_results(siblings, number)
        ):
            self._start(node.said.start, node.said.end)
        elif self.listing is Under.OBJECTIVE and not self.strict and not layout.follows_list(siblings, number):
            self._add(node.said.start, node.said.end)

    def _paragraphs(self, nodes: list[Node]) -> None:
        if len(nodes) > 1 and layout.names_draft(nodes[0]):
            self._section(nodes[0], sure=True)
            nodes = nodes[1:]
        for lead, rest in layout.paragraphs(nodes):
            self.current = None
            if lead:
                self._start(lead.said.start, lead.said.end)
            for node in rest:
                self._add(node.said.start, node.said.end)

    def _rows(self, entries: list[Entry]) -> None:
        """A table: an objective named again goes on, an empty cell belongs to the row above."""
        seen: dict[tuple[str | None, str], _Building] = {}
        unread: list[Entry] = []
        self.listing = Under.NOTHING
        for entry, cells in read_rows(self.text, entries):
            if not cells:
                unread.append(entry)
            for cell in sorted(cells, key=lambda cell: cell.role not in {"team", "cycle"}):
                said = self.text[cell.start : cell.end]
                if cell.role == "team":
                    self.current = self.current if said == self.team else None
                    self.team = said
                elif cell.role == "cycle":
                    self.cycle = said
                elif cell.role == "key result":
                    self._add(cell.start, cell.end)
                elif (self.team, said) in seen:
                    self.current = seen[self.team, said]
                else:
                    self._start(cell.start, cell.end)
                    if self.current is not None:
                        seen[self.team, said] = self.current
        if unread:
            self.problems.append(_unread(self.text, unread))


def _unread(text: str, entries: list[Entry]) -> Problem:
    first = entries[0]
    seen = " ".join(text[first.start : min(first.end, first.start + 60)].split())
    rows = "1 table row names" if len(entries) == 1 else f"{len(entries)} table rows name"
    return Problem(
        "unreadable-row",
        f"{rows} no objective or key result (“{seen}”); give the table a header row with the columns "
        "“Objective” and “Key result”, and one key result a row.",
        first.start,
        entries[-1].end,
    )
