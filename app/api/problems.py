"""Every error as RFC 9457 problem details, whatever raised it."""

from __future__ import annotations

import http
import logging
import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.api.schemas import ProblemOut
from app.errors import CoachError

MEDIA_TYPE = "application/problem+json"
_PARAMETER = re.compile(r"\{[^}]{1,50}\}")
log = logging.getLogger("okr_coach")


def _documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"model": ProblemOut, "description": http.HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {}}}
        for status in statuses
    }


ERRORS = _documented(400, 401, 413, 422, 429)
WORKSPACE = _documented(403, 404, 503)
CHANGED = _documented(409, 412, 428)
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": ProblemOut, "content": {MEDIA_TYPE: {}}}}


def problem(status: int, code: str, detail: str, errors: list[dict[str, Any]] | None = None) -> JSONResponse:
    """A problem response."""
    body = {
        "type": f"urn:okr-coach:problem:{code}",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": errors or [],
    }
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(CoachError)
    async def _coach(_: Request, error: CoachError) -> JSONResponse:
        response = problem(error.status, error.code, error.message, error.errors)
        if error.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @app.exception_handler(RequestValidationError)
    async def _validation(_: Request, error: RequestValidationError) -> JSONResponse:
        found = error.errors()
        if any(item["type"] == "json_invalid" for item in found):
            return problem(400, "malformed-json", "The request body is not valid JSON.")
        # The rejected input is left out: it may be megabytes, and it may not be valid Unicode.
        errors = [{"at": "/".join(str(part) for part in item["loc"]), "message": item["msg"]} for item in found]
        first = f"{errors[0]['at']}: {errors[0]['message']}" if errors else "invalid request"
        return problem(422, "invalid-request", _printable(first), _printable_all(errors[:20]))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        code = http.HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
        response = problem(error.status_code, code, str(error.detail))
        response.headers.update(error.headers or {})
        if error.status_code == 405 and (methods := _methods(app, request.url.path)):
            response.headers["Allow"] = ", ".join(methods)
        return response

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> JSONResponse:
        log.exception("unexpected error on %s %s", request.method, request.url.path, exc_info=error)
        return problem(500, "internal-error", "Something went wrong on our side; nothing was stored.")


def _methods(app: FastAPI, path: str) -> list[str]:
    """The methods of all routes with this path; Starlette names those of the first."""
    found: set[str] = set()
    for template, operations in app.openapi()["paths"].items():
        pattern = "[^/]+".join(re.escape(part) for part in _PARAMETER.split(template))
        if re.fullmatch(pattern, path):
            found |= {method.upper() for method in operations}
    return sorted(found)


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _printable_all(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: _printable(value) for key, value in item.items()} for item in errors]
