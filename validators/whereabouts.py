"""Rules about positions that nobody can have had: impossible journeys, and one typed position again and again (客户拜访 5.2(4))."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from intake.place.locate import distance_m
from ledger import whereabouts
from ledger.records import Photo, Sealed
from validators.context import Context
from validators.facts import Facts
from validators.rule import FLAG, Rule, Values, rule

_NEARBY_KM = 5  # a receiver may jump as far as this between towers
_TYPED = 10_000  #: parts of a degree in which people write positions, some ten metres
_EXACT = 0.02  #: of such a part: what fractions in EXIF lose
_NO_WITNESS = (Sealed.BROKEN, Sealed.FOREIGN, Sealed.REPEATED)  # told of already


def _placed(facts: Facts) -> Iterator[tuple[Photo, float, float]]:
    for photo in facts.photos_of("photos"):
        here = photo.facts
        if here.lat is not None and here.lon is not None and photo.sealed not in _NO_WITNESS:
            yield photo, here.lat, here.lon


@rule(
    "visit.photo.travel", clause="visit.5.2.4", column="现场照片", severity=FLAG, reads=("photos",),
    says="地点异常：“{photo}”与 {taken:%m-%d %H:%M} 的照片相距 {km:.0f} 公里，只隔 {minutes} 分钟", remedy="由审批人核实拜访地点",
)  # fmt: skip
def journey_is_possible(visit: Any, facts: Facts) -> Iterator[Values]:
    """Nobody is in two cities within minutes: one of the two positions was made up."""
    for photo, lat, lon in _placed(facts):
        taken_at = photo.facts.taken_at
        if taken_at is None:
            continue
        for seen in facts.sightings:
            km = distance_m(lat, lon, seen.lat, seen.lon) / 1000
            hours = abs(taken_at - seen.taken_at) / timedelta(hours=1)
            if seen.sha256 != photo.facts.sha256 and km > _NEARBY_KM and km > facts.settings.photos.travel_kmh * hours:
                taken = seen.taken_at.astimezone(facts.now.tzinfo)
                yield {"photo": photo.name, "taken": taken, "km": km, "minutes": round(hours * 60)}
                break


@rule(
    "visit.photo.rounded", clause="visit.5.2.4", column="现场照片", severity=FLAG, reads=("photos",),
    says="地点异常：“{photo}”的坐标 {lat:.4f}, {lon:.4f} 是整数位，此前 {days} 天的照片也分毫不差，定位不会这样", remedy="请检查手机定位；由审批人核实拜访地点",
)  # fmt: skip
def position_is_measured(visit: Any, facts: Facts) -> Iterator[Values]:
    """A receiver never gives one position twice, least of all a round one: such positions are typed."""
    for photo, lat, lon in _placed(facts):
        taken = photo.facts.taken_at
        others = {day for day in facts.same_spot.get(photo.facts.sha256, ()) if taken is None or day != taken.date()}
        if len(others) >= facts.settings.photos.rounded_days and _is_round(lat) and _is_round(lon):
            yield {"photo": photo.name, "lat": lat, "lon": lon, "days": len(others)}


def _is_round(degrees: float) -> bool:
    parts = degrees * _TYPED
    return abs(parts - round(parts)) < _EXACT


RULES: tuple[Rule, ...] = (journey_is_possible, position_is_measured)


def whereabouts_known(facts: Facts, context: Context) -> Facts:
    """The facts with what these rules need to know of the submitter's earlier pictures."""
    me = context.submitter.name
    spots = {photo.facts.sha256: (me, lat, lon) for photo, lat, lon in _placed(facts)}
    return facts.but(
        sightings=context.ask(whereabouts.sightings, me),
        same_spot={sha256: context.ask(whereabouts.days_at, spot) for sha256, spot in spots.items()},
    )
