"""Coordinates → 省市区, offline; the distance between two places; the names of places.

Coordinates are WGS-84 as cameras write them, and so is the map: nothing is shifted.
"""

from __future__ import annotations

from math import asin, cos, isfinite, radians, sin, sqrt

from intake.place.names import areas, is_real, parse_area, suggest
from ledger.records import Area

__all__ = ["areas", "distance_m", "is_real", "locate", "parse_area", "suggest"]

NEAR_M = 300.0
EARTH_M = 6_371_008.8
CHINA = (3.0, 54.0, 73.0, 136.0)  #: south, north, west, east, generously


def locate(lat: float, lon: float) -> tuple[Area, ...]:
    """The districts at a point: the one that contains it, then every other within 300 m, nearest first.

    A point up to 300 m outside every outline (a pier, a bridge, a gap in the map) counts as in
    the nearest district.  Empty outside the country, and for coordinates that are none.
    """
    south, north, west, east = CHINA
    if not (isfinite(lat) and isfinite(lon) and south <= lat <= north and west <= lon <= east):
        return ()
    # The map costs a third of a second and shapely an import: only those who ask for a place pay.
    from intake.place.map import district_map

    return district_map().within(lat, lon, NEAR_M)


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Metres between two points along the earth's surface (haversine)."""
    up, along = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    h = sin(up) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(along) ** 2
    return 2 * EARTH_M * asin(sqrt(min(1.0, h)))
