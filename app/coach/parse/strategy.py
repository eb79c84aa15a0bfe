"""The strategy that a draft names beside its OKRs: a heading or label such as "Strategic pillars" over a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from app.coach.nouns import Pillar
from app.coach.parse import layout
from app.coach.parse.labels import Role, label, words
from app.coach.parse.outline import Kind
from app.coach.parse.titles import title
from app.coach.parse.tree import Node, every

MOST_PILLARS = 12
_LONGEST = 400
_LONGEST_NAME = 60
_OPENING = frozenset({Role.STRATEGY, Role.NOTE, Role.TEAM, Role.CYCLE})
_PARTED = re.compile(r"\s{0,3};\s{1,3}")
_NAMED = re.compile(r"[*_]{0,3}\s?(?::|\s[–—-])[*_]{0,3}\s{1,3}")


def read_strategy(text: str, roots: list[Node], *, taking: bool = True) -> tuple[Pillar, ...]:
    """The pillars of the draft, if they are to be taken.

    What holds them is taken out of the tree. Whatever else is called a strategy, such as a remark on one OKR, loses
    that label.
    """
    named = [node for node in every(roots) if node.role is Role.STRATEGY]
    if not named:
        return ()
    ahead = _ahead(roots)
    taken = [
        (node, siblings)
        for node, siblings in _beside(roots)
        if node.role is Role.STRATEGY and (node.kind is Kind.HEADING or node in ahead)
    ]
    lines = sum(node.kind is not Kind.HEADING for node in named)
    if not taking or lines > sum(node.kind is not Kind.HEADING for node, _ in taken):
        taken = []
    found: list[Pillar] = []
    for node, siblings in taken:
        if said := pillars(text, node):
            found += said
            at = siblings.index(node)
            siblings[at : at + 1] = node.children[len(_listed(node)) :]
            named.remove(node)
    for node in named:
        node.relabel(text, label(text, node.entry.start, node.entry.end, without=Role.STRATEGY))
    return tuple(found)


def _beside(nodes: list[Node]) -> Iterator[tuple[Node, list[Node]]]:
    """What stands beside the OKRs, with the list that holds it: at the top, or below a heading that is no objective."""
    for node in [*nodes]:
        yield node, nodes
        kids = layout.kids_of(node)
        if node.kind is Kind.HEADING and (not kids or title(node.words).sure or layout.heads_sections(node, kids)):
            yield from _beside(node.children)


def _ahead(roots: Sequence[Node]) -> list[Node]:
    """The entries before the first that may be an objective or a key result."""
    found: list[Node] = []
    for node in every(roots):
        opening = node.kind is Kind.HEADING or node.role in _OPENING or title(node.words).sure
        if not opening and not any(node in above.children for above in found):
            break
        found.append(node)
    return found


def pillars(text: str, node: Node) -> tuple[Pillar, ...]:
    """The pillars that `node`, of the role `STRATEGY`, holds: on its own line or, one an entry, below it.

    None of them where the entries are OKRs: labelled, nested, or with figures in most of them.
    """
    spans = _spans(text, node)
    said = [text[start:end] for start, end in spans]
    if not 0 < len(said) <= MOST_PILLARS or any(len(each) > _LONGEST for each in said):
        return ()
    if sum(any(char.isdigit() for char in each) for each in said) * 2 >= len(said):
        return ()
    return tuple(_pillar(each) for each in said)


def _spans(text: str, node: Node) -> list[tuple[int, int]]:
    below = _listed(node)
    after = node.children[len(below) : len(below) + 1]
    if after and after[0].role is Role.PLAIN and after[0].kind not in {Kind.HEADING, Kind.ROW}:
        return []
    own = [] if node.said.empty else _parts(text, node.said.start, node.said.end)
    found = [*own, *((child.said.start, child.said.end) for child in below)]
    trimmed = [words(text, start, end) for start, end in found]
    return [(start, end) for start, end in trimmed if any(char.isalnum() for char in text[start:end])]


def _listed(node: Node) -> list[Node]:
    """The first entries below a node, as long as they are a flat list or plain lines."""
    return list(
        takewhile(
            lambda child: child.role is Role.PLAIN and not child.children and child.kind in {Kind.BULLET, Kind.TEXT},
            node.children,
        )
    )


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """What semicolons part on a line."""
    found = []
    for mark in [*_PARTED.finditer(text, start, end), None]:
        found.append((start, mark.start() if mark else end))
        start = mark.end() if mark else start
    return found


def _pillar(said: str) -> Pillar:
    """Of “Mobile first: most buy on their phone” the name and the text."""
    named = _NAMED.search(said, 0, _LONGEST_NAME)
    if named and named.start() and named.end() < len(said):
        return Pillar(said[: named.start()].strip("*_ "), said[named.end() :].strip())
    return Pillar(said)
