"""Pictures of a workshop's report: cells where row and column are, names that fit, nothing drawn of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from stores import new_office

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app
from app.web.pictures import LEFT, ROW, grid, shortened
from app.web.workshop_report import coverage_picture, meetings_picture, waits_picture

from .conftest import Open
from .site import served
from .test_access import assert_clean


@pytest.mark.parametrize("teams", [1, 6, 30, 60])
def test_a_grid_has_a_box_a_cell_and_stays_within_its_size(teams: int) -> None:
    names = [f"Team {at} " + "with a long name " * (at % 3) for at in range(teams)]
    drawn = grid(["One", "Two"], names, {(1, teams - 1): ("3", "3")})
    assert drawn
    assert len(drawn.boxes) == 2 * teams
    assert {box.y for box in drawn.boxes} == {drawn.boxes[0].y, drawn.boxes[0].y + ROW}
    assert all(LEFT <= box.x < box.x + box.width < drawn.width for box in drawn.boxes)
    assert max(box.y for box in drawn.boxes) + ROW <= drawn.height + 0.1
    assert [box for box in drawn.boxes if box.text] == [drawn.boxes[-1]]
    assert drawn.columns[-1].whole == names[-1]
    assert all(len(name.text) <= 24 for name in drawn.columns)


def test_of_nothing_there_is_no_picture() -> None:
    assert grid([], ["x"], {}) is None
    assert coverage_picture([], ["x"]) is None
    assert meetings_picture([]) is None
    assert waits_picture([], ["x"]) is None


def test_a_pillar_counts_the_okrs_of_each_team() -> None:
    rows = [{"pillar": "Stay", "served": {"B": 5}}, {"pillar": "Grow", "served": {}}]
    drawn = coverage_picture(rows, ["A", "B"])
    assert drawn
    assert [(box.text, box.kind) for box in drawn.boxes] == [("", ""), ("5", "3"), ("", ""), ("", "")]


def test_many_teams_stand_below_each_other() -> None:
    teams = [f"Team {at}" for at in range(24)]
    rows = [{"pillar": "Stay", "served": {"Team 7": 2}}, {"pillar": "Grow", "served": {}}]
    drawn = coverage_picture(rows, teams)
    assert drawn
    assert [name.whole for name in drawn.rows] == teams
    assert [name.whole for name in drawn.columns] == ["Stay", "Grow"]
    [box] = [box for box in drawn.boxes if box.text]
    assert (box.text, box.y) == ("2", drawn.boxes[0].y + 7 * ROW)


def test_teams_that_meet_show_the_gravest_kind_both_ways() -> None:
    drawn = meetings_picture([{"teams": ["A", "B"], "types": {"overlap": 2, "conflict": 1}}])
    assert drawn
    assert [box.text for box in drawn.boxes] == ["", "≠3", "≠3", ""]
    assert {box.kind for box in drawn.boxes} == {"", "conflict"}


def test_arrows_lead_from_who_delivers_and_leave_out_what_was_declined() -> None:
    asked = {"from": "A", "to": "B", "state": "agreed"}
    drawn = waits_picture([asked, {**asked, "to": "C", "state": "declined"}, {**asked, "to": "gone"}], ["A", "B", "C"])
    assert drawn
    assert [(edge.feeds, edge.needs) for edge in drawn.edges] == [(1, 0)]


def test_a_long_name_is_shortened_and_white_space_is_one() -> None:
    assert shortened("a  b\nc", 9) == "a b c"
    assert shortened("abcdefghij", 5) == "abcd…"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_report_is_accessible_and_prints(
    open_page: Open, coach: Coach, tmp_path: Path, scheme: str, width: int
) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'okrs.db'}")
    with TestClient(create_app(settings, coach)) as client:
        office = new_office(client)
        made = office.post("/workshops", {"name": "Day", "cycle": "Q3 2026", "pillars": [{"name": "Guests come back"}]})
        base = f"/v1/workshops/{made['workshop']['id']}"
        link = next(one["path"] for one in made["links"] if one["role"] == "member").partition("link=")[2]
        seats = []
        for team in ("Front desk", "Kitchen"):
            client.cookies.clear()
            seats.append(client.post(f"{base}/join", json={"link": link, "name": "Ines", "team": team}).json())
        for seat in seats:
            team, own = seat["person"]["team_id"], {"Authorization": f"Bearer {seat['token']}"}
            for version, stays in enumerate(("more", "from 20 % to 35 %")):
                text = f"O: Guests come back to us\nKR1: Repeat stays {stays}"
                sent = {"version": version, "text": text}
                assert client.put(f"{base}/teams/{team}/draft", json=sent, headers=own).status_code == 200
        asked = {"to_team": seats[0]["person"]["team_id"], "text": "Towels by noon"}
        assert client.post(f"{base}/requests", json=asked, headers=own).status_code == 201
    with served(create_app(settings, coach)) as address:
        page = open_page(
            f"{base}/export?format=html",
            base=address,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            extra_http_headers=own,
        )
        assert page.locator(".picture").count() == 3
        assert_clean(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.pdf(format="A4").startswith(b"%PDF")
