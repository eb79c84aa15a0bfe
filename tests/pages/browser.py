"""What the extension's tests share: the pages people write in, and a browser that holds the unpacked extension."""

from __future__ import annotations

import shutil
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import BrowserContext, CDPSession, Page, Worker

T = TypeVar("T")
PATIENCE = 20.0
ROOT = Path(__file__).resolve().parents[2]
SITE = Path(__file__).parent / "site"
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

OKR = """\
Team: Riverside clinic
Q3 2026
O: Patients with diabetes feel in charge of their week
KR1: Missed check-ups from 31 % to 12 %
KR2: Launch the reminder app
KR3: Better leaflets
"""


class _Handler(BaseHTTPRequestHandler):
    assets: Path | None = None

    def do_GET(self) -> None:
        path = self.path.split("?")[0].lstrip("/")
        found = next(
            (folder / path for folder in (SITE, self.assets) if folder and path and (folder / path).is_file()), None
        )
        if found is None:
            self.send_error(404)
            return
        body = found.read_bytes()
        kind = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}[found.suffix]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if path.startswith("csp"):
            self.send_header("Content-Security-Policy", STRICT)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Quiet."""


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def pages(assets: Path | None) -> Iterator[str]:
    """The address of the test pages."""
    handler = type("Handler", (_Handler,), {"assets": assets})
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@contextmanager
def nobody_there() -> Iterator[str]:
    """An address that refuses connections, and that nobody else can take meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def unpacked(folder: Path) -> Path:
    """A copy of the extension as Chrome loads it."""
    target = folder / "extension"
    shutil.copytree(ROOT / "extension", target, ignore=shutil.ignore_patterns("manifest.firefox.json"))
    return target


def worker_of(context: BrowserContext) -> Worker:
    """The extension's service worker."""
    return context.service_workers[0] if context.service_workers else context.wait_for_event("serviceworker")


def allow(worker: Worker, site: str, *, on: bool = True) -> None:
    """What the popup does once the browser has granted its permission."""
    worker.evaluate("([site, on]) => coach.allow(site, on)", [site, on])


def set_up(worker: Worker, **settings: str) -> None:
    """What the settings page keeps once a connection was tested."""
    worker.evaluate("settings => chrome.storage.local.set(settings)", settings)


UNDERLINED = """() => {
  const found = [];
  for (const name of ['error', 'warning', 'suggestion'])
    for (const range of CSS.highlights.get('okr-coach-' + name) ?? [])
      for (const box of [range.getBoundingClientRect()])
        found.push({name, words: range.toString(), left: box.left, top: box.top, right: box.right, bottom: box.bottom});
  return found.sort((a, b) => a.top - b.top || a.left - b.left);
}"""


def underlined(where: Any) -> list[dict[str, Any]]:
    """Words that are underlined in a page or frame, with where they stand."""
    found: list[dict[str, Any]] = where.evaluate(UNDERLINED)
    return found


def until(page: Page, where: Any, words: Set[str]) -> list[dict[str, Any]]:
    """Waits for exactly these words to be underlined. Raises AssertionError if they don't come."""
    return wait_for(page, lambda: underlined(where), lambda found: {each["words"] for each in found} == words)


def wait_for(page: Page, look: Callable[[], T], right: Callable[[T], bool]) -> T:
    """What `look` sees once it is `right`. Raises AssertionError, with what was seen last, if it never is."""
    end = time.monotonic() + PATIENCE
    while True:
        seen = look()
        if right(seen):
            return seen
        if time.monotonic() > end:
            raise AssertionError(f"still {seen!r:.2000} after {PATIENCE} s")
        page.wait_for_timeout(20)


class Card:
    """The card, which stands in a closed shadow root that only the browser's own tools see."""

    def __init__(self, page: Page) -> None:
        self._page = page

    @contextmanager
    def _tools(self) -> Iterator[CDPSession]:
        """For one look only: tools that stay on a page are told of its every change."""
        tools = self._page.context.new_cdp_session(self._page)
        yield tools
        tools.detach()

    def _nodes(self, tools: CDPSession) -> list[dict[str, Any]]:
        document = tools.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        found: list[dict[str, Any]] = []

        def walk(node: dict[str, Any], within: bool) -> None:
            inside = within or node.get("localName") == "okr-coach-card"
            if inside:
                found.append(node)
            for child in (
                *node.get("children", []),
                *node.get("shadowRoots", []),
                *([node["contentDocument"]] if "contentDocument" in node else []),
            ):
                walk(child, inside)

        walk(document, False)
        return found

    def words(self) -> str:
        """Everything that the card and the marks say."""
        with self._tools() as tools:
            return " ".join(node["nodeValue"] for node in self._nodes(tools) if node["nodeType"] == 3)

    def wait(self, words: str) -> str:
        """Waits until the card says `words`. Raises AssertionError if it doesn't."""
        return wait_for(self._page, self.words, lambda said: words in said)

    def click(self, words: str) -> None:
        """Clicks the first button that says `words`, or begins so."""
        with self._tools() as tools:
            button = next(
                node
                for node in self._nodes(tools)
                if node.get("localName") == "button"
                and any(child.get("nodeValue", "").startswith(words) for child in node.get("children", []))
            )
            tools.send("DOM.scrollIntoViewIfNeeded", {"nodeId": button["nodeId"]})
            quad = tools.send("DOM.getBoxModel", {"nodeId": button["nodeId"]})["model"]["content"]
        self._page.mouse.click((quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2)

    def dismiss(self) -> None:
        """Chooses the first reason in the card's list of reasons, by keys."""
        with self._tools() as tools:
            reasons = next(node for node in self._nodes(tools) if node.get("localName") == "select")
            tools.send("DOM.focus", {"nodeId": reasons["nodeId"]})
        self._page.keyboard.press("ArrowDown")
