"""Which names in a drop folder are nobody's submission.

Each rule has a name, so that ``status`` can say why something lies there and is not taken.
Conflict copies (``副本``, ``name (1).xlsx``, ``*.sync-conflict-*``) are not here: they are taken like any other file.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Ignore:
    """Names that are passed over, and the words that say what they are."""

    name: str
    patterns: tuple[str, ...]

    def covers(self, name: str) -> bool:
        """Whether *name* is one of these, whatever its case and Unicode form."""
        plain = unicodedata.normalize("NFC", name).casefold()
        return any(fnmatchcase(plain, pattern.casefold()) for pattern in self.patterns)


#: The first rule that covers a name gives the reason: the narrow ones stand before the wide ones.
FILES: tuple[Ignore, ...] = (
    Ignore("Excel 占用标记", ("~$*",)),
    Ignore("LibreOffice 占用标记", (".~lock.*#",)),
    Ignore("WPS 占用标记", (".~*",)),
    Ignore("同步软件临时文件", (".syncthing.*", "~syncthing~*")),
    Ignore("办公软件临时文件", ("~RF*.TMP", "*.tmp")),
    Ignore("未下载完的文件", ("*.part", "*.crdownload")),
    Ignore("苹果系统文件", ("._*", ".DS_Store")),
    Ignore("Windows 系统文件", ("desktop.ini", "Thumbs.db")),
    Ignore("网络盘临时文件", (".nfs*", ".fuse_hidden*")),
)

#: These folders are passed over with everything in them.
FOLDERS: tuple[Ignore, ...] = (
    Ignore("群晖索引文件夹", ("@eaDir",)),
    Ignore("回收站", ("#recycle", "$RECYCLE.BIN")),
    Ignore("同步软件旧版本", (".stversions",)),
    Ignore("苹果压缩包附带文件夹", ("__MACOSX",)),
)


def ignored_file(name: str) -> str | None:
    """The rule by which a file of this name is passed over, or None."""
    return next((rule.name for rule in FILES if rule.covers(name)), None)


def ignored_folder(name: str) -> str | None:
    """The rule by which a folder of this name is passed over, or None."""
    return next((rule.name for rule in FOLDERS if rule.covers(name)), None)
