"""Pictures taken: kept as facts, handed to the rows that wait for them, told of when nobody names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from intake.archive.store import Kept
from intake.photo.seal import holds, read_key
from ledger import photos, points, rows
from ledger.facts_json import facts_kept
from ledger.journal import Entry
from ledger.records import Finding, Outcome, PhotoFacts, Row, Sealed, Severity, Status
from outbox.receipts.compose import kept_sheets, notes, notice, queue_receipt, summary_receipt
from outbox.receipts.model import Message, Receipt, ReceiptSheet, Weight
from policy.deadlines import day_end
from policy.forms import form_named
from policy.words import file_key
from processors.effects import effects
from processors.merge import KeptUnderKey, complete
from service.company import Service
from service.files.previews import keep_preview
from service.files.reads import Taken
from service.rows.again import shown_before
from service.rows.merging import accepted, judge_again, needs_approval

UNNAMED_AFTER = timedelta(days=2)


def keep_photo(
    service: Service, person: str, kept: Kept, facts: PhotoFacts, arrived_at: datetime, now: datetime, *, embedded: bool
) -> None:
    """Post what is known of a picture; inside a transaction."""
    number = photos.next_photo_id(service.book)
    fresh = facts.points if facts.points and not points.held(service.book, facts.sha256) else None
    payload = {
        "id": number,
        "sha256": facts.sha256,
        "person": person,
        "name": kept.name,
        "name_key": file_key(kept.name),
        "arrived_at": arrived_at.isoformat(),
        "archived_as": kept.archived_as,
        "embedded": int(embedded),
        "sealed": _sealed(service, service.people(now.date())[person].lasting, facts),
        "facts": facts_kept(facts),
        "parts_of": shown_before(service, facts),
        "points": points.digest(fresh) if fresh else None,
    }
    service.book.post([Entry("photo.kept", facts.sha256, person, payload)], now)
    if fresh:
        points.keep(service.book, number, facts.sha256, fresh, now)
    keep_preview(service, facts)


def _sealed(service: Service, lasting: str, facts: PhotoFacts) -> Sealed | None:
    """What a picture's seal is worth (客户拜访 5.2 note); None where it has none."""
    seal = facts.seal
    if seal is None:
        return None
    key = read_key(service.settings.folders.book)
    if key is None or not holds(seal, key):
        return Sealed.BROKEN
    if seal.person != lasting:
        return Sealed.FOREIGN
    if photos.seal_seen(service.book, seal.id):
        return Sealed.REPEATED
    return Sealed.OFFLINE if seal.late else Sealed.LIVE


_SEALED_WORDS: Mapping[Sealed, tuple[Weight, str]] = {
    Sealed.LIVE: ("note", "现场实拍"),
    Sealed.OFFLINE: ("note", "离线拍摄，不能作为时间证明"),
    Sealed.BROKEN: (
        "refuse",
        "印记不符：照片或其中的拍摄信息在拍摄后被改动过。请在手机门里重新现场拍照，不要改动照片",
    ),
    Sealed.FOREIGN: (
        "refuse",
        "印记属于另一位同事，不是您拍的。请提交自己在现场拍摄的照片；一同拜访的写在“同行人员”里",
    ),
    Sealed.REPEATED: ("note", "印记重复：这张照片以前已经送达过"),
}
_NO_SEAL: tuple[Weight, str] = ("note", "")


def complete_waiting(service: Service, people: Iterable[str], now: datetime) -> None:
    """Judge again the waiting rows of *people* whose pictures have come, and tell them what became of those."""
    for person in sorted(set(people)):
        told = []
        for row in rows.rows_with(service.book, Status.WAITING, person=person):
            outcome = _judge_waiting(service, row, (), now)
            if outcome is not None:
                told.append((row.receipt_no, outcome))
        if told:
            _tell(service, summary_receipt(person, "补照片", now, now, [_COMPLETED], _sheets(service, told)), now)


def _judge_waiting(service: Service, row: Row, besides: tuple[Finding, ...], now: datetime) -> Outcome | None:
    """The row's new outcome, or None while it still waits."""
    form = form_named(row.form)
    assert form is not None
    verdict = judge_again(service, form, row, row.submitted_at)
    if verdict.missing and not besides and not verdict.refused:
        return None
    verdict = replace(verdict, findings=(*verdict.findings, *besides), missing=() if besides else verdict.missing)
    live = rows.live_row(service.book, row.form, verdict.key) if verdict.key else None
    outcome, entries = complete(row, verdict, KeptUnderKey(live), needs_approval=needs_approval(service, verdict))
    service.book.post(entries, now)
    if outcome is Outcome.ACCEPTED:
        done = rows.row(service.book, row.receipt_no)
        assert done is not None
        service.book.post(effects(accepted(service, done, now)), now)
    return outcome


