"""Small copies of pictures, as their readers made them: kept while pages show them, and made of nothing that is needed."""

from __future__ import annotations

from datetime import datetime, timedelta

from disk.private import FOLDER, write_private
from disk.sync import sync_folder
from ledger import photos
from ledger.records import PhotoFacts
from outbox.page.team import LATELY, PREVIEWS, preview_of
from service.company import Service

_KEPT = LATELY + timedelta(days=3)  #: a picture may have come some days before the row that names it


def keep_preview(service: Service, facts: PhotoFacts) -> None:
    """Keep the small copy of a picture that has just been read, durable before the picture is in the book: a page that is
    drawn without it would say so until something else on it changes."""
    if not facts.preview:
        return
    path = service.settings.folders.book / preview_of(facts.sha256)
    if not path.parent.is_dir():
        path.parent.mkdir(mode=FOLDER, exist_ok=True)
        sync_folder(path.parent.parent)
    write_private(path, facts.preview)


def forget_old(service: Service, now: datetime) -> None:
    """Take away the copies that no page shows any more."""
    folder = service.settings.folders.book / PREVIEWS
    if not folder.is_dir():
        return
    wanted = photos.arrived_since(service.book, now - _KEPT)
    for path in folder.iterdir():
        if path.is_file() and path.stem not in wanted:
            path.unlink(missing_ok=True)
