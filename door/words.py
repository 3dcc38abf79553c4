"""Secret words: codes, tokens, challenges.  What is kept of them is only ever their hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def fresh() -> str:
    """A word that nobody guesses: 192 bits."""
    return secrets.token_urlsafe(24)


def hashed(word: str) -> str:
    """What the journal may know of a word; no salt is needed where nothing can be guessed."""
    return hashlib.sha256(word.encode()).hexdigest()


@dataclass(frozen=True)
class Challenge:
    """A one-time word that a shutter answers: it proves that the picture was not sealed before *issued*."""

    issued: datetime
    person: str
    text: str


def challenge(key: bytes, person: str, now: datetime) -> str:
    """A new challenge for *person*.  It carries its own proof, so that issuing one keeps nothing."""
    body = f"{int(now.timestamp())}.{secrets.token_urlsafe(12)}"
    return f"{body}.{_proof(key, person, body)}"


def read_challenge(key: bytes, person: str, text: str, now: datetime) -> Challenge | None:
    """The challenge, if this door gave it to *person* before *now*; None for any other text."""
    body, _, proof = text.rpartition(".")
    if not hmac.compare_digest(proof.encode(), _proof(key, person, body).encode()):
        return None
    issued = datetime.fromtimestamp(int(body.partition(".")[0]), UTC).astimezone(now.tzinfo)
    return Challenge(issued, person, text) if issued <= now + timedelta(seconds=1) else None


def _proof(key: bytes, person: str, body: str) -> str:
    return hmac.new(key, f"challenge\n{person}\n{body}".encode(), hashlib.sha256).hexdigest()[:32]


def token_for_forms(key: bytes, device: str) -> str:
    """What a page of ours sends along with every change, and a page of somebody else's cannot know."""
    return hmac.new(key, f"page\n{device}".encode(), hashlib.sha256).hexdigest()
