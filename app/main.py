"""`create_app()`: the web service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import version

from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from app.api import check, health, overlaps, problems, reviews, rewrites, rules
from app.api.check.matches import Replacer, line_rewrites
from app.api.check.unhurried import Unhurried
from app.api.check.words import MemoryWords
from app.api.limits import BodyLimit, Gatekeeper
from app.api.workshops import routes as workshops
from app.api.workshops.desk import Desk
from app.api.workspaces.access import caller
from app.api.workspaces.neighbours import Neighbours
from app.api.workspaces.routes import ROUTERS
from app.coach.flow import Coach
from app.coach.overlap import Overlaps
from app.coach.overlap.kept import KeptMaps
from app.config import Settings, settings
from app.services.embeddings import Remembering
from app.services.giving_way import Urgent
from app.web import maps, pages, plan, plan_door, plan_forms
from app.web import workshops as workshop_pages
from app.web.headers import SecurityHeaders
from app.web.rendering import STATIC
from app.wiring import (
    at_the_desk,
    build_coach,
    build_lines,
    build_overlaps,
    build_pair_opinion,
    build_rewriter,
    open_database,
    remembering,
)

LINES_KEPT = 20_000
"""Lines whose vectors are kept for drafts that are held against everybody else's."""


def create_app(
    configured: Settings | None = None,
    coach: Coach | None = None,
    finder: Overlaps | None = None,
    replacer: Replacer | None = None,
) -> FastAPI:
    """The application; models load at start-up unless a coach is passed in."""
    config = configured or settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        ready = coach or build_coach(config)
        await ready.prepare()
        app.state.coach = ready
        app.state.rewriter = build_rewriter(config, ready)
        app.state.database = await open_database(config)
        app.state.overlaps = finder or build_overlaps(config, ready.linkage)
        app.state.maps = KeptMaps(app.state.overlaps, llm=build_pair_opinion(ready))
        app.state.neighbours = None
        if app.state.database:
            drafts = replace(app.state.overlaps, encoder=Remembering(app.state.overlaps.encoder, LINES_KEPT))
            app.state.neighbours = Neighbours(build_lines(config, app.state.database, drafts.encoder), drafts)
            await app.state.neighbours.lines.start()
        app.state.replacer = Unhurried(replacer or line_rewrites(app.state.rewriter))
        kept = app.state.database
        urgent = Urgent()
        laid = remembering(app.state.overlaps, urgent)
        app.state.desk = Desk(kept, at_the_desk(ready, laid.linkage), laid, urgent) if kept else None
        yield
        if app.state.desk:
            await app.state.desk.close()
        if app.state.neighbours:
            await app.state.neighbours.close()
        if app.state.database:
            await app.state.database.close()
        await ready.close()

    app = FastAPI(
        title="OKR Coach",
        version=version("okr-coach"),
        summary="Reviews drafted OKRs as a seasoned coach would.",
        lifespan=lifespan,
    )
    app.state.settings = config
    app.state.database = None
    app.state.words = MemoryWords()
    problems.install(app)
    app.add_middleware(BodyLimit, max_bytes=config.max_body_bytes)
    if config.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(config.cors_origins),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-Match", "If-None-Match"],
            expose_headers=["ETag"],
        )
    app.add_middleware(SecurityHeaders)
    app.state.gatekeeper = Gatekeeper(config)
    guarded = [Depends(caller)]
    app.include_router(reviews.router, dependencies=guarded)
    app.include_router(rewrites.router, dependencies=guarded)
    app.include_router(overlaps.router, dependencies=guarded)
    app.include_router(rules.router, dependencies=guarded)
    app.include_router(check.router)
    for router in [*ROUTERS, *workshops.ROUTERS]:
        app.include_router(router)
    app.include_router(health.router)
    app.include_router(pages.router)
    for part in (maps, plan_door, plan, plan_forms):
        app.include_router(part.router)
    app.include_router(workshop_pages.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app
