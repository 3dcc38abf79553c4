"""Pages drawn by a real browser, at a phone's and a screen's width, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from tests.door_stage import chromium

WIDTHS = (390, 1440)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def draw_page(page: Path, folder: Path, name: str) -> Iterator[Path]:
    """Draw *page* in both widths and both schemes; gives the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for width in WIDTHS:
            for scheme in SCHEMES:
                seen = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN")
                seen.goto(page.as_uri())
                target = folder / f"{name}_{width}_{scheme}.png"
                seen.screenshot(path=target, full_page=True)
                seen.close()
                yield target
