"""Arrows point inward: what each room may not import, and what serving never loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

FENCES = {
    "app/coach": {
        "fastapi",
        "starlette",
        "openai",
        "instructor",
        "chromadb",
        "app.api",
        "app.web",
        "app.main",
        "app.cli",
    },
    "app/services": {"fastapi", "starlette", "app.api", "app.web", "app.coach", "app.cli"},
    "app/exchange": {"fastapi", "starlette", "app.api", "app.web", "app.cli"},
    "app/api": {"openai", "instructor", "chromadb", "torch", "app.training", "app.cli"},
}
VENDORS = {
    "openai": "app/services/llm.py",
    "instructor": "app/services/llm.py",
    "openpyxl": "app/exchange/xlsx.py",
    "chromadb": "app/services/chroma.py",
    "onnxruntime": "app/services/embeddings.py",
}
ENVIRONMENT_READERS = {"app/config.py"}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def within(module: str, fence: str) -> bool:
    return module == fence or module.startswith(fence + ".")


@pytest.mark.parametrize("room", FENCES)
def test_rooms_import_inward_only(room: str) -> None:
    crossings = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in (ROOT / room).rglob("*.py")
        for module in imports(path)
        if any(within(module, fence) for fence in FENCES[room])
    ]
    assert not crossings


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_has_one_door(vendor: str) -> None:
    doors = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "app").rglob("*.py")
        if "training" not in path.parts and any(within(module, vendor) for module in imports(path))
    }
    assert doors <= {VENDORS[vendor]}


def test_only_config_reads_the_environment() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "app").rglob("*.py")
        if "os.environ" in path.read_text("utf-8") or "os.getenv" in path.read_text("utf-8")
    }
    assert readers <= ENVIRONMENT_READERS


def test_serving_never_loads_torch() -> None:
    code = (
        "import sys, app.main, app.cli, app.terminal; from app.config import Settings; "
        "from app.wiring import build_coach; build_coach(Settings()); "
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
