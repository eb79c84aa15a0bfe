"""Templates, rendered: everything is escaped unless it is markup of our own."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from app.coach.report import VERDICT_WORDS
from app.web.catalogue import SEVERITY_WORDS

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"

_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def shown(text: str) -> str:
    """Text with a replacement for what HTML can't hold or would change."""
    return _UNSHOWABLE.sub("\ufffd", text)


def html(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page, for this reader only."""
    body = _environment().get_template(f"{template}.html.jinja").render(**values)
    return HTMLResponse(body, status, headers={"Cache-Control": "no-store"})


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}
    environment.filters["shown"] = shown
    environment.globals |= {
        "version": version("okr-coach"),
        "words": SEVERITY_WORDS,
        "verdict_words": VERDICT_WORDS,
    }
    return environment
