"""What a link is, on every system that this runs on."""

from __future__ import annotations

import os
import stat

#: Windows: symbolic links and mount points (junctions).  Other reparse points are files of sync clients.
LINK_TAGS = frozenset({0xA000000C, 0xA0000003})


def is_link(info: os.stat_result) -> bool:
    """Whether a name stands for something elsewhere."""
    return stat.S_ISLNK(info.st_mode) or getattr(info, "st_reparse_tag", 0) in LINK_TAGS
