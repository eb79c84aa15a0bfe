"""Bulk import and export: nothing half-imported, what is wrong named by row, nothing lost on the way."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from stores import Office, new_office

from app.exchange import Format

MARKDOWN = """\
# Team: Wards
Q3 2026

## Objective: Patients see the same face
- KR: Change of carer from 40 % to 15 %
- KR: Handovers without a call back from 60 % to 85 %

# Team: Kitchen
## Objective: Meals come warm
- KR: Cold plates from 30 % to 5 %
"""
CSV = (
    "Team,Cycle,Objective,Key result\n"
    "Wards,Q3 2026,Patients see the same face,Change of carer from 40 % to 15 %\n"
    ",,,Handovers without a call back from 60 % to 85 %\n"
    "Kitchen,Q3 2026,Meals come warm,Cold plates from 30 % to 5 %\n"
)
WIDE = (
    "team;cycle;objective;KR1;KR2\n"
    "Wards;Q3 2026;Patients see the same face;Change of carer from 40 % to 15 %;"
    "Handovers without a call back from 60 % to 85 %\n"
    "Kitchen;Q3 2026;Meals come warm;Cold plates from 30 % to 5 %;\n"
)
JSON = json.dumps(
    {
        "cycle": "Q3 2026",
        "teams": [
            {
                "name": "Wards",
                "okrs": [
                    {
                        "objective": "Patients see the same face",
                        "key_results": [
                            "Change of carer from 40 % to 15 %",
                            "Handovers without a call back from 60 % to 85 %",
                        ],
                    }
                ],
            },
            {
                "name": "Kitchen",
                "okrs": [{"objective": "Meals come warm", "key_results": [{"text": "Cold plates from 30 % to 5 %"}]}],
            },
        ],
    }
)
FORMULAS = ["=1+1", "+49 30", "-5 %", "@SUM(A1)", "'=quoted", "''=twice", "＝1", "'plain", '=HYPERLINK("http://x")']


def sheet(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


XLSX = sheet(*(row for row in csv.reader(io.StringIO(CSV))))


def send(office: Office, data: str | bytes, kind: str, **params: Any) -> Any:
    content = data.encode() if isinstance(data, str) else data
    return office.ask("POST", "/import", content=content, headers={"Content-Type": kind}, params=params)


def said(office: Office) -> list[tuple[str | None, str, str, list[str]]]:
    cycles = {row["id"]: row["name"] for row in office.get("/cycles")["items"]}
    teams = {row["id"]: row["name"] for row in office.get("/teams")["items"]}
    return [
        (teams.get(row["team_id"]), cycles[row["cycle_id"]], row["objective"], row["key_results"])
        for row in office.get("/okrs")["items"]
    ]


READ = [
    (
        "Wards",
        "Q3 2026",
        "Patients see the same face",
        ["Change of carer from 40 % to 15 %", "Handovers without a call back from 60 % to 85 %"],
    ),
    ("Kitchen", "Q3 2026", "Meals come warm", ["Cold plates from 30 % to 5 %"]),
]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (MARKDOWN, "text/markdown"),
        (CSV, "text/csv; charset=utf-8"),
        ("\ufeff" + CSV.replace("\n", "\r\n"), "text/csv"),
        (WIDE, "text/csv"),
        (JSON, "application/json"),
        (XLSX, Format.XLSX.media_type),
    ],
    ids=["markdown", "csv", "csv-from-excel", "csv-wide", "json", "xlsx"],
)
def test_every_format_is_read(office: Office, data: str | bytes, kind: str) -> None:
    answer = send(office, data, kind)
    assert answer.status_code == 200, answer.text
    taken = answer.json()
    assert (len(taken["created"]), taken["teams"], taken["cycles"]) == (2, ["Wards", "Kitchen"], ["Q3 2026"])
    assert said(office) == READ
    again = send(office, data, kind).json()
    assert (again["created"], len(again["unchanged"]), again["teams"]) == ([], 2, [])


@pytest.mark.parametrize(
    ("data", "kind", "places"),
    [
        ("objective,key result\nA,x\n,\n\n,y\n", "text/csv", {"line 2": "has no cycle"}),
        (
            "cycle,objective,key result\nQ3,A,x\nQ3,,\nQ3,B,\x1bz\nQ3," + "C" * 10_001 + ",y\n",
            "text/csv",
            {
                "line 4": "control character",
                "line 5": "longer than",
            },
        ),
        ("cycle,objective,key result\nQ3,,x\nQ3,A,y\n", "text/csv", {"line 2": "no objective"}),
        ("cycle,objective,key result\nQ3,A,x\nQ3,B,z\nQ3,A,y\n", "text/csv", {"line 4": "same OKR as line 2"}),
        ('cycle,objective,key result\nQ3,"two\nlines",x\nQ3,,y\nQ4,,z\n', "text/csv", {"line 5": "no objective"}),
        ('cycle,objective,key result\nQ3,A,"x\n', "text/csv", {"line 2": "isn't CSV"}),
        ("name,amount\nA,1\n", "text/csv", {"line 1": "name the columns"}),
        ("id,version,cycle,objective\n,two,Q3,A\n", "text/csv", {"line 2": "whole number"}),
        ("cycle,parent,objective\nQ3,Nowhere,A\n", "text/csv", {"line 2": "parent"}),
        ("cycle,parent,objective\nQ3,B,A\nQ3,A,B\n", "text/csv", {"line 2": "under itself", "line 3": "under itself"}),
        ("", "text/csv", {"file": "no rows"}),
        ("cycle,objective\n", "text/csv", {"file": "no OKRs"}),
        (
            sheet(["cycle", "objective"], ["Q3", "A"], [None, None], ["Q3", "B"], ["Q3", "A"]),
            Format.XLSX.media_type,
            {"row 5": "row 2"},
        ),
        (b"PK\x03\x04nonsense", Format.XLSX.media_type, {"file": "spreadsheet"}),
        ("Q3 2026\n\nKR: only a key result from 1 to 2\n", "text/markdown", {"line 3": "no objective"}),
        ("Dear all, lunch is at twelve.", "text/markdown", {"line 1": "No objective"}),
        ('{"okrs": [{"objective": 5}]}', "application/json", {"file": "must be a text"}),
        ('{"okrs": [', "application/json", {"file": "breaks off"}),
    ],
)
def test_what_is_wrong_is_named_by_row_and_nothing_is_imported(
    office: Office, data: str | bytes, kind: str, places: dict[str, str]
) -> None:
    answer = send(office, data, kind)
    assert (answer.status_code, answer.json()["code"]) == (422, "import-refused"), answer.text
    found = {error["at"]: error["message"] for error in answer.json()["errors"]}
    assert found.keys() == places.keys(), found
    assert all(part in found[place] for place, part in places.items()), found
    for path in ("/okrs", "/cycles", "/teams", "/history"):
        assert office.get(path)["items"] == []


def test_a_cycle_and_team_can_be_given_for_the_file(office: Office) -> None:
    answer = send(
        office, "O: Meals come warm\nKR: Cold plates from 30 % to 5 %", "text/plain", cycle="Q4", team="Kitchen"
    )
    assert answer.status_code == 200, answer.text
    assert said(office) == [("Kitchen", "Q4", "Meals come warm", ["Cold plates from 30 % to 5 %"])]


def test_an_unknown_format_says_which_are_known(office: Office) -> None:
    answer = send(office, "x", "application/pdf")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-format")


def test_other_words_for_an_okr_need_replace_or_its_version(office: Office) -> None:
    send(office, CSV, "text/csv")
    other = CSV.replace("30 %", "25 %")
    refused = send(office, other, "text/csv")
    assert refused.json()["errors"] == [
        {"at": "line 4", "message": "is there already with other words; import with `replace` to overwrite it"}
    ]
    assert said(office) == READ
    replaced = send(office, other, "text/csv", replace=True, why="new figure").json()
    assert (len(replaced["updated"]), len(replaced["unchanged"])) == (1, 1)
    latest = office.get(f"/okrs/{replaced['updated'][0]}/history")["items"]
    assert [(v["version"], v["why"]) for v in latest] == [(2, "new figure"), (1, "import")]


def test_an_edited_export_updates_what_it_was_made_from_and_no_later_version(office: Office) -> None:
    send(office, CSV, "text/csv")
    exported = office.ask("GET", "/export", params={"format": "csv"}).content
    edited = exported.replace(b"Meals come warm", b"Meals come hot")
    assert len(send(office, edited, "text/csv").json()["updated"]) == 1
    stale = send(office, edited.replace(b"come hot", b"come cold"), "text/csv").json()
    assert [error["message"] for error in stale["errors"]] == ["was made from version 1, and the OKR is at 2 by now"]
    warm = next(row for row in office.get("/okrs")["items"] if row["objective"] == "Meals come hot")
    office.ask("DELETE", f"/okrs/{warm['id']}", headers={"If-Match": "*"})
    assert "was deleted" in send(office, edited, "text/csv").json()["errors"][0]["message"]


@pytest.mark.parametrize("kind", list(Format))
def test_an_export_comes_back_whole_in_another_workspace(office: Office, kind: Format) -> None:
    cycle = office.post("/cycles", {"name": "H2: “26"})["id"]
    team = office.post("/teams", {"name": "R&D, Köln; |x|"})["id"]
    texts = ['Zürich 🚀 from 3 to 5, “quoted” "so"', "Semi; colon | pipe, comma from 1 to 2"]
    if kind is not Format.MARKDOWN:
        texts += ["two\nlines from 1 to 2", *FORMULAS]
    top = office.post("/okrs", {"objective": "Guests come back", "key_results": texts[:1], "cycle_id": cycle})["id"]
    body = {"objective": "Rooms are ready", "key_results": texts, "cycle_id": cycle, "team_id": team}
    office.post("/okrs", {**body, "parent_id": top})
    answer = office.ask("GET", "/export", params={"format": kind.value})
    assert answer.headers["content-type"].startswith(kind.media_type)
    other = new_office(office.client)
    taken = send(other, answer.content, kind.media_type)
    assert taken.status_code == 200, taken.text
    assert said(other) == said(office)
    if kind is not Format.MARKDOWN:
        above, below = other.get("/okrs")["items"]
        assert (above["parent_id"], below["parent_id"]) == (None, above["id"])


def test_no_cell_of_an_export_is_a_formula(office: Office) -> None:
    cycle = office.post("/cycles", {"name": "=cmd|'/c calc'!A0"})["id"]
    office.post("/okrs", {"objective": "=1+1", "key_results": FORMULAS, "cycle_id": cycle})
    text = office.ask("GET", "/export", params={"format": "csv"}).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    book = load_workbook(io.BytesIO(office.ask("GET", "/export", params={"format": "xlsx"}).content))
    for cell in book.active.iter_rows(min_row=2):
        assert {part.data_type for part in cell} <= {"s", "inlineStr", "n"}
        cells += [str(part.value) for part in cell if part.value is not None]
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r", "＝"}] == []


def test_a_spreadsheet_that_unpacks_to_gigabytes_is_refused(office: Office) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)
    answer = send(office, packed.getvalue(), Format.XLSX.media_type)
    assert answer.status_code == 422
    assert "unpacks" in answer.json()["detail"]


def test_an_import_of_many_is_one_change_each(office: Office) -> None:
    rows = "".join(f"Q3,T{n % 7},Objective number {n},Measure {n} from 1 to 2\n" for n in range(400))
    assert len(send(office, "cycle,team,objective,key result\n" + rows, "text/csv").json()["created"]) == 400
    listed = [row["objective"] for row in office.get("/okrs", params={"limit": 500})["items"]]
    assert listed == [f"Objective number {n}" for n in range(400)]
