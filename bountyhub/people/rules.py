"""Pure rules of people: what counts as an e-mail address, and how long the one before it counts."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_EMAIL = re.compile(r"[^@\s\x00-\x1f<>(),;:\"\\]{1,64}@(?=.{3,189}$)[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


#: So long after a change of address the one before is still told of changes to where money goes.
KEPT_BEFORE = timedelta(days=7)


def still_known(changed_at: datetime | None, now: datetime) -> bool:
    """Whether an address was changed so lately that the one before counts."""
    return changed_at is not None and now - changed_at < KEPT_BEFORE


def is_email(text: str) -> bool:
    """Whether this looks like an address a mail server would take (no quoting, a dot in the domain)."""
    return _EMAIL.fullmatch(text.strip()) is not None


def normal_email(text: str) -> str:
    """One spelling per address: trimmed and lower case."""
    return text.strip().lower()
