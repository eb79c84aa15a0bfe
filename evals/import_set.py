"""Bring your own: a labelled set as JSON Lines or CSV, read strictly and explained kindly."""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.coach.rules import load_rules
from app.errors import CoachError
from app.training.data import LineSample, OkrSample
from evals.cases import LINK_RULE
from evals.dataset import UNDECIDED, UNLABELLED, Dataset
from evals.rows import FIELDS, LABEL_OF_RULE, LabelledLine, LineRow, NamedPillar, OkrRow, Row

MOST_ERRORS = 20
_LISTS = ("key_results", "pillars", "findings")


class DatasetError(CoachError):
    """A set that can't be read; the message names every row and field that is wrong."""

    code = "eval-dataset"


def read_set(path: Path) -> Dataset:
    """Read a `.csv` file, or any other as JSON Lines. Raises `DatasetError`."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8.") from error
    rows = _csv_rows(text, path) if path.suffix.lower() == ".csv" else _json_rows(text, path)
    reader = _Reader(path)
    for line, row in rows:
        reader.read(line, row)
    return reader.dataset()


class _Reader:
    """Collects samples and complaints."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: list[LineSample] = []
        self._okrs: list[OkrSample] = []
        self._errors: list[str] = []
        self._seen: dict[str, int] = {}
        self._rules = {rule.id for rule in load_rules()} | LABEL_OF_RULE.keys() | {LINK_RULE}

    def read(self, line: int, row: Mapping[str, Any]) -> None:
        row = {_OTHER_NAMES.get(name, name): value for name, value in row.items()}
        model = OkrRow if "key_results" in row else LineRow
        try:
            parsed = model.model_validate(row)
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                if _beside_the_point(problem):
                    continue
                place = _place(problem["loc"])
                self._complain(line, place, _advice(problem["type"], problem["msg"], place, row, model))
            return
        name = parsed.id or f"row-{line}"
        if name in self._seen:
            self._complain(line, "id", f"{name!r} is already the id of line {self._seen[name]}")
        self._seen[name] = line
        if isinstance(parsed, OkrRow):
            self._add_okr(line, name, parsed)
        else:
            self._lines.append(
                _line_sample(
                    parsed,
                    name,
                    parsed.text,
                    parsed.label,
                    "" if parsed.is_objective else parsed.objective or "",
                    is_objective=parsed.is_objective,
                    form=parsed.form,
                )
            )

    def _add_okr(self, line: int, name: str, row: OkrRow) -> None:
        for at, finding in enumerate(row.findings or []):
            if finding.rule not in self._rules:
                near = difflib.get_close_matches(finding.rule, self._rules, 1)
                hint = f"; did you mean {near[0]!r}?" if near else "; `okr-coach rules` lists them"
                self._complain(line, f"findings.{at}.rule", f"there is no rule {finding.rule!r}{hint}")
            if finding.kr is not None and finding.kr >= len(row.key_results):
                count = len(row.key_results)
                self._complain(line, f"findings.{at}.kr", f"is {finding.kr}, but there are {count} (from 0)")
        if row.strategy and not row.pillars:
            self._complain(line, "pillars", "is empty, so whether the OKR serves the strategy can't be asked")
        objective = _text(row.objective)
        places = [(row.objective, "o"), *((kr, f"kr{at}") for at, kr in enumerate(row.key_results))]
        for entry, place in places:
            if isinstance(entry, LabelledLine):
                own = place == "o"
                above = "" if own else objective
                self._lines.append(
                    _line_sample(
                        row,
                        f"{name}/{place}",
                        entry.text,
                        entry.label,
                        above,
                        is_objective=own,
                        form="in-okr",
                    )
                )
        self._okrs.append(_okr_sample(row, name))

    def _complain(self, line: int, field: str, message: str) -> None:
        where = f", field `{field}`" if field else ""
        self._errors.append(f"line {line}{where}: {message}")

    def dataset(self) -> Dataset:
        if self._errors:
            more = len(self._errors) - MOST_ERRORS
            shown = self._errors[:MOST_ERRORS] + ([f"and {more} more"] if more > 0 else [])
            raise DatasetError(f"{self._path} can't be used:\n" + "\n".join(f"  {error}" for error in shown))
        if not self._lines and not self._okrs:
            raise DatasetError(f"{self._path} holds no rows.")
        return Dataset.of(self._path.name, self._lines, self._okrs)


