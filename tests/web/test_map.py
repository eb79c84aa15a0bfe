"""The map of a plan: its door, what its cells lead to, hostile words in it, and how it stands with axe-core."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from stores import Office, new_office

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app
from app.services.store import Database, Scope, keys
from app.web.map_graph import drawing
from app.web.session import COOKIE

from .conftest import Open
from .site import served
from .test_access import assert_clean

HOSTILE = "<script>document.title='owned'</script> \u202e{{ 70007*7 }}"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('map') / 'okrs.db'}"


@pytest.fixture(scope="module")
def running(coach: Coach, url: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=url), coach), follow_redirects=False) as client:
        yield client


def filled(office: Office) -> str:
    """A plan with overlaps, a pillar, and a hostile team; the path of its map."""
    cycle = office.post("/cycles", {"name": "Q3 <b>"})["id"]
    office.post("/pillars", {"name": "Mid-size firms become our main customers"})
    for name, objective, results in (
        ("Sales", "Mid-size firms buy without a visit", ["First orders from mid-size firms from 40 to 70"]),
        ("Marketing", "Mid-size firms ask us first", ["First orders of mid-size firms rise from 40 to 70"]),
        (HOSTILE, HOSTILE, ["First orders from mid-size firms from 40 to 70 " + HOSTILE]),
        ("Quiet", "The archive of films is restored", ["Reels scanned from 0 to 300"]),
    ):
        team = office.post("/teams", {"name": name})["id"]
        office.post("/okrs", {"objective": objective, "key_results": results, "cycle_id": cycle, "team_id": team})
    return f"/workspaces/{office.workspace}/cycles/{cycle}/map"


@pytest.fixture
def place(running: TestClient) -> Iterator[tuple[Office, str]]:
    running.cookies.clear()
    office = new_office(running)
    yield office, filled(office)
    running.cookies.clear()


def test_without_a_key_there_is_a_door_and_nothing_else(place: tuple[Office, str]) -> None:
    office, path = place
    for answer in (office.client.get(path), office.client.get(path, headers={"Cookie": f"{COOKIE}=abc.def.ghi"})):
        assert answer.status_code == 401
        assert "Mid-size" not in answer.text
        assert 'type="password"' in answer.text
        assert "set-cookie" not in answer.headers


def test_a_key_to_read_opens_it_until_signed_out(place: tuple[Office, str]) -> None:
    office, path = place
    entered = office.client.post(path, data={"key": office.tokens[Scope.READ]})
    assert (entered.status_code, entered.headers["location"]) == (303, path)
    cookie = entered.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=lax", f"path=/workspaces/{office.workspace}", "max-age="):
        assert part in cookie
    assert office.tokens[Scope.READ].split("_", 2)[2].lower() not in cookie
    page = office.client.get(path)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert office.client.post(path).status_code == 303
    assert office.client.get(path).status_code == 401


def test_other_keys_and_forged_or_foreign_cookies_stay_outside(place: tuple[Office, str]) -> None:
    office, path = place
    other = new_office(office.client)
    for key in (other.tokens[Scope.ADMIN], "okrc_x_y", "guess"):
        refused = office.client.post(path, data={"key": key})
        assert refused.status_code == 401
        assert "set-cookie" not in refused.headers
    own = filled(other)
    office.client.post(own, data={"key": other.tokens[Scope.READ]})
    [value] = [cookie.value for cookie in office.client.cookies.jar]
    assert value
    office.client.cookies.clear()
    forged = [value, value[:-3] + "AAA", value.replace(value.partition(".")[0], "0123456789abcdef")]
    for sent in forged:
        assert office.client.get(path, headers={"Cookie": f"{COOKIE}={sent}"}).status_code == 401
    crossing = own.replace(other.workspace, office.workspace)
    assert office.client.get(crossing, headers={"Cookie": f"{COOKIE}={value}"}).status_code == 401
    foreign_cycle = path.replace(office.workspace, other.workspace)
    assert office.client.get(foreign_cycle, headers={"Cookie": f"{COOKIE}={value}"}).status_code == 404


def test_a_form_of_another_site_signs_nobody_in(place: tuple[Office, str]) -> None:
    office, path = place
    sent = {"key": office.tokens[Scope.READ]}
    answer = office.client.post(path, data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_revoking_the_key_ends_its_sessions(place: tuple[Office, str], url: str) -> None:
    office, path = place
    office.client.post(path, data={"key": office.tokens[Scope.READ]})
    assert office.client.get(path).status_code == 200

    async def revoke() -> None:
        database = Database(url)
        async with database.writing() as session:
            await keys.revoke(session, office.tokens[Scope.READ].split("_")[1])
        await database.close()

    # A thread of its own: browser tests of the same run leave an event loop running in this one.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, revoke()).result()
    assert office.client.get(path).status_code == 401


def test_every_cell_leads_to_something_on_the_page_and_words_stay_words(place: tuple[Office, str]) -> None:
    office, path = place
    office.client.post(path, data={"key": office.tokens[Scope.READ]})
    page = office.client.get(path).text
    targets = set(re.findall(r'href="#([\w-]+)"', page))
    assert targets <= set(re.findall(r'id="([\w-]+)"', page))
    assert any(re.fullmatch(r"t\d+-\d+", target) for target in targets)
    assert any(re.fullmatch(r"p\d+-\d+", target) for target in targets)
    assert "First orders from mid-size firms from 40 to 70</blockquote>" in page
    assert "<script>document" not in page
    assert "490049" not in page
    assert "style=" not in page


def test_no_workspaces_no_map(client: TestClient) -> None:
    assert client.get("/workspaces/a1/cycles/b2/map").status_code == 404
    assert client.post("/workspaces/a1/cycles/b2/map", data={"key": "x"}).status_code == 404


def test_who_feeds_stands_left_of_who_waits_also_beside_a_circle() -> None:
    found = drawing({(0, 1): 2, (1, 2): 1, (2, 1): 1, (2, 3): 1})
    at = {node.team: node for node in found.nodes}
    assert at[0].x < at[1].x == at[2].x < at[3].x
    assert len({(node.x, node.y) for node in found.nodes}) == 4
    assert all(0 <= node.x < found.width and 0 <= node.y < found.height for node in found.nodes)
    assert {(edge.feeds, edge.needs): edge.count for edge in found.edges}[0, 1] == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_map_is_accessible_and_its_cells_work_by_keyboard(
    open_page: Open, running: TestClient, url: str, coach: Coach, scheme: str, width: int
) -> None:
    office = new_office(running)
    path = filled(office)
    with served(create_app(Settings(database_url=url), coach)) as base:
        page = open_page(path, base=base, color_scheme=scheme, viewport={"width": width, "height": 900})
        assert_clean(page)
        page.get_by_label("Key").fill(office.tokens[Scope.READ])
        page.keyboard.press("Enter")
        page.locator("#overlaps").wait_for()
        assert_clean(page)
        cell = page.get_by_role("link", name=re.compile("^Sales and Marketing|^Marketing and Sales")).first
        cell.focus()
        page.keyboard.press("Enter")
        quoted = page.locator("article:target")
        assert "First orders from mid-size firms from 40 to 70" in quoted.inner_text()
        assert page.title().startswith("Map of Q3")
