"""Killed with SIGKILL amid saves, the server has every edit that it acknowledged, and goes on numbering events."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
from meeting import PILLARS
from stores import settle_in, within

from app.services.store import Scope

ROOT = Path(__file__).resolve().parents[3]
KILLS = 3


def serving(url: str, port_file: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The service in a process of its own, and its address."""
    command = [sys.executable, str(ROOT / "tests" / "drill.py"), url, "-", "-", str(port_file)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    while not port_file.exists():
        assert process.poll() is None, "the server did not start"
        time.sleep(0.02)
    return process, f"http://127.0.0.1:{port_file.read_text()}"


def test_a_killed_server_has_every_edit_that_it_acknowledged(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'okrs.db'}"
    workspace, tokens = within(url, settle_in)
    key = {"Authorization": f"Bearer {tokens[Scope.WRITE]}"}
    room, team, version, number = "", "", 0, 0
    headers: dict[str, str] = {}
    known: list[str] = []
    for kill in range(KILLS):
        process, base = serving(url, tmp_path / f"port-{kill}")
        try:
            with httpx.Client(base_url=base, timeout=60) as client:
                if not room:
                    body = {"name": "Drill", "cycle": "Q3", "pillars": PILLARS}
                    made = client.post(f"/v1/workspaces/{workspace}/workshops", json=body, headers=key).json()
                    room = made["workshop"]["id"]
                    link = made["links"][0]["path"].partition("link=")[2]
                    sent = {"link": link, "name": "Ines", "team": "Kitchen"}
                    joined = client.post(f"/v1/workshops/{room}/join", json=sent).json()
                    client.cookies.clear()
                    headers = {"Authorization": f"Bearer {joined['token']}"}
                    team = joined["person"]["team_id"]
                path = f"/v1/workshops/{room}/teams/{team}"
                draft = client.get(path, headers=headers).json()["draft"]
                assert [line["text"] for line in draft["lines"]][: len(known)] == known
                assert draft["version"] >= version
                state = client.get(f"/v1/workshops/{room}", headers=headers).json()
                assert state["last_event"] >= number
                number, version = state["last_event"], draft["version"]
                known = [line["text"] for line in draft["lines"]]
                killer = threading.Timer(0.4 + 0.2 * kill, process.send_signal, [signal.SIGKILL])
                for at in range(10_000):
                    text = [*known, f"KR: line {kill}-{at} from {at} to {at + 5}"]
                    if at == 3:
                        killer.start()
                    try:
                        edit = {"version": version, "text": "\n".join(text)}
                        answer = client.put(f"{path}/draft", json=edit, headers=headers)
                    except httpx.TransportError:
                        break
                    assert answer.status_code == 200, answer.text
                    known, version = text, answer.json()["version"]
        finally:
            process.kill()
            process.wait()
    assert len(known) > 3 * KILLS
