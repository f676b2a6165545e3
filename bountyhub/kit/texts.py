"""Texts of law that come with the program, or that an operator put into a folder of their own (`LEGAL_DIR`).

Markdown; its first line is `Version: …`, which is stored with whatever somebody agreed to.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bountyhub import settings
from bountyhub.kit.paths import asset

KEPT = " Then the processing cost that was named before you paid is kept, and the rest goes back."
NAMES = ("terms", "privacy")
LONGEST_VERSION = 20
_HEAD = "Version:"


class BadText(Exception):
    """A text that can't be used; the message names its file and says what to write."""


@dataclass(frozen=True)
class LegalText:
    """A text as it is shown, with what the operator's settings say put in."""

    version: str
    text: str


def legal_text(name: str) -> LegalText:
    """`terms` or `privacy`; raises BadText."""
    path = place(name)
    try:
        head, _, text = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadText(f"{path} can't be read: {error}") from None
    version = head.removeprefix(_HEAD).strip()
    if not head.startswith(_HEAD) or not 0 < len(version) <= LONGEST_VERSION or not text.strip():
        raise BadText(f"{path}: begin with a line such as “{_HEAD} 2026-11”, and write the text below it")
    for word, meant in _words().items():
        text = text.replace("{" + word + "}", meant)
    return LegalText(version, text.strip())


def place(name: str) -> Path:
    """Where a text is read from."""
    own = settings.current().LEGAL_DIR
    file = f"{name}.md"
    return Path(own) / file if own and (Path(own) / file).exists() else asset("templates") / "legal" / file


def _words() -> dict[str, str]:
    here = settings.current()
    return {
        "name": here.LEGAL_NAME or "the operator of this site",
        "address": ", ".join(here.legal_address_lines) or "address not given",
        "contact": here.LEGAL_CONTACT or "The operator has not said yet how to reach them.",
        "basis": here.LEGAL_BASIS or "The operator has not said yet on which basis they hold it.",
        "kept": KEPT if here.KEEP_COST_AFTER_COOLING_OFF else "",
        "days": str(here.COOLING_OFF_DAYS),
        "hold": str(here.HOLD_DAYS),
    }
