"""Whether a folder's file system tells us of changes that other computers make."""

from __future__ import annotations

import ctypes
import re
import sys
from pathlib import Path

MOUNTS = Path("/proc/mounts")
#: File systems whose changes are made elsewhere: the kernel here sees no events for them.
REMOTE = re.compile(
    r"cifs|smb\w*|nfs\d*|fuse.*|9p|vboxsf|vmhgfs|prl_fs|virtiofs|drvfs|ncp\w*|afs|ceph|lustre|gfs2?|ocfs2|davfs\d*"
)
DRIVE_REMOTE = 4  #: GetDriveTypeW


def needs_polling(folder: Path) -> bool:
    """Whether *folder* lies on a network file system; where that cannot be told, it does not."""
    if sys.platform == "win32":
        return _windows_network(folder)
    return bool(REMOTE.fullmatch(file_system(folder, _mounts())))


def file_system(folder: Path, mounts: str) -> str:
    """The type of file system that *folder* lies on, by the text of ``/proc/mounts``; '' if it names none."""
    best, kind = -1, ""
    place = folder.resolve()
    for line in mounts.splitlines():
        fields = line.split(" ")
        point = Path(_unescape(fields[1])) if len(fields) > 2 else None
        # A later mount hides an earlier one at the same point.
        if point and place.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind


def _mounts() -> str:
    try:
        return MOUNTS.read_text(errors="surrogateescape")
    except OSError:
        return ""


def _unescape(point: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), point)


def _windows_network(folder: Path) -> bool:
    drive = folder.absolute().drive
    if drive.startswith("\\\\"):
        return True
    if sys.platform == "win32":
        return bool(ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == DRIVE_REMOTE)
    return False