def give_up_waiting(service: Service, now: datetime) -> int:
    """Return the rows whose pictures have not come by the end of the day after (待补照片); gives how many."""
    late: dict[str, list[tuple[str, Outcome]]] = {}
    for row in rows.rows_with(service.book, Status.WAITING):
        last = row.submitted_at.date() + timedelta(days=1)
        limit = day_end(last, service.settings.as_of(last), service.zone)
        if now < limit:
            continue
        form = form_named(row.form)
        assert form is not None
        names = "、".join(judge_again(service, form, row, row.submitted_at).missing)
        words = f"照片“{names}”到 {limit - timedelta(minutes=1):%m-%d %H:%M} 仍未收到"
        missing = Finding("row.photo_missing", form.clause, Severity.REFUSE, "", words, "请把照片和这一行一起重新投递")
        outcome = _judge_waiting(service, row, (missing,), now)
        assert outcome is not None
        late.setdefault(row.person, []).append((row.receipt_no, outcome))
    for person, told in late.items():
        _tell(service, notice(person, "照片没有收到", now, [_TOO_LATE], _sheets(service, told)), now)
    return sum(map(len, late.values()))


_COMPLETED = Message("note", "照片已到，以下行重新判定")
_TOO_LATE = Message("note", "以下行等待照片超过期限，已退回")


def _sheets(service: Service, told: Sequence[tuple[str, Outcome]]) -> tuple[ReceiptSheet, ...]:
    found = [(rows.row(service.book, receipt_no), outcome) for receipt_no, outcome in told]
    return kept_sheets(service.book, [(row, notes(row.findings), outcome) for row, outcome in found if row])


def _tell(service: Service, told: Receipt, now: datetime) -> None:
    queue_receipt(service.book, service.settings.folders.receipts, told, "photos", now)


def tell_of_photos(service: Service, taken: Sequence[Taken], now: datetime) -> None:
    """A receipt for pictures that came on their own: received, unreadable, or not named by any row yet."""
    by_person: dict[str, list[Taken]] = {}
    for each in taken:
        by_person.setdefault(each.drop.person, []).append(each)
    for person, own in by_person.items():
        said = [(each, message) for each in own if (message := _photo_message(service, each)) is not None]
        for spoilt in (True, False):  # a picture that cannot be used is told apart from those that can
            told = [(each, words) for each, words in said if (words.weight == "refuse") == spoilt]
            if told:
                first, source = told[0][0].drop, f"照片{len(told)}张" if len(told) > 1 else told[0][0].drop.relative
                words = [message for _each, message in told]
                _tell(service, summary_receipt(person, source, first.arrived_at, now, words), now)


def _photo_message(service: Service, each: Taken) -> Message | None:
    facts = each.photo
    assert facts is not None
    name = each.kept.name
    if facts.trouble:
        return Message("refuse", f"“{name}”打不开：{facts.trouble}。原文件已保留。请重新投递能正常打开的原图")
    sealed = photos.sealed_as(service.book, facts.sha256)
    weight, words = _SEALED_WORDS[sealed] if sealed else _NO_SEAL
    if weight == "refuse":  # no row can use it: that it was named, or is to be, is no matter
        return Message(weight, f"“{name}”{words}")
    if photos.is_named(service.book, facts.sha256):
        return None
    said = f"“{name}”已收到{f'（{words}）' if words else ''}，还没有表格引用它"
    return Message(weight, f"{said}；请在两天内投递填有这个文件名的表格")


def tell_of_unnamed(service: Service, now: datetime) -> int:
    """Tell the owners of pictures that no row named within two days; gives how many pictures."""
    left = photos.unnamed(service.book, now - UNNAMED_AFTER)
    by_person: dict[str, list[str]] = {}
    for record in left:
        service.book.post([Entry("photo.unnamed", record["sha256"], "kebu", {"id": record["id"]})], now)
        by_person.setdefault(record["person"], []).append(record["name"])
    for person, names in by_person.items():
        words = "以下照片两天内没有任何表格引用，已存档备查：" + "、".join(names)
        _tell(service, notice(person, "未引用的照片", now, [Message("flag", words)]), now)
    return len(left)
