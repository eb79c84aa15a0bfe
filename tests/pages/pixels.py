"""Where letters and underlines stand on the screen, by its pixels."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image
from playwright.sync_api import Frame, Page

from .browser import underlined

Box = tuple[float, float, float, float]
BORDER = 2
"""Of a frame, in CSS pixels."""


def aligned(page: Page, where: Page | Frame, words: str) -> None:
    """The letters on the screen begin and end where the underline of `words` does."""
    left, top = (0.0, 0.0)
    if where is not page:
        box = page.locator("iframe").bounding_box()
        assert box
        left, top = box["x"] + BORDER, box["y"] + BORDER
    found = next(each for each in underlined(where) if each["words"] == words)
    x0, y0, x1, y1 = found["left"] + left, found["top"] + top, found["right"] + left, found["bottom"] + top
    picture = _Picture(page, (x0 - 8, y0 - 8, x1 + 16, y1 + 12))
    assert picture.ink((x0, y0, x0 + 9, y1)), "letters begin at the underline"
    assert picture.ink((x1 - 9, y0, x1, y1)), "letters end with it"
    assert not picture.ink((x1 + 2, y0, x1 + 8, y1 - 2)), "and no letters follow it"
    assert picture.red((x0, y1 - 6, x1, y1 + 4)) > (x1 - x0) / 2, "and it is drawn under them"


class _Picture:
    """A part of what the page shows, and boxes of it in the page's coordinates."""

    def __init__(self, page: Page, box: Box) -> None:
        left, top, right, bottom = (round(side) for side in box)
        self._left, self._top = max(0, left), max(0, top)
        width, height = right - self._left, bottom - self._top
        shot = page.screenshot(clip={"x": self._left, "y": self._top, "width": width, "height": height})
        self._image = Image.open(io.BytesIO(shot)).convert("RGB")

    def ink(self, box: Box) -> int:
        """Dark, colourless pixels: letters."""
        return sum(max(pixel) < 120 and max(pixel) - min(pixel) < 40 for pixel in self._pixels(box))

    def red(self, box: Box) -> int:
        """Pixels of the underline of errors."""
        return sum(r > 180 and g < 160 and b < 170 for r, g, b in self._pixels(box))

    def _pixels(self, box: Box) -> Iterator[tuple[int, int, int]]:
        x0, y0, x1, y1 = (round(side) for side in box)
        part = self._image.crop((x0 - self._left, y0 - self._top, x1 - self._left, y1 - self._top)).tobytes()
        return zip(part[0::3], part[1::3], part[2::3], strict=True)
