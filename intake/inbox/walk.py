"""What lies in one person's drop folder: files, names passed over, and things that are never opened."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from disk.link import is_link
from intake.inbox.ignore import ignored_file, ignored_folder
from intake.inbox.read import PAUSES, patiently

TroubleKind = Literal["unreachable", "locked", "link", "device", "large"]


@dataclass(frozen=True)
class FolderTrouble:
    """Something that hinders taking: whose folder, what, why (Chinese)."""

    person: str  #: '' when it concerns the whole share
    path: Path
    reason: str
    kind: TroubleKind


@dataclass(frozen=True)
class Found:
    """A plain file that may become a drop."""

    path: Path
    relative: str  #: POSIX path below the drop folder, NFC, always printable as UTF-8


@dataclass
class Walk:
    """What one walk saw."""

    person: str
    found: list[Found] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    troubles: list[FolderTrouble] = field(default_factory=list)
    blind: list[Path] = field(default_factory=list)  #: folders that could not be listed: what is in them is unknown

    def trouble(self, path: Path, reason: str, kind: TroubleKind) -> None:
        """Note what hinders."""
        self.troubles.append(FolderTrouble(self.person, path, reason, kind))


def walk(person: str, top: Path, pauses: Sequence[float] = PAUSES) -> Walk:
    """Everything in *person*'s drop folder *top* and its subfolders.  Never raises OSError: that is a trouble."""
    seen = Walk(person)
    waiting = [(top, "")]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            entries = patiently(partial(_entries, folder), pauses)
        except OSError as error:
            _unlisted(seen, folder, top, error)
            continue
        for path in entries:
            waiting.extend(_sort(seen, path, prefix))
    return seen


def readable(name: str) -> str:
    """A file name as text: NFC, and bytes that are no UTF-8 read as the GBK that old archives left behind."""
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        name = raw.decode("utf-8" if os.name == "nt" else "gb18030", "replace")
    return unicodedata.normalize("NFC", name)


def lying(top: Path, relative: str) -> Path:
    """Where the file that we call *relative* lies below *top*: on the disk its name may be written otherwise (NFD, GBK)."""
    place = top
    for name in relative.split("/"):
        place = _written(place, name)
    return place


def _written(folder: Path, name: str) -> Path:
    place = folder / name
    if not os.path.lexists(place):
        with suppress(OSError), os.scandir(folder) as listing:
            place = next((folder / entry.name for entry in listing if readable(entry.name) == name), place)
    return place


def _entries(folder: Path) -> list[Path]:
    if is_link(folder.lstat()) or is_link(folder.parent.lstat()):
        raise NotADirectoryError(folder)
    with os.scandir(folder) as listing:
        return sorted(folder / entry.name for entry in listing)


def _unlisted(seen: Walk, folder: Path, top: Path, error: OSError) -> None:
    # A subfolder may be renamed or removed by its owner at any time; the drop folder itself never should be.
    if folder != top and isinstance(error, FileNotFoundError):
        return
    seen.blind.append(folder)
    if _is_link_now(folder) or _is_link_now(folder.parent):
        seen.trouble(folder, "投递文件夹是快捷链接，为安全起见不会打开，请换成普通文件夹", "link")
    else:
        seen.trouble(folder, "文件夹打不开或不存在，里面的文件暂时收不到", "unreachable")


def _is_link_now(path: Path) -> bool:
    try:
        return is_link(path.lstat())
    except OSError:
        return False


def _sort(seen: Walk, path: Path, prefix: str) -> list[tuple[Path, str]]:
    """Put one name where it belongs; answers the folder to be walked next, if it is one."""
    try:
        info = path.lstat()
    except FileNotFoundError:
        return []
    except OSError:
        seen.trouble(path, "文件暂时读不到，稍后会自动再试", "locked")
        seen.blind.append(path)
        return []
    relative = prefix + readable(path.name)
    if is_link(info):
        seen.trouble(path, "这是快捷链接，不会打开；请直接放入文件本身", "link")
    elif stat.S_ISDIR(info.st_mode):
        if (rule := ignored_folder(path.name)) is None:
            return [(path, relative + "/")]
        seen.ignored[rule] += 1
    elif rule := ignored_file(path.name):
        seen.ignored[rule] += 1
    elif stat.S_ISREG(info.st_mode):
        seen.found.append(Found(path, relative))
    else:
        seen.trouble(path, "这不是普通文件（管道或设备），不会打开；请放入普通的文件", "device")
    return []
