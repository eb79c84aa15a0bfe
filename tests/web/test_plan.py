"""The pages of a plan under way: door, dashboard, check-in, grades, thread, ledger; by key scope, form and keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect
from stores import Office, new_office

from app.api.workspaces.tracking_schemas import TrendOut
from app.coach.flow import Coach
from app.config import Settings
from app.errors import InvalidInputError
from app.main import create_app
from app.services.store import Scope
from app.web.plan_figures import HEIGHT, WIDTH, figure, trend, typed_value

from .conftest import Open
from .site import served
from .test_access import assert_clean

EVIL = "<script>document.title='owned'</script> \u202e{{ 70007*7 }}"
STAYS, CALLS, BARE = "Repeat stays from 20 % to 40 %", "Complaints from 40 to 12 a month", "Launch the page"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('plan') / 'okrs.db'}"


@pytest.fixture(scope="module")
def running(coach: Coach, url: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=url), coach), follow_redirects=False) as client:
        yield client


class House:
    """A plan under way in a workspace of its own, and its pages."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.base = f"/workspaces/{office.workspace}"
        cycle = office.post("/cycles", {"name": "Q3 <b>"})["id"]
        office.post("/pillars", {"name": "Guests come back", "text": "They return without being asked"})
        self.team = office.post("/teams", {"name": f"Front desk {EVIL}"})["id"]
        body = {"objective": f"Guests feel at home {EVIL}", "key_results": [STAYS, CALLS, f"{BARE} {EVIL}"]}
        self.okr = office.post("/okrs", {**body, "cycle_id": cycle, "team_id": self.team})["id"]
        office.post("/okrs", {"objective": "We grow", "key_results": ["Beds from 80 to 100"], "cycle_id": cycle})
        office.post(f"/cycles/{cycle}/commitments", {})
        self.cycle = f"{self.base}/cycles/{cycle}"
        self.cycle_id = cycle
        self.check_in, self.grading = (f"{self.cycle}/teams/{self.team}/{what}" for what in ("check-in", "grading"))
        self.thread = f"{self.base}/okrs/{self.okr}/key-results/0"

    def pages(self) -> list[str]:
        own = f"{self.cycle}/teams/own/check-in"
        return [f"{self.cycle}/progress", f"{self.cycle}/ledger", self.check_in, own, self.grading, self.thread]

    def sign_in(self, scope: Scope = Scope.WRITE) -> None:
        sent = {"key": self.office.tokens[scope], "to": f"{self.cycle}/progress"}
        assert self.office.client.post(f"{self.base}/door", data=sent).status_code == 303

    def get(self, path: str, status: int = 200) -> str:
        answer = self.office.client.get(path)
        assert answer.status_code == status, answer.text
        return str(answer.text)

    def send(self, path: str, status: int = 303, **fields: Any) -> str:
        answer = self.office.client.post(path, data=fields)
        assert answer.status_code == status, answer.text
        return str(answer.headers.get("location", answer.text))

    def field(self, what: str, key_result: int | None = None) -> str:
        return f"{what}-{self.okr}" + ("" if key_result is None else f"-{key_result}")


@pytest.fixture
def house(running: TestClient) -> Iterator[House]:
    running.cookies.clear()
    yield House(new_office(running))
    running.cookies.clear()


