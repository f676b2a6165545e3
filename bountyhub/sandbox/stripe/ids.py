"""Ids and secrets in the shape of Stripe's, used by everything that creates an object here."""

from __future__ import annotations

import secrets
import string

ALPHABET = string.ascii_letters + string.digits
LENGTHS = {"cs_test": 58, "acct": 16, "req": 14, "cs_secret": 25}
STARTS = {"pi": "3", "ch": "3", "re": "3", "txn": "3", "tr": "1", "trr": "1", "evt": "1", "tu": "1", "acct": "1"}


def new_id(prefix: str) -> str:
    """A fresh id such as `pi_3…`; long enough never to meet another."""
    length = LENGTHS.get(prefix, 23)
    return f"{prefix}_{STARTS.get(prefix, '')}{token(length)}"


def token(length: int) -> str:
    """Letters and digits nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
