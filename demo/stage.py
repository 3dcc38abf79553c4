"""The story performed: files dropped through people's folders, and the answers found in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path

from demo.darkroom import develop
from demo.sheets import SPOILERS, Answer, answers, decided, fill, mended
from demo.story import Act, Again, Decide, Drop, Filled, Mend, Numbered, Picture, Tell
from policy.settings_machine import FolderSettings
from service.company import Service
from service.taking import take_everything
from service.watching import approvals_due

_PATIENCE = 5.0  # seconds; spent only on a file that looks unfinished
_RESULT = 64  # characters of an answer that fit the table


@dataclass(frozen=True)
class Event:
    """One line of the table: what happened, and where the answer lies."""

    at: datetime
    what: str
    who: str
    result: str
    where: Path


@dataclass
class Stage:
    """The folders, the service, and what has been seen so far."""

    service: Service
    home: Path  #: what paths in the table are relative to
    events: list[Event] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    dropped: dict[tuple[str, str], bytes] = field(default_factory=dict)  #: (who, file name) → content
    _read: dict[Path, int] = field(default_factory=dict)  # receipts looked at, and when they were written
    _known: set[Answer] = field(default_factory=set)
    _decided: set[Path] = field(default_factory=set)  # approval sheets done with

    @property
    def folders(self) -> FolderSettings:
        """Names of the folders."""
        return self.service.settings.folders

    def pickup(self, who: str, folder: str) -> Path:
        """One of *who*'s folders below 取件."""
        return self.folders.share / who / self.folders.pickup / folder

    def at(self, day: date, hour: str) -> datetime:
        """A moment in the company's zone."""
        return datetime.combine(day, time.fromisoformat(hour), self.service.zone)

    def play(self, now: datetime, acts: tuple[Act, ...]) -> None:
        """Everything that people do at one time, then a round of the service, then its answers."""
        for act in acts:
            try:
                self._perform(act, now)
            except (LookupError, ValueError, FileNotFoundError) as error:  # an earlier answer was not what it should be
                self.troubles.append(f"{now:%m-%d %H:%M} {act.who} 无法照做：{type(error).__name__} {error}")
        issue = approvals_due(self.service, now)
        summary = take_everything(self.service, now, arrival=now, issue=issue, patience=_PATIENCE)
        self.troubles += [f"{now:%m-%d %H:%M} {trouble}" for trouble in summary.troubles]
        self.expect(now, tuple(replace(tell, who=tell.who or act.who) for act in acts for tell in act.tells))

    def _perform(self, act: Act, now: datetime) -> None:
        # One function a kind of act; the kinds are few and closed.
        match act:
            case Drop():
                self._drop(act, now)
            case Again():
                name = self._latest(act.who, act.of)
                content = self.dropped[act.who, name]
                self._put(act.who, f"{Path(name).stem}{act.named}{Path(name).suffix}", content)
            case Mend():
                receipt = self._receipt(act)
                self._put(act.who, receipt.name, mended(receipt, act.changes))
            case Decide():
                self._decide(act)

    def _drop(self, act: Drop, now: datetime) -> None:
        for picture in act.pictures:
            self._put(act.who, picture.name, self._picture(picture, act.who, now))
        if act.book:
            placed = {
                filled.form: [develop(picture, act.who, now) for picture in filled.placed] for filled in act.sheets
            }
            templates = self.pickup(act.templates_of or act.who, self.folders.templates)
            book = fill(templates, [self._numbered(act.who, filled) for filled in act.sheets], placed)
            spoil = SPOILERS.get(act.spoilt, bytes)
            self._put(act.who, f"{act.book}.xlsx", spoil(book))

    def _numbered(self, who: str, filled: Filled) -> Filled:
        """*filled* with the 受理号 of *who*'s own receipts where it quotes one."""
        rows = (
            {header: self._number(who, cell) if isinstance(cell, Numbered) else cell for header, cell in row.items()}
            for row in filled.rows
        )
        return replace(filled, rows=tuple(rows))

    def _number(self, who: str, quoted: Numbered) -> str:
        receipts = self._receipts(who, quoted.book)
        return [each.number for path in receipts for each in answers(path) if quoted.about in each.cells][-1]

    def _picture(self, picture: Picture, who: str, now: datetime) -> bytes:
        return self.dropped[picture.like] if picture.like else develop(picture, who, now)

    def _put(self, who: str, name: str, content: bytes) -> None:
        self.dropped[who, name] = content
        (self.folders.share / who / self.folders.drop / name).write_bytes(content)

    def _latest(self, who: str, of: str) -> str:
        return [name for owner, name in self.dropped if owner == who and name.startswith(of)][-1]

    def _receipt(self, act: Mend) -> Path:
        return self._receipts(act.who, act.of)[-1]

    def _receipts(self, who: str, about: str) -> list[Path]:
        """*who*'s receipts about a workbook, oldest first: month by month, and named by the hour."""
        return sorted(self.pickup(who, self.folders.receipts).rglob(f"*_{about}*.xlsx"))

    def _decide(self, act: Decide) -> None:
        folder = self.pickup(act.out_of or act.who, self.folders.approvals)
        waiting = [path for path in sorted(folder.glob(f"*_{act.form}*.xlsx")) if path not in self._decided]
        for path in waiting:
            self._put(act.who, path.name, decided(path, act.verdicts))
            if not act.again_later:
                self._decided.add(path)

    def expect(self, now: datetime, tells: tuple[Tell, ...]) -> None:
        """Find every telling in the receipts that are new; whatever was returned without one is a trouble."""
        new = self._new_answers()
        for tell in tells:
            found = next((answer for answer in new if self._answers(answer, tell)), None)
            if found is None:
                self.troubles.append(
                    f"{now:%m-%d %H:%M} {tell.who} {tell.what}：回执中找不到“{tell.outcome} {tell.says}”"
                )
                continue
            self.tell(now, tell.what, tell.who, _result(found, tell), found.path)
        told = {answer for answer in new for tell in tells if self._answers(answer, tell)}
        known = {answer.path for answer in told}
        for answer in new:
            bad = answer.outcome == "退回" or answer.weight == "需改正"
            if bad and answer not in told and not (answer.path in known and not answer.text):
                self.troubles.append(
                    f"{now:%m-%d %H:%M} {self._short(answer.path)} 出人意料：{answer.text or answer.cells}"
                )

    def _new_answers(self) -> list[Answer]:
        """What was not read yet; a day's decisions are one workbook that grows."""
        new = list[Answer]()
        for path in sorted(self.folders.share.glob(f"*/{self.folders.pickup}/{self.folders.receipts}/**/*.xlsx")):
            version = path.stat().st_mtime_ns
            if self._read.get(path) != version:
                self._read[path] = version
                new += [answer for answer in answers(path) if answer not in self._known]
        self._known.update(new)
        return new

    def _answers(self, answer: Answer, tell: Tell) -> bool:
        mine = answer.path.is_relative_to(self.folders.share / tell.who)
        return mine and answer.outcome == tell.outcome and tell.says in answer.text and tell.about in answer.cells

    def tell(self, now: datetime, what: str, who: str, result: str, where: Path) -> None:
        """Add a line to the table."""
        self.events.append(Event(now, what, who, result, where.relative_to(self.home)))

    def _short(self, path: Path) -> str:
        return str(path.relative_to(self.home))


def _result(answer: Answer, tell: Tell) -> str:
    """The outcome, and of the words the sentence that was looked for."""
    sentences = [part for line in answer.findings for part in re.split("[。；]", line) if tell.says in part]
    words = sentences[0].strip() if sentences and tell.says else ""
    cut = words if len(words) <= _RESULT else words[: _RESULT - 1] + "…"
    return "：".join(part for part in (answer.outcome, cut) if part)
