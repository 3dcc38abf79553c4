"""``watch``: the same round again and again, and the night's and month's work at their hours."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import FrameType

from filelock import FileLock, Timeout

from intake.inbox.watcher import Watcher
from ledger import days, sheets
from service.answers.messages import Messenger
from service.closing import close_day
from service.company import Service
from service.days.outstanding import DEDUCTION, days_to_close
from service.months import close_month
from service.taking import take_everything
from service.upkeep.health import beat, stopped
from service.upkeep.notify import tell_manager

log = logging.getLogger("kebu")

LOOK_EVERY = 2.0  #: seconds between looks at files that are settling, and at the clock
HEAL_EVERY = 20.0  #: seconds between looks at the watcher itself

_AT_REST = 0.02  #: seconds after a file should be at rest at which it is looked at

Clock = Callable[[], datetime]


@dataclass
class Watch:
    """The loop's own memory; everything else is in the ledger."""

    service: Service
    clock: Clock
    rehearsal: bool  #: ``--now`` was given: arrival is the clock's, not the file system's
    stop: threading.Event
    wake: threading.Event
    rescan_at: datetime | None = None
    settling: bool = True
    issued_at: datetime | None = None  #: the last try; rows without an approver must not keep us busy

    def run(self) -> None:
        """Watch until told to stop; a round that fails is told to the operator and tried again."""
        settings = self.service.settings
        watcher = Watcher(
            settings.folders.share, poll=settings.intake.poll, wake=self.wake, drop_name=settings.folders.drop
        )
        watcher.start()
        tell_manager("READY=1")
        healed = self.clock()
        messenger = Messenger(self.service)
        try:
            while not self.stop.is_set():
                troubles = self._round()
                if (self.clock() - healed).total_seconds() >= HEAL_EVERY or watcher.state() == "目录不可达":
                    watcher.heal()
                    healed = self.clock()
                beat(settings, self.clock(), watcher.state(), troubles)
                _while_it_lasts(messenger.tick, self.clock())
                tell_manager("WATCHDOG=1")
                self.wake.wait(self._pause())
        finally:
            tell_manager("STOPPING=1")
            watcher.stop()
            _while_it_lasts(messenger.finish, self.clock())
            stopped(settings)

    def _pause(self) -> float:
        """Until the next look: when a file that is settling should have come to rest, if that is sooner than usual."""
        soonest = self.service.inbox.soonest() if self.settling else None
        return LOOK_EVERY if soonest is None else min(LOOK_EVERY, soonest + _AT_REST)

    def _round(self) -> list[str]:
        try:
            return self._work()
        except Exception as error:  # the service must outlive a full disk or a lost share
            log.exception("this round failed; it will be tried again")
            return [f"{type(error).__name__}: {error}"]

    def _work(self) -> list[str]:
        now, service = self.clock(), self.service
        troubles: list[str] = []
        issue = approvals_due(service, now, self.issued_at)
        if self._due(now) or issue:
            summary = take_everything(service, now, arrival=now if self.rehearsal else None, issue=issue)
            self.issued_at = now if issue else self.issued_at
            self.settling = bool(summary.settling)
            self.rescan_at = now + timedelta(seconds=service.settings.intake.rescan_seconds)
            troubles += summary.troubles
            if summary.files or summary.sheets_issued:
                log.info("took %d files, issued %d sheets", summary.files, summary.sheets_issued)
        troubles += self._nights(now)
        return troubles

    def _due(self, now: datetime) -> bool:
        woken = self.wake.is_set()
        self.wake.clear()
        return woken or self.settling or self.rescan_at is None or now >= self.rescan_at

    def _nights(self, now: datetime) -> list[str]:
        told: list[str] = []
        arrival = now if self.rehearsal else None
        for day in nights_due(self.service, now):
            told += close_day(self.service, day, now, arrival=arrival).for_operator
            log.info("closed %s", day)
            tell_manager("WATCHDOG=1")
        month = month_due(self.service, now)
        if month is not None:
            told += close_month(self.service, *month, now, arrival=arrival).for_operator
            log.info("closed month %04d-%02d", *month)
        return told


def _while_it_lasts(act: Callable[[datetime], None], now: datetime) -> None:
    """Messages are extra: whatever goes wrong with them, the round goes on."""
    try:
        act(now)
    except Exception:
        log.exception("messages could not be sent; they will be tried again")


def approvals_due(service: Service, now: datetime, tried: datetime | None = None) -> bool:
    """Whether rows wait that came before the last of today's hours for issuing, and none was issued or *tried* since."""
    passed = [hour for hour in issuing_hours(service, now.date()) if midnight(now) + hour <= now]
    waiting_since = sheets.unissued_since(service.book)
    if not passed or waiting_since is None:
        return False
    hour = midnight(now) + max(passed)
    earlier = (waiting_since, tried, sheets.last_issue(service.book))
    return all(at < hour for at in earlier if at is not None)


def issuing_hours(service: Service, day: date) -> list[timedelta]:
    """When sheets go out: at the hours of the schedule, and often while late reports can still be reviewed in time.

    The last one leaves the reviewer some minutes before the hour of review (销售日报 7(2)).
    """
    schedule, daily = service.settings.schedule, service.settings.as_of(day).daily_report
    step, late = timedelta(minutes=schedule.late_reports_minutes), []
    at = daily.due + step
    while step and at < daily.review_due:
        late.append(at)
        at += step
    return sorted({*schedule.approvals, *late})


def nights_due(service: Service, now: datetime) -> list[date]:
    """The days that have ended and whose hour of closing has come, oldest first."""
    hour = service.settings.schedule.nightly
    return [
        day
        for day in days_to_close(service, now)
        if midnight(now) + hour <= now or day < now.date() - timedelta(days=1)
    ]


def month_due(service: Service, now: datetime) -> tuple[int, int] | None:
    """The last month, if its closing is due and was not done."""
    schedule = service.settings.schedule.monthly
    first = midnight(now).replace(day=1)
    if now < first + timedelta(days=schedule.day - 1) + schedule.at:
        return None
    last = (first - timedelta(days=1)).date()
    begin = days.first_day(service.book)
    done = days.last_closing(service.book, f"{DEDUCTION}_{last:%Y-%m}")
    return (last.year, last.month) if done is None and begin is not None and begin <= last else None


def midnight(now: datetime) -> datetime:
    """The beginning of the day."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def watch(service: Service, clock: Clock, *, rehearsal: bool) -> None:
    """Watch until SIGINT or SIGTERM; what is under way is finished first."""
    stop, wake = threading.Event(), threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        wake.set()

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), ask_to_stop)
    with _alone(service):
        Watch(service, clock, rehearsal, stop, wake).run()


class AlreadyWatched(OSError):
    """Another process watches this book, or this share."""


@contextmanager
def _alone(service: Service) -> Iterator[None]:
    """One watcher for a book and for a share.

    :raises AlreadyWatched: there is another
    """
    folders = service.settings.folders
    with ExitStack() as held:
        for place in (folders.book / "watch.lock", folders.share / ".kebu-watch.lock"):
            try:
                held.enter_context(FileLock(place, timeout=0))
            except Timeout as error:
                raise AlreadyWatched(f"已有另一个 watch 在收取（{place}），这一个没有启动") from error
        yield
