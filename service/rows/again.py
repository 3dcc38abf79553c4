"""Pictures seen again although somebody cropped or turned them, and what finds them kept no longer than it may be."""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger import points
from ledger.records import PhotoFacts
from service.company import Service


def shown_before(service: Service, facts: PhotoFacts) -> list[str]:
    """Content hashes of earlier pictures of which this one shows a part, or the other way round (客户拜访 5.2(3)).

    Found among everybody's pictures of the last ``[photos] compare_days`` days; what is found stands in the journal.
    """
    if facts.points is None:
        return []
    from intake.photo.alike import again  # numpy: only where a picture comes

    return again(facts.points, points.likeliest(service.book, facts.points, besides=facts.sha256))


def forget_points(service: Service, now: datetime) -> int:
    """Forget what finds parts of pictures that are older than ``[photos] compare_days``; gives how many pictures."""
    days = service.settings.as_of(now.date()).photos.compare_days
    return points.forget(service.book, now - timedelta(days=days), now)
