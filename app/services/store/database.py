"""The database: SQLite in WAL mode or PostgreSQL, brought up to date when it is opened.

`reading()` and `writing()` give a session in one transaction. On SQLite a writing transaction takes the write lock at
its start, so that it can't fail half-way because another process wrote in between.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from app.errors import ConflictError, StoreError

log = logging.getLogger("okr_coach")

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 15
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
_HOW = "OKR_COACH_DATABASE_URL must look like sqlite:///okrs.db or postgresql://user:password@host/name."
_LOCK = 0x0C0A
"""PostgreSQL's advisory lock while the schema changes, so that several servers can start at once."""


class Database:
    """Connections to one database. Raises `StoreError` for an address that isn't one of ours."""

    def __init__(self, address: str) -> None:
        url = _url(address)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite and url.database in {None, "", ":memory:"}:
            raise StoreError(_HOW)
        if self.is_sqlite and url.database:
            try:
                Path(url.database).absolute().parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"The folder of {url.database} can't be made: {error.strerror}.") from error
        options: dict[str, Any] = {} if self.is_sqlite else {"pool_pre_ping": True}
        try:
            self.engine: AsyncEngine = create_async_engine(url, **options)
        except ArgumentError as error:
            raise StoreError(_HOW) from error
        if self.is_sqlite:
            _tune(self.engine)
        one_state = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self.written = asyncio.Event()
        """Set whenever something was committed; whoever follows the database clears it."""
        self._read = async_sessionmaker(self.engine.execution_options(**one_state), expire_on_commit=False)
        self._write = async_sessionmaker(self.engine.execution_options(writes=True), expire_on_commit=False)

    async def open(self) -> None:
        """Bring the schema up to date. Raises `StoreError` if the database can't be reached or is newer than this."""
        try:
            async with self.engine.execution_options(writes=True).begin() as connection:
                if not self.is_sqlite:
                    await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                await connection.run_sync(_upgrade)
        except (DBAPIError, OSError) as error:
            reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
            raise StoreError(f"The database can't be opened: {reason}.") from error

    async def close(self) -> None:
        """Let go of connections."""
        await self.engine.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database. Raises `StoreError` if that fails."""
        async with _coded(), self._read() as session, session.begin():
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session whose changes are committed together at the end, or not at all.

        Raises `ConflictError` if somebody else wrote the same row at the same moment, `StoreError` if all else fails.
        """
        async with _coded(), self._write() as session, session.begin():
            yield session
        self.written.set()


@asynccontextmanager
async def _coded() -> AsyncIterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise ConflictError("Somebody else wrote the same at the same moment: read it again, and try again.") from error
    except (DBAPIError, PoolTimeoutError, OSError) as error:
        log.exception("the database failed")
        raise StoreError("The database doesn't answer at the moment: try again later. Nothing was stored.") from error


def _url(address: str) -> URL:
    try:
        url = make_url(address)
        driver = _DRIVERS.get(url.get_backend_name()) or _DRIVERS[url.drivername]
    except (ArgumentError, KeyError) as error:
        raise StoreError(_HOW) from error
    return url.set(drivername=driver)


def _tune(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _: object) -> None:  # noqa: ANN401 - whatever the driver gives
        # The driver's own way begins transactions late; ours are begun below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    at = MigrationContext.configure(connection).get_current_revision()
    if at == scripts.get_current_head():
        return
    if at is not None and at not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreError(f"The database was written by a newer okr-coach (schema {at}); upgrade this one.")
    command.upgrade(config, "head")
