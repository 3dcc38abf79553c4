"""``door invite`` and ``door revoke``: what the operator does about who may come in."""

from __future__ import annotations

import errno
import io
from dataclasses import dataclass
from datetime import datetime

import segno

from door import register
from door.guard import origins
from ledger.people import called_now
from outbox.invitation import Invitation, render_invitation
from service.company import Service

TITLE = "通知_手机门邀请"


@dataclass(frozen=True)
class Sent:
    """An invitation that was made and laid into the person's 取件."""

    url: str
    expires: datetime
    file: str
    troubles: tuple[str, ...]


def invite(service: Service, name: str, now: datetime) -> Sent:
    """Invite *name*: a link, and a workbook with its QR code in their 取件.

    The workbook goes there by itself, not through the ledger: the code that it shows belongs to nobody else.

    :raises register.Unknown: nobody of this name works here today
    """
    door = service.settings.door
    with service.lock(), service.book.transaction():
        made = register.invite(service.book, name, now, door.invite_hours)
    url = f"{origins(door, door.port)[0]}/i/{made.code}"
    sheet = render_invitation(Invitation(made.person, url, _qr(url), made.expires, now))
    try:
        return Sent(url, made.expires, _laid(service, made.person, sheet, now), ())
    except OSError as why:
        return Sent(url, made.expires, "", (f"邀请没有放进“取件”（{why.strerror or why}），请把网址交给本人",))


def _laid(service: Service, person: str, sheet: bytes, now: datetime) -> str:
    """The sheet in the person's 取件, in the place of former ones, which open nothing any more; gives its path.

    :raises OSError: the share is away
    """
    folders = service.settings.folders
    pickup = folders.share / person / folders.pickup
    if not pickup.is_dir():
        raise FileNotFoundError(errno.ENOENT, "取件文件夹不可达", str(pickup))
    for former in (pickup / folders.receipts).rglob(f"*_{TITLE}.xlsx"):
        former.unlink(missing_ok=True)
    folder = pickup / folders.receipts / f"{now:%Y-%m}"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{now:%m%d-%H%M%S}_{TITLE}.xlsx"
    temporary = folder / f".~{target.stem}.tmp"
    temporary.write_bytes(sheet)
    temporary.replace(target)
    return target.relative_to(folders.share).as_posix()


def revoke(service: Service, name: str, now: datetime) -> int:
    """Shut *name* out; gives how many phones and invitations that concerned.

    :raises register.Unknown: nobody of this name was ever in the register
    """
    name = called_now(service.book, name)
    if name not in service.people(now.date()):
        raise register.Unknown(f"名册里没有“{name}”")
    with service.lock(), service.book.transaction():
        return register.revoke(service.book, name, now)


def _qr(url: str) -> bytes:
    stream = io.BytesIO()
    segno.make(url, error="m").save(stream, kind="png", scale=8, border=4)
    return stream.getvalue()
