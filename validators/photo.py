"""Rules about pictures, made for a form's photo column: told apart, each with words of its own (客户拜访 5.2)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from ledger.records import PDF, Photo, Severity
from policy.calendar import WorkCalendar
from policy.deadlines import photo_due
from validators.facts import Facts
from validators.rule import FLAG, REFUSE, Check, Rule, Values, rule

_AFTERNOON = time(12)
_ORIGINAL = "请用手机相机在现场拍照，并把手机里的原图（不要经微信转发）放进投递文件夹"


def _each(field: str, wrong: Callable[[Photo, Facts], Values | None], says: str) -> Check:
    """A check that asks *wrong* about every picture of *field*."""

    def check(record: Any, facts: Facts) -> Iterator[Values]:
        for photo in facts.photos_of(field):
            values = wrong(photo, facts)
            if values is not None:
                yield {"photo": photo.name, **values}

    check.__doc__ = says
    return check


def unreadable(photo: Photo, facts: Facts) -> Values | None:
    """A picture that cannot be opened proves nothing."""
    return {"trouble": photo.facts.trouble} if photo.facts.trouble else None


def screenshot(photo: Photo, facts: Facts) -> Values | None:
    """A picture of a screen was not taken on the spot."""
    known = photo.facts
    if known.trouble or known.make or known.taken_at:
        return None
    return {} if known.screen_sized or (known.format == "PNG" and not known.has_exif) else None


def stripped(photo: Photo, facts: Facts) -> Values | None:
    """Messengers and download pages throw the camera's particulars away."""
    known = photo.facts
    if known.trouble or known.has_exif or known.format == PDF or screenshot(photo, facts) is not None:
        return None
    return {}


def document(photo: Photo, facts: Facts) -> Values | None:
    """A document shows no place and no door: contracts and certificates may be one, photos may not."""
    return {"kind": PDF} if photo.facts.format == PDF else None


def untimed(photo: Photo, facts: Facts) -> Values | None:
    """Without the camera's own capture time the time of the visit is not known; the file's time is no evidence."""
    known = photo.facts
    if known.trouble or known.taken_at or not known.has_exif or screenshot(photo, facts) is not None:
        return None
    return {}


def not_a_camera(photo: Photo, facts: Facts) -> Values | None:
    """A picture whose particulars name no camera may come from anywhere."""
    known = photo.facts
    if known.trouble or not known.has_exif or known.make or known.model or known.taken_at is None:
        return None
    return {}


def edited(photo: Photo, facts: Facts) -> Values | None:
    """A picture that went through an editing program no longer shows what the camera saw."""
    software = (photo.facts.software or "").casefold()
    name = next((name for name in facts.settings.photos.editors if name.casefold() in software), None)
    return {"software": photo.facts.software} if name else None


def saved_again(photo: Photo, facts: Facts) -> Values | None:
    """The file has the compression of an editing program, whatever its particulars say of a camera."""
    if not photo.facts.tables or not photo.facts.has_exif or edited(photo, facts) is not None:
        return None
    return {"tables": photo.facts.tables}


def retouched(photo: Photo, facts: Facts) -> Values | None:
    """The small picture inside the file shows something else than the large one."""
    return {} if photo.facts.thumbnail_differs else None


def stale(photo: Photo, facts: Facts) -> Values | None:
    """A photo that was taken long before it was dropped was not taken on this visit."""
    taken, limit = photo.facts.taken_at, facts.settings.photos.max_age_hours
    if taken is None or carried(photo, facts) is not None:
        return None
    age = (photo.arrived_at - taken) / timedelta(hours=1)
    if age <= limit:
        return None
    # Said to the tenth just above the limit: "24 hours are more than 24 hours" would convince nobody.
    shown = int(age) if age >= limit + 1 else math.ceil(age * 10) / 10
    return {"taken": taken, "age": f"{shown:g}", "limit": limit}


