"""Pictures used again although they were cropped, turned or taken off a screen: how many are seen, how many wrongly.

``python -m benchmarks.again FOLDER`` makes a street of shops (:mod:`benchmarks.streets`), keeps every photograph in a ledger as
the service does, and asks for copies of them; photographs of real cameras are taken from FOLDER besides, where there are any.
Each photograph of the same shop, the same street and from all but the same place is a chance for a wrong flag.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageOps

from benchmarks.streets import jpeg, photograph, visits
from intake.photo import pixels
from intake.photo.alike import again
from intake.photo.features import points
from ledger import points as kept
from ledger.book import Book
from ledger.records import Points

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
SCREEN = (1080, 2400)


def crop(share: float, left: float, top: float) -> Callable[[Image.Image], Image.Image]:
    """*share* of width and height cut away; *left* and *top* say how much of that on those sides."""

    def cut(picture: Image.Image) -> Image.Image:
        width, height = round(picture.width * (1 - share)), round(picture.height * (1 - share))
        x, y = round((picture.width - width) * left), round((picture.height - height) * top)
        return picture.crop((x, y, x + width, y + height))

    return cut


def turn(degrees: float) -> Callable[[Image.Image], Image.Image]:
    """Turned about its middle, black in the corners, as editors do."""
    return lambda picture: picture.rotate(degrees, Image.Resampling.BICUBIC)


def screenshot(picture: Image.Image) -> Image.Image:
    """The picture on a phone's screen."""
    screen = Image.new("RGB", SCREEN, "black")
    shown = picture.resize((SCREEN[0], round(SCREEN[0] * picture.height / picture.width)))
    screen.paste(shown, (0, (SCREEN[1] - shown.height) // 2))
    return screen


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "10 % cropped": crop(0.1, 0.5, 0.5),
    "20 % cropped": crop(0.2, 0.5, 0.5),
    "20 % cropped, from one corner": crop(0.2, 1, 1),
    "30 % cropped": crop(0.3, 0.2, 0.7),
    "turned by 10°": turn(10),
    "turned by 15°": turn(-15),
    "20 % cropped and turned by 10°": lambda picture: crop(0.2, 0.5, 0.5)(turn(10)(picture)),
    "screenshot": screenshot,
    "a third as large": lambda picture: picture.resize((picture.width // 3, picture.height // 3)),
    "turned by 90°, 20 % cropped": lambda picture: crop(0.2, 0, 0)(picture.transpose(Image.Transpose.ROTATE_90)),
    "mirrored, 20 % cropped": lambda picture: crop(0.2, 0, 0)(ImageOps.mirror(picture)),
}


@dataclass
class Told:
    """What came of it."""

    seen: dict[str, list[int]] = field(default_factory=dict)  #: kind of copy → seen, asked
    photographs: int = 0
    wrong: int = 0  #: photographs that were taken for another
    milliseconds: list[float] = field(default_factory=list)  #: of processor time a photograph, points and all questions


def _grey(picture: Image.Image) -> Image.Image:
    return pixels.shrunk(picture.convert("RGB"), None).grey


def _saved(picture: Image.Image, quality: int) -> Image.Image:
    return Image.open(BytesIO(jpeg(picture.convert("RGB"), quality)))


class Album:
    """A ledger that keeps points as the service keeps them."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._ids = count(1)

    def shown_before(self, found: Points, besides: str) -> list[str]:
        """The kept pictures that are the same as the one whose points were *found*."""
        return again(found, kept.likeliest(self._book, found, besides))

    def keep(self, name: str, found: Points) -> None:
        """Keep a picture."""
        with self._book.transaction():
            kept.keep(self._book, next(self._ids), name, found, NOW)


def measured(album: Album, pictures: Iterator[tuple[str, Image.Image]], every: int) -> Told:
    """Keep all *pictures*, each after asking whether it was there before; ask for copies of every *every*-th."""
    told, copied = Told(), []
    for n, (name, picture) in enumerate(pictures):
        grey, began = _grey(picture), time.process_time()
        found = points(grey)
        wrongly = album.shown_before(found, name) if found else []
        told.milliseconds.append((time.process_time() - began) * 1000)
        told.photographs += 1
        told.wrong += bool(wrongly)
        if wrongly:
            print(f"taken for another: {name} for {', '.join(wrongly)}", file=sys.stderr)
        if found:
            album.keep(name, found)
        if n % every == 0:
            copied.append((name, picture))
    for name, picture in copied:
        for kind, change in COPIES.items():
            found = points(_grey(_saved(change(picture), 80)))
            asked = told.seen.setdefault(kind, [0, 0])
            asked[0] += name in album.shown_before(found, "") if found else 0
            asked[1] += 1
    return told


def streets(number: int, shops: int, each: int) -> Iterator[tuple[str, Image.Image]]:
    """Photographs of shops, as they are opened again after having been saved."""
    for street, shop, day, camera in visits(number, shops, each):
        yield f"street {street}, shop {shop}, day {day}", _saved(photograph(street, shop, camera, day), 88)


#: one picture stored in several orientations, in the collection of samples
_ONE_SCENE = {"jpg_orientation_landscape_2", "jpg_orientation_landscape_6", "jpg_orientation_landscape_7",
              "jpg_orientation_portrait_8"}  # fmt: skip


def real(folder: Path | None) -> Iterator[tuple[str, Image.Image]]:
    """Photographs of real cameras in *folder*, as far as they can be opened and are no thumbnails."""
    for path in sorted(folder.iterdir()) if folder else ():
        try:
            with Image.open(path) as opened:
                picture = ImageOps.exif_transpose(opened).convert("RGB")
        except (OSError, ValueError):
            continue
        if max(picture.size) >= 300 and path.stem not in _ONE_SCENE:
            picture.thumbnail((2000, 2000))
            yield path.name, picture


def table(told: Told) -> str:
    """The figures as Markdown."""
    lines = ["| copy | seen | of |", "|---|---|---|"]
    lines += [f"| {kind} | {seen / asked:.1%} | {asked} |" for kind, (seen, asked) in told.seen.items()]
    ordered = sorted(told.milliseconds)
    half = len(ordered) // 10
    young, old = sorted(told.milliseconds[:half])[half // 2], sorted(told.milliseconds[-half:])[half // 2]
    return "\n".join([
        *lines, "", f"{told.photographs} different photographs: {told.wrong} taken for another.",
        f"Processor time a photograph: {ordered[len(ordered) // 2]:.0f} ms (median), {ordered[int(len(ordered) * 0.95)]:.0f} ms "
        f"(95 of 100); the first tenth {young:.0f} ms, the last {old:.0f} ms.",
    ])  # fmt: skip


def main(words: Sequence[str]) -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(prog="benchmarks.again")
    asked.add_argument("--streets", type=int, default=25)
    asked.add_argument("--shops", type=int, default=8)
    asked.add_argument("--each", type=int, default=5)
    asked.add_argument("--every", type=int, default=20)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("folder", type=Path, nargs="?")
    given = asked.parse_args(words)
    with TemporaryDirectory() as folder, closing(Book(Path(folder) / "book" / "ledger.db")) as book:
        album = Album(book)
        shops = measured(album, streets(given.streets, given.shops, given.each), given.every)
        cameras = measured(album, real(given.folder), 1)
    if given.json:
        print(json.dumps([vars(shops), vars(cameras)]))
        return
    print(table(shops))
    if cameras.photographs:
        print("\nPhotographs of real cameras, among all the above:\n")
        print(table(cameras))


if __name__ == "__main__":
    main(sys.argv[1:])
