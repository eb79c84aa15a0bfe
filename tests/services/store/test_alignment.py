"""Key results are followed through versions, and what was frozen before there were commitments is committed to."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncSession
from stores import within

from app.services.store import Database
from app.services.store.database import MIGRATIONS
from app.services.store.tables import Cycle, Okr, OkrVersion, Workspace
from app.services.store.tracking import ledger
from app.services.store.tracking.alignment import aligned
from app.services.store.tracking.check_ins import now_at
from app.services.store.workshops.tables import Workshop, WorkshopTeam

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


AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
STAMPS = {"version": 2, "created_at": AT, "updated_at": AT}


def test_what_was_frozen_before_is_committed_to(database_url: str) -> None:
    def older(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")

    async def fill(session: AsyncSession) -> None:
        session.add(Workspace(id="w", name="One"))
        await session.flush()
        session.add(Cycle(workspace_id="w", id="c", name="Q3"))
        await session.flush()
        for okr, frozen in (("frozen", AT), ("open", None)):
            said = {"workspace_id": "w", "cycle_id": "c", "objective": "x", "key_results": []}
            session.add(Okr(id=okr, **said, **STAMPS))
            await session.flush()
            session.add(OkrVersion(okr_id=okr, version=2, change_id=okr, change="changed", by="a", **said))
            session.add(Workshop(workspace_id="w", id=okr, cycle_id="c", name="x", secret="s", frozen_at=frozen))
            await session.flush()
            session.add(WorkshopTeam(workspace_id="w", workshop_id=okr, id="t", name="x", okrs=[f"1:{okr}"]))

    async def prepare() -> None:
        database = Database(database_url)
        async with database.engine.execution_options(writes=True).begin() as connection:
            await connection.run_sync(older)
        async with database.writing() as session:
            await fill(session)
        await database.close()

    async def committed(database: Database) -> set[str]:
        async with database.reading() as session:
            return await ledger.committed(session, "w")

    asyncio.run(prepare())
    assert within(database_url, committed) == {"frozen"}