def carried(photo: Photo, facts: Facts) -> Values | None:
    """What was taken on the last working afternoon may come in the next working morning: a phone stays on the road."""
    taken, photos = photo.facts.taken_at, facts.settings.photos
    if taken is None or photo.arrived_at - taken <= timedelta(hours=photos.max_age_hours):
        return None
    calendar, taken = WorkCalendar(facts.settings.calendar), taken.astimezone(facts.now.tzinfo)
    if taken.time() < _AFTERNOON and calendar.is_workday(taken.date()) is not False:
        return None
    following = calendar.next_workday(taken.date())
    if following is None or photo.arrived_at > photo_due(following, facts.settings, facts.now.tzinfo):
        return None
    return {"taken": taken}


def from_the_future(photo: Photo, facts: Facts) -> Values | None:
    """A capture time after the drop means a wrong clock: the time of the visit is not known."""
    taken = photo.facts.taken_at
    allowed = timedelta(minutes=facts.settings.photos.early_minutes)
    if taken is None or taken <= photo.arrived_at + allowed:
        return None
    return {"taken": taken, "arrived": photo.arrived_at}


def clocks_disagree(photo: Photo, facts: Facts) -> Values | None:
    """The satellite's time and the phone's clock should tell the same hour."""
    taken, fix = photo.facts.taken_at, photo.facts.gps_at
    if taken is None or fix is None or abs(taken - fix) <= timedelta(hours=1):
        return None
    return {"taken": taken, "fix": fix.astimezone(taken.tzinfo)}


def reused(photo: Photo, facts: Facts) -> Values | None:
    """The same picture serves once in the whole company."""
    use = next((use for use in photo.uses if use.bits == 0), None)
    return _earlier(use.person, use.used_at, use.receipt_no) if use else None


def similar(photo: Photo, facts: Facts) -> Values | None:
    """A re-compressed, cropped, turned or resized picture is still the same picture; the approver decides."""
    if any(use.bits == 0 for use in photo.uses):
        return None
    use = min((use for use in photo.uses if not use.in_part), key=lambda use: use.bits, default=None)
    return _earlier(use.person, use.used_at, use.receipt_no) if use else None


def shown_before(photo: Photo, facts: Facts) -> Values | None:
    """What is left of an earlier picture after cropping, turning or taking it off a screen; the approver compares."""
    if any(not use.in_part for use in photo.uses):
        return None
    use = next(iter(photo.uses), None)
    return _earlier(use.person, use.used_at, use.receipt_no) if use else None


def _earlier(person: str, used_at: datetime, receipt_no: str) -> Values:
    return {"person": person, "used": used_at, "receipt_no": receipt_no}


def small(photo: Photo, facts: Facts) -> Values | None:
    """A phone's original has millions of pixels."""
    megapixels = photo.facts.width * photo.facts.height / 1e6
    if photo.facts.trouble or megapixels >= facts.settings.photos.min_megapixels:
        return None
    return {"width": photo.facts.width, "height": photo.facts.height}


def blurred(photo: Photo, facts: Facts) -> Values | None:
    """A picture on which nothing can be made out helps nobody; never a reason to refuse."""
    sharpness = photo.facts.sharpness
    return {} if sharpness is not None and sharpness < facts.settings.photos.min_sharpness else None


def unusual_camera(photo: Photo, facts: Facts) -> Values | None:
    """After three pictures with one's own phone, another phone is worth a look."""
    model = photo.facts.model
    if photo.sealed is not None:  # the door knows the phone better than any model does
        return None
    if model is None or model in facts.usual_models or sum(facts.usual_models.values()) < 3:
        return None
    return {"model": model, "usual": "、".join(sorted(facts.usual_models))}


_ALIKE = "“{photo}”与 {person} 在 {used:%Y-%m-%d} 用于受理号 {receipt_no} 的照片很相似"

