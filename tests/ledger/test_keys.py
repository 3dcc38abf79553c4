"""The keyring: files that hold keys oldest first, and who may read them."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from datetime import datetime
from pathlib import Path

import pytest

from ledger.keys import CHAIN, SIGNING, Key, KeyMissing, Keyring, new_key

NOW = datetime.fromisoformat("2026-11-23T12:00:00+08:00")


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys")


def on_disk(ring: Keyring, purpose: str = CHAIN) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((ring.folder / f"{purpose}.json").read_bytes())
    return found


def test_a_new_key_is_a_secret_under_a_public_name() -> None:
    one, two = new_key("s"), new_key("s")
    assert (len(one.secret), len(one.raw), one.since) == (64, 32, "s")
    assert one.raw == bytes.fromhex(one.secret)
    assert one.secret != two.secret
    assert new_key("s", "00ff") == Key(hashlib.sha256(b"kebu:00ff").hexdigest()[:16], "00ff", "s")


def test_nothing_is_written_until_a_key_is_needed_and_then_it_stays(ring: Keyring) -> None:
    assert (ring.keys(CHAIN), ring.folder.exists()) == ((), False)
    key = ring.newest(CHAIN, NOW)
    assert key.since == NOW.isoformat()
    assert ring.newest(CHAIN, datetime.fromisoformat("2026-11-24T12:00:00+08:00")) == key
    assert (ring.keys(CHAIN), ring.keys(SIGNING)) == ((key,), ())
    assert on_disk(ring) == [{"id": key.id, "secret": key.secret, "since": key.since}]
    text = (ring.folder / "chain.json").read_text(encoding="utf-8")
    assert text == json.dumps(on_disk(ring), indent=1) + "\n"


def test_the_newest_key_is_the_one_that_was_added_last(ring: Keyring) -> None:
    one, two, three = (new_key(str(n)) for n in range(3))
    assert [ring.add(CHAIN, each) for each in (one, two)] == [one, two]
    ring.put_first(CHAIN, three)
    assert ring.keys(CHAIN) == (three, one, two)
    ring.put_first(CHAIN, two)
    assert ring.keys(CHAIN) == (three, one, two), "it is there already"
    ring.add(CHAIN, one)
    assert ring.keys(CHAIN) == (three, two, one), "put into use again"
    assert ring.newest(CHAIN, NOW) == one
    assert [ring.named(CHAIN, each.id) for each in (one, two, three)] == [one, two, three]


def test_a_key_that_is_not_there_is_named_with_its_file(ring: Keyring) -> None:
    ring.add(SIGNING, new_key("1"))
    with pytest.raises(KeyMissing) as told:
        ring.named(CHAIN, "abc")
    assert str(told.value) == f"the key abc is missing from {ring.folder / 'chain'}.json"
    assert isinstance(told.value, OSError)


def test_keys_that_were_replaced_before_a_moment_are_forgotten_but_never_the_newest(ring: Keyring) -> None:
    keys = [new_key(f"2026-11-0{n}") for n in (1, 3, 5)]
    for key in keys:
        ring.add(CHAIN, key)
    assert ring.drop_before(CHAIN, "2026-11-02") == 0
    assert ring.drop_before(CHAIN, "2026-11-03") == 1, "replaced at that very moment"
    assert ring.keys(CHAIN) == tuple(keys[1:])
    before = (ring.folder / "chain.json").stat().st_mtime_ns
    assert ring.drop_before(CHAIN, "2026-11-04") == 0
    assert (ring.folder / "chain.json").stat().st_mtime_ns == before
    assert ring.drop_before(CHAIN, "2027-01-01") == 1
    assert ring.keys(CHAIN) == (keys[2],)
    assert ring.drop_before(CHAIN, "2027-01-01") == 0
    assert ring.drop_before(SIGNING, "2027-01-01") == 0


def test_a_file_that_cannot_be_read_is_no_empty_keyring(ring: Keyring) -> None:
    (ring.folder / "chain.json").mkdir(parents=True)
    with pytest.raises(OSError, match="chain"):
        ring.keys(CHAIN)


@pytest.mark.skipif(os.name == "nt", reason="Windows inherits rights from the folder above")
def test_nobody_else_may_read_the_keys(ring: Keyring) -> None:
    ring.newest(CHAIN, NOW)
    assert stat.S_IMODE(ring.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((ring.folder / "chain.json").stat().st_mode) == 0o600
