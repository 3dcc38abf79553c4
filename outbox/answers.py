"""What a round's answers are drawn by: a receipt first, then the page of whoever got it.

A reader that waits for the first of them loads both here, while rows are judged.
"""

from __future__ import annotations

from outbox.page.draw import render_home
from outbox.receipts.draw import render_receipt

__all__ = ["render_home", "render_receipt"]
