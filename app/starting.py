"""How a server process starts: imports and routes make no garbage, so none is sought while they are made."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI


def service() -> FastAPI:
    """The application. What it is made of stays, and is left out of every later collection."""
    gc.disable()
    try:
        from app.main import create_app  # noqa: PLC0415

        return create_app()
    finally:
        gc.freeze()
        gc.enable()
