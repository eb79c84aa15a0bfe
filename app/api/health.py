"""`/healthz`: the process answers; `/readyz`: its models are loaded."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """`status` is `ok` or `starting`; `models` names what is loaded."""

    status: str
    models: dict[str, str] = {}


@router.get("/healthz")
def healthz() -> Health:
    """The process is alive."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Health}})
def readyz(request: Request, response: Response) -> Health:
    """The coach can review."""
    coach = getattr(request.app.state, "coach", None)
    if coach is None:
        response.status_code = 503
        return Health(status="starting")
    return Health(status="ok", models=coach.models())
