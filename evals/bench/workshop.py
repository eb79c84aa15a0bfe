"""A planning workshop under load: `python -m evals.bench.workshop --minutes 2 --kills 3`.

Thirty teams of four, each with a line of its own to reword every twenty seconds, over HTTP and server-sent events
against a server process with the embedded models. Drafts and new wordings are OKRs of the corpus. Between kills
(SIGKILL) everybody reconnects by themselves. At the end every acknowledged edit must be in its draft or in that
draft's history.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil

from app.training.data import okr_samples
from evals.bench.http import _free_port

TEAMS, EACH, EVERY = 30, 4, 20.0
WARM_UP = 30.0
SETTLING = 30.0
"""Seconds after a kill in which the server starts again, everybody comes back and what was waiting is sent."""
CHANCE = np.random.default_rng()
OKRS = [okr for okr in okr_samples("train") if okr.objective and len(okr.key_results) >= EACH]


@dataclass
class Figures:
    """What was measured, in seconds; `edits` are the acknowledged ones by team, `kills` when the server was killed."""

    acks: list[float] = field(default_factory=list)
    findings: list[float] = field(default_factory=list)
    board: list[float] = field(default_factory=list)
    edits: dict[str, list[str]] = field(default_factory=dict)
    retries: int = 0
    waiting: dict[tuple[str, int], float] = field(default_factory=dict)
    on_board: dict[tuple[str, int], float] = field(default_factory=dict)
    reconnects: int = 0
    kills: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)

    def heard(self, sent: float) -> None:
        """Findings of an edit sent at `sent` are there."""
        took = time.perf_counter() - sent
        self.findings.append(took)
        if not any(kill - took < sent < kill + SETTLING for kill in self.kills):
            self.settled.append(took)


@dataclass
class Server:
    """The service, which can be killed and comes back on the same port with the same data."""

    data: str
    port: int = field(default_factory=_free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the process; `ready` waits for it."""
        command = [sys.executable, "-m", "app.cli", "serve", "--port", str(self.port), "--data", self.data]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    async def ready(self) -> None:
        """Until it answers."""
        async with httpx.AsyncClient(base_url=self.base) as client:
            for _ in range(1_200):
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get("/readyz")).status_code == 200:
                        return
                await asyncio.sleep(0.1)
        raise RuntimeError("the server did not become ready")

    def kill(self) -> None:
        """SIGKILL."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def seconds(self) -> float:
        """Seconds of CPU that this process has taken, start included."""
        return sum(psutil.Process(self.process.pid).cpu_times()[:2]) if self.process else 0.0

    def memory(self) -> float:
        """Resident megabytes."""
        return psutil.Process(self.process.pid).memory_info().rss / 1e6 if self.process else 0.0

    async def sample(self, into: list[int]) -> None:
        """Resident megabytes every minute."""
        while True:
            await asyncio.sleep(60)
            into.append(round(self.memory()))


@dataclass
class Participant:
    """Somebody who rewords one line and listens."""

    http: httpx.AsyncClient
    workshop: str
    token: str
    team: str
    number: int
    figures: Figures
    every: float = EVERY
    version: int = 0
    text: str = ""
    last: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """Who it is."""
        return {"Authorization": f"Bearer {self.token}"}

    async def listen(self) -> None:
        """Hear everything, and again where it broke off."""
        path = f"/v1/workshops/{self.workshop}/events"
        while True:
            params = {"after": str(self.last)}
            with contextlib.suppress(httpx.TransportError):
                async with self.http.stream("GET", path, headers=self.headers, params=params, timeout=60) as answer:
                    await self._heard(answer)
            self.figures.reconnects += 1
            await asyncio.sleep(0.5 + CHANCE.random())

    async def _heard(self, answer: httpx.Response) -> None:
        kind = ""
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "id":
                self.last = int(value)
            elif name == "event":
                kind = value
            elif name == "data":
                self._told(kind, value)

    def _told(self, kind: str, value: str) -> None:
        if kind == "findings" and self.number == 0:
            for sent in self._arrived(self.figures.waiting, json.loads(value)["version"], self.team):
                self.figures.heard(sent)
        elif kind == "team" and self.team == "":
            data = json.loads(value)
            seen = self._arrived(self.figures.on_board, data["reviewed_version"], data["id"])
            self.figures.board += [time.perf_counter() - at for at in seen]

    def _arrived(self, waiting: dict[tuple[str, int], float], version: int, team: str) -> list[float]:
        """When the edits up to a version were sent, each told once."""
        return [waiting.pop(key) for key in [key for key in waiting if key[0] == team and key[1] <= version]]

    async def work(self, until: float) -> None:
        """Reword the own line again and again; an edit is sent until it is acknowledged."""
        await asyncio.sleep(CHANCE.random() * self.every)
        stamp = 0
        while time.perf_counter() < until:
            began = time.perf_counter()
            stamp += 1
            await self._edit(f"KR{self.number + 1}: {self._line(stamp)}")
            await asyncio.sleep(max(0.0, self.every - (time.perf_counter() - began)))

    def _line(self, stamp: int) -> str:
        written = OKRS[CHANCE.integers(len(OKRS))].key_results
        return f"{written[self.number]} (wording {stamp})"

    async def _edit(self, line: str) -> None:
        lines = self.text.split("\n")
        lines[self.number + 1] = line
        body = {"version": self.version, "base": self.text, "text": "\n".join(lines)}
        path = f"/v1/workshops/{self.workshop}/teams/{self.team}/draft"
        began = time.perf_counter()
        while True:
            sent = time.perf_counter()
            try:
                answer = await self.http.put(path, json=body, headers=self.headers, timeout=30)
            except httpx.TransportError:
                self.figures.retries += 1
                await asyncio.sleep(1)
                continue
            break
        if answer.status_code != 200:
            raise RuntimeError(f"an edit was refused: {answer.text}")
        draft = answer.json()
        self.figures.acks.append(time.perf_counter() - began)
        self.version, self.text = draft["version"], "\n".join(row["text"] for row in draft["lines"])
        self.figures.edits.setdefault(self.team, []).append(line)
        key = self.team, self.version
        self.figures.waiting[key] = self.figures.on_board[key] = sent


async def open_workshop(client: httpx.AsyncClient, data: str) -> dict[str, Any]:
    """A workspace and a workshop in it, by command line and API."""

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "app.cli", *arguments, "--data", data]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    workspace = await asyncio.to_thread(run, "workspace", "create", "Load")
    key = await asyncio.to_thread(run, "key", "create", "-w", workspace, "--scope", "write")
    pillars = [{"name": "Guests come back"}, {"name": "Costs follow income"}]
    body = {"name": "Load", "cycle": "Q3 2026", "pillars": pillars}
    headers = {"Authorization": f"Bearer {key}"}
    made = await client.post(f"/v1/workspaces/{workspace}/workshops", json=body, headers=headers, timeout=60)
    found: dict[str, Any] = made.raise_for_status().json()
    return found


async def seat(
    client: httpx.AsyncClient, made: dict[str, Any], figures: Figures, teams: int, every: float
) -> list[Participant]:
    """Everybody comes in by link: an observer first, then four a team; the first of each writes the first draft."""
    workshop = made["workshop"]["id"]
    links = {link["role"]: link["path"].partition("link=")[2] for link in made["links"]}

    async def join(role: str, name: str, team: str | None) -> dict[str, Any]:
        body = {"link": links[role], "name": name, "team": team}
        answer = await client.post(f"/v1/workshops/{workshop}/join", json=body, timeout=60)
        client.cookies.clear()
        joined: dict[str, Any] = answer.raise_for_status().json()
        return joined

    wall = await join("observer", "Wall", None)
    people = [Participant(client, workshop, wall["token"], "", -1, figures)]
    for at in range(teams):
        own = []
        for number in range(EACH):
            joined = await join("member", f"Person {number}", f"Team {at}")
            team = joined["person"]["team_id"]
            own.append(Participant(client, workshop, joined["token"], team, number, figures, every))
        okr = OKRS[CHANCE.integers(len(OKRS))]
        lines = enumerate(okr.key_results[:EACH], 1)
        text = "\n".join([f"O: {okr.objective}", *(f"KR{number}: {line}" for number, line in lines)])
        path = f"/v1/workshops/{workshop}/teams/{own[0].team}/draft"
        body = {"version": 0, "text": text}
        (await client.put(path, json=body, headers=own[0].headers, timeout=60)).raise_for_status()
        for one in own:
            one.version, one.text = 1, text
        people += own
    return people


async def lost(people: list[Participant], figures: Figures) -> int:
    """Acknowledged edits that are in no version of their draft."""
    missing = 0
    for one in people:
        if one.number != 0:
            continue
        path = f"/v1/workshops/{one.workshop}/teams/{one.team}/history"
        kept: set[str] = set()
        before: dict[str, int] = {}
        while True:
            answer = await one.http.get(path, params=before, headers=one.headers, timeout=60)
            versions = answer.raise_for_status().json()
            if not versions:
                break
            kept |= {row["text"] for version in versions for row in version["lines"]}
            before = {"before": versions[-1]["version"]}
        missing += sum(line not in kept for line in figures.edits.get(one.team, ()))
    return missing


async def run(minutes: float, kills: int, teams: int = TEAMS, every: float = EVERY) -> dict[str, Any]:
    """The whole load; figures in milliseconds and megabytes."""
    figures = Figures()
    memory: list[int] = []
    with tempfile.TemporaryDirectory() as data:
        server = Server(data)
        server.start()
        limits = httpx.Limits(max_connections=400, max_keepalive_connections=400)
        try:
            await server.ready()
            async with httpx.AsyncClient(base_url=server.base, limits=limits) as client:
                people = await seat(client, await open_workshop(client, data), figures, teams, every)
                listening = [asyncio.create_task(one.listen()) for one in people]
                until = time.perf_counter() + 60 * minutes
                working = [asyncio.create_task(one.work(until)) for one in people if one.team]
                await asyncio.sleep(min(WARM_UP, 30 * minutes))
                warm = server.memory()
                figures.acks, figures.findings, figures.settled, figures.board = [], [], [], []
                for _ in range(kills):
                    await asyncio.sleep(max(0.0, until - time.perf_counter()) / (kills + 1))
                    figures.kills.append(time.perf_counter())
                    server.kill()
                    server.start()
                    await server.ready()
                sampling = asyncio.create_task(server.sample(memory))
                await asyncio.gather(*working)
                sampling.cancel()
                await asyncio.sleep(5)
                after, busy = server.memory(), server.seconds()
                missing = await lost(people, figures)
                for task in listening:
                    task.cancel()
                await asyncio.gather(*listening, return_exceptions=True)
        finally:
            server.kill()
    return {
        "teams": teams,
        "participants": teams * EACH,
        "minutes": minutes,
        "seconds between edits": every,
        "kills": kills,
        "edits acknowledged": sum(map(len, figures.edits.values())),
        "edits lost": missing,
        "sent again": figures.retries,
        "reconnects": figures.reconnects,
        "ack ms": _quantiles(figures.acks),
        "findings ms": _quantiles(figures.findings),
        f"findings ms but for {SETTLING:.0f} s after a kill": _quantiles(figures.settled),
        "board ms": _quantiles(figures.board),
        "memory MB": [round(warm), *memory, round(after)],
        "server seconds of CPU": round(busy, 1),
    }


def _quantiles(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {f"p{q}": round(float(np.percentile(seconds, q)) * 1000) for q in (50, 95)}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--teams", type=int, default=TEAMS)
    parser.add_argument("--every", type=float, default=EVERY, help="seconds between two edits of a participant")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    found = json.dumps(asyncio.run(run(asked.minutes, asked.kills, asked.teams, asked.every)), indent=2)
    print(found)
    if asked.out:
        asked.out.write_text(found + "\n", "utf-8")


if __name__ == "__main__":
    main()
