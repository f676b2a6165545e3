"""One piece of work on the stand-in's store: an API request, a click, a control call, the seed or a tick.

Everything done in it is kept or nothing is, and its webhooks are queued at the end. All operations take a `Call`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bountyhub.sandbox.clock import SandboxClock
from bountyhub.sandbox.context import Sandbox
from bountyhub.sandbox.store import Tx
from bountyhub.sandbox.stripe import events, options

Doc = dict[str, Any]

# The API version whose objects are spoken here; the installed library's.
API_VERSION = "2026-10-28.endive"


@dataclass
class Call:
    """`now` is business time (objects), `real` is unmoved time (expiries); `noted` holds events not yet queued.

    `account`: the connected account on which a request asks, empty for the platform.
    """

    tx: Tx
    clock: SandboxClock
    options: options.Options
    url: str = ""
    request_id: str | None = None
    key: str | None = None
    account: str = ""
    noted: list[Doc] = field(default_factory=list)

    @property
    def now(self) -> int:
        return self.clock.now()

    @property
    def real(self) -> int:
        return self.clock.real()

    def day_of(self, moment: int) -> str:
        """`2026-11-24`."""
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")

    def note(self, type: str, document: Doc, previous: Doc | None = None, account: str | None = None) -> None:
        """Record that something happened to an object, as it stands now."""
        request = {"id": self.request_id, "idempotency_key": self.key}
        self.noted.append(events.build(type, document, self.now, API_VERSION, request, previous, account))


@contextmanager
def working(
    sandbox: Sandbox, request_id: str | None = None, key: str | None = None, account: str = ""
) -> Iterator[Call]:
    """A transaction whose events are queued with it and sent after it."""
    with sandbox.store.transaction() as tx:
        settings = options.load(tx, sandbox.config.stripe_options)
        call = Call(tx, sandbox.clock, settings, f"{sandbox.config.url}/stripe", request_id, key, account)
        yield call
        events.queue(tx, call.noted, settings)
    sandbox.sender.wake()
