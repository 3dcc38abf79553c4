"""The chain that binds the journal's entries: each hash covers all that went before, and needs a key that lies elsewhere.

Books from before the key have bare hashes.  The entry ``chain.keyed`` seals what stands before it: it names the key by
which its own hash and all that follow are made.  Another such entry changes the key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

GENESIS = "0" * 64
KEYED = "chain.keyed"  #: the kind of the entry that names the key of its own hash and of those after it


def link(
    secret: bytes | None, previous: str, seq: int, at: str, kind: str, subject: str, actor: str, payload: str
) -> str:
    """The hash of an entry together with all that went before it.

    :param secret: the key in force; None for entries from before the chain was keyed
    :param payload: canonical JSON
    """
    text = json.dumps([previous, seq, at, kind, subject, actor, payload], ensure_ascii=False).encode()
    return hmac.digest(secret, text, "sha256").hex() if secret else hashlib.sha256(text).hexdigest()


def seal(key_id: str, previous: str, length: int) -> dict[str, Any]:
    """The particulars of the entry that puts a key in force: what it seals."""
    return {"key": key_id, "head": previous, "length": length}
