"""What the extension's tests share: the pages people write in, and a browser that holds the unpacked extension."""

from __future__ import annotations

import json
import shutil
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Worker

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


def until(page: Page, where: Any, words: set[str], timeout: float = 20) -> list[dict[str, Any]]:
    """Waits for exactly these words to be underlined. Raises AssertionError if they don't come."""
    found: list[dict[str, Any]] = []
    for _ in range(int(timeout * 20)):
        found = underlined(where)
        if {each["words"] for each in found} == words:
            return found
        page.wait_for_timeout(50)
    raise AssertionError(json.dumps({"wanted": sorted(words), "found": [each["words"] for each in found]}))


class Card:
    """The card, which stands in a closed shadow root that only the browser's own tools see."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._cdp = page.context.new_cdp_session(page)

    def _nodes(self) -> list[dict[str, Any]]:
        document = self._cdp.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
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
        return " ".join(node["nodeValue"] for node in self._nodes() if node["nodeType"] == 3)

    def wait(self, words: str, timeout: float = 20) -> str:
        """Waits until the card says `words`. Raises AssertionError if it doesn't."""
        said = ""
        for _ in range(int(timeout * 10)):
            said = self.words()
            if words in said:
                return said
            self._page.wait_for_timeout(100)
        raise AssertionError(f"the card says {said!r}, not {words!r}")

    def click(self, words: str) -> None:
        """Clicks the first button that says `words`."""
        nodes = self._nodes()
        button = next(
            node
            for node in nodes
            if node.get("localName") == "button"
            and any(child.get("nodeValue") == words for child in node.get("children", []))
        )
        self._cdp.send("DOM.scrollIntoViewIfNeeded", {"nodeId": button["nodeId"]})
        quad = self._cdp.send("DOM.getBoxModel", {"nodeId": button["nodeId"]})["model"]["content"]
        self._page.mouse.click((quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2)
