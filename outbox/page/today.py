"""What somebody has to do today: the report, what came back, missing photos, sheets to decide, customers about to go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import PurePosixPath

from ledger import page
from ledger.records import Person
from outbox.page.model import Mark, Task
from outbox.page.words import link
from outbox.page.world import World
from policy.form import columns
from policy.forms import form_named

RECENT = timedelta(days=14)  #: what came back longer ago and was never mended is nobody's work of today
AT_ONCE = 3  #: days before a customer goes back to the pool
SINGLY = 20  #: rows of one file that lack pictures are named one by one; of more, their number is told
WORKBOOK = "个人工作簿"
_ORDER: tuple[Mark, ...] = ("bad", "warn", "", "good", "mute")


def tasks(world: World, viewer: Person) -> tuple[Task, ...]:
    """Everything that waits for *viewer*, the most urgent and oldest first."""
    found = [
        each
        for part in (_report, _returned, _refused, _photos, _sheets, _customers)
        for each in part(world, viewer)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.mark), each.since)))


def _report(world: World, viewer: Person) -> Iterator[Task]:
    owed = world.owed_today().get(viewer.name)
    if owed is None or owed.arrived_at is not None or owed.state in ("豁免", "未知"):
        return
    due = world.due_at(world.now.date())
    folders = world.settings.folders
    own = world.desks.newest_file(viewer, folders.templates, WORKBOOK)
    yield Task(
        mark="bad" if world.now >= due else "warn",
        words=f"今天的销售日报还没有收到，{due:%H:%M} 截止",
        detail="填写“销售日报”工作表，保存后放进“" + folders.drop + "”文件夹。",
        since=world.now.replace(hour=0, minute=0, second=0, microsecond=0),
        file=PurePosixPath(own).name,
        href=link(own),
    )


def _returned(world: World, viewer: Person) -> Iterator[Task]:
    answer = cache(partial(_answer, world, viewer))  # a large workbook gets one receipt for all its rows
    for row in world.desks.returned(viewer, world.now - RECENT):
        by = f"被{row.by}驳回" if row.by else "退回"
        where = f"（第 {row.row_no} 行）" if row.row_no else ""
        yield Task(
            mark="bad", words=f"{row.form}“{row.about}”{by}，请改好再投递", detail=f"受理号 {row.receipt_no}{where}：{row.reason}",
            since=row.since, file=row.file, href=answer(row.told_at, row.file),
        )  # fmt: skip


def _refused(world: World, viewer: Person) -> Iterator[Task]:
    for each in world.desks.refused(viewer, world.now - RECENT):
        yield Task(
            mark="bad", words="整份文件没有收下，请改好再投递", detail=each["reason"],
            since=datetime.fromisoformat(each["arrived_at"]), file=each["name"],
            href=_answer(world, viewer, each["arrived_at"], each["name"]),
        )  # fmt: skip


def _photos(world: World, viewer: Person) -> Iterator[Task]:
    answer = cache(partial(_answer, world, viewer))
    for row in world.desks.without_pictures(viewer, SINGLY):
        what = f"{row.form}“{row.about}”" if row.rows == 1 else f"“{row.file}”里 {row.form}有 {row.rows} 行"
        which = f"受理号 {row.receipt_no}：{_missing(row)}" if row.rows == 1 else "是哪几行、哪几张，见回执"
        last = row.submitted_at.date() + timedelta(days=1)
        yield Task(
            mark="warn", words=f"{what}还缺照片，请放进“{world.settings.folders.drop}”文件夹",
            detail=f"{which}；{last:%m-%d} 24:00 前没有收到就退回", since=row.submitted_at, file=row.file,
            href=answer(row.submitted_at.isoformat(), row.file),
        )  # fmt: skip


def _missing(row: page.WithoutPictures) -> str:
    """The pictures that the row names, as they were written."""
    form = form_named(row.form)
    asked = {column.header for column in columns(form) if column.kind == "photos"} if form else set()
    return "；".join(f"{header} {text}" for header, text in row.cells if header in asked and text)


def _answer(world: World, viewer: Person, since: str, file: str) -> str:
    return link(page.answer(world.book, viewer.name, world.settings.folders.receipts, since, file)) if since else ""


def _sheets(world: World, viewer: Person) -> Iterator[Task]:
    for sheet in world.desks.sheets(viewer):
        path = PurePosixPath(sheet.path)
        yield Task(
            mark="warn", words=f"{sheet.form}等您审批：{sheet.rows} 行", detail=f"表单编号 {sheet.number}",
            since=sheet.issued_at, file=path.name, href=link("/".join(path.parts[2:])),
        )  # fmt: skip


def _customers(world: World, viewer: Person) -> Iterator[Task]:
    for each in world.stands_of(viewer.name):
        if each.days_left <= AT_ONCE and not each.exempt:
            yield Task(
                mark="bad", words=f"客户“{each.customer.name}”再过 {max(each.days_left, 0)} 天没有跟进将回到公海",
                detail=f"上次跟进 {each.since}。", since=_midnight(world, each.since), file="", href="#customers",
            )  # fmt: skip


def _midnight(world: World, day: object) -> datetime:
    return datetime.combine(datetime.fromisoformat(str(day)).date(), datetime.min.time(), world.now.tzinfo)
