"""`okr-coach workshop`: open a planning workshop, hand out its links, close it, take its outcome.

The commands call what the API calls. Heavy imports wait until a command needs them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from app.workspace_cli import Data, In, within

if TYPE_CHECKING:
    from pydantic import BaseModel
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.api.workshops.access import Badge
    from app.api.workshops.opening import Opened
    from app.services.store import Database
    from app.services.store.workshops.tables import Workshop, WorkshopLink

workshop_app = typer.Typer(
    name="workshop",
    help="Planning workshops: many teams, one room.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Which = Annotated[str, typer.Argument(metavar="WORKSHOP", help="Id of the workshop; `workshop list` shows them.")]
Address = Annotated[str, typer.Option(help="Where people reach the service; links begin with it.")]
LOCAL = "http://127.0.0.1:8000"
B = TypeVar("B", bound="BaseModel")


class AgendaOption(StrEnum):
    """The ready agendas."""

    HALF_DAY = "half-day"
    TWO_HOURS = "two-hours"
    NINETY_MINUTES = "ninety-minutes"


class RoleOption(StrEnum):
    """What a link makes of whoever comes by it."""

    FACILITATOR = "facilitator"
    LEAD = "lead"
    MEMBER = "member"
    OBSERVER = "observer"


@workshop_app.command("create")
def create_workshop(
    name: Annotated[str, typer.Argument(help="Such as “Planning day Q3”.")],
    workspace: In,
    cycle: Annotated[str, typer.Option(help="Its cycle; made if it isn't there yet.")],
    pillar: Annotated[
        list[str] | None, typer.Option(help="“Name: what it means”; once for each. Without, the workspace's count.")
    ] = None,
    agenda: Annotated[AgendaOption, typer.Option(help="Which agenda to begin with.")] = AgendaOption.HALF_DAY,
    profile: Annotated[str, typer.Option(help="Method profile; `okr-coach rules` lists them.")] = "house",
    max_objectives: Annotated[int, typer.Option(help="Objectives a team, at most.")] = 3,
    max_key_results: Annotated[int, typer.Option(help="Key results an objective, at most.")] = 4,
    facilitator: Annotated[str, typer.Option(help="Who runs it.")] = "Facilitator",
    from_cycle: Annotated[
        str | None,
        typer.Option(
            help="Begin with the teams' OKRs of this cycle as drafts: those on its carry-over list, or without one all."
        ),
    ] = None,
    address: Address = LOCAL,
    data: Data = None,
) -> None:
    """Open a workshop and print the links to it, with a code to hold a phone at where this is a terminal."""
    from app.api.workshops import opening  # noqa: PLC0415
    from app.api.workshops.carry import carried_out  # noqa: PLC0415
    from app.api.workshops.schemas import WorkshopIn, pillar_of  # noqa: PLC0415
    from app.services.store import workspaces  # noqa: PLC0415

    asked: dict[str, Any] = {
        "name": name,
        "cycle": cycle,
        "template": agenda.value,
        "pillars": [pillar_of(line) for line in pillar or () if line.strip()],
        "profile": profile,
        "max_objectives": max_objectives,
        "max_key_results": max_key_results,
        "facilitator": facilitator,
        "from_cycle": from_cycle,
    }
    body = _checked(WorkshopIn, asked)

    async def create(database: Database) -> Opened:
        async with database.writing() as session:
            await workspaces.get(session, workspace)
            return await opening.opened(session, workspace, body)

    new = within(data, create)
    typer.echo(new.room.id)
    _print_links(new.room, new.links, address)
    if new.carried:
        done = carried_out(new.carried)
        typer.echo(f"{done.okrs} OKRs of {from_cycle} are in the drafts. {done.note}", err=True)


@workshop_app.command("links")
def list_links(
    workshop: Which,
    new: Annotated[RoleOption | None, typer.Option(help="Make a further link for this role first.")] = None,
    team: Annotated[str | None, typer.Option(help="Team of the new link, which seats people there.")] = None,
    hours: Annotated[int, typer.Option(min=1, max=24 * 60, help="How long the new link opens the door.")] = 72,
    revoke: Annotated[str | None, typer.Option(help="Id of a link that shall let nobody else in.")] = None,
    address: Address = LOCAL,
    data: Data = None,
) -> None:
    """Print the links that open a workshop; make one, or revoke one."""
    from datetime import timedelta  # noqa: PLC0415

    from app.errors import NotFoundError  # noqa: PLC0415
    from app.services.store.tables import now  # noqa: PLC0415
    from app.services.store.workshops import rooms  # noqa: PLC0415

    async def found(database: Database) -> tuple[Workshop, Sequence[WorkshopLink]]:
        async with database.writing() as session:
            room = await _room(session, workshop)
            if revoke:
                link = await rooms.link(session, room, revoke)
                if link is None:
                    raise NotFoundError(f"There is no link {revoke} in this workshop.")
                link.revoked_at = link.revoked_at or now()
            if new:
                seated = await rooms.team_named(session, room, name=team) if team else None
                if team and seated is None:
                    raise NotFoundError(f"There is no team “{team}” in this workshop yet.")
                expires = now() + timedelta(hours=hours)
                await rooms.add_link(session, room, new.value, seated.id if seated else None, expires)
            await session.flush()
            return room, await rooms.links(session, room)

    room, links = within(data, found)
    _print_links(room, links, address)


@workshop_app.command("list")
def list_workshops(workspace: In, data: Data = None) -> None:
    """Print id, day, state and name of a workspace's workshops, the latest first."""
    from app.services.store import workspaces  # noqa: PLC0415
    from app.services.store.workshops import rooms  # noqa: PLC0415

    async def lines(database: Database) -> list[str]:
        async with database.reading() as session:
            await workspaces.get(session, workspace)
            return [
                f"{row.id}  {row.created_at:%Y-%m-%d}  {'frozen' if row.frozen_at else 'open':<6}  {row.name}"
                for row in await rooms.listed(session, workspace)
            ]

    for line in within(data, lines):
        typer.echo(line)


