"""The words with which a backer lets a saved card be charged later; each promise keeps those it was given under."""

from __future__ import annotations

from datetime import datetime

from bountyhub.kit.money import Money, plain

#: Changes whenever a word below does.
VERSION = "2026-11"


def mandate(total: Money, until: datetime) -> str:
    """What its backer agrees to, in full: how much, how often, when, until when, and the way out."""
    return (
        f"I allow this site to save my card and to charge it once, with {plain(total)}, without asking me again, when a"
        " pull request for this issue is merged and accepted (where a merge may be objected to, after those days)."
        f" This ends on {until:%-d %B %Y} if nothing is accepted before. Until it is charged I can withdraw it at any"
        " time, without a reason, by the link in the mail or signed in; my card is then forgotten."
    )