#: (name, severity, on-site only, check, says, remedy)
_TABLE: tuple[tuple[str, Severity, bool, Callable[[Photo, Facts], Values | None], str, str], ...] = (
    ("unreadable", REFUSE, False, unreadable, "照片“{photo}”打不开：{trouble}", "请换成能正常打开的原图"),
    ("document", REFUSE, False, document, "“{photo}”是 {kind} 文件，不是照片", "请放入手机拍的照片；{kind} 只能用作合同照片和证件照片"),
    ("screenshot", REFUSE, False, screenshot, "“{photo}”是截图，不是相机拍的照片", _ORIGINAL),
    ("stripped", REFUSE, True, stripped, "“{photo}”没有任何拍摄信息，可能经微信等软件转发压缩，或是从网上下载的", _ORIGINAL),
    ("untimed", REFUSE, True, untimed, "“{photo}”没有拍摄时间，无法得知拜访时间", "请打开手机相机的时间记录，放入手机原图"),
    ("no_camera", FLAG, True, not_a_camera, "“{photo}”没有拍摄设备信息，不能确认是相机拍摄", "请放入手机原图；确是原图的，由审批人核实"),
    ("edited", REFUSE, True, edited, "“{photo}”用 {software} 处理过", "请放入没有修过的手机原图"),
    ("retouched", FLAG, True, retouched, "“{photo}”的缩略图与照片内容不一致，可能被修改过", "请放入没有修过的手机原图；由审批人核实"),
    ("tables", FLAG, True, saved_again, "“{photo}”的压缩方式是 {tables} 的，手机相机不这样保存，可能被另存过", "请放入手机里的原图；由审批人核实"),
    ("stale", REFUSE, True, stale, "照片拍摄于 {taken:%m-%d %H:%M}，距提交已 {age} 小时，超过 {limit} 小时", "请在拜访现场拍照后当天提交原图"),
    ("carried", FLAG, True, carried, "“{photo}”拍摄于上一个工作日 {taken:%m-%d %H:%M}，次日才投递", "尽量当天提交；由审批人核实"),
    ("future", REFUSE, True, from_the_future, "“{photo}”的拍摄时间 {taken:%m-%d %H:%M} 晚于收到的时间 {arrived:%m-%d %H:%M}，手机时钟可能不准", "请校准手机时间后在现场重新拍照"),
    ("clock", FLAG, True, clocks_disagree, "时间异常：“{photo}”的手机时间 {taken:%m-%d %H:%M} 与卫星时间 {fix:%m-%d %H:%M} 不一致", "请校准手机时间；由审批人核实"),
    ("reused", REFUSE, False, reused, "“{photo}”已被 {person} 在 {used:%Y-%m-%d} 用于受理号 {receipt_no}，不能重复使用", "请另拍一张：每张照片只能用一次，要本次现场拍摄的"),
    ("similar", FLAG, False, similar, _ALIKE, "请提交本次现场拍摄的照片；由审批人核实"),
    ("part", FLAG, True, shown_before, f"{_ALIKE}，像是裁剪、旋转或翻拍的同一张，请核对", "请提交本次现场拍摄的照片；由审批人核实"),
    ("small", FLAG, True, small, "“{photo}”只有 {width}×{height} 像素，不像手机原图", "请放入手机原图；由审批人核实"),
    ("blurred", FLAG, False, blurred, "“{photo}”比较模糊，看不清内容", "尽量补拍一张清晰的；由审批人核实"),
    ("camera", FLAG, True, unusual_camera, "非常用设备：“{photo}”由 {model} 拍摄，平时使用 {usual}", "换了手机请说明；由审批人核实"),
)  # fmt: skip


def photo_rules(
    code: str, field: str, column: str, clauses: dict[str, str], *, on_site: bool, only: Iterable[str] = ()
) -> tuple[Rule, ...]:
    """The picture rules of one photo column.

    :param clauses: name of the check → clause id; ``''`` gives the clause of all others
    :param on_site: whether the picture must prove that somebody was there
    :param only: names of the checks wanted; all that fit if empty
    """
    wanted = tuple(only)
    return tuple(
        rule(
            f"{code}.{field_name(field)}.{name}",
            clause=clauses.get(name, clauses[""]),
            column=column,
            severity=severity,
            says=says,
            remedy=remedy,
            reads=(field,),
        )(_each(field, wrong, wrong.__doc__ or ""))
        for name, severity, site_only, wrong, says, remedy in _TABLE
        if (on_site or not site_only) and (not wanted or name in wanted)
    )


def field_name(field: str) -> str:
    """``photos`` → ``photo``, ``front_photos`` → ``front_photo``: the middle part of a rule's id."""
    return field.removesuffix("s")
