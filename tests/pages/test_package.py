"""What is shipped: small, current, clean, and asking for nothing it doesn't need."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from .browser import ROOT

EXTENSION = ROOT / "extension"
LARGEST = 150_000
LINT = ROOT / "build" / "editors" / "node_modules" / ".bin" / "web-ext"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("extension_tool", ROOT / "tools" / "extension.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in EXTENSION.rglob("*") if path.is_file()) <= LARGEST


def test_its_gate_is_current(tool: ModuleType) -> None:
    assert (EXTENSION / "gate-data.js").read_text("utf-8") == tool.gate_script(), "run: tools/extension.py gate"


@pytest.mark.parametrize("name", ["manifest.json", "manifest.firefox.json"])
def test_no_site_is_read_before_somebody_allows_it(name: str) -> None:
    manifest = json.loads((EXTENSION / name).read_text("utf-8"))
    assert "content_scripts" not in manifest
    assert set(manifest["host_permissions"]) == {"http://127.0.0.1/*", "http://localhost/*"}
    assert set(manifest["permissions"]) <= {"storage", "scripting", "activeTab", "sidePanel"}
    assert "externally_connectable" not in manifest
    assert "web_accessible_resources" not in manifest


def test_only_the_service_worker_talks_to_the_network() -> None:
    talks = re.compile(r"\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import\(")
    talking = {path.name for path in EXTENSION.glob("*.js") if talks.search(path.read_text("utf-8"))}
    assert talking == {"service-worker.js"}


def test_text_never_becomes_markup_or_a_value() -> None:
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    writes = re.compile(markup + r"|field\.value\s*=[^=]")
    assert not [path.name for path in EXTENSION.glob("*.js") if writes.search(path.read_text("utf-8"))]


def test_every_file_that_is_named_is_there() -> None:
    listed = re.search(r"SCRIPTS = \[(.*?)\]", (EXTENSION / "service-worker.js").read_text("utf-8"), re.DOTALL)
    assert listed
    for name in re.findall(r'"([^"]+)"', listed[1]):
        assert (EXTENSION / name).is_file()
    for page in EXTENSION.glob("*.html"):
        for name in re.findall(r'(?:src|href)="([^"]+)"', page.read_text("utf-8")):
            assert (EXTENSION / name).is_file()


def test_web_ext_finds_nothing(tool: ModuleType, tmp_path: Path) -> None:
    if not LINT.exists():
        pytest.skip("web-ext isn't installed: run tools/get-editors.sh where there is npm")
    _, firefox = tool.pack(tmp_path)
    done = subprocess.run(
        [LINT, "lint", "--source-dir", firefox, "--output", "json"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "NO_UPDATE_NOTIFIER": "1"},
    )
    found = json.loads(done.stdout)
    assert found["errors"] == []
    assert found["warnings"] == []
