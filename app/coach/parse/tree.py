"""Hangs the entries of an outline under the heading, leading line or bullet that they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.coach.parse.labels import Labelled, Role, label, words
from app.coach.parse.outline import Entry, Kind

DEEPEST = 24
"""Levels that are told apart; what stands deeper counts as standing there."""

_NUMBERED = {"number", "letter", "dotted", "key"}
_ASIDE = frozenset({Role.NOTE, Role.WORK})
_STEP = 2


@dataclass(slots=True, eq=False)
class Node:
    """An entry with its label, its own words and what stands below it."""

    entry: Entry
    said: Labelled
    depth: int
    words: str
    children: list[Node] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        """The layout of the entry."""
        return self.entry.kind

    @property
    def role(self) -> Role:
        """What the entry's label says it is."""
        return self.said.role


class _Grower:
    def __init__(self, text: str) -> None:
        self.text = text
        self.roots: list[Node] = []
        self.headings: list[Node] = []
        self.lead: Node | None = None
        self.bullets: list[Node] = []
        self.block = -1

    def add(self, entry: Entry) -> None:
        said = label(self.text, entry.start, entry.end)
        if entry.kind is Kind.HEADING:
            while self.headings and self.headings[-1].entry.level >= entry.level:
                self.headings.pop()
            self.headings.append(self._hang(self._heading, entry, said))
            self.lead, self.bullets = None, []
        elif entry.kind is Kind.ROW:
            self._hang(self._heading, entry, said)
            self.lead, self.bullets = None, []
        elif entry.kind is Kind.TEXT:
            self._text(entry, said)
        else:
            self._bullet(entry, said)
        self.block = entry.block

    @property
    def _heading(self) -> Node | None:
        return self.headings[-1] if self.headings else None

    def _hang(self, parent: Node | None, entry: Entry, said: Labelled) -> Node:
        start, end = words(self.text, said.start, said.end) if entry.kind is not Kind.ROW else (0, 0)
        node = Node(entry, said, parent.depth + 1 if parent else 0, self.text[start:end])
        (parent.children if parent else self.roots).append(node)
        return node

    def _text(self, entry: Entry, said: Labelled) -> None:
        while self.bullets and entry.indent <= self.bullets[-1].entry.indent:
            self.bullets.pop()
        if self.bullets:
            self._hang(self.bullets[-1], entry, said)
            return
        lead = self.lead
        if (
            lead is not None
            and entry.indent >= lead.entry.indent + _STEP
            and said.role not in {Role.OBJECTIVE, Role.OBJECTIVES, Role.TEAM}
        ):
            self._bullet(entry, said)
            return
        node = self._hang(self._heading, entry, said)
        remark = said.role in {Role.NOTE, Role.WORK, Role.CYCLE} and not said.empty
        if not remark:
            self.lead = node

    def _bullet(self, entry: Entry, said: Labelled) -> None:
        while self.bullets and not self._below(entry):
            self.bullets.pop()
        del self.bullets[DEEPEST:]
        parent = self.bullets[-1] if self.bullets else self.lead or self._heading
        self.bullets.append(self._hang(parent, entry, said))

    def _below(self, entry: Entry) -> bool:
        """Whether the entry stands below the last bullet: further in, or in another style of bullet."""
        last = self.bullets[-1].entry
        if abs(entry.indent - last.indent) >= _STEP:
            return entry.indent > last.indent
        level = [node.entry.marker for node in self.bullets if abs(node.entry.indent - last.indent) < _STEP]
        if entry.marker in level:
            return False
        if (last.marker in _NUMBERED) != (entry.marker in _NUMBERED):
            return True
        return last.marker == "number" and entry.marker == "letter"


def every(nodes: Sequence[Node]) -> Iterator[Node]:
    """All nodes, from the top down."""
    for node in nodes:
        yield node
        yield from every(node.children)


def grow(text: str, entries: Sequence[Entry]) -> list[Node]:
    """The entries as a tree."""
    grower = _Grower(text)
    for entry in entries:
        grower.add(entry)
    for node in every(grower.roots):
        if node.kind is Kind.BULLET and node.role in _ASIDE and not node.children:
            _unlabel(text, node)
    return grower.roots


def _unlabel(text: str, node: Node) -> None:
    """A bullet of one word, such as "Documentation", is no heading of notes if nothing follows it."""
    start, end = node.entry.start, node.entry.end
    if node.said.empty and not text[start:end].rstrip("*_ ").endswith((":", "：")):
        node.said = Labelled(Role.PLAIN, start, end)
        first, last = words(text, start, end)
        node.words = text[first:last]
