"""The reader of pictures: what it reads, that it asks nobody, and that it can be stopped."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import papers
from benchmarks.reading import order, photo_of
from intake.reading import words_at
from intake.sandbox.here import LocalReaders
from intake.sandbox.readers import Failure, Limits
from ledger.written import Words
from tests import recorded
from validators.written import certificate, contract, shop_front
from validators.written.point import Match

ROOT = Path(__file__).parents[2]
OFFLINE = """
import socket, sys
from pathlib import Path

def refused(*_given, **_named):
    raise OSError("the reader asked for the network")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refused
from intake.words.read import words_at
print("".join(line.text for line in words_at(Path(sys.argv[1]), 100).lines))
"""


@pytest.fixture(scope="module")
def readers() -> Iterator[LocalReaders]:
    with LocalReaders(Limits(600, 1536), workers=1) as made:
        yield made


def read(readers: LocalReaders, path: Path) -> Words:
    (words,) = readers.map(words_at, [(path, 100)])
    assert isinstance(words, Words), words
    return words


@pytest.mark.parametrize("name", recorded.NAMES)
def test_what_was_recorded_is_what_it_reads(readers: LocalReaders, name: str) -> None:
    """Tests without the reader are played with these: they must be its own words."""
    path = recorded.FOLDER / name
    words = read(readers, path)
    photo, (kept,) = photo_of(path.read_bytes(), words), [recorded.recorded()[name]]
    sure = {line.text for line in words.lines if line.sure > 0.95}
    assert sure & {text for text, certain, *_ in kept["lines"] if certain > 0.95}
    name, right = recorded.SAID.customer, order(recorded.SAID)
    points = {
        "合同.jpg": lambda: contract.points(right, (photo,), (name,)),
        "证件.jpg": lambda: certificate.points(name, (photo,)),
        "门头.jpg": lambda: shop_front.points((name,), (photo,)),
    }[path.name]()
    assert {point.match for point in points} == {Match.SAME}, [point.words for point in points]


def test_nothing_is_fetched(tmp_path: Path) -> None:
    """The models lie in the wheel: with every way to the network shut it reads all the same."""
    command = [sys.executable, "-c", OFFLINE, str(recorded.FOLDER / "门头.jpg")]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=280,
        env={"PYTHONUTF8": "1", "HOME": str(tmp_path), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "华新科技" in done.stdout


def test_a_page_lying_on_its_side_is_read_where_it_stands(readers: LocalReaders, tmp_path: Path) -> None:
    path = tmp_path / "横.jpg"
    papers.shop_front("宏远电子").transpose(Image.Transpose.ROTATE_90).save(path)
    (line,) = [line for line in read(readers, path).lines if "宏远电子" in line.text]
    left, top, right, bottom = line.box
    assert bottom - top > right - left, "the box stands upright, as the words do on this picture"
    assert right < 400, "and lies where the sign is"


def test_a_damaged_picture_says_why(readers: LocalReaders, tmp_path: Path) -> None:
    path = tmp_path / "坏.jpg"
    path.write_bytes(b"%PDF-1.7 nothing")
    assert "PDF 文件已损坏" in read(readers, path).trouble


@pytest.mark.parametrize(
    ("limits", "kinds"), [(Limits(0.02, 1536), {"time"}), (Limits(600, 40), {"memory", "error", "crash"})]
)
def test_it_can_be_stopped(limits: Limits, kinds: set[str]) -> None:
    with LocalReaders(limits, workers=1) as strict:
        (found,) = strict.map(words_at, [(recorded.FOLDER / "合同.jpg", 100)])
    assert isinstance(found, Failure)
    assert found.kind in kinds
