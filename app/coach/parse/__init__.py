"""Parse: from what people paste to a draft whose every line has its exact span.

Free text is read by its layout and labels, structured input by its keys. What cannot be read comes
back as a problem that says what was seen and how to write it; structured input of the wrong shape
raises `ParseError`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import yaml

from app.coach.nouns import Draft, Line, Okr, Problem
from app.coach.parse.gate import Weight, weigh
from app.coach.parse.letter import without_letter
from app.coach.parse.lexicon import HIDDEN
from app.coach.parse.reading import Reader
from app.coach.parse.strategy import without_strategy

Format = Literal["auto", "text", "json", "yaml"]

MAX_YAML = 200_000
"""Characters of YAML that are read; its loader is slow, and drafts are small."""

_MAX_DEPTH = 40
_KNOWN_YAML = re.compile(
    r"^(?:-[ \t]+|[ \t]{0,8})(?:okrs|objectives|objective|key_results|keyResults|krs)[ \t]*:", re.MULTILINE
)
_LISTS = ("okrs", "objectives", "teams", "items")
_OBJECTIVE_KEYS = ("objective", "title", "name", "text")
_KEY_RESULT_KEYS = ("key_results", "keyResults", "krs", "keyresults", "key-results", "results")
_LINE_KEYS = ("text", "title", "name", "key_result", "keyResult", "kr", "description")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1b\x7f\ufffd]")
_SHOWN = 60
_HOW = (
    "Write the objective on a line “Objective: …” and each key result below it on a line “KR: …” "
    "(or as a heading with bullets)."
)


class ParseError(ValueError):
    """Structured input that can't be read: a stable code and a message that says what to change."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def parse_text(text: str, weight: Weight | None = None) -> Draft:
    """The OKRs in free text; never raises. `text[line.start:line.end] == line.text` for every line.

    `weight` is what `weigh` says of the text, for who has asked already.

    A text without OKRs comes back as the one problem `no-okrs`; a lone line, or a few plain ones, are
    taken as key results. Of a letter the lists are read, if they hold OKRs.
    """
    problem = _unreadable(text)
    if problem:
        return Draft((), (problem,))
    weight = weight or weigh(text)
    read: str | None = text
    if not (weight.holds or weight.alone):
        read = without_letter(text)
    if read is None:
        return Draft((), (_no_okrs(text),))
    read, strategy = without_strategy(read)
    draft = replace(Reader(read).read(), strategy=strategy)
    return draft if draft.okrs else Draft((), (*draft.problems, _no_okrs(text)))


def parse_okrs(items: Sequence[Mapping[str, object]]) -> Draft:
    """Structured OKRs; offsets count within each item's own string.

    Each item is `{"objective": text or null, "key_results": [text, …], "team"?: text, "cycle"?: text}`.
    """
    if isinstance(items, (str, bytes, Mapping)) or not isinstance(items, Sequence):
        raise ParseError("wrong-type", f"okrs must be a list of objects, not {_kind(items)}.")
    okrs: list[Okr] = []
    problems: list[Problem] = []
    for number, item in enumerate(items):
        place = f"okrs[{number}]"
        if not isinstance(item, Mapping):
            raise ParseError(
                "wrong-type", f"{place} must be an object with objective and key_results, not {_kind(item)}."
            )
        objective = _text(item.get("objective"), f"{place}.objective")
        listed = item.get("key_results")
        if listed is None:
            listed = []
        if isinstance(listed, (str, bytes)) or not isinstance(listed, Sequence):
            raise ParseError("wrong-type", f"{place}.key_results must be a list of texts, not {_kind(listed)}.")
        lines: list[Line] = []
        for index, value in enumerate(listed):
            where = f"{place}.key_results[{index}]"
            said = _text(value, where, optional=False) or ""
            line = Line.whole(said)
            if line.text:
                lines.append(line)
            else:
                problems.append(Problem("empty", f"{where} is empty; leave it out or write the key result."))
        head = Line.whole(objective) if objective else None
        if (head and head.text) or lines:
            okrs.append(
                Okr(
                    head if head and head.text else None,
                    tuple(lines),
                    _text(item.get("team"), f"{place}.team") or None,
                    _text(item.get("cycle"), f"{place}.cycle") or None,
                )
            )
        else:
            problems.append(Problem("empty", f"{place} has neither an objective nor a key result."))
    if not items:
        problems.append(Problem("empty", "There is nothing to review: the list of OKRs is empty."))
    return Draft(tuple(okrs), tuple(problems))


def parse_document(text: str, format: Format = "auto") -> Draft:  # noqa: A002 - the caller's word for it
    """A file's OKRs: JSON, YAML or free text. In JSON and YAML offsets count within each item's string."""
    kind = document_format(text) if format == "auto" else format
    if kind == "text":
        return parse_text(text)
    problem = _unreadable(text)
    if problem:
        return Draft((), (problem,))
    data = _load_json(text) if kind == "json" else _load_yaml(text)
    cycle = _scalar(data.get("cycle")) if isinstance(data, Mapping) else None
    draft = parse_okrs(list(_items(data, None, None, "the document", 0)))
    return Draft(draft.okrs, draft.problems, cycle)


def document_format(text: str) -> Literal["text", "json", "yaml"]:
    """Which of the formats a file is written in."""
    head = text.lstrip(HIDDEN + " \t\r\n")
    if re.match(r"[{\[]\s{0,80}[{\"\]}]", head):
        return "json"
    if _KNOWN_YAML.search(text):
        try:
            data = _load_yaml(text)
        except ParseError as error:
            return "yaml" if error.code != "malformed-yaml" else "text"
        if _is_structured(data):
            return "yaml"
    return "text"