def test_without_a_key_there_is_a_door_and_it_leads_back(house: House) -> None:
    client = house.office.client
    for path in house.pages():
        page = house.get(path, 401)
        assert "Guests" not in page
        assert f'name="to" value="{path}"' in page
    other = new_office(client)
    for key in (other.tokens[Scope.ADMIN], "okrc_x_y", "guess"):
        answer = client.post(f"{house.base}/door", data={"key": key, "to": house.check_in})
        assert (answer.status_code, answer.headers.get("set-cookie")) == (401, None)
    good = {"key": house.office.tokens[Scope.READ]}
    for to in ("https://evil.example/", "//evil.example", f"{house.base}/../x", f"{house.base}@evil", "/", ""):
        assert client.post(f"{house.base}/door", data={**good, "to": to}).status_code == 404
    crossing = client.post(
        f"{house.base}/door", data={**good, "to": house.check_in}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert crossing.status_code == 403
    entered = client.post(f"{house.base}/door", data={**good, "to": house.check_in})
    assert (entered.status_code, entered.headers["location"]) == (303, house.check_in)
    house.get(house.check_in)
    assert client.post(f"{house.base}/door", data={"to": house.check_in}).status_code == 303
    house.get(house.check_in, 401)


def test_every_page_shows_words_as_words(house: House) -> None:
    house.sign_in()
    house.send(house.thread, note=EVIL, role="lead", version="1")
    changed = {
        "objective": EVIL,
        "key_results": [STAYS],
        "cycle_id": house.cycle_id,
        "team_id": house.team,
        "why": EVIL,
    }
    house.office.put(f"/okrs/{house.okr}", changed)
    for path in house.pages():
        page = house.get(path)
        assert "<script" not in page
        assert "<b>" not in re.sub(r"<b>[^<]*</b>", "", page)
        assert "style=" not in page
        assert "490049" not in page
    assert "document.title" in house.get(f"{house.cycle}/ledger")


def test_a_check_in_is_kept_and_shown_beside_the_next_one(house: House) -> None:
    house.sign_in()
    fields: dict[str, Any] = {
        "role": "lead",
        house.field("version"): "1",
        house.field("value", 0): "30 %",
        house.field("confidence", 0): "0.7",
        house.field("note", 0): "two weeks in\r\nand well",
        house.field("value", 1): "",
    }
    there = house.send(house.check_in, 303, **fields)
    assert there == f"{house.check_in}?kept=1"
    page = house.get(there)
    assert "1 check-in kept" in page
    assert "<b>30 %</b>, 7 of 10" in page
    [kept] = house.office.get(f"/okrs/{house.okr}/check-ins")["items"]
    assert (kept["value"], kept["confidence"], kept["note"], kept["role"]) == (
        30,
        0.7,
        "two weeks in\nand well",
        "lead",
    )
    assert "50 %" in house.get(f"{house.cycle}/progress")
    assert "two weeks in" in house.get(house.thread)


def test_a_form_with_a_fault_keeps_nothing_and_what_was_typed(house: House) -> None:
    house.sign_in()
    good = {"role": "member", house.field("value", 0): "30", house.field("note", 1): "said once"}
    for wrong, status, said in (
        ({house.field("value", 1): "twelve or 13"}, 422, "isn't one figure"),
        ({house.field("value", 0): "30 hours"}, 422, "unit of the target"),
        ({house.field("note", 0): "\x00"}, 422, "no text"),
        ({house.field("version"): "7"}, 412, "at version 1 by now"),
        ({"kind": "halfway"}, 422, "how sure you are"),
        ({"role": "Ines"}, 422, "which role"),
    ):
        page = house.send(house.check_in, status, **{**good, **wrong})
        assert said in page.replace("&#39;", "'")
        assert "said once</textarea>" in page
    assert "nothing to keep" in house.send(house.check_in, 422, role="lead")
    assert house.office.get(f"/okrs/{house.okr}/check-ins")["items"] == []


def test_a_key_to_read_looks_and_tells_nothing(house: House) -> None:
    house.sign_in(Scope.READ)
    for path in house.pages():
        assert "<textarea" not in house.get(path)
    for path in (house.check_in, house.grading, house.thread):
        assert "may only read" in house.send(path, 403, role="lead", note="x")


def test_a_form_of_another_site_tells_nothing(house: House) -> None:
    house.sign_in()
    for path in (house.check_in, house.grading, house.thread):
        sent = {"role": "lead", "note": "x", house.field("value", 0): "30"}
        answer = house.office.client.post(path, data=sent, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
    assert house.office.get(f"/okrs/{house.okr}/check-ins")["items"] == []


def test_grades_lessons_and_what_goes_on(house: House) -> None:
    house.sign_in()
    scored = {"role": "lead", house.field("score", 0): "0.7", house.field("score", 1): "0.4"}
    assert "you learned" in house.send(house.grading, 422, **scored)
    whole = {**scored, house.field("learned"): "Ask in the first hour", house.field("carry"): "1"}
    assert house.send(house.grading, 303, **whole).endswith("?kept=2")
    assert house.send(house.grading, 303, **whole).endswith("?kept=0")
    [graded] = house.office.get(f"/okrs/{house.okr}/grades")["items"]
    assert (graded["scores"], graded["learned"]) == ([0.7, 0.4, None], "Ask in the first hour")
    [carried] = house.office.get(f"/cycles/{house.cycle_id}/carry-over")
    assert (carried["okr_id"], carried["learned"]) == (house.okr, "Ask in the first hour")
    page = house.get(house.grading)
    assert "Ask in the first hour</textarea>" in page
    assert re.search(r'name="carry-[^>]*checked', page)
    del whole[house.field("carry")]
    house.send(house.grading, 303, **whole)
    assert house.office.get(f"/cycles/{house.cycle_id}/carry-over") == []


def test_what_is_not_committed_to_is_named_and_committed_by_a_button(house: House) -> None:
    house.sign_in()
    progress, button = f"{house.cycle}/progress", "Commit to all as they stand"
    assert button not in house.get(progress)
    more = {"objective": "Cooks stay", "key_results": ["x from 1 to 2"], "cycle_id": house.cycle_id}
    okr = house.office.post("/okrs", more)["id"]
    assert button in house.get(progress)
    house.send(f"{house.cycle}/commit")
    assert button not in house.get(progress)
    refused = house.office.ask("PUT", f"/okrs/{okr}", json={**more, "key_results": []}, headers={"If-Match": "*"})
    assert refused.json()["code"] == "reason-needed"
    house.office.post("/okrs", {**more, "objective": "Another"})
    house.sign_in(Scope.READ)
    assert button not in house.get(progress)
    house.send(f"{house.cycle}/commit", 403)


def test_what_is_not_there_is_said_to_be_missing(house: House) -> None:
    house.sign_in()
    for path in (
        f"{house.base}/cycles/nowhere/progress",
        f"{house.cycle}/teams/nowhere/check-in",
        f"{house.base}/okrs/{house.okr}/key-results/9",
        f"{house.base}/okrs/nowhere/key-results/0",
    ):
        house.get(path, 404)
    other = House(new_office(house.office.client))
    house.get(f"{house.cycle}/teams/{other.team}/check-in", 404)
    house.get(other.check_in.replace(other.base, house.base), 404)
    house.get(other.check_in, 401)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("", "", None),
        ("71", "percent", 71),
        ("71 %", "percent", 71),
        ("60k", "", 60_000),
        ("-3.5", "", -3.5),
        ("90 minutes", "hour", 1.5),
        ("1,200", "", 1200),
    ],
)
def test_figures_are_read_as_people_write_them(text: str, unit: str, value: float | None) -> None:
    assert typed_value(text, unit) == value


