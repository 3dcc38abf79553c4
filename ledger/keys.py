"""The service's secret keys: files beside the book that never enter the ledger, its backups or its copies.

``keys/chain.json`` keys the journal's hashes, ``keys/signing.json`` signs approval sheets.  Each holds its keys oldest
first: what was made with an older one can still be proved.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from disk.private import make_private_folder, write_private

NAME = "keys"  #: the folder beside the ledger
CHAIN, SIGNING = "chain", "signing"


@dataclass(frozen=True)
class Key:
    """A secret, by what it is called in public, and since when it is used."""

    id: str
    secret: str  #: hexadecimal
    since: str  #: ISO time; '' for a key from before this was kept

    @property
    def raw(self) -> bytes:
        """The secret as bytes."""
        return bytes.fromhex(self.secret)


class KeyMissing(OSError):
    """Something was made with a key that is not there: it can be neither proved nor continued."""


def new_key(since: str, secret: str = "") -> Key:
    """A key nobody had before, or an older secret under its public name."""
    secret = secret or secrets.token_hex(32)
    return Key(hashlib.sha256(f"kebu:{secret}".encode()).hexdigest()[:16], secret, since)


class Keyring:
    """The keys in *folder*; files appear when the first key of a purpose is made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keys(self, purpose: str) -> tuple[Key, ...]:
        """All keys of *purpose*, oldest first.

        :raises OSError: the file is there and cannot be read
        """
        try:
            text = (self.folder / f"{purpose}.json").read_text(encoding="utf-8")
        except FileNotFoundError:
            return ()
        return tuple(Key(**each) for each in json.loads(text))

    def newest(self, purpose: str, now: datetime) -> Key:
        """The key in use; made if there is none yet."""
        found = self.keys(purpose)
        return found[-1] if found else self.add(purpose, new_key(now.isoformat()))

    def named(self, purpose: str, key_id: str) -> Key:
        """The key with this public name.

        :raises KeyMissing: it is not there
        """
        for key in self.keys(purpose):
            if key.id == key_id:
                return key
        raise KeyMissing(f"the key {key_id} is missing from {self.folder / purpose}.json")

    def add(self, purpose: str, key: Key) -> Key:
        """Put *key* into use, after those that are there."""
        self._write(purpose, (*(each for each in self.keys(purpose) if each.id != key.id), key))
        return key

    def put_first(self, purpose: str, key: Key) -> None:
        """Take up a key that is older than those that are there."""
        if all(each.id != key.id for each in self.keys(purpose)):
            self._write(purpose, (key, *self.keys(purpose)))

    def drop_before(self, purpose: str, moment: str) -> int:
        """Forget keys that had been replaced before *moment*; gives how many.  The newest always stays."""
        found = self.keys(purpose)
        kept = tuple(key for key, after in pairwise(found) if after.since > moment) + found[-1:]
        if kept != found:
            self._write(purpose, kept)
        return len(found) - len(kept)

    def _write(self, purpose: str, keys: tuple[Key, ...]) -> None:
        make_private_folder(self.folder)
        text = json.dumps([asdict(key) for key in keys], indent=1)
        write_private(self.folder / f"{purpose}.json", text.encode() + os.linesep.encode())
