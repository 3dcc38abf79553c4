"""What is old leaves people's 取件 and stays in the book: a folder tells of these months, not of years."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import PurePosixPath

from disk.share import Share
from ledger import deliveries, kept_words
from ledger.book import Book
from ledger.deliveries import Aged
from ledger.lying import lies_no_more

Leaves = Callable[[Aged], bool]


def take_back_old(
    book: Book, share: Share, before: datetime, at: datetime, leaves: Leaves, away: Collection[str]
) -> int:
    """Take back what was delivered *before*; gives how many files left.

    Only what is still just as we put it there: what its owner filled in, or put in its place, is theirs.

    :param leaves: whether such a file leaves for its age at all
    :param away: people whose folder is out of reach: it is looked at another night
    """
    gone, looked, left = 0, list[Aged](), list[int]()
    for each in deliveries.aged(book, before):
        if each.person in away:
            continue
        if each.newest and leaves(each):
            *parts, name = PurePosixPath(each.path).parts
            try:
                gone += share.take_back(parts, name, each.sha256)
            except OSError:  # open in Excel, or the share is away: tried again the next night
                continue
            left.append(each.id)
            if "/" in each.folder:  # a month's
                share.remove_empty(parts)
        looked.append(each)
    with book.transaction():
        deliveries.looked_at(book, looked, at)
        lies_no_more(book, left)
        kept_words.forget(book)
    return gone
