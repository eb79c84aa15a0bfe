"""What the layout of unlabelled entries says: objective over key results, or section over objectives."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.coach.parse.labels import Role
from app.coach.parse.outline import Kind
from app.coach.parse.titles import is_deed, title
from app.coach.parse.tree import Node

ASIDE = frozenset({Role.NOTE, Role.WORK})
OBJECTIVES = frozenset({Role.OBJECTIVE, Role.OBJECTIVES})
KEY_RESULTS = frozenset({Role.KEY_RESULT, Role.KEY_RESULTS})
_WHOSE = frozenset({Role.TEAM, Role.CYCLE})

_SENTENCES = re.compile(r"[.!?…][\"'”’)]{0,2}\s+\S")
_DOTTED = re.compile(r"(\d{1,2})\.\d")
_LONG_LINE = 240
_SHORT_NAME = 3
_SHORT_LINE = 4
_LOOK_AHEAD = 6


def is_prose(node: Node) -> bool:
    """Sentences, rather than the one line of an objective or key result."""
    said = node.words
    return len(said) > _LONG_LINE or (said.endswith((".", "!", "?")) and bool(_SENTENCES.search(said)))


def leads(node: Node) -> bool:
    """A line that only leads to what follows: a sentence or two, or words that end in a colon."""
    return node.words.endswith((":", "…")) or is_prose(node)


def has_number(node: Node) -> bool:
    """Whether the entry holds a digit, as most key results do and most objectives don't."""
    return any(char.isdigit() for char in node.words)


def kids_of(node: Node) -> list[Node]:
    """What stands below a node, without notes and work."""
    return [child for child in node.children if child.role not in ASIDE]


def beyond_aside(children: Sequence[Node]) -> list[Node]:
    """What stands below a heading of notes and isn't one: other headings, and all from the first whole OKR on."""
    for at, node in enumerate(children):
        near = children[at + 1 : at + _LOOK_AHEAD]
        whole = node.children or any(other.role in KEY_RESULTS for other in near)
        if node.role is Role.OBJECTIVE and node.kind is Kind.TEXT and whole:
            before = (child for child in children[:at] if child.kind is Kind.HEADING or child.role in _WHOSE)
            return [*before, *children[at:]]
    return [child for child in children if child.kind is Kind.HEADING]


def heads_sections(heading: Node, kids: Sequence[Node]) -> bool:
    """Whether a heading stands over several objectives rather than being one."""
    near = [*kids, *(child for kid in kids if kid.role is not Role.KEY_RESULT for child in kid.children)]
    if any(node.role in OBJECTIVES or node.role is Role.TEAM or node.kind is Kind.ROW for node in near):
        return True
    if any(node.role in KEY_RESULTS for node in kids):
        return False
    if any(node.role in KEY_RESULTS for node in near):
        return True
    headings = [kid for kid in kids if kid.kind is Kind.HEADING]
    if headings:
        return any(kid.children for kid in headings)
    above_bullets = [kid for kid in kids if kid.kind is Kind.TEXT and kid.children]
    if above_bullets:
        heads = sum(not leads(kid) for kid in above_bullets)
        return heads > 1 or (heads == 1 and _is_name(heading))
    if any(kid.children for kid in kids):
        return _nested_are_results(heading, kids)
    return _several_paragraphs(kids) or all(is_prose(kid) for kid in kids)


def heads_objectives(item: Node, kids: Sequence[Node]) -> bool:
    """Whether a bullet or plain line stands over objectives rather than over key results."""
    if any(kid.role in OBJECTIVES or kid.role is Role.TEAM for kid in kids):
        return True
    parents = [kid for kid in kids if kid.children and kid.role is Role.PLAIN]
    if not parents or any(kid.role in KEY_RESULTS for kid in kids):
        return False
    if any(child.role in KEY_RESULTS for kid in parents for child in kid.children):
        return True
    return _nested_are_results(item, kids)


def _is_name(node: Node) -> bool:
    return len(node.words.split()) <= _SHORT_NAME and not is_deed(node.words)


def _nested_are_results(above: Node, kids: Sequence[Node]) -> bool:
    """Bullets in bullets: objectives with key results, rather than key results with details."""
    inner = [child for kid in kids if kid.role is Role.PLAIN for child in kids_of(kid)]
    if not inner:
        return False
    outside = sum(map(has_number, kids)) / len(kids)
    inside = sum(map(has_number, inner)) / len(inner)
    if inside != outside:
        return inside > outside
    return all(kid.children for kid in kids) and (_is_name(above) or not is_deed(above.words))


