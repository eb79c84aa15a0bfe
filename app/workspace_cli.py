"""`okr-coach workspace`, `key`, `import`, `export`, `feedback`: the operator's hand on the database.

Heavy imports wait until a command needs them.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from app.services.store import Database

T = TypeVar("T")

Data = Annotated[
    Path | None, typer.Option(help="Folder of the SQLite database, as given to `serve`; else OKR_COACH_DATABASE_URL.")
]
In = Annotated[str, typer.Option("--workspace", "-w", help="Id of the workspace; `workspace list` shows them.")]


class ScopeOption(StrEnum):
    """What a key may do; each may do what those before it may."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


def _group(name: str, summary: str) -> typer.Typer:
    return typer.Typer(
        name=name,
        help=summary,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


workspace_app = _group("workspace", "Workspaces: an organisation's OKRs, strategy and KPIs.")
feedback_app = _group("feedback", "What people answered to findings.")
key_app = _group("key", "API keys; each opens one workspace.")


@workspace_app.command("create")
def create_workspace(name: Annotated[str, typer.Argument(help="The organisation.")], data: Data = None) -> None:
    """Make an empty workspace and print its id."""
    from app.services.store import workspaces  # noqa: PLC0415

    async def create(database: Database) -> str:
        async with database.writing() as session:
            return (await workspaces.create(session, _name(name))).id

    typer.echo(within(data, create))


@workspace_app.command("list")
def list_workspaces(data: Data = None) -> None:
    """Print id and name of every workspace."""
    from app.services.store import workspaces  # noqa: PLC0415

    async def names(database: Database) -> list[str]:
        async with database.reading() as session:
            return [f"{row.id}  {row.name}" for row in await workspaces.listed(session)]

    for line in within(data, names):
        typer.echo(line)


@workspace_app.command("delete")
def delete_workspace(
    workspace: Annotated[str, typer.Argument(help="Id of the workspace.")],
    data: Data = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Delete a workspace with its OKRs, their history, its keys and its feedback."""
    from app.services.store import workspaces  # noqa: PLC0415

    async def name(database: Database) -> str:
        async with database.reading() as session:
            return (await workspaces.get(session, workspace)).name

    async def delete(database: Database) -> None:
        async with database.writing() as session:
            await workspaces.remove(session, workspace)

    if not yes:
        typer.confirm(f"Delete {within(data, name)} and everything in it?", abort=True)
    within(data, delete)


@key_app.command("create")
def create_key(
    workspace: In,
    scope: Annotated[ScopeOption, typer.Option(help="What it may do.")] = ScopeOption.READ,
    name: Annotated[str, typer.Option(help="Who or what will use it; changes are kept under this name.")] = "key",
    data: Data = None,
) -> None:
    """Make a key and print it. It is shown this once: only its hash is kept."""
    from app.services.store import Scope, keys, workspaces  # noqa: PLC0415

    async def create(database: Database) -> str:
        async with database.writing() as session:
            found = await workspaces.get(session, workspace)
            return (await keys.issue(session, found.id, _name(name), Scope(scope.value)))[1]

    typer.echo(within(data, create))


@key_app.command("list")
def list_keys(workspace: In, data: Data = None) -> None:
    """Print id, scope, age and name of every key; never the key itself."""
    from app.services.store import keys, workspaces  # noqa: PLC0415

    async def lines(database: Database) -> list[str]:
        async with database.reading() as session:
            await workspaces.get(session, workspace)
            return [
                f"{key.id}  {key.scope:<5}  {key.created_at:%Y-%m-%d}  "
                f"{f'revoked {key.revoked_at:%Y-%m-%d}' if key.revoked_at else 'valid':<18}  {key.name}"
                for key in await keys.listed(session, workspace)
            ]

    for line in within(data, lines):
        typer.echo(line)


@key_app.command("revoke")
def revoke_key(
    key: Annotated[str, typer.Argument(help="Id of the key, as `key list` shows it.")], data: Data = None
) -> None:
    """Make a key useless from now on."""
    from app.services.store import keys  # noqa: PLC0415

    async def revoke(database: Database) -> None:
        async with database.writing() as session:
            await keys.revoke(session, key)

    within(data, revoke)


def import_okrs(
    files: Annotated[list[Path], typer.Argument(help="Markdown, CSV, XLSX or JSON.")],
    workspace: In,
    cycle: Annotated[str | None, typer.Option(help="Cycle of OKRs that name none.")] = None,
    team: Annotated[str | None, typer.Option(help="Team of OKRs that name none.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite OKRs that are there with other words.")] = False,
    by: Annotated[str, typer.Option(help="Who imports, for the history.")] = "command line",
    why: Annotated[str, typer.Option(help="Why, for the history; needed to change what a team committed to.")] = "",
    data: Data = None,
) -> None:
    """Import OKRs into a workspace: all files or nothing; what is wrong is named by row."""
    from app import exchange  # noqa: PLC0415
    from app.errors import InvalidInputError  # noqa: PLC0415
    from app.services.store import intake, workspaces  # noqa: PLC0415
    from app.services.store.intake import ImportRefusedError, Incoming, Taken  # noqa: PLC0415
    from app.services.store.okrs import Author  # noqa: PLC0415

    rows: list[Incoming] = []
    errors: list[tuple[str, str]] = []
    for file in files:
        try:
            found = exchange.read(file.read_bytes(), exchange.format_of(file.name))
            rows += [dataclasses.replace(row, place=f"{file}, {row.place}") for row in found]
        except OSError as error:
            raise InvalidInputError(f"{file}: {error.strerror or error}") from error
        except ImportRefusedError as error:
            errors += [(f"{file}, {item['at']}", item["message"]) for item in error.errors]

    async def take_in(database: Database) -> Taken:
        async with database.writing() as session:
            found = await workspaces.get(session, workspace)
            author = Author(_name(by), why)
            return await intake.take_in(session, found.id, rows, author, team=team, cycle=cycle, replace=replace)

    try:
        if errors:
            raise ImportRefusedError(errors)
        taken = within(data, take_in)
    except ImportRefusedError as error:
        typer.echo("okr-coach: nothing was imported:", err=True)
        for item in error.errors:
            typer.echo(f"  {item['at']}: {item['message']}", err=True)
        raise typer.Exit(2) from error
    made = "".join(
        f", new {what} {', '.join(names)}" for what, names in (("cycle", taken.cycles), ("team", taken.teams)) if names
    )
    typer.echo(
        f"{len(taken.created)} OKRs imported, {len(taken.updated)} updated, {len(taken.unchanged)} unchanged{made}"
    )


def export_okrs(
    workspace: In,
    out: Annotated[Path, typer.Argument(help="File to write: .md, .csv, .xlsx or .json.")],
    data: Data = None,
) -> None:
    """Write all OKRs of a workspace to a file that can be imported again."""
    from app import exchange  # noqa: PLC0415
    from app.errors import InvalidInputError  # noqa: PLC0415
    from app.services.store import okrs, workspaces  # noqa: PLC0415

    kind = exchange.format_of(out.name)

    async def find(database: Database) -> list[exchange.Outgoing]:
        async with database.reading() as session:
            found = await workspaces.get(session, workspace)
            return exchange.outgoing(await okrs.outgoing(session, found.id))

    found = within(data, find)
    try:
        out.write_bytes(exchange.write(found, kind))
    except OSError as error:
        raise InvalidInputError(f"{out}: {error.strerror or error}") from error
    typer.echo(f"{len(found)} OKRs written to {out}")


def reindex(data: Data = None) -> None:
    """Make the vectors of stored OKRs agree with the database, once a server has the folder no longer open."""
    from app.config import settings  # noqa: PLC0415
    from app.errors import InvalidInputError  # noqa: PLC0415
    from app.services.line_index import KeptLines  # noqa: PLC0415
    from app.services.vectors import Healed  # noqa: PLC0415
    from app.wiring import build_overlaps, open_vectors  # noqa: PLC0415

    place = settings().vectors or (str(vectors_in(data)) if data else "")
    if not place:
        raise InvalidInputError("Say where vectors are kept: --data DIR, or OKR_COACH_VECTORS. In memory none are.")

    async def rebuild(database: Database) -> Healed:
        lines = KeptLines(database, open_vectors(place), build_overlaps(settings()).encoder)
        try:
            return await lines.rebuild()
        finally:
            await lines.close()

    done = within(data, rebuild)
    typer.echo(f"{done.written} lines written, {done.deleted} forgotten")


@feedback_app.command("export")
def export_feedback(
    workspace: In,
    out: Annotated[Path, typer.Argument(help="JSON Lines file to write, as `okr-coach eval --dataset` reads it.")],
    data: Data = None,
) -> None:
    """Write what people answered to findings as labelled samples. Nothing is sent anywhere."""
    import json  # noqa: PLC0415

    from app.errors import InvalidInputError  # noqa: PLC0415
    from app.services.store import feedback, workspaces  # noqa: PLC0415
    from app.services.store.tables import Feedback  # noqa: PLC0415
    from evals.from_feedback import Answer, samples  # noqa: PLC0415

    async def find(database: Database) -> Sequence[Feedback]:
        async with database.reading() as session:
            found = await workspaces.get(session, workspace)
            return await feedback.answers(session, found.id)

    given = within(data, find)
    found = samples(
        [
            Answer(row.id, row.rule, row.verdict == "accept", row.line, row.objective, is_objective=row.is_objective)
            for row in given
        ],
        workspace,
    )
    try:
        out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), "utf-8")
    except OSError as error:
        raise InvalidInputError(f"{out}: {error.strerror or error}") from error
    typer.echo(f"{len(found)} samples written to {out}, from {len(given)} answers")


def within(data: Path | None, act: Callable[[Database], Awaitable[T]]) -> T:
    """Run `act` on the database that is configured. Raises `InvalidInputError` where none is, `StoreError`."""
    from app.config import settings  # noqa: PLC0415
    from app.errors import InvalidInputError  # noqa: PLC0415
    from app.wiring import open_database  # noqa: PLC0415

    config = settings().model_copy(update={"database_url": database_in(data)} if data else {})

    async def run() -> T:
        database = await open_database(config)
        if database is None:
            raise InvalidInputError("Say where workspaces are kept: --data DIR, or OKR_COACH_DATABASE_URL.")
        try:
            return await act(database)
        finally:
            await database.close()

    return asyncio.run(run())


def database_in(folder: Path) -> str:
    """The address of the SQLite database in a folder."""
    from sqlalchemy.engine import URL  # noqa: PLC0415

    return URL.create("sqlite", database=str(folder.absolute() / "okr-coach.db")).render_as_string()


def vectors_in(folder: Path) -> Path:
    """Where vectors lie beside the SQLite database in a folder."""
    return folder.absolute() / "vectors"


def _name(text: str) -> str:
    from app.errors import InvalidInputError  # noqa: PLC0415

    tidy = " ".join(text.split())
    if not tidy or len(tidy) > 500 or not tidy.isprintable():
        raise InvalidInputError("A name has 1 to 500 printable characters.")
    return tidy