@pytest.mark.parametrize("text", ["x", "1 or 2", "nan", "inf", "1e300", "9" * 61, "3 hours", "12 EUR"])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        typed_value(text, "percent")


def test_figures_are_written_with_their_units() -> None:
    shown = [figure(35, "percent"), figure(60_000, "EUR"), figure(1, "hour"), figure(2.5, "hour"), figure(None)]
    assert shown == ["35 %", "60,000 EUR", "1 hour", "2.5 hours", "?"]


def test_a_trend_runs_from_left_to_right_within_its_box() -> None:
    begun = datetime(2026, 7, 1, tzinfo=UTC)
    found = trend(
        [TrendOut(at=begun + timedelta(days=day), confidence=sure) for day, sure in ((0, 1), (7, 0.5), (28, 0))]
    )
    assert found
    points = [tuple(map(float, point.split(","))) for point in found.points.split()]
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert [y for _, y in points] == sorted(y for _, y in points)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert (points[1][0] - points[0][0]) * 3 == pytest.approx(points[2][0] - points[1][0], abs=0.5)
    assert found.words.endswith("10, 5, 0")
    assert trend([]) is None


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_pages_are_accessible_and_work_by_keyboard_without_scripts(
    open_page: Open, running: TestClient, url: str, coach: Coach, scheme: str, width: int
) -> None:
    house = House(new_office(running))
    house.office.post(f"/okrs/{house.okr}/check-ins", {"key_result": 1, "value": 30, "confidence": 0.4})
    with served(create_app(Settings(database_url=url), coach)) as base:
        page = open_page(house.check_in, base=base, color_scheme=scheme, viewport={"width": width, "height": 900})
        assert_clean(page)
        page.get_by_label("Key").fill(house.office.tokens[Scope.WRITE])
        page.keyboard.press("Enter")
        page.get_by_label("Value").first.focus()
        page.keyboard.type("not a figure")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        assert_clean(page)
        wrong = page.get_by_label("Value").first
        assert wrong.get_attribute("aria-invalid") == "true"
        wrong.fill("30 %")
        page.keyboard.press("Tab")
        page.keyboard.type("8")
        page.keyboard.press("Tab")
        page.keyboard.type("going well")
        page.get_by_role("button", name="Keep the check-in").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("1 check-in kept")
        assert_clean(page)
        for path in house.pages():
            page.goto(base + path)
            assert_clean(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        [kept] = house.office.get(f"/okrs/{house.okr}/check-ins?limit=1")["items"]
        assert (kept["value"], kept["confidence"], kept["note"]) == (30, 0.8, "going well")
