"""What coverage-guided fuzzing asks of parsers that are Python of ours: bytes in, what did not hold out.

They run within the fuzzer's own process, so nothing is asked here that dies of itself: no library in C or Rust beyond those
that unpack and open.  Whoever has atheris starts :mod:`tests.torture.fuzz.guided`; the seeds are asked without it too.
"""

from __future__ import annotations

import atexit
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from PIL import Image

from disk.private import make_private_folder
from intake.photo.boxes import is_named_in_words
from intake.photo.exif import Exif, read_exif
from intake.photo.seal import NoJpeg, bare, holds, read_seal
from intake.preflight.check import inspect
from intake.preflight.survey import BookLimits
from intake.raw import Refusal
from ledger.facts_json import seal_from, seal_kept
from ledger.journal import canonical
from ledger.keys import NAME
from outbox.approvals.model import TOKEN
from policy.settings import load_settings
from service.company import open_service
from service.rows.deciding import vouched
from service.rows.issuing import signer
from tests import pictures
from tests.torture.fuzz import books, boxes, configs, exif, packages, seeds, settings
from tests.torture.fuzz.judging import moment_complaints, refusal_complaints
from tests.torture.fuzz.pictures import picture as changed_picture

ROOM = 60_000  #: bytes of an EXIF block: a segment of a JPEG holds no more
_OTHER_KEY = b"nobody has signed with this"
_ZONE = ZoneInfo("Asia/Shanghai")

Mutate = Callable[[bytes], bytes]  #: the fuzzer's own change, guided by what it has seen


@dataclass(frozen=True)
class Target:
    """A parser: where its inputs begin, how they are changed by their structure, and what must hold of each."""

    name: str
    seeds: Callable[[], tuple[bytes, ...]]
    change: Callable[[bytes, Random], bytes]
    complaints: Callable[[bytes], Iterator[str]]  #: one sentence each; whatever is raised is a find as well
    inside: Callable[[bytes, Random, Mutate], bytes] = lambda data, _rng, mutate: mutate(data)


# -- config.toml


@cache
def _folder() -> Path:
    """Where files lie as long as this process lives."""
    return Path(_kept.enter_context(tempfile.TemporaryDirectory(prefix="kebu-guided-")))


_kept = ExitStack()
atexit.register(_kept.close)


def _configs() -> tuple[bytes, ...]:
    """The product's own without its comments, which are most of it."""
    return tuple(
        b"\n".join(line for line in each.split(b"\n") if line.strip() and not line.lstrip().startswith(b"#"))
        for each in seeds.configs()
    )


def _config(data: bytes) -> Iterator[str]:
    yield from settings.judged(data, _folder()).complaints


# -- workbooks, as far as preflight goes


def _book(data: bytes) -> Iterator[str]:
    answer = inspect(data, BookLimits())
    if isinstance(answer, Refusal):
        yield from refusal_complaints(answer)


def _in_a_part(data: bytes, rng: Random, mutate: Mutate) -> bytes:
    """A part of the package changed and packed again: a byte of a packed one otherwise is damage, and nothing more."""
    parts = packages.unpacked(data)
    if not parts:
        return mutate(data)
    at = rng.randrange(len(parts))
    parts[at] = (parts[at][0], mutate(parts[at][1]))
    return packages.packed(parts)


# -- the seal of the phone door


def _seal(data: bytes) -> Iterator[str]:
    found = read_seal(data)
    if found is not None:
        if holds(found, _OTHER_KEY):
            yield "a seal holds by a key that it was not made with"
        kept = canonical(seal_kept(found))
        kept.encode()
        if seal_from(json.loads(kept)) != found:
            yield "what is kept of a seal is not what was read"
    try:
        alone = bare(data)
    except NoJpeg:
        return
    if read_seal(alone) is not None:
        yield "a picture alone has a seal"


# -- what signs the rows of approval sheets


