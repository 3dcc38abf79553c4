"""What is due written into people's pick-up folders."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from disk.luggage import Draft, Shelf
from intake.sandbox.readers import Elsewhere, Failure
from ledger import deliveries, happenings
from ledger.kept_words import ToldWords
from outbox.drawing import Remarked, ToDraw, Undrawn
from outbox.receipts.compose import notice, queue_receipt
from outbox.receipts.model import Message
from outbox.told import pictures_named
from service.company import Service
from service.rows.album import make_copies
from service.summary import Summary

log = logging.getLogger("kebu")

AHEAD = 200  #: files that are begun before they are placed: what they say is in memory meanwhile

#: Named here, loaded in the reader processes: whoever keeps the book draws nothing.
draw_file = Elsewhere("outbox.draw", "draw_file")
draw_plain = Elsewhere("outbox.draw", "draw_plain")
#: What most files of a round are drawn by: a reader that waits for its first one loads it.
draws_answers = Elsewhere("outbox.answers", "render_receipt")


def deliver(service: Service, now: datetime, summary: Summary, *, anew: bool = False) -> None:
    """Write what is due into the pick-up folders; what stands in the way is told to the operator.

    A folder that was there and is gone may be a lost network drive: it is not
    made anew, since nobody would look below its empty place, and an empty drop
    folder would speak against its owner.  ``init`` makes it (*anew*).
    """
    if not service.settings.folders.share.is_dir():
        summary.troubles.append(f"{service.settings.folders.share}：共享文件夹不可达")
        return
    away = set() if anew else out_of_reach(service, now)
    summary.troubles += [
        f"{person}：投递文件夹不见了，暂停收发；确认是被删除的，请运行 init 重建" for person in sorted(away)
    ]
    barred = _make_folders(service, now, away)
    summary.troubles += [words for _place, words in sorted(barred.items())]
    away |= _not_there_yet(service, barred)
    make_copies(service, away)
    if service.begun:
        _load_pages()
    late = deliveries.hindered_before(service.book)
    written, troubles = service.outbox.deliver(service.book, now, partial(_drawn, service), away)
    if service.outbox.spared:
        tell_spared(service, now)
        more, hindrances = service.outbox.deliver(service.book, now, partial(_drawn, service), away)
        written, troubles = written + more, [*troubles, *hindrances]
    while service.begun:  # what is left of it was not committed
        service.begun.popitem()[1].cancel()
    service.outbox.clear_pictures(service.book)
    summary.delivered += written
    summary.troubles += troubles
    still = deliveries.hindered_before(service.book)
    _deliver_pages(service, now, summary, away, {late[each] for each in late.keys() - still.keys()})


def _load_pages() -> None:
    """What puts pages together, loaded while readers draw."""
    import service.sending.pages  # noqa: F401


def _deliver_pages(
    service: Service, now: datetime, summary: Summary, away: Collection[str], caught_up: Collection[str]
) -> None:
    """Pages come when all answers lie there: nobody waits for them.

    :param caught_up: people who were given just now what their pages were drawn without
    """
    if happenings.is_current(service.book) and not caught_up:
        return
    from service.sending.pages import renew_pages  # a round in which nothing happened loads nothing for it

    tried = deliveries.newest_id(service.book)
    hindered = renew_pages(service, now, caught_up)
    if hindered is None:
        return
    remarks = list[str]()
    draw = partial(_drawn, service, remarks=remarks)
    written, troubles = service.outbox.deliver(service.book, now, draw, away, after=tried)
    summary.delivered += written
    summary.troubles += [*hindered, *troubles, *sorted(set(remarks))]


def draw_ahead(service: Service, words: ToldWords) -> None:
    """Let a reader draw a file while what it tells of is still being written: it is placed after the commit, as ever.

    What is not committed after all is never placed, and swept away with what else lies in the spool.
    """
    if len(service.begun) < AHEAD:
        file = ToDraw(words, service.outbox.scratch(words.sha256))
        service.begun[words.sha256] = _asked(service, file)


def _drawn(service: Service, files: Iterable[ToDraw], remarks: list[str] | None = None) -> Iterator[str | Undrawn]:
    """Draw files in the reader processes, several at once; those that were begun ahead are waited for."""
    waiting: deque[tuple[ToDraw, Future[Any]]] = deque()
    for file in files:
        if len(waiting) > 2 * service.readers.side_by_side:
            yield _settled(service, *waiting.popleft(), remarks)
        begun = service.begun.pop(file.target.stem) if file.target.stem in service.begun else _asked(service, file)
        waiting.append((file, begun))
    while waiting:
        yield _settled(service, *waiting.popleft(), remarks)


def _asked(service: Service, file: ToDraw) -> Future[Any]:
    folders = tuple(each for each in (service.settings.folders.book, service.settings.archive.cold) if each)
    words = file.words.squeezed
    shelf = Shelf(folders, partial(pictures_named, words))
    own, company = _own_templates(service), service.settings.company.name
    parts = (each.squeezed for each in file.words.parts)
    return service.readers.ask(draw_file, words, shelf, Draft(file.target), own, company, *parts)


def _settled(service: Service, file: ToDraw, drawing: Future[Any], remarks: list[str] | None) -> str | Undrawn:
    """What came of drawing *file*; a receipt that is too much for the readers is drawn without pictures."""
    result = drawing.result()
    if isinstance(result, Failure):
        log.error("could not be drawn: %s (%s)", file.target.stem, result.detail)
        plain = (file.words.squeezed, Draft(file.target), service.settings.company.name)
        result = service.readers.ask(draw_plain, *plain).result()
    if isinstance(result, Remarked):
        log.warning("%s", result.words)
        if remarks is not None:
            remarks.append(result.words)
        return result.sha256
    return Undrawn(_WHY[result.kind]) if isinstance(result, Failure) else str(result)


def _own_templates(service: Service) -> Path | None:
    """The company's own wording of pages, where it has any: its files lie on this machine, so it is drawn here."""
    own = service.settings.folders.own_templates
    return own if (own / "page").is_dir() else None


