"""What the door does with what a phone sends: each of these is called in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import Timeout

from door import register
from door.forms import pictures_by_column, problems, workbook
from door.picture import Shot, finished, seen
from door.register import Visitor
from door.tray import Busy, DropUnreachable, Tray, TrayEntry
from door.words import Challenge, challenge, read_challenge
from intake.photo.seal import NoJpeg
from ledger import door as questions
from ledger.journal import Entry
from policy.form import Form
from service.company import Service, book_lock

PICTURE = "picture"


class TurnedAway(Exception):
    """What is sent cannot be taken, and why; the phone keeps it."""

    def __init__(self, status: int, code: str, words: str, fields: Mapping[str, str] | None = None) -> None:
        """*code* is for the page, *words* for people; *fields* says what is wrong with which field."""
        super().__init__(words)
        self.status, self.code, self.words, self.fields = status, code, words, dict(fields or {})


@dataclass
class Desk:
    """The door's own: a service to ask, a key, a tray, a clock."""

    service: Service
    key: bytes
    tray: Tray
    clock: Callable[[], datetime]
    patience: float = 30.0  #: seconds to wait for whoever writes the book
    _asking: threading.RLock = field(default_factory=threading.RLock)  # one question at a time: one connection
    _claims: dict[str, str] = field(default_factory=dict)

    def visitor(self, token: str) -> Visitor | str:
        """Whose phone it is, or why not."""
        with self._asking:
            return register.visitor(self.service.book, token, self.clock(), self.service.settings.door.session_days)

    def ask(self, question: Callable[..., Any], *given: Any) -> Any:
        """An answer from the book."""
        with self._asking:
            return question(self.service, *given, self.clock())

    def bind(self, code: str, label: str) -> str:
        """Bind a phone; gives its token.

        :raises TurnedAway: the invitation is none, or the book is being written for too long
        """
        try:
            with book_lock(self.service.settings, self.patience), self._asking, self.service.book.transaction():
                if why := register.refusal(self.service.book, code, self.clock()):
                    raise TurnedAway(403, "invite", why)
                return register.bind(self.service.book, code, label, self.clock())
        except Timeout:
            raise TurnedAway(503, "busy", "服务器正忙，请过一分钟再打开这个网址") from None

    def challenge(self, visitor: Visitor) -> str:
        """A one-time word for the next shutter."""
        return challenge(self.key, visitor.person.lasting, self.clock())

    # -- pictures

    def take_picture(self, visitor: Visitor, key: str, shot: Shot, path: Path) -> TrayEntry:
        """Seal the picture at *path* and put it into 投递; the same key twice is the same picture.

        :raises TurnedAway: it is no whole JPEG, its challenge is not this person's, or was answered before
        """
        body = path.read_bytes()
        digest = sha256(body).hexdigest()
        with self._only(key):
            known = self._known(visitor, key, digest)
            if known is not None:
                return known
            now = self.clock()
            given = read_challenge(self.key, visitor.person.lasting, shot.challenge, now)
            if given is None:
                raise TurnedAway(409, "challenge", "拍照口令不是这部手机的，请打开“拍照”重新拍")
            when = seen(shot, given, now, self.service.settings.door.live_seconds)
            if not when.late:
                self._claim(given, key)
            record = TrayEntry(
                key=key, person=visitor.person.name, device=visitor.device, kind=PICTURE, name="", sha256="",
                body=digest, at=now.isoformat(), live=int(not when.late), challenge=shot.challenge,
            )  # fmt: skip
            try:
                return self._keep(
                    record, f"{key[:6]}.jpg",
                    lambda _name: finished(body, shot, when, visitor.person.lasting, self.key),
                )  # fmt: skip
            except NoJpeg:
                raise TurnedAway(415, "picture", "照片不完整，或不是手机门拍的照片，请重新拍") from None
            finally:
                self._claims.pop(given.text, None)

    def _claim(self, given: Challenge, key: str) -> None:
        """A challenge serves one live picture, two that come at the same moment included."""
        with self._asking:
            earlier = self.tray.answered(given.text) or questions.answered(self.service.book, given.text)
            first = earlier or self._claims.setdefault(given.text, key)
        if first != key:
            raise TurnedAway(409, "answered", "这个拍照口令已经用过一次，请打开“拍照”重新拍")

    # -- forms

    def take_form(
        self,
        visitor: Visitor,
        form: type[Form],
        key: str,
        fields: Mapping[str, str],
        pictures: Mapping[str, Sequence[str]] | Sequence[str],
    ) -> TrayEntry:
        """Put a standard workbook with one row into 投递; the same key twice is the same row.

        :param pictures: the keys of pictures that came before, by photo column; without columns they are the first one's
        :raises TurnedAway: a field must be mended first, or a picture has not come
        """
        try:
            pictured = pictures_by_column(form, pictures)
        except KeyError:
            raise TurnedAway(400, "form", "内容的格式不对，请重新打开手机门再填") from None
        digest = _digest(form, fields, pictured)
        with self._only(key):
            known = self._known(visitor, key, digest)
            if known is not None:
                return known
            complete = {**fields, **{field: self._pictured(visitor, keys) for field, keys in pictured.items()}}
            now = self.clock()
            settings = self.service.settings.as_of(now.date())
            wrong = problems(form, complete, settings)
            if wrong:
                raise TurnedAway(422, "fields", "有几处要修改", {each.field: each.words for each in wrong})
            record = TrayEntry(
                key=key, person=visitor.person.name, device=visitor.device, kind=form.code, name="", sha256="",
                body=digest, at=now.isoformat(), live=None, challenge="",
            )  # fmt: skip
            return self._keep(record, f"{form.sheet}.xlsx", lambda _name: workbook(form, complete, settings, now))

    def _pictured(self, visitor: Visitor, keys: Sequence[str]) -> str:
        names = []
        for key in keys:
            found = self._find(key)
            if found is None or found.person != visitor.person.name or found.kind != PICTURE:
                raise TurnedAway(409, "pictures", "照片还没有送达，请稍等或重新拍照")
            names.append(found.name)
        return "、".join(names)

    # -- both

    @contextmanager
    def _only(self, key: str) -> Iterator[None]:
        try:
            with self.tray.only(key):
                yield
        except Busy:
            raise TurnedAway(409, "busy", "正在送达，请稍等") from None

    def _find(self, key: str) -> TrayEntry | None:
        """What came under a key, from the tray or from the journal."""
        record = self.tray.record(key)
        if record is not None:
            return replace(record, person=self._whose(record))
        with self._asking:
            kept = questions.received(self.service.book, key)
        return TrayEntry(**kept, placed=True) if kept else None

    def _known(self, visitor: Visitor, key: str, digest: str) -> TrayEntry | None:
        found = self._find(key)
        if found is None:
            return None
        if found.person != visitor.person.name or found.body != digest:
            raise TurnedAway(409, "key", "这个编号已经用于另一份内容，请重新提交")
        if found.placed:
            return found
        try:
            return self.tray.place(found)
        except DropUnreachable:
            raise _away() from None

    def _keep(self, record: TrayEntry, ending: str, content: Callable[[str], bytes]) -> TrayEntry:
        try:
            return self.tray.keep(record, ending, content)
        except DropUnreachable:
            raise _away() from None

    def settle(self) -> int:
        """Finish what was interrupted, and tell the journal of what came; gives how many entries were written.

        :raises filelock.Timeout: somebody else is writing the book; what came is safe on disk and told later
        """
        self.tray.readdress(self._whose)
        self.tray.finish(self._taken)
        ready = [record for record in self.tray.waiting() if record.placed]
        if not ready:
            return 0
        with book_lock(self.service.settings, self.patience), self._asking:
            with self.service.book.transaction():
                fresh = [each for each in ready if questions.received(self.service.book, each.key) is None]
                self.service.book.post(
                    [_entry(replace(each, person=self._whose(each))) for each in fresh], self.clock()
                )
            for each in ready:
                self.tray.forget(each)
        return len(fresh)

    def _whose(self, record: TrayEntry) -> str:
        """What the owner of the phone is called now: the name may have changed since the thing came."""
        with self._asking:
            return questions.owner_of(self.service.book, record.device) or record.person

    def _taken(self, record: TrayEntry) -> bool:
        with self._asking:
            return questions.is_taken(self.service.book, record.person, record.sha256)


def _digest(form: type[Form], fields: Mapping[str, str], pictured: Mapping[str, Sequence[str]]) -> str:
    """What tells a form from another that comes under the same key."""
    keys: Any = [
        key for each in pictured.values() for key in each
    ]  # as it has always been where there is one such column
    if len(pictured) > 1:
        keys = [(field, list(each)) for field, each in pictured.items()]
    return sha256(repr((form.code, sorted(fields.items()), keys)).encode()).hexdigest()


def _away() -> TurnedAway:
    return TurnedAway(503, "away", "服务器的共享文件夹暂时不可达，内容留在手机上，恢复后自动送达")


def _entry(record: TrayEntry) -> Entry:
    fields = ("device", "kind", "name", "sha256", "body", "at", "live", "challenge")
    return Entry("door.received", record.key, record.person, {name: getattr(record, name) for name in fields})