@cache
def _desk() -> tuple[Callable[[str], tuple[str, str] | None], dict[str, tuple[str, str]]]:
    """What reads a signature, and the only ones that were ever given."""
    home = _folder() / "company"
    make_private_folder(home / "book" / NAME)
    (home / "config.toml").write_bytes(seeds.configs()[0])
    service = _kept.enter_context(open_service(load_settings(home / "config.toml")))
    rows = (("日报_20261124-1", "261124-0001"), ("拜访记录_20261124-2", "261124-0002"))
    given = {str(signer(service.book).dumps(row)): row for row in rows}
    return lambda token: vouched(service, {TOKEN: token}), given


def _tokens() -> tuple[bytes, ...]:
    return tuple(token.encode() for token in _desk()[1])


def _token(data: bytes) -> Iterator[str]:
    read, given = _desk()
    for text in (data.decode("utf-8", "replace"), data.decode("utf-8", "surrogateescape"), data.decode("latin-1")):
        found = read(text)
        if found is not None and found not in given.values():
            yield f"vouched for what nobody has signed: {found}"


def _changed_text(data: bytes, rng: Random) -> bytes:
    """Two signatures mixed, or some characters otherwise."""
    one, two = rng.choice(_tokens()), rng.choice(_tokens())
    match rng.randrange(3):
        case 0:
            return b".".join((one.split(b".")[0], two.split(b".")[-1]))
        case 1:
            at = rng.randrange(len(data) + 1)
            return data[:at] + rng.choice((b".", b"=", b"-", b"_", b"A", b"\xff", b"")) + data[at + rng.randrange(2) :]
        case _:
            return packages.flipped(data, rng)


# -- what a camera wrote


@cache
def _picture() -> bytes:
    return pictures.jpeg(pictures.scene(1, (16, 16)))


def _exif(data: bytes) -> Iterator[str]:
    block = b"Exif\0\0" + data[:ROOM]
    plain = _picture()
    whole = plain[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + plain[2:]
    with Image.open(BytesIO(whole)) as opened:
        found = read_exif(whole, opened, _ZONE)
    yield from _said(found)


def _said(found: Exif) -> Iterator[str]:
    for moment in (found.taken_at, found.gps_at):
        if moment is not None:
            yield from moment_complaints(moment)
    if found.location is not None and not (abs(found.location[0]) <= 90 and abs(found.location[1]) <= 180):
        yield f"no place: {found.location}"
    for words in (found.make, found.model, found.software):
        if words is not None and (len(words) > 100 or not words.isprintable()):
            yield f"words {words!r}"
    if not isinstance(found.thumbnail, bytes):
        yield f"no bytes: {found.thumbnail!r:.60}"


def _blocks() -> tuple[bytes, ...]:
    whole = pictures.exif(offset="+08:00", gps_at=pictures.TAKEN, orientation=6, software="1.0")
    more = (pictures.exif(), pictures.exif("2026-11-24 10:00:00", place=(0.0, 0.0)), pictures.exif(None, place=None))
    return tuple(block.removeprefix(b"Exif\0\0") for block in (whole, *more))


def _boxed(data: bytes) -> Iterator[str]:
    if is_named_in_words(data) not in (True, False):
        yield "neither named nor not"


def _heifs() -> tuple[bytes, ...]:
    return tuple(each for each in seeds.photos() if each[4:8] == b"ftyp")


def _jpegs() -> tuple[bytes, ...]:
    return tuple(each for each in seeds.photos() if each[:2] == b"\xff\xd8")


TARGETS = (
    Target("config", _configs, configs.config, _config),
    Target("book", seeds.books, books.book, _book, _in_a_part),
    Target("seal", _jpegs, changed_picture, _seal),
    Target("token", _tokens, _changed_text, _token),
    Target("exif", _blocks, exif.changed, _exif),
    Target("boxes", _heifs, boxes.heif, _boxed),
)
BY_NAME = {target.name: target for target in TARGETS}
