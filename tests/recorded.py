"""Pictures of papers, and what the reader once read of them: the stand-in where the extra ``ocr`` is missing.

``python -m tests.recorded`` reads them anew, in an environment that has the extra (``make ocr`` holds that it still
reads the same).
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

from benchmarks import papers
from demo.pictures import Shot, jpeg
from disk.luggage import Content
from intake.sandbox.child import Elsewhere
from ledger.written import Words, words_from, words_kept
from validators.written.codes import check_digit

FOLDER = Path(__file__).with_name("recorded")
NAMES = ("合同.jpg", "证件.jpg", "门头.jpg")
SAID = papers.Contract("深圳市华新科技有限公司", "HX-2026-118", date(2026, 11, 23), "128,000.00", "壹拾贰万捌仟元整")
CODE = "91440300MA5EY0QH1" + check_digit("91440300MA5EY0QH1")
_WORDS = FOLDER / "words.json"
#: what stands in for the reader, by name, as the service calls it
READER = Elsewhere("tests.recorded", "words_at")


def picture(name: str) -> bytes:
    """One of the pictures."""
    return (FOLDER / name).read_bytes()


def recorded() -> dict[str, Any]:
    """Name of the picture → what was read of it."""
    kept: dict[str, Any] = json.loads(_WORDS.read_text("utf-8"))
    return kept


def words_at(original: Content, megapixels: int) -> Words:
    """What the reader once read of the picture; of others, nothing."""
    sha256 = hashlib.sha256(original.read_bytes()).hexdigest()
    known = {hashlib.sha256(picture(name)).hexdigest(): name for name in NAMES}
    return words_from(recorded()[known[sha256]]) if sha256 in known else Words(pages=1)


def dies(original: Content, megapixels: int) -> Words:
    """A reader that does not survive its picture."""
    os._exit(3)


def _draw() -> None:
    camera = Shot(datetime.fromisoformat("2026-11-23T10:00:00+08:00"), 22.5405, 113.9345)
    made = {
        "合同.jpg": papers.askew(papers.stamped(papers.contract(SAID)), 2),
        "证件.jpg": papers.certificate(SAID.customer, CODE),
        "门头.jpg": papers.shop_front("华新科技"),
    }
    for name, image in made.items():
        (FOLDER / name).write_bytes(jpeg(image, camera, quality=55))


def main() -> None:
    """Draw the pictures where they are missing, read them, and keep what was read."""
    from intake.words.read import words_at as read_now

    FOLDER.mkdir(exist_ok=True)
    if not all((FOLDER / name).exists() for name in NAMES):
        _draw()
    kept = {name: words_kept(read_now(FOLDER / name, 100)) for name in NAMES}
    lines = ",\n".join(f" {json.dumps(name, ensure_ascii=False)}: {_lines(words)}" for name, words in kept.items())
    _WORDS.write_text(f"{{\n{lines}\n}}\n", "utf-8")


def _lines(words: dict[str, Any]) -> str:
    rows = ",\n   ".join(json.dumps(line, ensure_ascii=False) for line in words["lines"])
    return f'{{"pages": {words["pages"]}, "trouble": "{words["trouble"]}", "lines": [\n   {rows}]}}'


if __name__ == "__main__":
    main()
