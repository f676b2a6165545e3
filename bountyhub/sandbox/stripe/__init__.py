"""A small stateful Stripe: speaks the API's HTTP protocol to the official library, with pages a person can click.

The shell of the sandboxes uses `blueprint`, `seed` and `tick`; nothing else is public.
"""

from __future__ import annotations

from bountyhub.sandbox.clock import SandboxClock
from bountyhub.sandbox.store import Tx
from bountyhub.sandbox.stripe import events, topups
from bountyhub.sandbox.stripe.call import API_VERSION, Call
from bountyhub.sandbox.stripe.options import load
from bountyhub.sandbox.stripe.ticking import tick
from bountyhub.sandbox.stripe.views import blueprint

__all__ = ["API_VERSION", "blueprint", "seed", "tick"]


def seed(tx: Tx, clock: SandboxClock) -> None:
    """The platform's own 500.00 EUR as the first balance transaction; does nothing when there is a top-up."""
    call = Call(tx, clock, load(tx))
    topups.first(call)
    events.queue(tx, call.noted, call.options)
