"""``door invite`` and ``door revoke``: what the operator does about who may come in."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

import segno
from service.receipts import queue_file

from door import register
from door.guard import origins
from outbox.invitation import Invitation, render_invitation
from service.company import Service
from service.delivering import Summary, deliver


@dataclass(frozen=True)
class Sent:
    """An invitation that was made and laid into the person's 取件."""

    url: str
    expires: datetime
    file: str
    troubles: tuple[str, ...]


def invite(service: Service, name: str, now: datetime) -> Sent:
    """Invite *name*: a link, and a workbook with its QR code in their 取件.

    :raises register.Unknown: nobody of this name works here today
    """
    door = service.settings.door
    with service.lock():
        with service.book.transaction():
            made = register.invite(service.book, name, now, door.invite_hours)
            url = f"{origins(door, door.port)[0]}/i/{made.code}"
            sheet = Invitation(made.person, url, _qr(url), made.expires, now)
            folder = f"{service.settings.folders.receipts}/{now:%Y-%m}"
            title = f"{now:%m%d-%H%M%S}_通知_手机门邀请.xlsx"
            file = queue_file(service, made.person, folder, title, render_invitation(sheet), "door", now)
        summary = Summary()
        deliver(service, now, summary)
    return Sent(
        url, made.expires, f"{made.person}/{service.settings.folders.pickup}/{folder}/{file}", tuple(summary.troubles)
    )


def revoke(service: Service, name: str, now: datetime) -> int:
    """Shut *name* out; gives how many phones and invitations that concerned.

    :raises register.Unknown: nobody of this name was ever in the register
    """
    if name not in service.people(now.date()):
        raise register.Unknown(f"名册里没有“{name}”")
    with service.lock(), service.book.transaction():
        return register.revoke(service.book, name, now)


def _qr(url: str) -> bytes:
    stream = io.BytesIO()
    segno.make(url, error="m").save(stream, kind="png", scale=8, border=4)
    return stream.getvalue()
