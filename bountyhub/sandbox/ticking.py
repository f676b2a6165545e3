"""Lets business time have its effects in the sandboxes: money becomes available, checkouts expire.

Called each second by the server's tick thread and at once after the clock was moved.
"""

from __future__ import annotations

from bountyhub.sandbox import stripe
from bountyhub.sandbox.context import Sandbox


def tick(sandbox: Sandbox) -> None:
    """Do what is due now; harmless to call at any time and from any thread."""
    stripe.tick(sandbox)
