"""`…/links` and `…/people`: who may come in, who is here, and where they sit. For the facilitator."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workshops.access import Badge, Facilitator, Role, WorkshopId
from app.api.workshops.opening import link_out
from app.api.workshops.people_schemas import LinkIn, LinkOut, PersonOut, PresentOut, RenewIn, SeatIn
from app.api.workspaces.access import Id
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.services.store.tables import now
from app.services.store.workshops import rooms
from app.services.store.workshops.log import Turn
from app.services.store.workshops.tables import WorkshopLink, WorkshopPerson

router = APIRouter(prefix="/v1/workshops/{workshop}", tags=["workshops"], responses=ERRORS | WORKSPACE)


@router.get("/links")
async def links(workshop: WorkshopId, badge: Facilitator) -> list[LinkOut]:
    """All links to this workshop."""
    async with badge.database.reading() as session:
        return [link_out(badge.workshop, link) for link in await rooms.links(session, badge.workshop)]


@router.post("/links", status_code=201)
async def add_link(workshop: WorkshopId, body: LinkIn, badge: Facilitator) -> LinkOut:
    """A further link, for a role and perhaps a team."""
    async with badge.room.turn() as turn:
        expires = now() + timedelta(hours=body.hours)
        link = await rooms.add_link(turn.session, badge.workshop, body.role, body.team_id, expires)
    return link_out(badge.workshop, link)


@router.delete("/links/{link_id}", status_code=204)
async def revoke_link(workshop: WorkshopId, link_id: Id, badge: Facilitator) -> None:
    """Let nobody else in by this link; who came by it stays."""
    async with badge.room.turn() as turn:
        link = await _link(turn, badge, link_id)
        link.revoked_at = link.revoked_at or now()


@router.post("/links/{link_id}/renew", status_code=201)
async def renew_link(workshop: WorkshopId, link_id: Id, body: RenewIn, badge: Facilitator) -> LinkOut:
    """A new link for the same role and team; the old one lets nobody in any more, who came by it stays."""
    async with badge.room.turn() as turn:
        old = await _link(turn, badge, link_id)
        old.revoked_at = old.revoked_at or now()
        expires = now() + timedelta(hours=body.hours)
        link = await rooms.add_link(turn.session, badge.workshop, old.role, old.team_id, expires)
    return link_out(badge.workshop, link)


@router.get("/people")
async def people(workshop: WorkshopId, badge: Facilitator) -> list[PresentOut]:
    """Everybody who joined, and who of them has the table, the board or the wall open just now."""
    async with badge.database.reading() as session:
        found = await rooms.people(session, badge.workspace, badge.id)
    present = badge.room.present
    return [PresentOut(**PersonOut.model_validate(row).model_dump(), connected=present[row.id] > 0) for row in found]


@router.put("/people/{person_id}", responses=CHANGED)
async def reseat(workshop: WorkshopId, person_id: Id, body: SeatIn, badge: Facilitator) -> PersonOut:
    """Give somebody another role or team."""
    async with badge.room.turn() as turn:
        person = await _person(turn, badge, person_id)
        at_table = body.role in {Role.LEAD, Role.MEMBER}
        if at_table and not body.team_id:
            raise InvalidInputError("team_id: a lead or a member sits at a team's table.")
        if at_table:
            await rooms.team_named(turn.session, badge.workshop, team_id=body.team_id)
        if body.role is not Role.FACILITATOR:
            await _still_run(turn, person)
        person.role, person.team_id = body.role, body.team_id if at_table else None
        await turn.say("seat", {"person": person.id, "role": person.role, "team": person.team_id})
    return PersonOut.model_validate(person)


@router.delete("/people/{person_id}", status_code=204, responses=CHANGED)
async def remove_person(workshop: WorkshopId, person_id: Id, badge: Facilitator) -> None:
    """End somebody's session; what they wrote stays."""
    async with badge.room.turn() as turn:
        person = await _person(turn, badge, person_id)
        await _still_run(turn, person)
        person.removed_at = now()
        await turn.say("seat", {"person": person.id, "role": "", "team": None})


async def _link(turn: Turn, badge: Badge, link_id: str) -> WorkshopLink:
    link = await rooms.link(turn.session, badge.workshop, link_id)
    if link is None:
        raise NotFoundError(f"There is no link {link_id} in this workshop.")
    return link


async def _person(turn: Turn, badge: Badge, person_id: str) -> WorkshopPerson:
    person = await rooms.person(turn.session, badge.workshop, person_id)
    if person is None:
        raise NotFoundError(f"There is nobody {person_id} in this workshop.")
    return person


async def _still_run(turn: Turn, leaving: WorkshopPerson) -> None:
    """Raises `ConflictError` if nobody would be left to run the workshop."""
    found = await rooms.people(turn.session, turn.workspace, turn.workshop)
    if leaving.role == Role.FACILITATOR and not any(
        person.role == Role.FACILITATOR and person.id != leaving.id for person in found
    ):
        raise ConflictError("This is the only facilitator: give somebody else the role first.", code="last-facilitator")
