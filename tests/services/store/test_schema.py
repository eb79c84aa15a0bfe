"""The migrations make the schema that the tables describe, on both databases, once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from stores import within

from app.errors import ConflictError, StoreError
from app.services.store import Database
from app.services.store.tables import Base, Cycle, Okr, Pillar, Workspace


def test_the_migrations_make_what_the_tables_say(database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    async def compare(database: Database) -> list[object]:
        async with database.engine.connect() as connection:
            return await connection.run_sync(differences)

    assert within(database_url, compare) == []


def test_servers_that_start_at_once_make_it_once(database_url: str) -> None:
    async def together() -> None:
        databases = [Database(database_url) for _ in range(4)]
        try:
            await asyncio.gather(*(database.open() for database in databases))
        finally:
            for database in databases:
                await database.close()

    asyncio.run(together())


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    async def age(database: Database) -> None:
        async with database.writing() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    async def look(_: Database) -> None:
        raise AssertionError("it was opened")

    within(database_url, age)
    with pytest.raises(StoreError, match="newer"):
        within(database_url, look)


@pytest.mark.parametrize("address", ["okrs.db", "mysql://localhost/okrs", "sqlite+pysqlcipher://x", "://"])
def test_an_address_of_another_kind_is_refused_with_a_hint(address: str) -> None:
    with pytest.raises(StoreError, match="OKR_COACH_DATABASE_URL"):
        Database(address)


@pytest.mark.parametrize("address", ["sqlite:////proc/nowhere/okrs.db", "postgresql://okr@127.0.0.1:1/none"])
def test_a_database_that_cannot_be_reached_is_a_coded_error(address: str) -> None:
    async def look(_: Database) -> None:
        raise AssertionError("it was opened")

    with pytest.raises(StoreError):
        within(address, look)


def test_a_database_that_goes_away_is_a_coded_error(tmp_path: Path) -> None:
    async def lose(database: Database) -> None:
        async with database.writing() as session:
            await session.execute(text("DROP TABLE okr_findings"))
        with pytest.raises(StoreError, match="try again"):
            async with database.reading() as session:
                await session.execute(text("SELECT * FROM okr_findings"))

    within(f"sqlite:///{tmp_path / 'okrs.db'}", lose)


def test_a_row_that_two_write_at_once_is_a_conflict(database_url: str) -> None:
    async def clash(database: Database) -> None:
        async with database.writing() as session:
            session.add(Workspace(id="one", name="One"))
        with pytest.raises(ConflictError, match="same moment"):
            async with database.writing() as session:
                session.add(Workspace(id="one", name="Two"))

    within(database_url, clash)


@pytest.mark.parametrize("table", [Okr, Pillar])
def test_the_database_itself_refuses_a_reference_across_workspaces(
    database_url: str, table: type[Okr] | type[Pillar]
) -> None:
    async def reach(database: Database) -> None:
        async with database.writing() as session:
            session.add_all([Workspace(id="one", name="One"), Workspace(id="two", name="Two")])
            await session.flush()
            session.add(Cycle(workspace_id="one", id="c", name="Q3"))
        fields = {"objective": "x", "key_results": []} if table is Okr else {"name": "x"}
        with pytest.raises(ConflictError):
            async with database.writing() as session:
                session.add(table(workspace_id="two", id="x", cycle_id="c", **fields))

    within(database_url, reach)
