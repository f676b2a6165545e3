"""Pure rules of people: what counts as an e-mail address."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[^@\s\x00-\x1f<>(),;:\"\\]{1,64}@(?=.{3,189}$)[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


def is_email(text: str) -> bool:
    """Whether this looks like an address a mail server would take (no quoting, a dot in the domain)."""
    return _EMAIL.fullmatch(text.strip()) is not None


def normal_email(text: str) -> str:
    """One spelling per address: trimmed and lower case."""
    return text.strip().lower()
