"""Bank accounts as people type them: pure."""

from __future__ import annotations

import re

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)


def clean_iban(typed: str) -> str:
    """Without spaces, in capitals."""
    return "".join(typed.split()).upper()


def is_iban(iban: str) -> bool:
    """Whether its form and its check digits (ISO 7064, mod 97) are right."""
    if not _IBAN.fullmatch(iban):
        return False
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1
