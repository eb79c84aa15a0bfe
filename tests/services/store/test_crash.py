"""Killed with SIGKILL at any moment, a writer loses nothing it acknowledged and leaves nothing half-written.

`OKR_COACH_CRASHES=50 pytest tests/services/store/test_crash.py` kills more often.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import drill
import httpx
from sqlalchemy import select, text
from stores import settle_in, within

from app.api.schemas import ReviewOut
from app.services.store import Database, Scope
from app.services.store.ids import new_id
from app.services.store.tables import Cycle, Okr, OkrFinding, OkrVersion, PendingVector

CRASHES = int(os.environ.get("OKR_COACH_CRASHES", "10"))
SERVER_CRASHES = int(os.environ.get("OKR_COACH_CRASHES", "2"))
ROOT = Path(__file__).resolve().parents[3]
Acknowledged = dict[str, dict[int, str]]


async def ready(database: Database) -> tuple[str, str, str]:
    """A workspace, its writing key and a cycle."""
    workspace, tokens = await settle_in(database)
    async with database.writing() as session:
        cycle = Cycle(workspace_id=workspace, id=new_id(), name="Q3")
        session.add(cycle)
    return workspace, tokens[Scope.WRITE], cycle.id


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "tests" / "drill.py"), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)


def check(url: str, workspace: str, known: Acknowledged) -> int:
    """What the database holds against what was acknowledged; the number of OKRs."""

    async def look(database: Database) -> int:
        async with database.reading() as session:
            if database.is_sqlite:
                assert (await session.scalar(text("PRAGMA integrity_check"))) == "ok"
            rows = {row.id: row for row in await session.scalars(select(Okr).where(Okr.workspace_id == workspace))}
            versions: dict[str, dict[int, OkrVersion]] = {}
            for version in await session.scalars(select(OkrVersion).where(OkrVersion.workspace_id == workspace)):
                versions.setdefault(version.okr_id, {})[version.version] = version
            waiting = {row.okr_id: row.version for row in await session.scalars(select(PendingVector))}
        for okr_id, stamps in known.items():
            for number, stamp in stamps.items():
                kept = versions[okr_id][number]
                assert (kept.objective, tuple(kept.key_results)) == drill.words(stamp)
            assert rows[okr_id].version >= max(stamps)
        assert rows.keys() == versions.keys()
        for okr_id, row in rows.items():
            assert sorted(versions[okr_id]) == list(range(1, row.version + 1))
            latest = versions[okr_id][row.version]
            assert (row.objective, row.key_results) == (latest.objective, latest.key_results)
            assert (row.objective, tuple(row.key_results)) == drill.words(row.objective.removeprefix("Objective "))
            assert waiting[okr_id] == row.version
        batches = Counter(m.group(1) for row in rows.values() if (m := re.search(r"(\w+)-of-\d+", row.objective)))
        assert set(batches.values()) <= {drill.BATCH}
        return len(rows)

    return within(url, look)


def test_a_writer_that_is_killed_loses_nothing(database_url: str) -> None:
    workspace, _, cycle = within(database_url, ready)
    known: Acknowledged = {}
    chance = random.Random(7391)
    for _ in range(CRASHES):
        process = start(database_url, workspace, cycle)
        assert process.stdout
        lines = "".join(process.stdout.readline() for _ in range(chance.randrange(1, 30)))
        assert lines, "the writer did not start"
        time.sleep(chance.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        lines += process.communicate()[0]
        for acknowledged in lines.splitlines(keepends=True):
            if acknowledged.endswith("\n"):
                okr_id, version, stamp = json.loads(acknowledged)
                known.setdefault(okr_id, {})[version] = stamp
        assert check(database_url, workspace, known) >= len(known)
    assert len(known) > CRASHES


def test_a_server_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'okrs.db'}"
    workspace, token, cycle = within(url, ready)
    known: Acknowledged = {}
    chance = random.Random(1793)
    reviewed: dict[str, int] = {}
    for number in range(SERVER_CRASHES):
        port_file = tmp_path / f"port-{number}"
        process = start(url, workspace, cycle, str(port_file))
        try:
            while not port_file.exists():
                assert process.poll() is None, "the server did not start"
                time.sleep(0.02)
            base = f"http://127.0.0.1:{port_file.read_text()}/v1/workspaces/{workspace}"
            send_until_it_dies(process, base, token, cycle, known, reviewed, chance)
        finally:
            process.kill()
            process.communicate()
        check(url, workspace, known)
        check_reviews(url, workspace, reviewed)
    assert known
    assert reviewed


def check_reviews(url: str, workspace: str, reviewed: dict[str, int]) -> None:
    """Every review that was acknowledged is kept, whole."""

    async def look(database: Database) -> None:
        async with database.reading() as session:
            asked = select(OkrFinding).where(OkrFinding.workspace_id == workspace)
            kept = {row.okr_id: row for row in await session.scalars(asked)}
        for okr_id, version in reviewed.items():
            assert kept[okr_id].okr_version >= version
        for row in kept.values():
            assert ReviewOut.model_validate(row.report).objectives

    within(url, look)


def send_until_it_dies(
    process: subprocess.Popen[str],
    base: str,
    token: str,
    cycle: str,
    known: Acknowledged,
    reviewed: dict[str, int],
    chance: random.Random,
) -> None:
    """Import, write and review through the API; after some acknowledged calls the server is killed amid the next."""
    left = chance.randrange(3, 12)
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        while True:
            stamp = f"{chance.getrandbits(48):012x}"
            if left == 0:
                killer = subprocess.Popen(["sh", "-c", f"sleep {chance.uniform(0, 0.05):.3f}; kill -9 {process.pid}"])
            try:
                kind = chance.choice(["import", "write", "review"])
                if kind == "review" and known:
                    okr_id = chance.choice(list(known))
                    answer = client.post(f"{base}/okrs/{okr_id}/review?critic=none")
                    assert answer.status_code == 200, answer.text
                    reviewed[okr_id] = answer.json()["okr_version"]
                elif kind == "import":
                    sent = batch_of(stamp)
                    answer = client.post(f"{base}/import", content=sent, headers={"Content-Type": "application/json"})
                    assert answer.status_code == 200, answer.text
                    for at, okr_id in enumerate(answer.json()["created"]):
                        known[okr_id] = {1: f"{stamp}-of-{at}"}
                else:
                    objective, results = drill.words(stamp)
                    body = {"objective": objective, "key_results": results, "cycle_id": cycle}
                    answer = client.post(f"{base}/okrs", json=body)
                    assert answer.status_code == 201, answer.text
                    known[answer.json()["id"]] = {1: stamp}
            except httpx.TransportError:
                assert left <= 0, "the server died by itself"
                killer.wait()
                return
            left -= 1


def batch_of(stamp: str) -> bytes:
    """The drill's import as a file."""
    rows = [
        {"objective": row.objective, "key_results": row.key_results, "team": row.team, "cycle": row.cycle}
        for row in drill.batch(stamp, "Drill")
    ]
    return json.dumps({"okrs": rows}).encode()
