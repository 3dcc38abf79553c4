"""Points of a picture find it again after it was changed, and find nothing in another photograph of the same shop."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from benchmarks import again
from benchmarks.streets import Camera, photograph
from intake.photo import pixels
from intake.photo.alike import likeness
from intake.photo.features import MOST, points
from ledger.records import Points
from tests import pictures

HERE = Camera(0.3, 8.0, -0.05, 0.02, 0.0)
KINDS = [kind for kind in again.COPIES if not kind.startswith("mirrored")]


def found(picture: Image.Image) -> Points:
    made = points(pixels.shrunk(picture.convert("RGB"), None).grey)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def shop() -> Image.Image:
    return photograph(1, 2, HERE, 5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_copy_is_the_same_picture(shop: Image.Image, kind: str) -> None:
    assert likeness(found(shop), found(again.COPIES[kind](shop))).one


def test_the_same_shop_on_another_day_is_another_picture(shop: Image.Image) -> None:
    for n, away in enumerate((8.1, 8.6, 6.5)):
        there = replace(HERE, x=0.3 + 0.3 * n, away=away, yaw=-0.05 - 0.03 * n)
        assert not likeness(found(shop), found(photograph(1, 2, there, 6 + n))).one


def test_the_same_pixels_give_the_same_points_and_no_more_than_may_be_kept(shop: Image.Image) -> None:
    assert found(shop) == found(shop.copy())
    assert len(found(shop).codes) == 16 * len(found(shop).places) // 8 <= 16 * MOST


@pytest.mark.parametrize(
    "picture", [Image.new("RGB", (800, 600), "grey"), Image.new("RGB", (5, 4)), Image.new("L", (3000, 20))]
)
def test_a_picture_that_shows_nothing_has_no_points(picture: Image.Image) -> None:
    assert points(pixels.shrunk(picture.convert("RGB"), None).grey) is None


def test_points_of_a_reader_that_was_cut_short_are_no_likeness() -> None:
    one = found(pictures.scene(1))
    few = replace(one, places=one.places[:16], codes=one.codes[:32])
    assert not likeness(one, few).one
