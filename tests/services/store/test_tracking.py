"""Key results are followed through versions, and what was frozen before there were commitments is committed to."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from stores import within

from app.services.store import Database
from app.services.store.database import MIGRATIONS
from app.services.store.tables import Okr
from app.services.store.tracking import ledger
from app.services.store.tracking.alignment import aligned
from app.services.store.tracking.check_ins import now_at

STAYS, CALLS, RATING = "Repeat stays from 20 % to 35 %", "Complaints from 40 to 12 a month", "Rating from 3.9 to 4.5"


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        ([STAYS, CALLS], [STAYS, CALLS], (0, 1)),
        ([STAYS, CALLS], [CALLS, STAYS], (1, 0)),
        ([STAYS, CALLS], [CALLS.upper()], (None, 0)),
        ([STAYS, CALLS], ["Repeat stays from 20 % to 30 %", RATING, CALLS], (0, 2)),
        ([STAYS, STAYS], [STAYS], (0, None)),
        ([STAYS], [RATING], (None,)),
        (["40 to 12"], ["40 to 20"], (0,)),
        ([], [STAYS], ()),
    ],
)
def test_a_key_result_keeps_its_place_by_its_words(
    before: list[str], after: list[str], places: tuple[int | None, ...]
) -> None:
    assert aligned(before, after) == places


def test_a_place_is_followed_over_all_versions() -> None:
    versions = [[STAYS, CALLS], [CALLS, STAYS], [CALLS, "Repeat stays from 20 % to 30 %"], [RATING]]
    okr = Okr(version=3)
    assert [now_at(okr, versions, 1, place) for place in (0, 1, 7)] == [1, 0, None]
    assert now_at(Okr(version=4), versions, 1, 0) is None


def test_what_was_frozen_before_is_committed_to(database_url: str) -> None:
    def old(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        at = "'2026-07-01 09:00:00'"
        connection.execute(text(f"INSERT INTO workspaces VALUES ('w', 'One', 1, {at})"))
        connection.execute(
            text(
                f"INSERT INTO cycles (workspace_id, id, name, version, created_at, updated_at) VALUES ('w', 'c', 'Q3', 1, {at}, {at})"
            )
        )
        for okr in ("frozen", "other"):
            connection.execute(
                text(
                    "INSERT INTO okrs (workspace_id, id, cycle_id, objective, key_results, version, created_at, updated_at) "
                    f"VALUES ('w', '{okr}', 'c', 'x', '[]', 2, {at}, {at})"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO okr_versions (workspace_id, okr_id, version, change_id, change, cycle_id, objective, "
                    f"key_results, changed_by, changed_at, why) VALUES ('w', '{okr}', 2, '1', 'changed', 'c', 'x', '[]', "
                    f"'a', {at}, '')"
                )
            )
        for room, frozen, okr in (("1", at, "frozen"), ("2", "NULL", "other")):
            connection.execute(
                text(
                    "INSERT INTO workshops (workspace_id, id, cycle_id, name, secret, profile, max_objectives, "
                    "max_key_results, pillars, agenda, stage, here, last_event, frozen_at, version, created_at, updated_at) "
                    f"VALUES ('w', '{room}', 'c', 'x', 's', 'house', 3, 4, '[]', '[]', 0, '', 0, {frozen}, 1, {at}, {at})"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO workshop_teams (workspace_id, workshop_id, id, name, created_at, version, lines, next_line, "
                    f"reviewed_version, report, trend, revealed, okrs) VALUES ('w', '{room}', 't', 'x', {at}, 1, '[]', 1, 0, "
                    f"""'{{}}', '[]', '[]', '["1:{okr}"]')"""
                )
            )

    async def upgraded(database: Database) -> set[str]:
        async with database.reading() as session:
            return await ledger.committed(session, "w")

    async def prepare() -> None:
        database = Database(database_url)
        async with database.engine.execution_options(writes=True).begin() as connection:
            await connection.run_sync(old)
        await database.close()

    import asyncio

    asyncio.run(prepare())
    assert within(database_url, upgraded) == {"frozen"}
