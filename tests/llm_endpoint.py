"""A server on loopback that speaks the OpenAI protocol, well or badly: what the real client is tested against."""

from __future__ import annotations

import contextlib
import json
import re
import select
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]

NUMBERED = re.compile(r"^(\d+)\. (objective|line): (.*)$", re.MULTILINE)
LONE = re.compile(r"^(objective|line): (.*)$", re.MULTILINE)
OKR = re.compile(r"^OKR (\d+): ", re.MULTILINE)


def kind_of(text: str) -> str:
    """A judge simple enough to predict."""
    if text.lower().startswith(("launch", "publish", "ship")):
        return "activity"
    return "kpi" if "stays" in text or "≥" in text else "neither"


def verdict(text: str, **more: Any) -> dict[str, Any]:
    kind = kind_of(text)
    quote = "" if kind == "neither" else text.upper()
    return {**more, "kind": kind, "confidence": 0.8, "quote": quote, "why": f"It is {kind}."}


def sensible(request: Request) -> dict[str, Any]:
    """What a good model would answer."""
    turns = [turn["content"] for turn in request["messages"] if turn["role"] == "user"]
    asked = next(turn for turn in reversed(turns) if not turn.startswith(("Correct", "Recall")))
    if "Pillars:" in asked:
        link = {"pillar": 1, "confidence": 0.7, "why": "It leads there."}
        return {"verdicts": [{"okr": int(n), **link} for n in OKR.findall(asked)]}
    if numbered := NUMBERED.findall(asked):
        return {"verdicts": [verdict(text, line=int(number)) for number, _, text in numbered]}
    return verdict(LONE.findall(asked)[0][1])


@dataclass
class Manner:
    """How the server answers: `answer` makes the JSON, the rest is what can go wrong around it."""

    answer: Callable[[Request], Any] = sensible
    text: Callable[[str], str] = lambda text: text
    status: int = 200
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    finish: str = "stop"
    seconds: float = 0.0
    pause: float = 0.0
    cut: bool = False
    usage: bool = True
    only_first: bool = False


class Endpoint:
    """The server: `requests` it got, `asked` is set at the first, `gone` when a client left before its answer,
    `answered` when one got an answer."""

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.requests: list[Request] = []
        self.asked = threading.Event()
        self.gone = threading.Event()
        self.answered = threading.Event()
        self._closing = threading.Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                endpoint.requests.append(body)
                endpoint.asked.set()
                with contextlib.suppress(OSError):
                    endpoint._reply(self, body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _wait(self, handler: BaseHTTPRequestHandler, seconds: float) -> bool:
        """Wait, unless the client leaves or the test is over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._closing.is_set():
            readable, _, _ = select.select([handler.connection], [], [], 0.01)
            if readable:
                self.gone.set()
                return False
        return not self._closing.is_set()

    def _reply(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        manner = self.manner
        if manner.only_first and len(self.requests) > 1:
            manner = Manner()
        if manner.seconds and not self._wait(handler, manner.seconds):
            return
        self.answered.set()
        if manner.status != 200 or manner.body is not None:
            _send(handler, manner.status, manner.body or '{"error": {"message": "no"}}', **manner.headers)
            return
        text = manner.text(json.dumps(manner.answer(request), ensure_ascii=False))
        by_tool = "tools" in request
        usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120} if manner.usage else None
        if request.get("stream"):
            self._stream(handler, manner, text, by_tool, usage)
            return
        if manner.pause and not self._wait(handler, manner.pause):
            return
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if by_tool:
            name = request["tools"][0]["function"]["name"]
            call = {"id": "1", "type": "function", "function": {"name": name, "arguments": text}}
            message |= {"content": None, "tool_calls": [call]}
        choice = {"index": 0, "finish_reason": manner.finish, "message": message}
        _send(handler, 200, json.dumps({**ENVELOPE, "object": "chat.completion", "choices": [choice], "usage": usage}))

    def _stream(self, handler: BaseHTTPRequestHandler, manner: Manner, text: str, by_tool: bool, usage: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        for at in range(0, len(text), 12):
            if manner.pause and not self._wait(handler, manner.pause):
                return
            piece = text[at : at + 12]
            delta: dict[str, Any] = {"content": piece}
            if by_tool:
                delta = {"tool_calls": [{"index": 0, "id": "1", "function": {"arguments": piece}}]}
            _chunk(handler, [{"index": 0, "delta": delta, "finish_reason": None}])
        if manner.cut:
            return
        _chunk(handler, [{"index": 0, "delta": {}, "finish_reason": manner.finish}])
        if usage:
            _chunk(handler, [], usage=usage)
        handler.wfile.write(b"data: [DONE]\n\n")


ENVELOPE = {"id": "x", "created": 0, "model": "test-model"}


def _chunk(handler: BaseHTTPRequestHandler, choices: list[dict[str, Any]], **more: Any) -> None:
    data = {**ENVELOPE, "object": "chat.completion.chunk", "choices": choices, **more}
    handler.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
    handler.wfile.flush()


def _send(handler: BaseHTTPRequestHandler, status: int, body: str, **headers: str) -> None:
    data = body.encode()
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json", **headers}.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


@contextlib.contextmanager
def serving(manner: Manner | None = None) -> Iterator[Endpoint]:
    """A running endpoint."""
    endpoint = Endpoint(manner or Manner())
    endpoint.start()
    try:
        yield endpoint
    finally:
        endpoint.stop()
