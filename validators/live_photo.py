"""Rules about the phone door's seal: 现场实拍, 离线拍摄, and pictures that came another way (客户拜访 5.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.records import Photo, Sealed
from validators.facts import Facts
from validators.rule import FLAG, NOTE, REFUSE, Rule, Values, rule

_DOOR = "请用手机打开手机门，在客户现场点“拍照”；还没有绑定手机的，请向管理员要邀请"
_WHOLE = (Sealed.LIVE, Sealed.OFFLINE)


def _own(photo: Photo, facts: Facts) -> Sealed | None:
    """What the seal is worth to whoever submits: a picture placed in a cell may be a colleague's."""
    seal = photo.facts.seal
    if photo.sealed in _WHOLE and seal is not None and seal.person != facts.submitter.lasting:
        return Sealed.FOREIGN
    return photo.sealed


def _with(facts: Facts, *worth: Sealed | None) -> Iterator[Photo]:
    """The readable pictures whose seal is worth just this."""
    return (photo for photo in facts.photos_of("photos") if not photo.facts.trouble and _own(photo, facts) in worth)


@rule(
    "visit.photo.live", clause="visit.5.2.note", column="现场照片", severity=NOTE, reads=("photos",),
    says="现场实拍：“{photo}”由手机门于 {taken:%m-%d %H:%M} 现场拍摄", remedy="无需处理",
)  # fmt: skip
def taken_live(visit: Any, facts: Facts) -> Iterator[Values]:
    """A picture that the door saw the moment it was taken is what the policy asks for: the approver is told."""
    for photo in _with(facts, Sealed.LIVE):
        if photo.facts.seal:
            yield {"photo": photo.name, "taken": photo.facts.seal.taken_at.astimezone(facts.now.tzinfo)}


@rule(
    "visit.photo.offline", clause="visit.5.2.5", column="现场照片", severity=FLAG, reads=("photos",),
    says="离线拍摄：“{photo}”拍摄时没有网络，{received:%m-%d %H:%M} 才送达；拍摄时间 {taken:%m-%d %H:%M} 按手机时钟推算"
    "（{clock}），不能作为时间证明",
    remedy="由审批人核实拜访时间",
)  # fmt: skip
def taken_offline(visit: Any, facts: Facts) -> Iterator[Values]:
    """Without network nobody but the phone knows when a picture was taken."""
    for photo in _with(facts, Sealed.OFFLINE):
        seal, zone = photo.facts.seal, facts.now.tzinfo
        if seal:
            yield {
                "photo": photo.name, "received": seal.received_at.astimezone(zone),
                "taken": seal.taken_at.astimezone(zone), "clock": clock_words(seal.phone_ahead),
            }  # fmt: skip


def clock_words(ahead: int) -> str:
    """How a phone's clock goes; *ahead* in seconds."""
    if abs(ahead) < 60:
        return "手机时钟准确"
    minutes = round(abs(ahead) / 60)
    hours, rest = divmod(minutes, 60)
    long = f"{hours} 小时 {rest} 分" if hours else f"{rest} 分钟"
    return f"手机时钟{'快' if ahead > 0 else '慢'} {long}，已扣除"


@rule(
    "visit.photo.seal_broken", clause="visit.5.2.note", column="现场照片", severity=REFUSE, reads=("photos",),
    says="“{photo}”的现场印记不符：照片或其中的拍摄信息在拍摄后被改动过", remedy="请在手机门里重新现场拍照，不要改动照片",
)  # fmt: skip
def seal_is_whole(visit: Any, facts: Facts) -> Iterator[Values]:
    """A picture that was changed after it was sealed no longer shows what the camera saw."""
    yield from ({"photo": photo.name} for photo in _with(facts, Sealed.BROKEN))


@rule(
    "visit.photo.seal_foreign", clause="visit.5.2.note", column="现场照片", severity=REFUSE, reads=("photos",),
    says="“{photo}”的现场印记属于{owner}，不是您拍的", remedy="请提交自己在现场拍摄的照片；一同拜访的写在“同行人员”里",
)  # fmt: skip
def seal_is_ones_own(visit: Any, facts: Facts) -> Iterator[Values]:
    """Another's live picture proves another's visit."""
    for photo in _with(facts, Sealed.FOREIGN):
        seal = photo.facts.seal
        called = {person.lasting: person.name for person in facts.people.values()}
        yield {"photo": photo.name, "owner": called.get(seal.person, seal.person) if seal else "他人"}


@rule(
    "visit.photo.seal_repeated", clause="visit.5.2.3", column="现场照片", severity=FLAG, reads=("photos",),
    says="“{photo}”的现场印记以前已经送达过一次", remedy="请在手机门里重新现场拍照；由审批人核实",
)  # fmt: skip
def seal_is_new(visit: Any, facts: Facts) -> Iterator[Values]:
    """A seal is given once; whoever brings it again copied the file."""
    yield from ({"photo": photo.name} for photo in _with(facts, Sealed.REPEATED))


@rule(
    "visit.photo.unsealed", clause="visit.5.2.note", column="现场照片", severity=REFUSE, reads=("photos",),
    says="“{photo}”不是现场实拍：没有手机门的现场印记", remedy=_DOOR,
)  # fmt: skip
def live_is_required(visit: Any, facts: Facts) -> Iterator[Values]:
    """Where the company requires live pictures, no other will do (``[photos] live = "required"``)."""
    if facts.settings.photos.live == "required":
        yield from ({"photo": photo.name} for photo in _with(facts, None))


@rule(
    "visit.photo.not_live", clause="visit.5.2.note", column="现场照片", severity=FLAG, reads=("photos",),
    says="非现场实拍：“{photo}”不是用手机门拍的", remedy="下次请用手机打开手机门拍照；由审批人核实",
)  # fmt: skip
def live_is_preferred(visit: Any, facts: Facts) -> Iterator[Values]:
    """A company that has a door prefers its pictures; one that has none cannot blame anybody for not using it."""
    if facts.settings.photos.live == "preferred" and facts.settings.door.enabled:
        yield from ({"photo": photo.name} for photo in _with(facts, None))


@rule(
    "visit.photo.accuracy", clause="visit.5.2.4", column="现场照片", severity=FLAG, reads=("photos",),
    says="地点异常：“{photo}”{why}，定位精度为 {accuracy:.0f} 米", remedy="由审批人核实拜访地点",
)  # fmt: skip
def position_is_plausible(visit: Any, facts: Facts) -> Iterator[Values]:
    """No receiver is exact to nought metres: that is how invented positions look.  A very coarse one says little."""
    coarse = facts.settings.photos.near_m
    for photo in _with(facts, *_WHOLE):
        accuracy = photo.facts.seal.accuracy_m if photo.facts.seal else None
        if photo.facts.lat is None or accuracy is None or 0 < accuracy <= coarse:
            continue
        yield {"photo": photo.name, "accuracy": accuracy, "why": "的位置不合常理" if accuracy <= 0 else "只有大致位置"}


RULES: tuple[Rule, ...] = (
    taken_live, taken_offline, seal_is_whole, seal_is_ones_own, seal_is_new, live_is_required, live_is_preferred,
    position_is_plausible,
)  # fmt: skip