def _several_paragraphs(kids: Sequence[Node]) -> bool:
    """Two or more paragraphs of several lines each."""
    several: set[int] = set()
    before = -1
    for kid in kids:
        if kid.kind is Kind.TEXT and kid.entry.block == before:
            several.add(before)
        before = kid.entry.block
    return len(several) > 1


def names_team(node: Node, after: Node | None) -> bool:
    """A few words right above an objective, which can only be the name of its team."""
    if after is None or not node.words[-1:].isalnum():
        return False
    if after.role in OBJECTIVES:
        return len(node.words.split()) <= _SHORT_LINE
    heads = after.kind is Kind.TEXT and after.children and after.entry.block == node.entry.block
    return bool(heads) and _is_name(node)


def opens_key_results(siblings: Sequence[Node], number: int) -> bool:
    """Whether an unlabelled line is the objective of the labelled key results right below it.

    A remark between two key results isn't: it stands in the paragraph of the one before.
    """
    node = siblings[number]
    following = (other for other in siblings[number + 1 : number + _LOOK_AHEAD] if other.role not in ASIDE)
    after = next(following, None)
    if after is None or after.role not in KEY_RESULTS:
        return False
    before = siblings[number - 1] if number else None
    if before is None or before.role not in KEY_RESULTS:
        return True
    return before.entry.block != node.entry.block and after.entry.block == node.entry.block


def follows_list(siblings: Sequence[Node], number: int) -> bool:
    """Whether a plain line without a number stands in a paragraph after bullets: a remark or a greeting."""
    node = siblings[number]
    before = next((other for other in reversed(siblings[:number]) if other.children), None)
    return (
        before is not None
        and before.children[-1].kind is Kind.BULLET
        and before.children[-1].entry.block != node.entry.block
        and not has_number(node)
    )


def has_label(text: str, node: Node) -> bool:
    """Whether words in front of the entry's own say its role, rather than an emoji."""
    return any(char.isalnum() for char in text[node.entry.start : node.said.start])


def number_of(text: str, node: Node) -> int:
    """The objective that a key result's number names: 2 for "KR 2.1" or "2.1"; 0 without one."""
    found = _DOTTED.search(text, node.entry.start, max(node.entry.start, node.said.start))
    major = found.group(1) if found else node.entry.number.partition(".")[0]
    return int(major) if found or "." in node.entry.number else 0


def paragraphs(nodes: Sequence[Node]) -> list[tuple[Node | None, list[Node]]]:
    """Plain lines without label, bullet or heading, as objectives with their key results.

    The first line of a paragraph leads, unless it and most lines below it hold a number and the first
    lines of other paragraphs do so too; a line on its own leads the paragraph below it; paragraphs of
    one line each are one list.
    """
    blocks: list[list[Node]] = []
    for node in nodes:
        if blocks and blocks[-1][-1].entry.block == node.entry.block:
            blocks[-1].append(node)
        else:
            blocks.append([node])
    blocks = [block for block in blocks if not (len(block) == 1 and is_prose(block[0]))]
    heads, bodies = blocks[::2], blocks[1::2]
    sure = False
    if len(heads) == len(bodies) and all(len(head) == 1 for head in heads):
        sure = any(len(body) > 1 for body in bodies)
        blocks = [head + body for head, body in zip(heads, bodies, strict=True)]
        if not sure:
            blocks = [[node for block in blocks for node in block]]
    elif all(len(block) == 1 for block in blocks):
        blocks = [[node for block in blocks for node in block]]
    several = [block for block in blocks if len(block) > 1]
    sure = sure or sum(has_number(block[0]) for block in several) * 2 < len(several) > 1
    return [
        (block[0], block[1:]) if len(block) > 1 and (sure or _first_leads(block)) else (None, block)
        for block in blocks
        if block
    ]


def _first_leads(block: Sequence[Node]) -> bool:
    rest = block[1:]
    return not has_number(block[0]) or sum(map(has_number, rest)) * 2 < len(rest)


def names_draft(node: Node) -> bool:
    """A plain first line that names cycle, team or OKRs rather than an objective."""
    return title(node.words).sure
