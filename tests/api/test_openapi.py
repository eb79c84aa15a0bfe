"""`docs/openapi.json` is what the service describes, and its examples run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.coach.flow import Coach
from app.config import Settings
from app.main import create_app

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def test_the_committed_description_is_current() -> None:
    described = create_app(Settings()).openapi()
    assert json.loads(COMMITTED.read_text("utf-8")) == described, "run: okr-coach openapi --out docs/openapi.json"


def examples() -> list[tuple[str, str, dict[str, object]]]:
    described = json.loads(COMMITTED.read_text("utf-8"))
    found = []
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            schema = described["components"]["schemas"].get(name, {})
            found += [(method, path, example) for example in schema.get("examples", [])]
    return found


@pytest.mark.parametrize(("method", "path", "body"), examples())
def test_its_examples_run(method: str, path: str, body: dict[str, object], rules_only: Coach) -> None:
    with TestClient(create_app(Settings(), rules_only)) as client:
        assert client.request(method, path, json=body).status_code == 200
