"""A company of a dozen people lives through a month and its end, with its clock stepped.

Everything goes through people's folders: templates filled, pictures with EXIF, receipts read.  What the
receipts say is compared with the story; where the product answers otherwise, that is a trouble.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import openpyxl

from demo.listing import listing
from demo.month import MONTH, OPENING, STORY
from demo.opening import OPENING_ROWS
from demo.people import HE, STAFF, Row
from demo.reports import check_month, check_night, check_shown, folders_made
from demo.sheets import fill_workbook
from demo.stage import Stage
from demo.story import Act, Day, Filled, Month
from ledger.records import Outcome
from outbox.templates.template import render_template
from policy.clauses import cite
from policy.form import Form
from policy.forms.opening import OpeningCustomer
from policy.forms.person import NewPerson
from policy.settings import Settings, load_settings
from service.answers.opening import open_customers
from service.closing import close_day
from service.company import open_service
from service.founding import found
from service.months import close_month
from service.upkeep.keeping import differences

MARKER = ".kebu-demo"
_MADE = datetime(2026, 11, 2)
#: The clock is stepped: nobody watches, and nothing that people drop is still being written, save for one empty file.
_HURRY = {
    'by = "watch"': 'by = "run"',
    "settle_seconds = 5": "settle_seconds = 0",
    "incomplete_seconds = 30": "incomplete_seconds = 1",
}
_CONFIG = Path(__file__).parents[1] / "config.toml"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Told:
    """What the demo leaves to be read."""

    lines: list[str]  #: the table
    data: list[dict[str, Any]]  #: the same for machines
    troubles: list[str]  #: where the product answered otherwise than the story expects


def live(folder: Path, progress: Progress | None) -> Told:
    """Let the company live in *folder*, which is replaced if an earlier demo made it.

    :raises OSError: the folder cannot be written
    """
    refusal = _clear(folder)
    if refusal:
        return Told([], [], [refusal])
    settings = _settle(folder.resolve())
    with open_service(settings) as service:
        stage = Stage(service, folder.resolve())
        roster = tuple(colleague.row() for colleague in STAFF)
        _found(stage, _given(settings, folder.resolve() / "人员名册.xlsx", NewPerson, roster))
        _take_over(stage, _given(settings, folder.resolve() / "期初客户.xlsx", OpeningCustomer, OPENING_ROWS))
        for done, step in enumerate(STORY):
            if progress:
                progress(done, len(STORY))
            _live_day(stage, step) if isinstance(step, Day) else _close_month(stage, step)
        stage.troubles += [f"核对账本：{difference}" for difference in differences(service)]
    return Told(listing(stage.events, folder, ok=not stage.troubles), _data(stage), stage.troubles)


def _clear(folder: Path) -> str:
    """Make room for the demo; gives why not, if somebody else's files are there."""
    if folder.is_dir() and (folder / MARKER).is_file():
        for path in folder.rglob("*"):  # the archive is read-only, which some systems take for undeletable
            if path.is_file() and not path.is_symlink():
                path.chmod(0o600)
        shutil.rmtree(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        return f"{folder} 已经存在，而且不是演示文件夹；请换一个文件夹"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("python sync.py demo\n", "utf-8")
    return ""


def _settle(home: Path) -> Settings:
    """The company's own config beside its folders, so that the other commands can be tried there."""
    text = _CONFIG.read_text("utf-8")
    for usual, ours in _HURRY.items():
        text = text.replace(usual, ours)
    (home / "config.toml").write_text(text, "utf-8")
    return load_settings(home / "config.toml")


def _given(settings: Settings, path: Path, form: type[Form], rows: tuple[Row, ...]) -> Path:
    """What the operator hands over: *rows* filled into the product's template of *form*."""
    template = render_template(form, settings.lists.model_dump(), _MADE, version="demo", cite=cite)
    path.write_bytes(fill_workbook(openpyxl.load_workbook(io.BytesIO(template)), (Filled(form.sheet, rows),), {}))
    return path


def _found(stage: Stage, roster: Path) -> None:
    now = stage.at(OPENING, "08:00")
    made = found(stage.service, roster, now)
    if made.people != len(STAFF) or made.receipt or made.trouble:
        stage.troubles.append(f"名册：登记 {made.people} 人，应为 {len(STAFF)} 人 {made.trouble}")
    stage.troubles += folders_made(stage)
    stage.tell(now, "名册建档，人人有文件夹和模板", HE, f"在册 {made.people} 人", stage.folders.share)


def _take_over(stage: Stage, customers: Path) -> None:
    now = stage.at(OPENING, "08:10")
    taken = open_customers(stage.service, customers, now)
    if taken.trouble or taken.receipt is None or set(taken.outcomes) != {Outcome.ACCEPTED}:
        stage.troubles.append(f"期初客户：{[each.value for each in taken.outcomes]} {taken.trouble}")
        return
    stage.tell(now, "建账时带进老客户和没有收齐的订单", HE, f"{len(taken.outcomes)} 行已受理", taken.receipt)


def _live_day(stage: Stage, day: Day) -> None:
    hours = stage.service.settings.schedule.approvals  # sheets go out at these hours, whether anything came or not
    rounds: dict[timedelta, tuple[Act, ...]] = dict.fromkeys(hours, ())
    for at, acts in groupby(sorted(day.acts, key=lambda act: act.at), key=lambda act: act.at):
        moment = stage.at(day.date, at) - stage.at(day.date, "00:00")
        rounds[moment] = tuple(acts)
    for moment in sorted(rounds):
        stage.play(stage.at(day.date, "00:00") + moment, rounds[moment])
    now = stage.at(day.date + timedelta(days=1), "00:30")
    closed = close_day(stage.service, day.date, now, arrival=now)
    stage.troubles += closed.for_operator
    stage.expect(now, day.night)
    stage.troubles += check_night(stage, day, now)
    for shown in day.shown:
        stage.troubles += check_shown(stage, shown, day.date.isoformat(), now)


def _close_month(stage: Stage, month: Month) -> None:
    now = stage.at(month.day, month.at)
    closed = close_month(stage.service, *MONTH, now, arrival=now)
    stage.troubles += [*closed.for_operator, *check_month(stage, month, closed.period, now)]
    for shown in month.shown:
        stage.troubles += check_shown(stage, shown, f"{MONTH[0]}-{MONTH[1]:02d}", now)


def _data(stage: Stage) -> list[dict[str, Any]]:
    return [
        {"at": event.at.isoformat(), "what": event.what, "who": event.who, "result": event.result,
         "where": event.where.as_posix()}
        for event in stage.events
    ]  # fmt: skip
