from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.dataset import UNDECIDED, UNLABELLED
from evals.import_set import DatasetError, read_set
from evals.rows import schema

EVALS = Path(__file__).parents[2] / "evals"
LINE = {"text": "Ovens lit by four", "label": "activity"}
OKR = {
    "id": "bread-1",
    "org": "bread",
    "objective": {"text": "Bread that sells out", "label": "neither"},
    "key_results": [{"text": "Loaves left at closing from 60 to 15", "label": "neither"}, "Oven serviced"],
    "pillars": ["Fresh daily", {"name": "Waste", "text": "Throw nothing away."}],
    "strategy": "linked",
    "findings": [{"rule": "too-few-key-results"}, {"rule": "activity-not-outcome", "kr": 1}],
}


def write(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "set.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def complaint(path: Path) -> str:
    with pytest.raises(DatasetError) as caught:
        read_set(path)
    return caught.value.message


def test_the_shipped_schema_is_that_of_the_code() -> None:
    shipped = json.loads((EVALS / "dataset.schema.json").read_text("utf-8"))
    assert shipped == schema(), "write evals.rows.schema() to evals/dataset.schema.json"


def test_lines_and_whole_okrs_are_read_from_one_file(tmp_path: Path) -> None:
    found = read_set(write(tmp_path, LINE, OKR))
    assert [line.id for line in found.lines] == ["row-1", "bread-1/o", "bread-1/kr0"]
    assert found.lines[2].objective == "Bread that sells out"
    okr = found.okrs[0]
    assert okr.key_results == ("Loaves left at closing from 60 to 15", "Oven serviced")
    assert okr.pillars == (("Fresh daily", ""), ("Waste", "Throw nothing away."))
    assert okr.findings == (("too-few-key-results", None), ("activity-not-outcome", 1))


def test_a_row_without_organisation_is_one_of_its_own(tmp_path: Path) -> None:
    assert [line.org for line in read_set(write(tmp_path, LINE, LINE)).lines] == ["row-1", "row-2"]


def test_an_undecided_label_is_kept_apart(tmp_path: Path) -> None:
    assert read_set(write(tmp_path, {**LINE, "label": None})).lines[0].label == UNDECIDED


def test_an_okr_without_a_judged_link_is_no_sample_of_the_strategy(tmp_path: Path) -> None:
    row = {key: value for key, value in OKR.items() if key != "strategy"}
    assert read_set(write(tmp_path, row)).okrs[0].link == UNLABELLED


@pytest.mark.parametrize(
    ("labels", "expected"),
    [([], "neither"), (["kpi-as-okr"], "kpi"), (["activity-not-outcome"], "activity"), (None, UNDECIDED)],
)
def test_published_sets_with_lists_of_rule_ids_are_read(tmp_path: Path, labels: object, expected: str) -> None:
    row = {"key_result": "Ovens lit by four", "labels": labels, "team": None, "licence": "CC0-1.0"}
    assert read_set(write(tmp_path, row)).lines[0].label == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"text": "x", "lable": "kpi"}, "line 2, field `label`: is missing; is 'lable' meant?"),
        (
            {"text": "x", "label": "task"},
            "field `label`: input should be 'activity', 'kpi' or 'neither'",
        ),
        ({"text": " ", "label": "kpi"}, "line 2, field `text`: string should have at least 1 character"),
        ({**OKR, "strategy": "yes"}, "line 2, field `strategy`: input should be 'linked' or 'missing'"),
        ({**OKR, "pillars": []}, "line 2, field `pillars`: is empty"),
        (
            {**OKR, "findings": [{"rule": "vanity-metrics"}]},
            "field `findings.0.rule`: there is no rule 'vanity-metrics'; did you mean 'vanity-metric'?",
        ),
        (
            {**OKR, "findings": [{"rule": "vanity-metric", "kr": 2}]},
            "line 2, field `findings.0.kr`: is 2, but there are 2 (from 0)",
        ),
        ({**OKR, "key_results": [{"text": "y"}]}, "line 2, field `key_results.0.label`: is missing"),
        ({**LINE, "id": "row-1"}, "line 2, field `id`: 'row-1' is already the id of line 1"),
    ],
)
def test_complaints_name_row_and_field(tmp_path: Path, row: object, expected: str) -> None:
    assert expected in complaint(write(tmp_path, LINE, row))


def test_all_complaints_come_at_once_up_to_a_limit(tmp_path: Path) -> None:
    message = complaint(write(tmp_path, *[{"text": "x"}] * 30))
    assert message.count("field `label`") == 20
    assert "and 10 more" in message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "holds no rows"),
        ("{\n", "line 1: not JSON"),
        ("[1]\n", "a row is an object, not a list"),
        ('{"text": "x", "label": "kpi"}\n"\n', "line 2: not JSON"),
    ],
)
def test_what_is_not_json_lines_is_said_so(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(text, "utf-8")
    assert expected in complaint(path)


def test_other_encodings_are_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_bytes("text,label\ncafé open,kpi\n".encode("latin-1"))
    assert "save it as UTF-8" in complaint(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_any_spreadsheet_is_read(tmp_path: Path, delimiter: str) -> None:
    rows = [
        ["text", "label", "objective", "is_objective"],
        ["Ovens lit by four", "activity", "Bread that sells out", ""],
        ["Bread that sells out", "neither", "", "true"],
        ["Hm", "", "", ""],
    ]
    path = tmp_path / "set.csv"
    path.write_text("\ufeff" + "\r\n".join(delimiter.join(row) for row in rows), "utf-8")
    found = read_set(path).lines
    assert [line.label for line in found] == ["activity", "neither", UNDECIDED]
    assert [line.is_objective for line in found] == [False, True, False]
    assert found[0].objective == "Bread that sells out"


def test_csv_holds_whole_okrs_with_lists_in_cells(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_text(
        "objective,key_results,findings,pillars,strategy\n"
        "Bread that sells out,Loaves left from 60 to 15 | Oven serviced,"
        "activity-not-outcome@1 | too-few-key-results,Fresh daily | Waste,linked\n"
        'Tidy,"Shelves labelled\nFloor swept",none,,\n',
        "utf-8",
    )
    first, second = read_set(path).okrs
    assert first.findings == (("activity-not-outcome", 1), ("too-few-key-results", None))
    assert second.key_results == ("Shelves labelled", "Floor swept")
    assert second.findings == ()


def test_a_csv_row_with_too_many_cells_is_named(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_text("text,label\nx,kpi,y\n", "utf-8")
    assert "line 2: has more cells than the header names" in complaint(path)
