"""Random names: public references, idempotency keys and secrets come from here alone."""

from __future__ import annotations

import hashlib
import secrets

from bountyhub import settings

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_ref(length: int = 12) -> str:
    """A random, unguessable, readable reference (31^12, about 59 bits by default)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_secret() -> str:
    """A URL-safe secret of 256 bits for links and sessions; store only its `digest`."""
    return secrets.token_urlsafe(32)


def new_salt() -> bytes:
    """32 random bytes that make a hash unguessable."""
    return secrets.token_bytes(32)


def digest(secret: str) -> str:
    """SHA-256 of a secret, hex: what the database keeps instead of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed(text: str) -> str:
    """The same for the same text, and nothing of it to whoever reads the database: it takes this instance's secret."""
    return digest(f"{settings.current().SECRET_KEY.get_secret_value()}\n{text}")


def jitter() -> float:
    """A random factor from 0.5 to 1.5 for back-off."""
    return 0.5 + secrets.randbelow(1001) / 1000