_WHY = {
    "time": "生成文件用时过长，已中止；内容已保留，稍后会再试",
    "memory": "生成文件需要的内存过大，已中止；内容已保留，稍后会再试",
    "crash": "生成文件的进程意外退出；内容已保留，稍后会再试",
    "error": "生成文件时程序出错；内容已保留，稍后会再试",
}


def out_of_reach(service: Service, now: datetime) -> set[str]:
    """People who were given something before and whose drop folder is not there now."""
    folders = service.settings.folders
    return {
        person
        for person in service.people(now.date())
        if not (folders.share / person / folders.drop).is_dir() and deliveries.has_received(service.book, person)
    }


def make_first_folders(service: Service, now: datetime) -> None:
    """Folders of those who were never given anything: whoever was taken up just before a power cut has none yet.

    What stands in the way is told by whoever looks into them.
    """
    folders = service.settings.folders
    if not folders.share.is_dir():
        return
    away = {
        person
        for person in service.people(now.date())
        if (folders.share / person / folders.drop).is_dir() or deliveries.has_received(service.book, person)
    }
    for trouble in _make_folders(service, now, away).values():
        log.warning("%s", trouble)


def _make_folders(service: Service, now: datetime, away: Collection[str]) -> dict[tuple[str, str], str]:
    """Everybody's folders; one that is in the way concerns its owner only: (person, folder) → what stands there, in words."""
    folders, barred = service.settings.folders, dict[tuple[str, str], str]()
    for person in service.people(now.date()):
        for folder in () if person in away else (folders.drop, folders.pickup):
            try:
                with service.outbox.share.made((person, folder)):
                    pass
            except OSError as error:
                barred[person, folder] = f"{person}/{folder}：{error.strerror or error}"
    return barred


def _not_there_yet(service: Service, barred: Iterable[tuple[str, str]]) -> set[str]:
    """Who has no drop folder and was given nothing: whoever was given something counts as one whose folder was there."""
    wanting = {person for person, folder in barred if folder == service.settings.folders.drop}
    return {person for person in wanting if not deliveries.has_received(service.book, person)}


def tell_spared(service: Service, now: datetime) -> None:
    """Tell those who filled something in inside 取件 that it was kept, and that it has not been handed in."""
    spared, service.outbox.spared = service.outbox.spared, []
    with service.book.transaction():
        for person, name, kept in spared:
            folders = service.settings.folders
            words = (
                f"“{folders.pickup}”里的“{name}”您填写或改动过，没有投递；新版已送达，您的那份保留为“{kept}”。"
                f"要提交的，请把它放进“{folders.drop}”文件夹"
            )
            told = notice(person, "您填写的文件没有投递", now, [Message("flag", words)])
            queue_receipt(service.book, folders.receipts, told, "notice", now)
