"""A picture's facts: when, where and with what it was taken, and what finds it again.

Runs inside a reader process that may be killed for time or memory.  Bad data never raises:
it gives facts with ``trouble``, in words for the receipt.
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import replace
from datetime import tzinfo
from io import BytesIO
from zoneinfo import ZoneInfo

import pi_heif
from PIL import Image

from disk.luggage import Content
from intake.photo import features, pixels
from intake.photo.boxes import is_named_in_words
from intake.photo.document import document_facts
from intake.photo.exif import Exif, read_exif
from intake.photo.screen import is_screen_sized
from intake.photo.seal import read_seal
from intake.photo.tables import tables_of
from intake.photo.thumbnail import thumbnail_differs
from intake.photo.trouble import Spoilt, Unreadable, is_cut_off, no_picture
from intake.place.locate import locate
from intake.preflight.sniff import sniff
from ledger.records import PhotoFacts

pi_heif.register_heif_opener()

#: what may be decoded at all: kind of content → Pillow's readers; whatever else Pillow can read is refused
READERS: dict[str, tuple[str, ...]] = {
    "jpeg": ("JPEG", "MPO"),
    "png": ("PNG",),
    "heif": ("HEIF",),
    "webp": ("WEBP",),
    "tiff": ("TIFF",),
    "gif": ("GIF",),
    "bmp": ("BMP",),
}


def photo_at(original: Content, zone: str, megapixels: int, sha256: str) -> PhotoFacts:
    """The facts of the picture in *original*, whose content hash is known: it was hashed when it was kept."""
    return photo_in(original.read_bytes(), zone, megapixels, sha256)


def photo_in(data: bytes, zone: str, megapixels: int, sha256: str) -> PhotoFacts:
    """The same of a picture's content."""
    return _facts(data, sha256, ZoneInfo(zone), megapixels)


def read_photo(data: bytes, zone: tzinfo, *, max_megapixels: int) -> PhotoFacts:
    """Everything that *data* says of itself; times without offset are taken to be in *zone*.

    Pictures of more than *max_megapixels* are refused by their header, before decoding.
    """
    return _facts(data, hashlib.sha256(data).hexdigest(), zone, max_megapixels)


def _facts(data: bytes, sha256: str, zone: tzinfo, max_megapixels: int) -> PhotoFacts:
    facts = _nothing_known(sha256)
    try:
        if sniff(data) == "pdf":
            return document_facts(data, facts)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with opened_picture(data, max_megapixels) as picture:
                # Before all else: asked for a PNG's EXIF, Pillow decodes it, and a second decoding of a
                # broken stream does not fail again but gives black pixels.
                picture.load()
                facts = replace(facts, format=picture.format or "", seal=read_seal(data), tables=tables_of(picture))
                return _with_pixels(_with_exif(facts, exif := read_exif(data, picture, zone)), picture, exif)
    except Unreadable as refused:
        return replace(facts, trouble=str(refused))
    except (Image.DecompressionBombError, MemoryError):
        return replace(facts, trouble=Spoilt.BOMB.value)
    except Exception:
        return replace(
            _nothing_known(facts.sha256), trouble=(Spoilt.CUT_OFF if is_cut_off(data) else Spoilt.DAMAGED).value
        )


def opened_picture(data: bytes, max_megapixels: int) -> Image.Image:
    """The picture, not yet decoded, if it is of a kind and size that may be decoded at all.

    :raises Unreadable: it is not, with the reason in words for the receipt
    """
    kind = sniff(data)
    if kind not in READERS:
        raise Unreadable(no_picture(data))
    # libheif leaves the tiles that have not arrived grey and says nothing.
    if kind == "heif" and is_cut_off(data):
        raise Unreadable(Spoilt.CUT_OFF)
    if kind == "heif" and not is_named_in_words(data):
        raise Unreadable(Spoilt.DAMAGED)
    picture = Image.open(BytesIO(data), formats=READERS[kind])
    if picture.width * picture.height > max_megapixels * 1_000_000:
        raise Unreadable(Spoilt.PIXELS, width=picture.width, height=picture.height, most=max_megapixels * 100)
    return picture


def _nothing_known(sha256: str) -> PhotoFacts:
    return PhotoFacts(
        sha256=sha256, format="", width=0, height=0, taken_at=None, offset_known=False, lat=None, lon=None,
        gps_at=None, place=None, near=(), make=None, model=None, software=None, pixel_hash=None, dhash=None,
        turned=(), sharpness=None, thumbnail_differs=None, has_exif=False, screen_sized=False, trouble="",
    )  # fmt: skip


def _with_exif(facts: PhotoFacts, exif: Exif) -> PhotoFacts:
    lat, lon = exif.location or (None, None)
    near = locate(*exif.location) if exif.location else ()
    return replace(
        facts, taken_at=exif.taken_at, offset_known=exif.offset_known, gps_at=exif.gps_at, lat=lat, lon=lon,
        place=near[0] if near else None, near=near, make=exif.make, model=exif.model, software=exif.software,
        has_exif=exif.present,
    )  # fmt: skip


def _with_pixels(facts: PhotoFacts, picture: Image.Image, exif: Exif) -> PhotoFacts:
    rgb = pixels.to_rgb(picture)
    turn = pixels.orientation(picture)
    width, height = pixels.upright_size(rgb, turn)
    small = pixels.shrunk(rgb, turn)
    grey = small.grey
    return replace(
        facts,
        width=width,
        height=height,
        pixel_hash=pixels.pixel_hash(rgb, turn),
        dhash=pixels.dhash(grey),
        turned=pixels.turned_hashes(grey),
        sharpness=pixels.sharpness(grey),
        thumbnail_differs=thumbnail_differs(exif.thumbnail, turn, grey) if exif.thumbnail else None,
        screen_sized=is_screen_sized(facts.format, exif.make, width, height),
        preview=pixels.preview(small.colour),
        points=features.points(grey),
    )
