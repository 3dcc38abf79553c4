"""When messages leave the house: after the commit, outside the lock, in a process of their own that is given so many seconds.

What is to be told is read from the ledger each time; what is solved before its message went out is never told.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from ledger import messages
from ledger.messages import Tried
from outbox.messages.compose import matters
from outbox.messages.model import Digest, Matter
from policy.settings_messages import ADMINISTRATOR, MessageSettings
from service.answers.telling import status
from service.company import Service
from service.sending.glance import Glance
from service.upkeep.message_health import MESSAGES, can_send, places

log = logging.getLogger("kebu")

LOOK_EVERY = timedelta(seconds=30)  #: `watch` looks at its files far more often
ALARMS_EVERY = timedelta(minutes=10)  #: what `status` asks costs more than everything else here
_LONGEST_WAIT = timedelta(hours=1)  #: between two tries
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Sending:
    """A child under way, and what was claimed for it."""

    child: subprocess.Popen[bytes]
    answers: IO[bytes]
    claimed: Mapping[str, Sequence[str]]  #: target → keys of matters
    until: float  #: monotonic


@dataclass
class Messenger:
    """What is under way, and when was looked last; everything else is in the ledger."""

    service: Service
    sending: Sending | None = None
    looked_at: datetime | None = None
    alarms_at: datetime | None = None
    alarms: Mapping[str, Sequence[str]] = field(default_factory=dict)  #: group → what ``status`` says of it

    def tick(self, now: datetime) -> None:
        """Take note of what was sent, or begin with what is to be sent; waits for nothing."""
        if self.sending is not None:
            if self.sending.child.poll() is not None or time.monotonic() > self.sending.until:
                self._note(self.sending, now)
        elif self.looked_at is None or not timedelta() <= now - self.looked_at < LOOK_EVERY:
            self.looked_at = now
            self.begin(now)

    def begin(self, now: datetime) -> None:
        """Claim what is to be told now, and let a child send it."""
        said, since_midnight = (
            self.service.settings.messages,
            now - now.replace(hour=0, minute=0, second=0, microsecond=0),
        )
        if not said.addresses or not can_send() or said.quiet(since_midnight):
            return
        found, went = self._matters(now), messages.tries(self.service.book)
        jobs, claimed = list[dict[str, Any]](), dict[str, list[str]]()
        for place in places(said):
            told = found.get(place.key, [])
            fresh = set(messages.untold(self.service.book, place.target, [each.key_for_all for each in told]))
            told = [each for each in told if each.key_for_all in fresh]
            if not told or not _is_time(told, went.get(place.target), now, said):
                continue
            mine = set(messages.claim(self.service.book, place.target, [each.key_for_all for each in told], now))
            if mine:
                claimed[place.target] = sorted(mine)
                digest = self._digest(place.key, [each for each in told if each.key_for_all in mine])
                jobs.append({"target": place.target, "address": place.address, "digest": asdict(digest)})
        if jobs:
            self.sending = self._started(jobs, claimed)

    def finish(self, now: datetime) -> None:
        """Wait for what is under way, as long as it was given, and take note of it."""
        if self.sending is not None:
            try:
                self.sending.child.wait(max(0.0, self.sending.until - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("messages took longer than [messages] wait_seconds")
            self._note(self.sending, now)

    def _matters(self, now: datetime) -> dict[str, list[Matter]]:
        """Whoever has an address, or whose post has one → what is to be told there."""
        said, world = self.service.settings.messages, Glance(self.service, now)
        found: dict[str, list[Matter]] = {}
        administrators = {ADMINISTRATOR} & said.addresses.keys()
        for person in world.people.values():
            key = next((key for key in (person.name, person.post) if key in said.addresses), "")
            if not key or not person.active_on(now.date()):
                continue
            found.setdefault(key, []).extend(matters(world, person))
            administrators |= {key} if person.post == ADMINISTRATOR else set()
        if administrators and "告警" in said.tell:
            for key in administrators:
                found.setdefault(key, []).extend(self._alarms(now))
        return found

    def _alarms(self, now: datetime) -> Iterator[Matter]:
        """What needs the operator, group by group, once a day; who cannot be told needs no message about it."""
        if self.alarms_at is None or not timedelta() <= now - self.alarms_at < ALARMS_EVERY:
            self.alarms_at, self.alarms = now, status(self.service, now)["groups"]
        for group, several in self.alarms.items():
            if group != MESSAGES:
                yield Matter("告警", ADMINISTRATOR, f"alarm:{now.date()}:{group}", group, len(several))

    def _digest(self, key: str, told: Sequence[Matter]) -> Digest:
        folders = self.service.settings.folders
        names = {
            "drop": folders.drop, "pickup": folders.pickup, "receipts": folders.receipts, "approvals": folders.approvals,
        }  # fmt: skip
        by_post = any(each.person != key for each in told)
        return Digest(self.service.settings.company.name, by_post, names, tuple(told))

    def _started(self, jobs: Sequence[Mapping[str, Any]], claimed: Mapping[str, Sequence[str]]) -> Sending:
        """The task goes through a file without a name: a full pipe would hold us up, a command line shows keys."""
        own = self.service.settings.folders.own_templates / "messages"
        answers = tempfile.TemporaryFile()  # noqa: SIM115
        with tempfile.TemporaryFile() as task:
            task.write(json.dumps({"own": str(own.absolute()), "jobs": jobs}, ensure_ascii=True).encode())
            task.seek(0)
            child = subprocess.Popen(
                [sys.executable, "-m", "outbox.messages.send"], stdin=task, stdout=answers, stderr=subprocess.DEVNULL,
                cwd=_ROOT, start_new_session=True,
            )  # fmt: skip
        return Sending(child, answers, claimed, time.monotonic() + self.service.settings.messages.wait_seconds)

    def _note(self, done: Sending, now: datetime) -> None:
        """Keep what came of it.  What began and was not heard of again may have arrived: it stays claimed."""
        self.sending = None
        done.child.kill()
        done.child.wait()
        with done.answers:
            done.answers.seek(0)
            heard = _heard(done.answers.read())
        for target, keys in done.claimed.items():
            answer = heard.get(target, {})
            if answer.get("sent"):
                messages.told(self.service.book, target, keys, now)
            elif "failed" in answer or not answer:
                why = answer.get("failed") or "没有在 [messages] wait_seconds 之内轮到"
                messages.failed(self.service.book, target, keys, now, why)
                log.warning("a message for %s was not sent; it will be tried again", target)
            else:
                messages.unheard(self.service.book, target, now)
                log.warning("a message for %s was not answered; nobody knows whether it arrived", target)


def _heard(lines: bytes) -> dict[str, dict[str, Any]]:
    """Target → everything that was said of it.  A line that was cut off says nothing."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines.decode("utf-8", "replace").splitlines(keepends=True):
        if line.startswith("{") and line.endswith("\n"):
            said = json.loads(line)
            found.setdefault(said["target"], {}).update(said)
    return found


def _is_time(told: Iterable[Matter], went: Tried | None, now: datetime, said: MessageSettings) -> bool:
    """Whether a target may be told now: after a failure later and later; otherwise not too often, the hour's reminders apart."""
    if went is None:
        return True
    if went.tries and went.tried_at:
        wait = min(_LONGEST_WAIT, timedelta(minutes=2 ** min(went.tries - 1, 6)))
        return not timedelta() <= now - went.tried_at < wait
    gap = timedelta(minutes=said.digest_minutes)
    lately = went.sent_at is not None and timedelta() <= now - went.sent_at < gap
    return not lately or any(each.of_the_hour for each in told)


def send_messages(service: Service, now: datetime) -> None:
    """Tell whoever is to be told, once, and wait for it at most [messages] wait_seconds.  Whatever goes wrong stops nobody."""
    messenger = Messenger(service)
    try:
        messenger.begin(now)
        messenger.finish(now)
    except Exception:
        log.exception("messages could not be sent; they will be tried again")
