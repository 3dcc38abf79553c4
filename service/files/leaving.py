"""Whoever has left is outside: their phone and their invitation open the phone door no more (人员新增 10)."""

from __future__ import annotations

from datetime import datetime

from ledger import door
from ledger.journal import Entry
from service.company import Service

LEFT = "left"  #: why, in the journal; the phone is told by it


def shut_leavers_out(service: Service, now: datetime) -> list[str]:
    """Revoke what still opens the door for people who do not work here today; gives their names.

    The door asks the register at every knock: nobody came in meanwhile.  The entry makes it last, should they return.
    """
    with service.book.transaction():
        people = service.people(now.date())
        gone = [
            name
            for name in door.whoever_may_come(service.book)
            if name not in people or not people[name].active_on(now.date())
        ]
        service.book.post([Entry("door.revoked", name, "kebu", {"why": LEFT}) for name in gone], now)
    return gone
