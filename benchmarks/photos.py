"""Photographs as phones take them, many in one drop: beside decoding each of them once on both cores."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from itertools import repeat
from pathlib import Path

import numpy as np
import piexif
from PIL import Image

from benchmarks.bench import PROGRAMS, Bench
from benchmarks.measure import Goal, Measure, side_by_side
from benchmarks.process import Ran, python, ran
from benchmarks.stage import NOW, SELLER, Stage, founded
from benchmarks.workbooks import Different

_QUALITY = 91


def measures(bench: Bench) -> Iterator[Measure]:
    """All photographs in one drop folder."""
    stage = founded(bench.fresh("photos"), bench.product)
    album = bench.fresh("album")
    photographs(album, bench.sizes.photos, bench.sizes.megapixels)
    work = partial(_take, bench, stage, album)
    command = python(PROGRAMS / "decode_photos.py", bench.folder / "decoding")
    shutil.copytree(album, (bench.folder / "decoding" / SELLER / "投递"))

    def decode(_round: int) -> Ran:
        done = ran(command, bench.product)
        if json.loads(done.out)["photos"] != bench.sizes.photos:
            raise Different("not every photograph was decoded")
        return done

    yield side_by_side("photos.decoding", work, decode, bench.sizes.long_rounds, Goal(2.5, 1.5))


def _take(bench: Bench, empty: Stage, album: Path, _round: int) -> Ran:
    stage = empty.copy(bench.folder / "running")
    shutil.copytree(album, stage.drop(SELLER, ""), dirs_exist_ok=True)
    done = stage.call("--json", "run")
    said = json.loads(done.out)
    if (said["photos"], said["refused"]) != (bench.sizes.photos, 0):
        raise Different(f"{bench.sizes.photos} photographs were dropped: {said}")
    return done


def photographs(album: Path, n: int, megapixels: int) -> None:
    """*n* different JPEGs, of some 4.5 MB at 12 megapixels, with what a camera writes; the same ones each time."""
    album.mkdir(parents=True)
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_write, [album / f"IMG_{seed:04d}.jpg" for seed in range(n)], range(n), repeat(megapixels)))


def _write(path: Path, seed: int, megapixels: int) -> None:
    path.write_bytes(photograph(seed, megapixels))


def photograph(seed: int, megapixels: int) -> bytes:
    """A picture taken some minutes before everything happens."""
    return photograph_taken(seed, megapixels, NOW - timedelta(minutes=5 + seed))


def photograph_taken(seed: int, megapixels: float, taken: datetime) -> bytes:
    """Coarse shapes below fine grain: as hard to decode as a real picture."""
    pick = np.random.default_rng(seed)
    side = 4 * round((megapixels * 1e6 / 12) ** 0.5 / 4)  # whole tiles of grain
    size = (4 * side, 3 * side)
    shapes = Image.fromarray(pick.integers(30, 220, (12, 16, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    grain = pick.normal(0, 12, (3 * side // 4, side, 3)).astype(np.int16)
    pixels = np.clip(np.asarray(shapes, dtype=np.int16) + np.tile(grain, (4, 4, 1)), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=_QUALITY, exif=_exif(seed, taken))
    return out.getvalue()


def _exif(seed: int, taken: datetime) -> bytes:
    degrees = (((22, 1), (32, 1), (2580 + seed % 60, 100)), ((113, 1), (56, 1), (420, 100)))
    block = {
        "0th": {piexif.ImageIFD.Make: "HUAWEI", piexif.ImageIFD.Model: "ALN-AL00"},
        "Exif": {piexif.ExifIFD.DateTimeOriginal: f"{taken:%Y:%m:%d %H:%M:%S}", piexif.ExifIFD.OffsetTimeOriginal: "+08:00"},
        "GPS": {
            piexif.GPSIFD.GPSLatitudeRef: "N", piexif.GPSIFD.GPSLatitude: degrees[0],
            piexif.GPSIFD.GPSLongitudeRef: "E", piexif.GPSIFD.GPSLongitude: degrees[1],
        },
    }  # fmt: skip
    return bytes(piexif.dump(block))
