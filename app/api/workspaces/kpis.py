"""`/v1/workspaces/{workspace}/kpis`: the register of standing measures."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.problems import CHANGED, ERRORS, WORKSPACE
from app.api.workspaces.access import Admin, After, Expected, Id, Limit, Reader, WorkspaceId, Writer, etag
from app.api.workspaces.schemas import KpiValueIn, KpiValueOut, Page, StoredKpiIn, StoredKpiOut, paged
from app.services.store import records, register
from app.services.store.ids import new_id
from app.services.store.tables import Kpi

router = APIRouter(prefix="/v1/workspaces/{workspace}/kpis", tags=["workspaces"], responses=ERRORS | WORKSPACE)

Since = Annotated[date | None, Query(description="`next` of the page before")]


@router.get("")
async def kpis(workspace: WorkspaceId, seat: Reader, limit: Limit = 100, after: After = "") -> Page[StoredKpiOut]:
    """KPIs in the order they were made."""
    async with seat.database.reading() as session:
        rows = await records.page(session, Kpi, seat.workspace, limit=limit + 1, after=after)
    return paged(rows, limit, StoredKpiOut.model_validate, lambda row: row.id)


@router.post("", status_code=201, responses=CHANGED)
async def add_kpi(workspace: WorkspaceId, body: StoredKpiIn, seat: Writer, response: Response) -> StoredKpiOut:
    """A new KPI; its name is its own in the workspace."""
    async with seat.database.writing() as session:
        row = await records.add(session, Kpi(workspace_id=seat.workspace, id=new_id(), **body.model_dump()))
    response.headers["ETag"] = etag(row.version)
    return StoredKpiOut.model_validate(row)


@router.get("/{kpi_id}")
async def kpi(workspace: WorkspaceId, kpi_id: Id, seat: Reader, response: Response) -> StoredKpiOut:
    """One KPI."""
    async with seat.database.reading() as session:
        row = await records.find(session, Kpi, seat.workspace, kpi_id)
    response.headers["ETag"] = etag(row.version)
    return StoredKpiOut.model_validate(row)


@router.put("/{kpi_id}", responses=CHANGED)
async def change_kpi(
    workspace: WorkspaceId, kpi_id: Id, body: StoredKpiIn, seat: Writer, expected: Expected, response: Response
) -> StoredKpiOut:
    """Change name, definition, normal level or owner."""
    async with seat.database.writing() as session:
        row = await records.change(session, Kpi, seat.workspace, kpi_id, expected, body.model_dump())
    response.headers["ETag"] = etag(row.version)
    return StoredKpiOut.model_validate(row)


@router.delete("/{kpi_id}", status_code=204, responses=CHANGED)
async def delete_kpi(workspace: WorkspaceId, kpi_id: Id, seat: Admin, expected: Expected) -> None:
    """Delete a KPI with its readings."""
    async with seat.database.writing() as session:
        await records.remove(session, Kpi, seat.workspace, kpi_id, expected)


@router.get("/{kpi_id}/values")
async def kpi_values(
    workspace: WorkspaceId, kpi_id: Id, seat: Reader, limit: Limit = 100, after: Since = None
) -> Page[KpiValueOut]:
    """A KPI's readings, the latest first; `after` goes on with those before that day."""
    async with seat.database.reading() as session:
        rows = await register.readings(session, seat.workspace, kpi_id, limit=limit + 1, before=after)
    return paged(rows, limit, KpiValueOut.model_validate, lambda row: row.on.isoformat())


@router.put("/{kpi_id}/values/{on}")
async def read_kpi(workspace: WorkspaceId, kpi_id: Id, on: date, body: KpiValueIn, seat: Writer) -> KpiValueOut:
    """Note the reading of a day; a second one replaces the first."""
    async with seat.database.writing() as session:
        row = await register.read_on(session, seat.workspace, kpi_id, on, body.value)
    return KpiValueOut.model_validate(row)


@router.delete("/{kpi_id}/values/{on}", status_code=204)
async def forget_kpi_value(workspace: WorkspaceId, kpi_id: Id, on: date, seat: Writer) -> None:
    """Remove a reading."""
    async with seat.database.writing() as session:
        await register.forget(session, seat.workspace, kpi_id, on)
