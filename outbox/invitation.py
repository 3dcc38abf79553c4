"""The invitation to the phone door, as a sheet that its owner opens on the computer and scans with the phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outbox.xlsx.palette import CELL, HINT, LABEL, TITLE
from outbox.xlsx.sheet import Drawing


@dataclass(frozen=True)
class Invitation:
    """Who is invited, how to get in, until when."""

    person: str
    url: str
    qr_png: bytes
    expires: datetime
    made_at: datetime


_STEPS = (
    "1. 用手机自带的相机或浏览器扫下面的二维码（不要在微信里打开，微信里不能拍照）。",
    "2. 页面显示“已绑定”后，在浏览器菜单里选“添加到主屏幕”，以后从主屏幕打开。",
    "3. 第一次拍照时，请允许使用相机和定位。",
)
_ONE = "一个邀请只能绑定一部手机，绑定后作废；原来绑定的手机已经失效。请不要转给别人：用它交的都算您交的。"


def render_invitation(invitation: Invitation) -> bytes:
    """The workbook with the QR code."""
    book = Drawing(invitation.made_at, title="手机门邀请")
    page = book.page("手机门邀请")
    page.layout.width(0, 14)
    page.layout.width(1, 74)
    page.span(0, 0, 1, f"{invitation.person}：手机门邀请", TITLE)
    for row, words in enumerate(_STEPS, 2):
        page.span(row, 0, 1, words, HINT)
    page.pictures(6, 1, [invitation.qr_png], high=260, across=300)
    page.put(6, 0, "二维码", LABEL)
    for row, (label, value) in enumerate(
        (("网址", invitation.url), ("有效期到", f"{invitation.expires:%Y-%m-%d %H:%M}"), ("注意", _ONE)), 7
    ):
        page.put(row, 0, label, LABEL)
        page.put(row, 1, value, CELL)
    page.paper("手机门邀请")
    return book.finish()