@workshop_app.command("freeze")
def freeze_workshop(
    workshop: Which,
    by: Annotated[str, typer.Option(help="Who freezes, for the history.")] = "command line",
    why: Annotated[
        str,
        typer.Option(help="Why, for the ledger of what changed since the teams committed; else the workshop is named."),
    ] = "",
    address: Address = LOCAL,
    data: Data = None,
) -> None:
    """Keep every team's OKRs as versions in the workspace and close the drafts."""
    from app.api.workshops import outcome  # noqa: PLC0415
    from app.api.workshops.room_schemas import FreezeIn, FrozenOut  # noqa: PLC0415

    body = _checked(FreezeIn, {"why": why})

    async def freeze(database: Database) -> FrozenOut:
        return await outcome.freeze_drafts(workshop, await _facilitating(database, workshop, by, models=False), body)

    done = within(data, freeze)
    typer.echo(f"{len(done.created)} OKRs kept, {len(done.updated)} updated, {len(done.unchanged)} unchanged")
    typer.echo(f"How they go from now on: {address.rstrip('/')}{done.progress}")


@workshop_app.command("export")
def export_workshop(
    workshop: Which,
    out: Annotated[Path, typer.Argument(help="File to write: .md, .html, .json, .csv or .xlsx.")],
    address: Address = LOCAL,
    data: Data = None,
) -> None:
    """Write a workshop's outcome to a file; Markdown, HTML and JSON hold everything, CSV and XLSX the OKRs."""
    from app.api.workshops import outcome  # noqa: PLC0415
    from app.errors import InvalidInputError  # noqa: PLC0415

    kinds: dict[str, outcome.Kind] = {
        ".md": "markdown",
        ".html": "html",
        ".json": "json",
        ".csv": "csv",
        ".xlsx": "xlsx",
    }
    kind = kinds.get(out.suffix.lower())
    if kind is None:
        raise InvalidInputError(f"{out}: name a file that ends with {', '.join(kinds)}.")

    async def written(database: Database) -> bytes:
        whole = kind in {"markdown", "html", "json"}
        badge = await _facilitating(database, workshop, "command line", models=whole)
        if whole:
            await badge.desk.draw(badge.room)
        return bytes((await outcome.exported(badge, kind, address)).body)

    content = within(data, written)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise InvalidInputError(f"{out}: {error.strerror or error}") from error
    typer.echo(f"Written to {out}")


def _checked(kind: type[B], asked: dict[str, Any]) -> B:
    """What was asked for, if it can be."""
    from pydantic import ValidationError  # noqa: PLC0415

    from app.errors import InvalidInputError  # noqa: PLC0415

    try:
        return kind.model_validate(asked)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInputError(f"{first['loc'][0]}: {first['msg']}.") from error


async def _facilitating(database: Database, workshop: str, by: str, *, models: bool) -> Badge:
    """A facilitator's badge for whoever sits at the server; `models` for the map of overlaps."""
    from app.api.workshops.access import Badge, Role  # noqa: PLC0415
    from app.api.workshops.desk import Desk  # noqa: PLC0415
    from app.coach.overlap import Overlaps  # noqa: PLC0415
    from app.config import settings  # noqa: PLC0415
    from app.services.store.tables import now  # noqa: PLC0415
    from app.services.store.workshops.tables import WorkshopPerson  # noqa: PLC0415
    from app.wiring import build_coach, build_overlaps  # noqa: PLC0415

    async with database.reading() as session:
        room = await _room(session, workshop)
    coach = build_coach(settings(), models=models)
    finder: Overlaps | None = build_overlaps(settings(), coach.linkage) if models else None
    person = WorkshopPerson(
        workspace_id=room.workspace_id,
        workshop_id=room.id,
        id="0",
        name=by[:80],
        role=Role.FACILITATOR.value,
        team_id=None,
        joined_at=now(),
    )
    return Badge(database, Desk(database, coach, finder), room, person)


async def _room(session: AsyncSession, workshop: str) -> Workshop:
    from app.errors import NotFoundError  # noqa: PLC0415
    from app.services.store.workshops import rooms  # noqa: PLC0415

    room = await rooms.by_id(session, workshop)
    if room is None:
        raise NotFoundError(f"There is no workshop {workshop}; `okr-coach workshop list -w WORKSPACE` shows them.")
    return room


def in_terminal() -> bool:
    """Whether a person reads what is printed."""
    return sys.stdout.isatty()


def _print_links(room: Workshop, links: Sequence[WorkshopLink], address: str) -> None:
    """Each link that opens the door; in a terminal, the teams' one as a code too."""
    import segno  # noqa: PLC0415

    from app.api.workshops.opening import link_out  # noqa: PLC0415
    from app.services.store.tables import now  # noqa: PLC0415

    for link in links:
        found = link_out(room, link)
        if found.path is None or link.expires_at <= now():
            state = "revoked" if link.revoked_at else "expired"
            typer.echo(f"{link.id}  {link.role:<11}  {state}")
            continue
        url = address.rstrip("/") + found.path
        typer.echo(f"{link.id}  {link.role:<11}  until {link.expires_at:%Y-%m-%d %H:%M} UTC  {url}")
        if in_terminal() and link.role == RoleOption.MEMBER:
            segno.make(url, error="l").terminal(border=2, compact=True)