def _is_structured(data: object) -> bool:
    """Whether loaded YAML is a document of OKRs, and not labelled lines that happen to be YAML."""
    if isinstance(data, list):
        return any(isinstance(item, Mapping) and "objective" in item for item in data)
    if not isinstance(data, Mapping):
        return False
    return any(isinstance(data.get(key), list) for key in (*_LISTS, *_KEY_RESULT_KEYS))


def _unreadable(text: str) -> Problem | None:
    if not text.strip(HIDDEN + " \t\r\n\f\v\xa0\x85\u2028\u2029\u3000"):
        return Problem("empty", f"There is nothing to review. {_HOW}", 0, len(text))
    sample = text[:20_000]
    if "\x00" in text or len(_CONTROL.findall(sample)) * 10 > len(sample):
        return Problem(
            "binary",
            f"This looks like a binary file, not text. Paste the words themselves. {_HOW}",
            0,
            len(text),
        )
    return None


def _no_okrs(text: str) -> Problem:
    seen = " ".join(text[:400].split())
    seen = seen if len(seen) <= _SHOWN else seen[: _SHOWN - 1].rstrip() + "…"
    return Problem(
        "no-okrs",
        f"No objective or key result was found in the text that starts “{seen}”. {_HOW}",
        0,
        len(text),
    )


def _kind(value: object) -> str:
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "an object",
    }
    return "null" if value is None else names.get(type(value), f"a {type(value).__name__}")


def _text(value: object, place: str, *, optional: bool = True) -> str | None:
    if value is None and optional:
        return None
    if not isinstance(value, str):
        raise ParseError("wrong-type", f"{place} must be a text, not {_kind(value)}.")
    return value


def _scalar(value: object) -> str | None:
    """Team or cycle as text; YAML turns a cycle such as 2026 into a number."""
    if value is None or isinstance(value, (Mapping, list)):
        return None
    return str(value).strip() or None


def _load_json(text: str) -> object:
    try:
        data: object = json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        message = f"This JSON breaks off at line {error.lineno}, column {error.colno}: {error.msg}."
        raise ParseError("malformed-json", message) from error
    except (RecursionError, ValueError) as error:
        raise ParseError(
            "malformed-json", "This JSON is nested too deeply or holds a number too large to read."
        ) from error
    return data


def _load_yaml(text: str) -> object:
    if len(text) > MAX_YAML:
        raise ParseError("too-large", f"YAML of more than {MAX_YAML:,} characters isn't read; use JSON or plain text.")
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise ParseError("yaml-alias", "YAML aliases (*name) aren't read; write the text out.")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _MAX_DEPTH:
                raise ParseError("too-deep", f"YAML nested more than {_MAX_DEPTH} levels deep isn't read.")
        data: object = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ParseError(
            "malformed-yaml", f"This YAML can't be read{where}: {error.problem or error.context}."
        ) from error
    except ParseError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ParseError(
            "malformed-yaml",
            "This YAML can't be read: it holds a character or value that YAML doesn't allow.",
        ) from error
    return data


def _items(data: object, team: str | None, cycle: str | None, place: str, depth: int) -> Iterator[dict[str, object]]:
    """The OKRs in a loaded document, whatever their keys are called, with team and cycle inherited."""
    if depth > _MAX_DEPTH:
        raise ParseError("too-deep", f"{place} is nested too deeply.")
    if isinstance(data, list):
        for number, item in enumerate(data):
            yield from _items(item, team, cycle, f"{place}[{number}]", depth + 1)
        return
    if isinstance(data, str) and depth:
        yield {"objective": data, "key_results": [], "team": team, "cycle": cycle}
        return
    if not isinstance(data, Mapping):
        raise ParseError("wrong-type", f"{place} must be an object or a list of OKRs, not {_kind(data)}.")
    cycle = _scalar(data.get("cycle")) or cycle
    inner = next((key for key in _LISTS if isinstance(data.get(key), (list, Mapping))), None)
    if inner:
        team = _scalar(data.get("team")) or _scalar(data.get("name")) or team
        yield from _items(data[inner], team, cycle, inner, depth + 1)
        return
    results = next((data[key] for key in _KEY_RESULT_KEYS if key in data), None)
    objective = next((data[key] for key in _OBJECTIVE_KEYS if key in data), None)
    if objective is None and results is None:
        keys = ", ".join(str(key) for key in list(data)[:5]) or "none"
        raise ParseError("no-okrs", f"{place} has no objective or key_results (its keys: {keys}).")
    if isinstance(results, list):
        results = [_result(value, f"{place}.key_results[{index}]") for index, value in enumerate(results)]
    team = _scalar(data.get("team")) or team
    yield {"objective": objective, "key_results": results, "team": team, "cycle": cycle}


def _result(value: object, place: str) -> object:
    """A key result given as an object with its text under a usual key."""
    if not isinstance(value, Mapping):
        return value
    for key in _LINE_KEYS:
        if isinstance(value.get(key), str):
            return value[key]
    if len(value) == 1 and (only := next(iter(value.items()))) and isinstance(only[0], str):
        raise ParseError(
            "wrong-type",
            f"{place} must be a text; put it in quotes, as it contains a colon (“{only[0][:_SHOWN]}: …”).",
        )
    raise ParseError("wrong-type", f"{place} must be a text or an object with a text, not an object without one.")
