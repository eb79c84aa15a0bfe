"""Keeps the extension's copy of the gate current, and packs it for Chrome and Firefox.

.venv/bin/python tools/extension.py gate            # renews extension/gate-data.js
.venv/bin/python tools/extension.py pack FOLDER     # FOLDER/chrome and FOLDER/firefox, ready to load
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTENSION = ROOT / "extension"
MANIFESTS = {"chrome": "manifest.json", "firefox": "manifest.firefox.json"}


def gate_script() -> str:
    """`app/coach/data/gate.json` as a script, without the words that only people read."""
    data = json.loads((ROOT / "app" / "coach" / "data" / "gate.json").read_text("utf-8"))
    data.pop("about", None)
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    head = "// Made from app/coach/data/gate.json by tools/extension.py.\nglobalThis.OkrCoach ??= {};\n"
    return f"{head}OkrCoach.gateData = {body};\n"


def pack(folder: Path) -> list[Path]:
    """One loadable folder a browser."""
    made = []
    for browser, manifest in MANIFESTS.items():
        target = folder / browser
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(EXTENSION, target, ignore=shutil.ignore_patterns("manifest*.json"))
        shutil.copy(EXTENSION / manifest, target / "manifest.json")
        made.append(target)
    return made


def main() -> None:
    """See above."""
    match sys.argv[1:]:
        case ["gate"]:
            (EXTENSION / "gate-data.js").write_text(gate_script(), "utf-8")
        case ["pack", folder]:
            for made in pack(Path(folder)):
                sys.stdout.write(f"{made}\n")
        case _:
            sys.exit(str(__doc__))


if __name__ == "__main__":
    main()
