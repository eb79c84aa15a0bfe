"""`create_app()`: the web service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from app.api import check, health, problems, reviews, rewrites, rules
from app.api.check.matches import Replacer, line_rewrites
from app.api.check.unhurried import Unhurried
from app.api.check.words import MemoryWords
from app.api.limits import BodyLimit, Gatekeeper
from app.coach.flow import Coach
from app.config import Settings, settings
from app.web import pages
from app.web.headers import SecurityHeaders
from app.web.rendering import STATIC
from app.wiring import build_coach, build_rewriter


def create_app(
    configured: Settings | None = None, coach: Coach | None = None, replacer: Replacer | None = None
) -> FastAPI:
    """The application; models load at start-up unless a coach is passed in."""
    config = configured or settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        ready = coach or build_coach(config)
        await ready.prepare()
        app.state.coach = ready
        app.state.rewriter = build_rewriter(config, ready)
        app.state.replacer = Unhurried(replacer or line_rewrites(app.state.rewriter))
        yield
        await ready.close()

    app = FastAPI(
        title="OKR Coach",
        version=version("okr-coach"),
        summary="Reviews drafted OKRs as a seasoned coach would.",
        lifespan=lifespan,
    )
    app.state.settings = config
    app.state.words = MemoryWords()
    problems.install(app)
    app.add_middleware(BodyLimit, max_bytes=config.max_body_bytes)
    if config.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(config.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )
    app.add_middleware(SecurityHeaders)
    app.state.gatekeeper = Gatekeeper(config)
    guarded = [Depends(app.state.gatekeeper)]
    app.include_router(reviews.router, dependencies=guarded)
    app.include_router(rewrites.router, dependencies=guarded)
    app.include_router(rules.router, dependencies=guarded)
    app.include_router(check.router)
    app.include_router(health.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app