_OTHER_NAMES = {"key_result": "text", "labels": "label"}
"""Names that published sets of labelled key results use."""


def _json_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise DatasetError(f"{path}, line {number}: not JSON: {error}.") from error
        if not isinstance(row, dict):
            raise DatasetError(f"{path}, line {number}: a row is an object, not a {type(row).__name__}.")
        yield number, row


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if None in row:
                raise DatasetError(f"{path}, line {reader.line_num}: has more cells than the header names.")
            yield reader.line_num, _from_cells(row)
    except csv.Error as error:
        raise DatasetError(f"{path}, line {reader.line_num}: not CSV: {error}.") from error


def _from_cells(row: Mapping[str, str | None]) -> dict[str, Any]:
    """Cells as JSON values: empty ones are left out, lists are split at `|` or line breaks."""
    values: dict[str, Any] = {}
    for name, cell in row.items():
        field = _OTHER_NAMES.get(name.strip(), name.strip())
        content = (cell or "").strip()
        if field == "label":
            values[field] = content or None
        elif content and field in _LISTS:
            parts = [part.strip() for part in content.replace("\n", "|").split("|") if part.strip()]
            values[field] = [_finding(part) for part in parts] if field == "findings" else parts
            if field == "findings" and parts == ["none"]:
                values[field] = []
        elif content:
            values[field] = content
    return values


def _finding(cell: str) -> dict[str, object]:
    rule, _, place = cell.partition("@")
    return {"rule": rule.strip(), "kr": place.strip() or None}


def _advice(kind: str, message: str, place: str, row: Mapping[str, Any], model: type[BaseModel]) -> str:
    if kind != "missing":
        return message[:1].lower() + message[1:]
    strangers = [name for name in row if name not in model.model_fields]
    near = difflib.get_close_matches(place, strangers, 1)
    return f"is missing; is {near[0]!r} meant?" if near else "is missing"


def _beside_the_point(problem: ErrorDetails) -> bool:
    """Whether a complaint is about the form of an entry (text or object) that wasn't used."""
    form = str(problem["loc"][-1])
    wrong_form = isinstance(problem["input"], dict) if form.endswith("str") else problem["type"] == "model_type"
    return wrong_form and len(problem["loc"]) > 1


def _place(steps: Sequence[int | str]) -> str:
    """A validation path as a person writes it: steps that name a type rather than a field are left out."""
    return ".".join(str(step) for step in steps if isinstance(step, int) or step in FIELDS)


def _text(entry: str | LabelledLine) -> str:
    return entry if isinstance(entry, str) else entry.text


def _line_sample(
    row: Row, name: str, text: str, label: str | None, objective: str, *, is_objective: bool, form: str
) -> LineSample:
    return LineSample(
        id=name,
        org=row.org or name,
        split="test",
        text=text,
        objective=objective,
        is_objective=is_objective,
        label=label or UNDECIDED,
        sector=row.sector or "not given",
        function=row.function or "not given",
        form=form or "not given",
        pair=None,
        cycle=row.cycle,
    )


def _okr_sample(row: OkrRow, name: str) -> OkrSample:
    named = [NamedPillar(name=p) if isinstance(p, str) else p for p in row.pillars]
    findings = row.findings
    return OkrSample(
        id=name,
        org=row.org or name,
        split="test",
        team=row.team,
        cycle=row.cycle,
        objective=_text(row.objective),
        key_results=tuple(_text(entry) for entry in row.key_results),
        pillars=tuple((pillar.name, pillar.text) for pillar in named),
        linked=row.strategy != "missing",
        pillar=None,
        link=(row.link or "not given") if row.strategy else UNLABELLED,
        findings=None if findings is None else tuple((f.rule, f.kr) for f in findings),
    )
